# What to do now. Short, immediate, and the same without a network. The sense is that of the rules of screening named in
# crates/ldn-server/src/patient/danger.rs.

danger-now = What to do now
danger-call = Whom to call
danger-back = Back to the diary
danger-others = Something else is wrong
danger-sources = Where this comes from
danger-numbers-check = Numbers can change. If one does not work, call your local emergency number.
danger-prescriber = Then tell your prescriber.

danger-opioid = Opioid taken
danger-opioid-1 = Do not take LDN now, and not again until your prescriber says so.
danger-opioid-2 = Never take more of the opioid to overcome LDN. This can kill.
danger-opioid-3 = Call emergency services if you feel very ill, yawn and sweat, shake, vomit, have cramps, are very drowsy, or breathe slowly.
danger-opioid-4 = Call your prescriber today and say which opioid, how much and when.

danger-withdrawal = Very ill after a dose
danger-withdrawal-1 = Yawning, sweating, cramps, diarrhoea, shaking or a racing heart after a dose can be a dangerous reaction.
danger-withdrawal-2 = Do not take another dose. Get emergency help now.
danger-withdrawal-3 = Say that you take naltrexone (LDN), and every pain killer, cough medicine or kratom you took.

danger-allergy = Swelling, hives or hard to breathe
danger-allergy-1 = Call emergency services now.
danger-allergy-2 = Do not take another dose.
danger-allergy-3 = If you have an adrenaline pen, use it as you were shown.

danger-yellow-skin = Yellow skin or dark urine
danger-yellow-skin-1 = Stop LDN.
danger-yellow-skin-2 = Get medical help today. Do not wait for an appointment.
danger-yellow-skin-3 = Say that you take naltrexone (LDN) and ask for liver tests today.

danger-self-harm = Thoughts of self-harm
danger-self-harm-1 = If you might act on these thoughts, call emergency services or a crisis line now. You do not have to wait for us.
danger-self-harm-2 = Do not stay alone. Call somebody you trust and ask them to be with you.
danger-self-harm-3 = Put medicines and anything you could use out of reach, or ask somebody to keep them.

danger-too-much = Too much taken
danger-too-much-1 = You may have taken a full-strength tablet. Call a poison centre now.
danger-too-much-2 = If you have used any opioid, get emergency help.
danger-too-much-3 = Do not take another dose before somebody has spoken with you.

danger-surgery = Surgery booked
danger-surgery-1 = Tell your surgeon and your anaesthetist that you take naltrexone (LDN).
danger-surgery-2 = Call your prescriber now to agree on the last dose. It must be days before, not hours.
danger-surgery-3 = In an emergency operation, show your card and say when you took the last dose.
danger-surgery-4 = Do not take LDN again while you take opioid pain killers.

danger-pregnant = Pregnant
danger-pregnant-1 = Do not take LDN while you are pregnant unless a specialist decides so with you.
danger-pregnant-2 = Call your prescriber or your midwife today.
danger-pregnant-3 = The same holds if you may be pregnant: test first, then ask.

danger-call-emergency = Emergency services
danger-call-crisis = Crisis line, day and night
danger-call-poison = Poison centre
danger-place-eu = Europe
danger-place-us = United States
danger-place-us-ca = United States, Canada
danger-place-us-ca-mx = United States, Canada, Mexico
danger-place-uk = United Kingdom
danger-place-uk-ie = United Kingdom, Ireland
danger-place-es = Spain
danger-place-au = Australia
danger-place-nz = New Zealand
