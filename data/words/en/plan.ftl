# The plan page, entering a plan, the papers that are made of a plan.

plan-title = Your plan
plan-today = Today
plan-month-1 = January
plan-month-2 = February
plan-month-3 = March
plan-month-4 = April
plan-month-5 = May
plan-month-6 = June
plan-month-7 = July
plan-month-8 = August
plan-month-9 = September
plan-month-10 = October
plan-month-11 = November
plan-month-12 = December
plan-short-month-1 = Jan
plan-short-month-2 = Feb
plan-short-month-3 = Mar
plan-short-month-4 = Apr
plan-short-month-5 = May
plan-short-month-6 = Jun
plan-short-month-7 = Jul
plan-short-month-8 = Aug
plan-short-month-9 = Sep
plan-short-month-10 = Oct
plan-short-month-11 = Nov
plan-short-month-12 = Dec
plan-monday = Monday
plan-tuesday = Tuesday
plan-wednesday = Wednesday
plan-thursday = Thursday
plan-friday = Friday
plan-saturday = Saturday
plan-sunday = Sunday
plan-date = { $day } { $month } { $year }
plan-weekday-date = { $weekday } { $date }
plan-span = { $from } to { $to }
plan-span-open = from { $from } on
plan-number-2 = two
plan-number-3 = three
plan-number-4 = four
plan-number-5 = five
plan-number-6 = six
plan-number-7 = seven
plan-number-8 = eight
plan-number-9 = nine
plan-number-10 = ten
plan-number-11 = eleven
plan-number-12 = twelve
plan-and = { $list } and { $last }

# Of what a dose is made.

plan-make-one-capsule = one { $strength } capsule
plan-make-one-tablet = one { $strength } tablet
plan-make-one-troche = one { $strength } troche
plan-make-some-capsule = { $number } { $strength } capsules
plan-make-some-tablet = { $number } { $strength } tablets
plan-make-some-troche = { $number } { $strength } troches
plan-make-many-capsule = { $number } capsules of { $strength } each
plan-make-many-tablet = { $number } tablets of { $strength } each
plan-make-many-troche = { $number } troches of { $strength } each
plan-make-liquid = { $volume } of the { $concentration } liquid

# What today asks for.

plan-tonight-bedtime = Tonight: { $dose }
plan-tonight-morning = This morning: { $dose }
plan-tonight-midday = Today at midday: { $dose }
plan-dose-bedtime = { $dose } at bedtime
plan-dose-morning = { $dose } in the morning
plan-dose-midday = { $dose } at midday
plan-taken-already = You have noted today's dose as taken. Never take two doses for one day.
plan-past-use = What you were given last was to be used by { $date }. Ask your pharmacy before you use it.
plan-next = Next: { $dose }, from { $date } ({ $when }).
plan-in-days = { $count ->
    [one] tomorrow
   *[other] in { $count } days
}
plan-stopped = Ask before the next dose
plan-stopped-text = Something that you entered speaks against LDN at the moment. Call your prescriber before you take it again.
plan-ask = Ask before the next dose
plan-ask-expired = This plan has ended, so no dose stands here. Call your prescriber.
plan-ask-superseded = This plan was replaced, so no dose stands here. Call your prescriber.
plan-hold-today = No LDN today
plan-hold-until = The pause lasts until { $to }, that day included.
plan-hold-open = The pause lasts until your prescriber says otherwise. Ask before the next dose.
plan-kit = Take the capsules of your kit, as the label says
plan-kit-numbered = Take the capsules of kit { $kit }, as the label says
plan-kit-text = This is a blinded period: nobody who talks with you knows what is in the capsules. Treat every capsule as if it were LDN.
plan-nothing = No dose today
plan-nothing-text = The plan has no dose for today. Ask your prescriber if you expected one.
plan-begins = The plan begins on { $date }.
plan-none = No plan yet
plan-none-text = If your prescriber gave you a plan on paper, you can enter it here as it was prescribed.

# The rest of the page.

plan-steps = Step by step
plan-now = now
plan-why = Why, and who says so
plan-why-prescribed = You entered this dose as it was prescribed to you.
plan-table = The steps as a table
plan-table-days = Days
plan-table-dose = Dose
plan-chart = The doses of your plan
plan-chart-today = today
plan-chart-pause = pause
plan-chart-step = { $dose } a day from { $from }
plan-chart-pause-from = a pause { $days }
plan-chart-sentence = Your plan: { $steps }.
plan-holds = Days without LDN
plan-reviews = When somebody looks at it
plan-judge-later = From { $date } on, the diary can show whether it helps.
plan-judge-now = Since { $date }, the diary can show whether it helps.
plan-verdict-link = What the diary says so far
plan-bad-days = On a bad day
plan-emergency = Swelling, hives or trouble breathing: take no more and call the emergency number at once. Yellow skin or dark urine: take no more and call your prescriber the same day.
plan-if-missed = If you miss a dose
plan-if-missed-unsaid = The plan says nothing about it. Never take two doses for one day; ask your prescriber or pharmacist.
plan-if-side-effect = If you have side effects
plan-if-unsaid = The plan says nothing about it. Note them in the diary and ask your prescriber.
plan-if-gap = If you have not taken it for more than 14 days
plan-if-gap-unsaid = The plan says nothing about it. Ask your prescriber before the next dose.
plan-if-opioid = If you take or are given an opioid
plan-if-opioid-unsaid = Take no LDN, and ask your prescriber before the next dose.
plan-if-no-benefit = If it does not help
plan-sources = Sources
plan-papers = Cards, letters, calendar
plan-card-link = Emergency card for your wallet
plan-letter-link = Letter for an operation or procedure
plan-calendar-link = Calendar file
plan-calendar-text = Its titles name no medicine. Import it again after each change of plan: old entries are replaced.
plan-about = About this plan
plan-version = Version { $version }, made on { $date }.
plan-signed = Signed by { $prescriber } on { $date }.
plan-not-signed = Not signed: as you say it was prescribed.
plan-valid = Valid until { $date }. After that: ask before the next dose.
plan-enter-link = Enter my plan
plan-enter-again = Enter a changed plan

# The mark of a source.

plan-size = { $count ->
    [one] One person took part.
   *[other] { $count } people took part.
}
plan-size-unknown = How many people it rests on is not known.
plan-grade-trial = A trial in which people took turns or were compared.
plan-grade-registration = The registered plan of a trial; its results are another matter.
plan-grade-review = A review of what others found.
plan-grade-study = A study without a comparison that was drawn by lot.
plan-grade-guidance = Guidance by experts.
plan-grade-label = The product information of a medicine, mostly about far higher doses.
plan-grade-reference = A reference work.
plan-grade-article = An article for the public; it claims and does not test.
plan-grade-practice = What a clinic or pharmacy does; it was not tested.
plan-grade-prescribed = There is no other source than what was prescribed to you.
plan-status-seen = We have read the source.
plan-status-recalled = From memory; we have not read the source again.

# Entering a plan as it was prescribed.

plan-enter = Enter your plan as it was prescribed
plan-enter-text = Copy what your prescriber wrote. This page does not choose a dose for you.
plan-enter-schedule = My prescriber follows a known schedule
plan-enter-schedule-text = Choose it only if your prescriber named it. It fills in the steps; compare each with what was prescribed.
plan-enter-schedule-label = Schedule
plan-enter-schedule-fill = Fill in
plan-enter-filled = Filled in from:
plan-enter-start = First day of this plan
plan-enter-start-hint = For example 27 3 2026. It may lie in the past.
plan-enter-day = Day
plan-enter-month = Month
plan-enter-year = Year
plan-enter-step = Step { $number }
plan-enter-dose = Dose, with its unit
plan-enter-dose-hint = For example 1.5 mg, or 500 micrograms.
plan-enter-days-label = For how many days
plan-enter-days-hint = For example 7. The next step follows.
plan-enter-days-hint-last = Leave it empty if it goes on until somebody changes it.
plan-enter-more = Add a step
plan-enter-at = When in the day
plan-at-bedtime = At bedtime
plan-at-morning = In the morning
plan-at-midday = At midday
plan-enter-until = Last day of the prescription, or your next appointment
plan-enter-until-hint = If you leave it empty, the plan counts until 12 weeks after the last step began or from today.
plan-enter-at-missing = Choose when in the day you take it.
plan-enter-start-missing = Enter the first day as day, month and a year of four digits.
plan-enter-start-far = The first day is too far away. Check the year.
plan-enter-until-wrong = Enter a day from today on, or leave all three fields empty.
plan-enter-dose-missing = Enter the dose with its unit, for example 1.5 mg.
plan-enter-dose-comma = Write a point, not a comma: 4.5 mg instead of 4,5 mg.
plan-enter-dose-unit = “{ $typed }” has no unit. Write mg or micrograms, exactly as on the label: between the two lies a factor of a thousand.
plan-enter-dose-unknown-unit = “{ $typed }”: that is not a unit for this dose. Write mg or micrograms, for example 1.5 mg.
plan-enter-dose-number = “{ $typed }” cannot be read as a dose. Write it like 1.5 mg.
plan-enter-dose-zero = A dose is more than 0. If there are days without LDN, enter the plan from the day on which it begins again.
plan-enter-dose-beyond = { $dose } is not low-dose naltrexone. Check the amount and the unit with your prescriber or pharmacist; it is not recorded.
plan-enter-days = Enter for how many days, as a whole number from 1.
plan-enter-days-last = Enter a whole number of days, or leave it empty.
plan-enter-closed = No plan can be entered here now
plan-enter-closed-signed = Your prescriber signs your plan on this site. If what was prescribed differs from it, ask your prescriber.
plan-enter-closed-stopped = Something that you entered speaks against LDN at the moment. It has to be settled with your prescriber first.
plan-enter-closed-blinded = A blinded trial is running. Its kits decide what is taken.
plan-back = Back to the plan
plan-check = Is this what was prescribed?
plan-check-text = Compare each line with the prescription or the label.
plan-check-save = Yes, save it
plan-check-change = Change it
plan-check-confirm = I have checked this dose with my prescriber
plan-check-confirm-missing = Check the dose with your prescriber, then tick the box.
plan-caution = Check with your prescriber
plan-caution-un-02 = A dose above 4.5 mg is unusual. Check it with your prescriber before you take it.
plan-caution-un-03 = A dose above 6 mg is rare. Your prescriber has to confirm it.
plan-caution-un-04 = A dose above 9 mg is known from single reports only. Your prescriber has to confirm it.

# Papers.

plan-card = Emergency card
plan-card-text = Print it, cut it out and keep it with your papers. It counts only while the plan does.
plan-download-text = Download as plain text
plan-paper-no-plan = There is no plan yet that this could be made of.
plan-paper-no-birth-year = Your year of birth is missing; it stands on the paper so that nobody takes it for another person's.
plan-paper-birth-link = Add your year of birth
plan-letter = Letter for an operation or procedure
plan-letter-text = For the anaesthetist: when the last dose is, and what to know about LDN. Give it to them as early as you can.
plan-letter-operation = Day of the operation or procedure
plan-letter-date = Enter the day as day, month and a year of four digits.
plan-letter-past = This day has passed. Enter a day from today on.
plan-letter-hours-label = Hours without LDN before it, if the anaesthetist asks for more
plan-letter-hours-hint = Leave it empty for { $hours } hours, which are never shortened.
plan-letter-hours = Enter { $hours } or more hours as a whole number, or leave it empty.
plan-letter-write = Write the letter
