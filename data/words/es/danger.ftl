# Qué hacer ahora. Corto, inmediato, y lo mismo sin red.

danger-now = Qué hacer ahora
danger-call = A quién llamar
danger-back = Volver al diario
danger-others = Pasa otra cosa
danger-sources = De dónde viene esto
danger-numbers-check = Los números pueden cambiar. Si uno no funciona, llame al número de emergencias de su lugar.
danger-prescriber = Después, avise a su médico.

danger-opioid = Tomé un opioide
danger-opioid-1 = No tome LDN ahora, ni otra vez hasta que su médico lo diga.
danger-opioid-2 = Nunca tome más opioide para vencer al LDN. Esto puede matar.
danger-opioid-3 = Llame a emergencias si se siente muy mal, bosteza y suda, tiembla, vomita, tiene retortijones, está muy adormilado o respira despacio.
danger-opioid-4 = Llame hoy a su médico y diga qué opioide, cuánto y cuándo.

danger-withdrawal = Muy mal después de una dosis
danger-withdrawal-1 = Bostezos, sudor, retortijones, diarrea, temblores o el corazón acelerado después de una dosis pueden ser una reacción peligrosa.
danger-withdrawal-2 = No tome otra dosis. Pida ayuda de emergencia ahora.
danger-withdrawal-3 = Diga que toma naltrexona (LDN) y todo analgésico, jarabe para la tos o kratom que haya tomado.

danger-allergy = Hinchazón, ronchas o dificultad para respirar
danger-allergy-1 = Llame a emergencias ahora.
danger-allergy-2 = No tome otra dosis.
danger-allergy-3 = Si tiene un autoinyector de adrenalina, úselo como le enseñaron.

danger-yellow-skin = Piel amarilla u orina oscura
danger-yellow-skin-1 = Deje de tomar LDN.
danger-yellow-skin-2 = Pida atención médica hoy. No espere a una cita.
danger-yellow-skin-3 = Diga que toma naltrexona (LDN) y pida hoy un análisis del hígado.

danger-self-harm = Pensamientos de hacerme daño
danger-self-harm-1 = Si podría actuar según estos pensamientos, llame ahora a emergencias o a una línea de crisis. No tiene que esperarnos.
danger-self-harm-2 = No se quede a solas. Llame a alguien de confianza y pídale que le acompañe.
danger-self-harm-3 = Ponga fuera de su alcance los medicamentos y todo lo que pudiera usar, o pida a alguien que los guarde.

danger-too-much = Tomé demasiado
danger-too-much-1 = Puede haber tomado un comprimido de dosis completa. Llame ahora a un centro de toxicología.
danger-too-much-2 = Si ha usado algún opioide, pida ayuda de emergencia.
danger-too-much-3 = No tome otra dosis antes de que alguien haya hablado con usted.

danger-surgery = Operación programada
danger-surgery-1 = Diga a su cirujano y a su anestesista que toma naltrexona (LDN).
danger-surgery-2 = Llame ahora a su médico para acordar la última dosis. Debe ser días antes, no horas.
danger-surgery-3 = En una operación de emergencia, enseñe su tarjeta y diga cuándo tomó la última dosis.
danger-surgery-4 = No vuelva a tomar LDN mientras tome analgésicos opioides.

danger-pregnant = Embarazo
danger-pregnant-1 = No tome LDN durante el embarazo, salvo que un especialista lo decida con usted.
danger-pregnant-2 = Llame hoy a su médico o a su matrona.
danger-pregnant-3 = Lo mismo vale si puede estar embarazada: primero la prueba, después pregunte.

danger-call-emergency = Emergencias
danger-call-crisis = Línea de crisis, día y noche
danger-call-poison = Centro de toxicología
danger-place-eu = Europa
danger-place-us = Estados Unidos
danger-place-us-ca = Estados Unidos, Canadá
danger-place-us-ca-mx = Estados Unidos, Canadá, México
danger-place-uk = Reino Unido
danger-place-uk-ie = Reino Unido, Irlanda
danger-place-es = España
danger-place-au = Australia
danger-place-nz = Nueva Zelanda
