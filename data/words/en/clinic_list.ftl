# The list of a prescriber's patients. English only.

clinic-menu-list = Patients
clinic-menu-new = New patient
clinic-menu-evidence = Evidence
clinic-menu-sessions = Account

clinic-foot = LDN is an off-label treatment. The program points and lists; you decide, and what you decide is recorded.

clinic-list = Patients
clinic-list-search = Find by name
clinic-list-search-button = Find
clinic-list-all = Show all
clinic-list-count = { $patients } patients, { $pressing } to look at.
clinic-list-keys = Keys: j and k move, Enter opens, / searches.
clinic-list-empty = Nobody here yet.
clinic-list-who = { $initials }, born { $year }
clinic-list-who-unknown = { $initials }, year of birth unknown
clinic-list-day = Day { $day }
clinic-list-starts = Starts in { $days } days
clinic-list-not-begun = Not begun
clinic-list-now = Dose now
clinic-list-last = Last entry
clinic-list-last-never = no entry yet
clinic-list-last-today = today
clinic-list-last-yesterday = yesterday
clinic-list-last-days = { $days } days ago
clinic-list-line = { $initials }: pain on { $scored } of the last 28 days, the newest { $value }
clinic-list-nothing = Nothing asks for you.
clinic-list-pages = Pages of the list
clinic-list-before = Before
clinic-list-after = Next

clinic-now-blinded = blinded trial
clinic-now-stopped = no dose: stopped
clinic-now-held = no dose: held
clinic-now-ask = no dose: ask first
clinic-now-nothing = no dose planned

clinic-matter-safety = Safety
clinic-matter-side-effect = Side effect
clinic-matter-step-due = Plan
clinic-matter-silent = Silent
clinic-matter-verdict-ready = Verdict

clinic-weight-urgent = Today
clinic-weight-notice = To look at
clinic-weight-info = To know

clinic-what-stopped = Doses stopped
clinic-what-held = Held until somebody screens again
clinic-what-decide = New, and yours to decide
clinic-what-not-recognised = Unknown medicine
clinic-what-danger-words = The diary has a word that somebody must read
clinic-what-severe-effect = Severe side effect
clinic-what-change = Change of the plan proposed
clinic-what-ask-first = Gap in the doses, or the plan ended
clinic-what-step-coming = Next step near
clinic-what-review-due = Review due
clinic-what-plan-ends = Plan ends soon
clinic-what-not-planned = No plan yet
clinic-what-silent = No entries
clinic-what-judge = May be judged

clinic-act-open = Open
clinic-act-stopped = Decide
clinic-act-held = Screen again
clinic-act-decide = Decide
clinic-act-not-recognised = Name it
clinic-act-danger-words = Read
clinic-act-severe-effect = Look
clinic-act-change = Decide
clinic-act-ask-first = Screen again
clinic-act-step-coming = Check
clinic-act-review-due = Review
clinic-act-plan-ends = Plan on
clinic-act-not-planned = Continue
clinic-act-silent = Ask
clinic-act-judge = Judge
