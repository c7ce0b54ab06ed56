# El diario de hoy.

today-today = Hoy
today-yesterday = Ayer
today-earlier = Antes
today-days = Días
today-date = { $weekday }, { $day } de { $month }
today-date-now = { $weekday } por la { $part }, { $day } de { $month }
today-weekday-1 = Lunes
today-weekday-2 = Martes
today-weekday-3 = Miércoles
today-weekday-4 = Jueves
today-weekday-5 = Viernes
today-weekday-6 = Sábado
today-weekday-7 = Domingo
today-month-1 = enero
today-month-2 = febrero
today-month-3 = marzo
today-month-4 = abril
today-month-5 = mayo
today-month-6 = junio
today-month-7 = julio
today-month-8 = agosto
today-month-9 = septiembre
today-month-10 = octubre
today-month-11 = noviembre
today-month-12 = diciembre
today-part-morning = mañana
today-part-afternoon = tarde
today-part-evening = noche
today-part-night = madrugada

# Valoraciones.

today-pain = Dolor
today-fatigue = Cansancio
today-sleep = Sueño
today-mood = Ánimo
today-fog = Niebla mental
today-period = En promedio, en las últimas 24 horas
today-pain-low = ningún dolor
today-pain-high = el peor dolor que pueda imaginar
today-fatigue-low = ningún cansancio
today-fatigue-high = el peor cansancio que pueda imaginar
today-sleep-low = dormí lo peor que pueda imaginar
today-sleep-high = dormí lo mejor que pueda imaginar
today-mood-low = el ánimo más bajo que pueda imaginar
today-mood-high = el mejor ánimo que pueda imaginar
today-fog-low = ninguna niebla mental
today-fog-high = la peor niebla mental que pueda imaginar
today-point = { $measure } { $value } de 10
today-save = Guardar
today-keys = Las flechas eligen, Intro guarda.
today-skip = Dejar sin responder
today-just = Hoy solo el dolor
today-just-thanks = Gracias. Por hoy es suficiente.
today-more = Responder más
today-open = aún no
today-change = Cambiar
today-answers = Respuestas de este día

# Dosis.

today-dose = { $dose } { $at }
today-dose-kit = La cápsula de su kit { $at }
today-at-morning = por la mañana
today-at-midday = al mediodía
today-at-bedtime = al acostarse
today-taken-question = ¿La tomó?
today-yes = Sí
today-no = No
today-changed = Cambiada
today-taken = tomada
today-taken-other = tomada, { $dose }
today-not-taken = no tomada
today-amount = Cuánto, en mg
today-time = A qué hora (puede dejarlo en blanco)
today-time-wrong = Escriba una hora como 22:30, no posterior a ahora.
today-amount-wrong = Escriba una cantidad en mg, como 4.5.
today-held = Este día sin LDN: { $why }
today-ask = Pregunte antes de la próxima dosis. El plan ya no dice qué tomar.
today-plan-unsigned = Esta dosis es la que usted anotó. Ningún médico ha firmado aquí el plan.
today-plan-line = Plan versión { $version }, recibido por última vez el { $when }, válido hasta el { $day }.
today-two-scores = { $measure } se anotó dos veces: { $value } y { $other }. Cuenta la última, { $value }. ¿Cuál es la correcta?
today-two-doses = Esta dosis se anotó dos veces, de forma distinta. Cuenta una vez. Avise a su médico si pudo haberla tomado dos veces.

# Efectos secundarios y notas.

today-effects = Efectos secundarios
today-effects-question = ¿Algún efecto secundario?
today-effects-hint = Toque lo que tuvo. Si no tuvo ninguno, ya ha terminado.
today-effects-other = Otra cosa
today-effects-term = ¿Qué fue? En pocas palabras
today-effects-how-bad = { $term }: ¿cómo de fuerte?
today-severity-mild = Leve
today-severity-moderate = Moderado
today-severity-severe = Fuerte
today-note = Añadir una nota
today-note-text = Su nota

# Guardar.

today-saved-here = Guardado en este teléfono
today-saved = Guardado
today-undo = Deshacer
today-undone = Deshecho
today-too-late = Puede anotar el día de hoy y los siete anteriores.
today-waiting-one = 1 anotación en este teléfono, aún sin enviar
today-waiting-many = { $count } anotaciones en este teléfono, aún sin enviar
today-sign-in = Inicie sesión de nuevo para enviarlas.
today-somebody-else = Otra persona ha iniciado sesión en este teléfono. Sus anotaciones quedan aquí hasta que usted vuelva a iniciar sesión.
today-reload = Abrir el diario de esa persona
today-refused = Esta anotación no se pudo enviar: { $why }
today-try-again = Intentar de nuevo
today-delete = Borrarla
today-no-room = Este teléfono no pudo guardarlo. Libere espacio o recargue la página.

# Los últimos 28 días.

today-line-title = Dolor, los últimos 28 días
today-line = Anotó el dolor en { $count } de los últimos 28 días. En promedio fue { $value } de 10; menos es mejor.
today-line-blinded = Anotó el dolor en { $count } de los últimos 28 días.
today-line-none = Aún no hay dolor anotado en los últimos 28 días.
today-line-later = Las anotaciones que esperan en este teléfono aún no están en el dibujo.

# Instalar, la tarjeta, salir.

today-install = Añadir a la pantalla de inicio
today-install-why = Su navegador puede borrar anotaciones sin enviar, salvo que esta página esté en su pantalla de inicio. Allí también se abre más rápido.
today-install-how = En el menú de su navegador, elija «Añadir a la pantalla de inicio».
today-install-no = Ahora no
today-card = Tarjeta para emergencias
today-card-last = Última dosis anotada en este teléfono: { $when }
today-danger = Si algo va mal
today-without-script = Esta página funciona sin script. Solo hace falta para los días sin red.
today-sign-out = Cerrar sesión
today-leave = Algunas anotaciones aún no se han enviado
today-leave-text = Si cierra la sesión ahora, lo que espera en este teléfono se borra. No se puede recuperar.
today-leave-send = Volver y enviarlas
today-leave-delete = Cerrar la sesión y borrarlas
