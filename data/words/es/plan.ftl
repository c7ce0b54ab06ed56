# La página del plan, anotar un plan, los papeles que se hacen de un plan.

plan-title = Su plan
plan-today = Hoy
plan-month-1 = enero
plan-month-2 = febrero
plan-month-3 = marzo
plan-month-4 = abril
plan-month-5 = mayo
plan-month-6 = junio
plan-month-7 = julio
plan-month-8 = agosto
plan-month-9 = septiembre
plan-month-10 = octubre
plan-month-11 = noviembre
plan-month-12 = diciembre
plan-short-month-1 = ene
plan-short-month-2 = feb
plan-short-month-3 = mar
plan-short-month-4 = abr
plan-short-month-5 = may
plan-short-month-6 = jun
plan-short-month-7 = jul
plan-short-month-8 = ago
plan-short-month-9 = sep
plan-short-month-10 = oct
plan-short-month-11 = nov
plan-short-month-12 = dic
plan-monday = lunes
plan-tuesday = martes
plan-wednesday = miércoles
plan-thursday = jueves
plan-friday = viernes
plan-saturday = sábado
plan-sunday = domingo
plan-date = { $day } de { $month } de { $year }
plan-weekday-date = { $weekday }, { $date }
plan-span = del { $from } al { $to }
plan-span-open = desde el { $from }
plan-number-2 = dos
plan-number-3 = tres
plan-number-4 = cuatro
plan-number-5 = cinco
plan-number-6 = seis
plan-number-7 = siete
plan-number-8 = ocho
plan-number-9 = nueve
plan-number-10 = diez
plan-number-11 = once
plan-number-12 = doce
plan-and = { $list } y { $last }

# De qué se hace una dosis.

plan-make-one-capsule = una cápsula de { $strength }
plan-make-one-tablet = un comprimido de { $strength }
plan-make-one-troche = una pastilla para chupar de { $strength }
plan-make-some-capsule = { $number } cápsulas de { $strength }
plan-make-some-tablet = { $number } comprimidos de { $strength }
plan-make-some-troche = { $number } pastillas para chupar de { $strength }
plan-make-many-capsule = { $number } cápsulas de { $strength } cada una
plan-make-many-tablet = { $number } comprimidos de { $strength } cada uno
plan-make-many-troche = { $number } pastillas para chupar de { $strength } cada una
plan-make-liquid = { $volume } del líquido de { $concentration }

# Lo que toca hoy.

plan-tonight-bedtime = Esta noche: { $dose }
plan-tonight-morning = Esta mañana: { $dose }
plan-tonight-midday = Hoy a mediodía: { $dose }
plan-dose-bedtime = { $dose } al acostarse
plan-dose-morning = { $dose } por la mañana
plan-dose-midday = { $dose } a mediodía
plan-taken-already = Ha anotado que ya tomó la dosis de hoy. Nunca tome dos dosis en un mismo día.
plan-past-use = Lo último que le entregaron debía usarse hasta el { $date }. Pregunte en su farmacia antes de usarlo.
plan-next = Después: { $dose }, desde el { $date } ({ $when }).
plan-in-days = { $count ->
    [one] mañana
   *[other] dentro de { $count } días
}
plan-stopped = Pregunte antes de la próxima dosis
plan-stopped-text = Algo de lo que anotó está en contra de LDN en este momento. Llame a quien se lo receta antes de volver a tomarlo.
plan-ask = Pregunte antes de la próxima dosis
plan-ask-expired = Este plan ha terminado; por eso aquí no hay ninguna dosis. Llame a quien se lo receta.
plan-ask-superseded = Este plan fue sustituido; por eso aquí no hay ninguna dosis. Llame a quien se lo receta.
plan-hold-today = Hoy no se toma LDN
plan-hold-until = La pausa dura hasta el { $to }, incluido ese día.
plan-hold-open = La pausa dura hasta que quien se lo receta diga otra cosa. Pregunte antes de la próxima dosis.
plan-kit = Tome las cápsulas de su kit, como dice la etiqueta
plan-kit-numbered = Tome las cápsulas del kit { $kit }, como dice la etiqueta
plan-kit-text = Es un periodo a ciegas: nadie que hable con usted sabe qué hay en las cápsulas. Trate cada cápsula como si fuera LDN.
plan-nothing = Hoy no hay dosis
plan-nothing-text = El plan no tiene dosis para hoy. Pregunte a quien se lo receta si esperaba una.
plan-begins = El plan empieza el { $date }.
plan-none = Todavía no hay plan
plan-none-text = Si le dieron un plan en papel, puede anotarlo aquí tal como se lo recetaron.

# El resto de la página.

plan-steps = Paso a paso
plan-now = ahora
plan-why = Por qué, y quién lo dice
plan-why-prescribed = Usted anotó esta dosis tal como se la recetaron.
plan-table = Los pasos en una tabla
plan-table-days = Días
plan-table-dose = Dosis
plan-chart = Las dosis de su plan
plan-chart-today = hoy
plan-chart-pause = pausa
plan-chart-step = { $dose } al día desde el { $from }
plan-chart-pause-from = una pausa { $days }
plan-chart-sentence = Su plan: { $steps }.
plan-holds = Días sin LDN
plan-reviews = Cuándo se revisa
plan-judge-later = A partir del { $date } el diario puede mostrar si ayuda.
plan-judge-now = Desde el { $date } el diario puede mostrar si ayuda.
plan-verdict-link = Lo que dice el diario hasta ahora
plan-bad-days = En un mal día
plan-emergency = Hinchazón, ronchas o dificultad para respirar: no tome más y llame de inmediato al número de emergencias. Piel amarilla u orina oscura: no tome más y llame el mismo día a quien se lo receta.
plan-if-missed = Si olvida una dosis
plan-if-missed-unsaid = El plan no dice nada de esto. Nunca tome dos dosis en un mismo día; pregunte a quien se lo receta o en la farmacia.
plan-if-side-effect = Si tiene efectos secundarios
plan-if-unsaid = El plan no dice nada de esto. Anótelos en el diario y pregunte a quien se lo receta.
plan-if-gap = Si lleva más de 14 días sin tomarlo
plan-if-gap-unsaid = El plan no dice nada de esto. Pregunte a quien se lo receta antes de la próxima dosis.
plan-if-opioid = Si toma o le dan un opioide
plan-if-opioid-unsaid = No tome LDN, y pregunte a quien se lo receta antes de la próxima dosis.
plan-if-no-benefit = Si no ayuda
plan-sources = Fuentes
plan-papers = Tarjeta, carta, calendario
plan-card-link = Tarjeta de emergencia para la cartera
plan-letter-link = Carta para una operación o intervención
plan-calendar-link = Archivo de calendario
plan-calendar-text = Sus títulos no nombran ningún medicamento. Impórtelo otra vez después de cada cambio de plan: las entradas viejas se sustituyen.
plan-about = Sobre este plan
plan-version = Versión { $version }, hecha el { $date }.
plan-signed = Firmado por { $prescriber } el { $date }.
plan-not-signed = Sin firmar: tal como usted dice que se lo recetaron.
plan-valid = Vale hasta el { $date }. Después: pregunte antes de la próxima dosis.
plan-enter-link = Anotar mi plan
plan-enter-again = Anotar un plan cambiado

# La marca de una fuente.

plan-size = { $count ->
    [one] Participó una persona.
   *[other] Participaron { $count } personas.
}
plan-size-unknown = No se sabe en cuántas personas se apoya.
plan-grade-trial = Un ensayo en el que se comparó a personas o tratamientos.
plan-grade-registration = El plan registrado de un ensayo; sus resultados son otra cosa.
plan-grade-review = Una revisión de lo que otros hallaron.
plan-grade-study = Un estudio sin comparación por sorteo.
plan-grade-guidance = Una guía de expertos.
plan-grade-label = La ficha técnica de un medicamento, casi siempre sobre dosis mucho más altas.
plan-grade-reference = Una obra de consulta.
plan-grade-article = Un artículo para el público; afirma y no comprueba.
plan-grade-practice = Lo que hace una consulta o una farmacia; no se ha comprobado.
plan-grade-prescribed = No hay otra fuente que lo que le recetaron.
plan-status-seen = Hemos leído la fuente.
plan-status-recalled = De memoria; no hemos vuelto a leer la fuente.

# Anotar un plan tal como se recetó.

plan-enter = Anote su plan tal como se lo recetaron
plan-enter-text = Copie lo que escribió quien se lo receta. Esta página no elige una dosis por usted.
plan-enter-schedule = Quien me lo receta sigue una pauta conocida
plan-enter-schedule-text = Elíjala solo si quien se lo receta la nombró. Rellena los pasos; compare cada uno con lo recetado.
plan-enter-schedule-label = Pauta
plan-enter-schedule-fill = Rellenar
plan-enter-filled = Rellenado según:
plan-enter-start = Primer día de este plan
plan-enter-start-hint = Por ejemplo 27 3 2026. Puede estar en el pasado.
plan-enter-day = Día
plan-enter-month = Mes
plan-enter-year = Año
plan-enter-step = Paso { $number }
plan-enter-dose = Dosis, con su unidad
plan-enter-dose-hint = Por ejemplo 1.5 mg, o 500 micrograms (microgramos).
plan-enter-days-label = Durante cuántos días
plan-enter-days-hint = Por ejemplo 7. Después viene el paso siguiente.
plan-enter-days-hint-last = Déjelo vacío si sigue hasta que alguien lo cambie.
plan-enter-more = Añadir un paso
plan-enter-at = A qué hora del día
plan-at-bedtime = Al acostarse
plan-at-morning = Por la mañana
plan-at-midday = A mediodía
plan-enter-until = Último día de la receta, o su próxima cita
plan-enter-until-hint = Si lo deja vacío, el plan vale hasta 12 semanas después del comienzo del último paso o de hoy.
plan-enter-at-missing = Elija a qué hora del día lo toma.
plan-enter-start-missing = Escriba el primer día como día, mes y año de cuatro cifras.
plan-enter-start-far = El primer día queda demasiado lejos. Revise el año.
plan-enter-until-wrong = Escriba un día a partir de hoy, o deje vacíos los tres campos.
plan-enter-dose-missing = Escriba la dosis con su unidad, por ejemplo 1.5 mg.
plan-enter-dose-comma = Escriba un punto, no una coma: 4.5 mg en vez de 4,5 mg.
plan-enter-dose-unit = «{ $typed }» no tiene unidad. Escriba mg o micrograms (microgramos), exactamente como en la etiqueta: entre los dos hay un factor de mil.
plan-enter-dose-unknown-unit = «{ $typed }»: no es una unidad para esta dosis. Escriba mg o micrograms (microgramos), por ejemplo 1.5 mg.
plan-enter-dose-number = «{ $typed }» no se puede leer como dosis. Escríbala así: 1.5 mg.
plan-enter-dose-zero = Una dosis es más que 0. Si hay días sin LDN, anote el plan desde el día en que vuelve a empezar.
plan-enter-dose-beyond = { $dose } no es naltrexona en dosis baja. Compruebe la cantidad y la unidad con quien se lo receta o en la farmacia; no se guarda.
plan-enter-days = Escriba durante cuántos días, como número entero desde 1.
plan-enter-days-last = Escriba un número entero de días, o déjelo vacío.
plan-enter-closed = Ahora no se puede anotar un plan aquí
plan-enter-closed-signed = Quien se lo receta firma su plan en este sitio. Si lo recetado es distinto, pregúntele.
plan-enter-closed-stopped = Algo de lo que anotó está en contra de LDN en este momento. Primero hay que aclararlo con quien se lo receta.
plan-enter-closed-blinded = Hay un ensayo a ciegas en marcha. Sus kits deciden lo que se toma.
plan-back = Volver al plan
plan-check = ¿Es esto lo que le recetaron?
plan-check-text = Compare cada línea con la receta o la etiqueta.
plan-check-save = Sí, guardarlo
plan-check-change = Cambiarlo
plan-check-confirm = He comprobado esta dosis con quien me la receta
plan-check-confirm-missing = Compruebe la dosis con quien se la receta y marque después la casilla.
plan-caution = Compruébelo con quien se lo receta
plan-caution-un-02 = Una dosis de más de 4.5 mg no es habitual. Compruébela con quien se la receta antes de tomarla.
plan-caution-un-03 = Una dosis de más de 6 mg es rara. Quien se la receta tiene que confirmarla.
plan-caution-un-04 = Una dosis de más de 9 mg solo se conoce por casos sueltos. Quien se la receta tiene que confirmarla.

# Papeles.

plan-card = Tarjeta de emergencia
plan-card-text = Imprímala, recórtela y guárdela con sus documentos. Vale solo mientras valga el plan. Está en inglés, tal como fue redactada.
plan-download-text = Descargar como texto
plan-paper-no-plan = Todavía no hay un plan del que se pueda hacer.
plan-paper-no-birth-year = Falta su año de nacimiento; está en el papel para que nadie lo tome por el de otra persona.
plan-paper-birth-link = Añadir el año de nacimiento
plan-letter = Carta para una operación o intervención
plan-letter-text = Para el anestesista: cuándo es la última dosis y qué hay que saber de LDN. Entréguela lo antes posible. Está en inglés, tal como fue redactada.
plan-letter-operation = Día de la operación o intervención
plan-letter-date = Escriba el día como día, mes y año de cuatro cifras.
plan-letter-past = Ese día ya pasó. Escriba un día a partir de hoy.
plan-letter-hours-label = Horas sin LDN antes, si el anestesista pide más
plan-letter-hours-hint = Déjelo vacío para { $hours } horas, que nunca se acortan.
plan-letter-hours = Escriba { $hours } horas o más como número entero, o déjelo vacío.
plan-letter-write = Escribir la carta
