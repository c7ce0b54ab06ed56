# Help, without an account.

help-now = If it cannot wait
help-now-text = If you are in danger, or might hurt yourself, call your local emergency number or a crisis line now. These pages say what to do. They open without a network too.
help-is = What this is
help-is-1 = A diary of how you are while you take low-dose naltrexone (LDN).
help-is-2 = The plan that your prescriber signed, day by day.
help-is-3 = A description of what changed, and of how sure that is.
help-is-not = What this is not
help-is-not-1 = It is not a prescriber. It never tells you to change a dose.
help-is-not-2 = It is not an emergency service. Nobody reads along day and night.
help-is-not-3 = It is not a medical device.
help-is-not-4 = It is not a proof. A diary kept while knowing what is in the capsule cannot tell LDN from hope or time.
help-data = Your data
help-data-text = Everything stays on the machine that runs this site. No page asks any other machine for anything. Under “My data” you can take all of it with you, or erase it.
help-sign-in = Help with signing in
help-sign-in-link = Password forgotten, code not accepted, phone lost
help-password = You forgot your password
help-password-text = Ask the person who runs this site for a new link. It works once and lets you choose a new password. Your diary stays as it is.
help-code = Your code is not accepted
help-code-text = Check that the clock of your phone is right, and wait for the next code. You can also use one of the recovery codes that you printed. Each works once.
help-paused = You must wait
help-paused-text = After several wrong tries each new one has to wait a little. That keeps others from guessing. You are never locked out for ever.
help-lost = You lost your phone
help-lost-text = Sign in on another device with a recovery code. Then open “Where you are signed in” and end all other sessions.
help-who = Whom to ask
help-who-text = Ask your clinic, or the person who gave you the link to this site. Nobody who helps you needs your password.
