# The diary as pictures.

charts = Charts
charts-measures = What to look at
charts-stretches = How far back
charts-weeks-4 = 4 weeks
charts-weeks-12 = 12 weeks
charts-weeks-all = All
charts-pain = Pain
charts-fatigue = Fatigue
charts-sleep = Sleep
charts-mood = Mood
charts-fog = Brain fog
charts-the-pain = pain
charts-the-fatigue = fatigue
charts-the-sleep = sleep
charts-the-mood = mood
charts-the-fog = brain fog
charts-lower = lower is better
charts-higher = higher is better
charts-title = { $measure }, day by day
charts-heading = { $measure }: { $direction }
charts-each-day = each day
charts-late = entered later
charts-course = middle of 7 days
charts-none = none
charts-mild = mild
charts-moderate = moderate
charts-severe = severe
charts-goal = your goal: 30 percent less = { $goal }
charts-goal-up = your goal: { $goal }
charts-doses = Dose taken (filled) and planned (line)
charts-doses-blinded = Dose taken and planned (striped: blinded)
charts-side-effects = Side effects
charts-scored = From { $from } to { $to } you scored your { $measure } on { $scored } of { $days } days.
charts-weeks = The middle of a week was { $first } at first and is { $last } now; { $direction }.
charts-goal-sentence = Your goal is { $goal }.
charts-dose-from = { $dose } from { $date }
charts-doses-sentence = Doses taken: { $doses }.
charts-late-days = { $count ->
    [one] One score was entered later than its day.
   *[other] { $count } scores were entered later than their day.
}
charts-marked-days = { $count ->
    [one] Side effects are noted on one day.
   *[other] Side effects are noted on { $count } days.
}
charts-recording = A blinded trial is running: your entries are recorded, and nothing is compared until it ends.
charts-kit = from the kit
charts-no-dose = none
charts-table = All days as a table
charts-table-day = Day
charts-table-dose = Dose
charts-empty = There is no score to draw here yet. Days without one stay empty; that is normal.
charts-empty-link = To today's diary
charts-verdict-link = Is it helping? What the diary says
