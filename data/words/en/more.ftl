# The page of further pages.

more-events = Medicines and events
more-events-text = A new medicine, an infection, an operation, a pregnancy.
more-labs = Laboratory results
more-labs-text = Liver, kidneys, thyroid and others, as your report has them.
more-instruments = Questionnaires
more-instruments-text = Fibromyalgia, mood, worry, and how you are overall.
more-verdict = What your diary says
more-verdict-text = How much changed, how sure that is, and what else could explain it.
more-card = Wallet card
more-card-text = For an emergency. It opens without a network too.
more-letter = Surgery letter
more-letter-text = For your surgeon and anaesthetist.
more-sessions = Where you are signed in
more-sessions-text = See your devices, and end what you do not know.
more-data = My data
more-data-text = Take everything with you, or erase it.
more-help = Help
more-help-text = What this is, what it is not, and whom to ask.
