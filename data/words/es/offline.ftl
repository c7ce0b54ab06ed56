# La página sin red, y el nombre en la pantalla de inicio, que no dice para qué es.

offline-app-name = Control de la noche
offline-app-short-name = Control
offline-title = Sin red
offline-nothing = En este teléfono no hay nada guardado. Conéctese una vez, inicie sesión y marque este teléfono como suyo; después el diario se abre también sin red.
offline-retry = Intentar de nuevo
offline-opening = Abriendo su diario …
