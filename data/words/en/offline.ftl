# The page without a network, and the name on the home screen, which tells nobody what it is for.

offline-app-name = Evening check-in
offline-app-short-name = Check-in
offline-title = No network
offline-nothing = Nothing is kept on this phone. Connect once and sign in, and mark this phone as your own; then the diary also opens without a network.
offline-retry = Try again
offline-opening = Opening your diary …
