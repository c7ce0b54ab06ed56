# One patient of a prescriber. English only.

clinic-back-to-list = All patients
clinic-decide = To decide
clinic-basis = Basis
clinic-disagreement = Who disagrees:
clinic-blinded = A blinded trial is running: no dose, no comparison and no verdict is shown to anybody.
clinic-no-dose = No dose

clinic-hold = Hold all doses
clinic-hold-why = Why the doses are held
clinic-hold-now = Hold all doses from today
clinic-screen-again = Screen again
clinic-to-changes = To the change
clinic-to-verdict = To the verdict
clinic-to-intake = Intake
clinic-to-screening = Screening
clinic-to-diary = To the diary
clinic-record-screening = Screened again: record it
clinic-record-read = I have read it: record it

clinic-change = The diary asks for a change
clinic-change-because = { $count ->
    [one] One diary entry that caused it
   *[other] { $count } diary entries that caused it
}
clinic-change-steps = From tomorrow on
clinic-change-chart = The whole plan as a picture
clinic-accept = Accept and sign
clinic-decline = Decline
clinic-decline-reason = Reason, kept in the journal
clinic-decline-button = Decline this change

clinic-diary = Diary
clinic-diary-empty = No score to draw yet.
clinic-adherence-recent = Last 28 days: { $taken } of { $asked } planned doses taken, { $left } left out, { $unknown } not recorded.
clinic-adherence-long = Last 365 days: { $taken } of { $asked } planned doses taken, { $left } left out, { $unknown } not recorded.
clinic-effects = Side effects at each dose
clinic-effects-no-dose = no dose planned
clinic-effects-none = none written
clinic-effects-line = { $term } on { $days } days, up to { $severity }
clinic-severity-absent = absent
clinic-severity-mild = mild
clinic-severity-moderate = moderate
clinic-severity-severe = severe
clinic-severity-unknown = unknown severity

clinic-plan = Plan
clinic-plan-title = Version { $version }, { $id }
clinic-plan-unsigned = Not signed
clinic-plan-none = There is no plan.
clinic-plan-step = Now
clinic-plan-next = Next step
clinic-plan-protocol = Protocol
clinic-plan-reason = Why this plan
clinic-plan-until = May be read until
clinic-plan-judge = Effect may be judged from
clinic-plan-signed-by = Signed by
clinic-plan-override = Overridden
clinic-new-plan = New plan
clinic-order = Order
clinic-letters = Letters
clinic-invite = Invite to the diary

clinic-screening = Screening today
clinic-disposition-emergency = Emergency: somebody must act now
clinic-disposition-refuse = Refused: no plan under these circumstances
clinic-disposition-prescriber-decision = Needs your decision
clinic-disposition-incomplete = Incomplete: a question or a name is open
clinic-disposition-caution = With care
clinic-disposition-no-finding = No finding
clinic-screening-findings = { $count ->
    [one] One finding.
   *[other] { $count } findings.
}
clinic-screening-grave = { $count ->
    [0] None of them needs a decision.
    [one] One of them needs a decision or forbids it.
   *[other] { $count } of them need a decision or forbid it.
}
clinic-screening-questions = { $count ->
    [0] No question blocks.
    [one] One question blocks.
   *[other] { $count } questions block.
}
clinic-screening-unknown = { $count ->
    [0] Every name was recognised.
    [one] One name was not recognised.
   *[other] { $count } names were not recognised.
}
clinic-screening-recorded = last recorded

clinic-verdict = Verdict
clinic-verdict-recording = Recording. While the trial is blinded no difference is shown to anybody.
clinic-verdict-no-scores = Not enough yet: there is no score.
clinic-verdict-doses-unknown = Not enough yet: on { $unknown } of { $days } days nobody said whether LDN was taken.
clinic-verdict-unreliable = The numbers could not be computed well enough to be shown.
clinic-verdict-interval = Improvement, interval of
clinic-verdict-numbers = All numbers
clinic-verdict-quantity = Points
clinic-verdict-mean = Mean
clinic-verdict-chance = Probability
clinic-verdict-so-far = So far
clinic-verdict-built-up = Once built up
clinic-verdict-drug = Is it the drug?
clinic-verdict-priors = The same diary with other priors
clinic-verdict-prior = Prior
clinic-verdict-effect = Drug effect
clinic-verdict-worth = Worth a daily capsule
clinic-verdict-checks = Checks and method
clinic-verdict-seen = I have looked at it: record it

clinic-records = Laboratory and questionnaires
clinic-records-day = Day
clinic-records-what = What
clinic-records-result = Result
clinic-records-more = More
clinic-records-limit = upper limit
clinic-lab-positive = positive
clinic-lab-negative = negative

clinic-history = History
clinic-history-said = Said
clinic-history-by = By
clinic-history-newer = Newer
clinic-history-older = Older
clinic-history-all = { $count ->
    [one] The one entry, with who looked at it
   *[other] All { $count } entries, with who looked at them
}
clinic-trail = Who did what with this record
clinic-trail-at = When
clinic-trail-outcome = Outcome

clinic-kind-intake = Intake
clinic-kind-screened = Screening
clinic-kind-plan-proposed = Plan proposed
clinic-kind-plan-signed = Plan signed
clinic-kind-plan-held = Doses held
clinic-kind-plan-ended = Plan ended or declined
clinic-kind-ordered = Order
clinic-kind-dispensed = Dispensed
clinic-kind-dose = Dose
clinic-kind-scores = Scores
clinic-kind-side-effect = Side effect
clinic-kind-instrument = Questionnaire
clinic-kind-lab = Laboratory
clinic-kind-medicine = Medicine
clinic-kind-procedure = Procedure
clinic-kind-trial-started = Trial started
clinic-kind-kit-opened = Kit opened
clinic-kind-belief-recorded = Belief
clinic-kind-unblinded = Code broken
clinic-kind-verdict-shown = Verdict shown
clinic-kind-consent = Consent
clinic-kind-note = Note
clinic-kind-corrected = Correction

clinic-role-patient = Patient
clinic-role-prescriber = Prescriber
clinic-role-pharmacist = Pharmacist
clinic-role-researcher = Researcher
clinic-role-administrator = Administrator

clinic-done-signed = Signed. The new plan counts from tomorrow.
clinic-done-declined = Declined, with your reason in the journal.
clinic-done-held = All doses are held. They stay held until somebody screens again and signs a new plan.
clinic-done-screened = The screening of today is recorded.
clinic-done-seen = Recorded that you have looked at the verdict.
clinic-done-ordered = The order is recorded and waits at the pharmacy.
clinic-done-invited = Invited.
clinic-done-saved = Saved.

clinic-refused-changed = The case has changed since this page was made, so nothing was done. Look again.
clinic-refused-stopped = { $rule } forbids a dose today, so nothing was signed. Hold the doses or screen again first.
clinic-refused-reason = Nothing was done: a reason is missing.

clinic-print = Plan { $plan } · head of the journal { $head } · printed { $day }
