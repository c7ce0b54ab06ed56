# What stands around every page.

product-name = ldn
frame-skip = Skip to the content
frame-menu = Pages
frame-today = Today
frame-plan = Plan
frame-charts = Charts
frame-more = More
frame-help = Help
frame-sign-out = Sign out
frame-person = { $name }, born { $year }
frame-off-label = LDN is an off-label treatment. Your prescriber decides; this is your record.
frame-sample = Sample data. None of these people exist.
frame-theme = Colours
frame-theme-auto = As this device
frame-theme-light = Light
frame-theme-dark = Dark
frame-theme-dim = Low light
frame-language = Language
frame-save-look = Save
frame-continue = Continue
frame-back = Back
frame-undo = Undo
frame-saved = Saved
frame-saved-here = Saved on this phone
frame-problem = There is a problem
frame-problem-title = Error:
frame-do-not-know = I do not know
frame-yes = Yes
frame-no = No

# Pages that say why there is no page.

trouble-missing = Page not found
trouble-missing-text = There is nothing at this address. If you typed it, check the spelling.
trouble-denied = You cannot see this page
trouble-denied-text = This page belongs to somebody else, or to another role.
trouble-stale = This page is too old
trouble-stale-text = Nothing was lost, and nothing was saved. Go back, reload the page and try again.
trouble-too-many = Too many tries
trouble-too-many-text = Wait { $seconds } seconds and try again. Nobody is locked out for ever.
trouble-too-large = That is too large
trouble-too-large-text = What was sent is larger than this page takes.
trouble-broken = Something went wrong here
trouble-broken-text = What you sent was not saved. Try again in a minute; if it goes on, tell the person who runs this site and name the code { $code }.
trouble-home = Go to the first page
