# One's own data: taken away, or erased.

data = My data
data-entries = { $count ->
    [one] Your record has one entry.
   *[other] Your record has { $count } entries.
}
data-text = All of them belong to you.
data-take = Take everything with you
data-take-text = You may be asked for your password once more first. Whoever has these files can read all of it.
data-diary = Your diary as a table
data-diary-text = CSV, one row a day, for any spreadsheet.
data-journal = Your whole record
data-journal-text = JSON Lines, one entry a line, nothing left out. Another site of this kind can read it back.
data-trail = Who looked at your record
data-trail-text = JSON Lines, one event a line.
data-erase = Erase me
data-erase-link = Go on to erasing
data-erase-what = Your account, your name and everything in your diary are destroyed and cannot be brought back by anybody; what stays is only that a record existed, and the copies that you or your clinic took away.
data-erase-first = You can keep a copy first:
data-erase-name = To go on, type your name once more
data-erase-word = erase
data-erase-wrong = Type exactly: { $name }
data-erase-do = Destroy everything
data-erase-not = No, keep it
data-receipt = You are erased
data-receipt-when = Erased on { $when }.
data-receipt-gone = The key that opened your record is destroyed. Your name, your account and every entry can no longer be read, also from older backups of this site once they are put back.
data-receipt-stays = What stays is unreadable: that a record with this number existed, and when it was erased. Copies that were taken away before are not here and were not erased.
data-receipt-number = Number of the record; print or note it if you want proof:
data-receipt-prescriber = This does not change what your prescriber told you about LDN. Ask before you stop or go on.
