# Beginning a course alone.

start = Begin your record
start-text = This is a record for you and for those you show it to. It does not replace the person who prescribes for you: before you start LDN, somebody must ask you about opioids, your liver, your kidneys and pregnancy.
start-year = In which year were you born?
start-year-hint = Your name and this year stand on every page with a dose, so that nobody reads somebody else's. Four digits, such as 1978.
start-year-problem = Enter a year of birth with four digits, such as 1978.
start-begun-before = Your record has begun, and what is known about you stands in it. It is not begun again.
