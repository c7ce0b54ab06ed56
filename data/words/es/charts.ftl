# El diario en imágenes.

charts = Gráficos
charts-measures = Qué mirar
charts-stretches = Desde cuándo
charts-weeks-4 = 4 semanas
charts-weeks-12 = 12 semanas
charts-weeks-all = Todo
charts-pain = Dolor
charts-fatigue = Cansancio
charts-sleep = Sueño
charts-mood = Ánimo
charts-fog = Niebla mental
charts-the-pain = el dolor
charts-the-fatigue = el cansancio
charts-the-sleep = el sueño
charts-the-mood = el ánimo
charts-the-fog = la niebla mental
charts-lower = más bajo es mejor
charts-higher = más alto es mejor
charts-title = { $measure }, día a día
charts-heading = { $measure }: { $direction }
charts-each-day = cada día
charts-late = anotado después
charts-course = mediana de 7 días
charts-none = nada
charts-mild = leve
charts-moderate = moderado
charts-severe = fuerte
charts-goal = su meta: 30 por ciento menos = { $goal }
charts-goal-up = su meta: { $goal }
charts-doses = Dosis tomada (relleno) y planeada (línea)
charts-doses-blinded = Dosis tomada y planeada (rayado: a ciegas)
charts-side-effects = Efectos secundarios
charts-scored = Del { $from } al { $to } puntuó { $measure } en { $scored } de { $days } días.
charts-weeks = La mediana de una semana era { $first } al principio y es { $last } ahora; { $direction }.
charts-goal-sentence = Su meta es { $goal }.
charts-dose-from = { $dose } desde el { $date }
charts-doses-sentence = Dosis tomadas: { $doses }.
charts-late-days = { $count ->
    [one] Una puntuación se anotó después de su día.
   *[other] { $count } puntuaciones se anotaron después de su día.
}
charts-marked-days = { $count ->
    [one] Hay efectos secundarios anotados en un día.
   *[other] Hay efectos secundarios anotados en { $count } días.
}
charts-recording = Hay un ensayo a ciegas en marcha: lo que anota se guarda, y nada se compara hasta que termine.
charts-kit = del kit
charts-no-dose = ninguna
charts-table = Todos los días en una tabla
charts-table-day = Día
charts-table-dose = Dosis
charts-empty = Todavía no hay puntuaciones que dibujar aquí. Los días sin ninguna quedan vacíos; es normal.
charts-empty-link = Al diario de hoy
charts-verdict-link = ¿Ayuda? Lo que dice el diario
