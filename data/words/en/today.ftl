# Today's diary. The script takes its words from here too; places of values have the same names in every language.

today-today = Today
today-yesterday = Yesterday
today-earlier = Earlier
today-days = Days
today-date = { $weekday }, { $day } { $month }
today-date-now = { $weekday } { $part }, { $day } { $month }
today-weekday-1 = Monday
today-weekday-2 = Tuesday
today-weekday-3 = Wednesday
today-weekday-4 = Thursday
today-weekday-5 = Friday
today-weekday-6 = Saturday
today-weekday-7 = Sunday
today-month-1 = January
today-month-2 = February
today-month-3 = March
today-month-4 = April
today-month-5 = May
today-month-6 = June
today-month-7 = July
today-month-8 = August
today-month-9 = September
today-month-10 = October
today-month-11 = November
today-month-12 = December
today-part-morning = morning
today-part-afternoon = afternoon
today-part-evening = evening
today-part-night = night

# Ratings.

today-pain = Pain
today-fatigue = Fatigue
today-sleep = Sleep
today-mood = Mood
today-fog = Brain fog
today-period = On average, over the last 24 hours
today-pain-low = no pain
today-pain-high = pain as bad as you can imagine
today-fatigue-low = no fatigue
today-fatigue-high = fatigue as bad as you can imagine
today-sleep-low = slept as badly as you can imagine
today-sleep-high = slept as well as you can imagine
today-mood-low = mood as low as you can imagine
today-mood-high = mood as good as you can imagine
today-fog-low = no brain fog
today-fog-high = brain fog as bad as you can imagine
today-point = { $measure } { $value } of 10
today-save = Save
today-keys = Arrow keys choose, Enter saves.
today-skip = Leave out
today-just = Just pain today
today-just-thanks = Thank you. That is enough for today.
today-more = Answer more
today-open = not yet
today-change = Change
today-answers = Answers of this day

# Doses.

today-dose = { $dose } { $at }
today-dose-kit = The capsule from your kit { $at }
today-at-morning = in the morning
today-at-midday = at midday
today-at-bedtime = at bedtime
today-taken-question = Taken?
today-yes = Yes
today-no = No
today-changed = Changed
today-taken = taken
today-taken-other = taken, { $dose }
today-not-taken = not taken
today-amount = How much, in mg
today-time = At what time (you can leave this open)
today-time-wrong = Enter a time such as 22:30, not later than now.
today-amount-wrong = Enter an amount in mg, such as 4.5.
today-held = No LDN on this day: { $why }
today-ask = Ask before the next dose. The plan no longer says what to take.
today-plan-unsigned = This dose is as you entered it. No prescriber has signed the plan here.
today-plan-line = Plan version { $version }, last fetched on { $when }, valid until { $day }.
today-two-scores = { $measure } was recorded twice: { $value } and { $other }. The later one, { $value }, counts. Which is right?
today-two-doses = This dose was reported twice, in different ways. It counts once. Tell your prescriber if you may have taken it twice.

# Side effects and notes.

today-effects = Side effects
today-effects-question = Any side effects?
today-effects-hint = Tap what you had. If you had none, you are done.
today-effects-other = Something else
today-effects-term = What was it? A few words
today-effects-how-bad = { $term }: how bad?
today-severity-mild = Mild
today-severity-moderate = Moderate
today-severity-severe = Severe
today-note = Add a note
today-note-text = Your note

# Saving.

today-saved-here = Saved on this phone
today-saved = Saved
today-undo = Undo
today-undone = Undone
today-too-late = Entries can be made for today and the seven days before.
today-waiting-one = 1 entry on this phone, not yet sent
today-waiting-many = { $count } entries on this phone, not yet sent
today-sign-in = Sign in again to send them.
today-somebody-else = Somebody else is signed in on this phone. Your entries stay here until you sign in again.
today-reload = Open their diary
today-refused = This entry could not be sent: { $why }
today-try-again = Try again
today-delete = Delete it
today-no-room = This phone could not save it. Free some room, or reload the page.

# The last 28 days.

today-line-title = Pain, the last 28 days
today-line = You recorded pain on { $count } of the last 28 days. On average it was { $value } of 10; lower is better.
today-line-blinded = You recorded pain on { $count } of the last 28 days.
today-line-none = No pain recorded in the last 28 days yet.
today-line-later = Entries that wait on this phone are not in the picture yet.

# Installing, the card, leaving.

today-install = Add to your home screen
today-install-why = Your browser may delete entries that were not sent, unless this page is on your home screen. It also opens faster there.
today-install-how = In the menu of your browser, choose “Add to Home screen”.
today-install-no = Not now
today-card = Card for emergencies
today-card-last = Last dose recorded on this phone: { $when }
today-danger = If something is wrong
today-without-script = This page works without script. Only days without a network need it.
today-sign-out = Sign out
today-leave = Some entries were not sent yet
today-leave-text = If you sign out now, what waits on this phone is deleted. It cannot be brought back.
today-leave-send = Go back and send them
today-leave-delete = Sign out and delete them
