# Lo que rodea cada página.

product-name = ldn
frame-skip = Ir al contenido
frame-menu = Páginas
frame-today = Hoy
frame-plan = Plan
frame-charts = Gráficos
frame-more = Más
frame-help = Ayuda
frame-sign-out = Salir
frame-person = { $name }, nacimiento { $year }
frame-off-label = El uso de LDN no está recogido en la ficha técnica. Decide quien se lo receta; este es su registro.
frame-sample = Datos de ejemplo. Ninguna de estas personas existe.
frame-theme = Colores
frame-theme-auto = Como este dispositivo
frame-theme-light = Claro
frame-theme-dark = Oscuro
frame-theme-dim = Poca luz
frame-language = Idioma
frame-save-look = Guardar
frame-continue = Continuar
frame-back = Volver
frame-undo = Deshacer
frame-saved = Guardado
frame-saved-here = Guardado en este teléfono
frame-problem = Hay un problema
frame-problem-title = Error:
frame-do-not-know = No lo sé
frame-yes = Sí
frame-no = No

# Páginas que dicen por qué no hay página.

trouble-missing = Página no encontrada
trouble-missing-text = No hay nada en esta dirección. Si la escribió, compruebe la ortografía.
trouble-denied = No puede ver esta página
trouble-denied-text = Esta página es de otra persona o de otra función.
trouble-stale = Esta página es demasiado antigua
trouble-stale-text = No se ha perdido nada y no se ha guardado nada. Vuelva atrás, recargue la página e inténtelo otra vez.
trouble-too-many = Demasiados intentos
trouble-too-many-text = Espere { $seconds } segundos e inténtelo otra vez. Nadie queda bloqueado para siempre.
trouble-too-large = Es demasiado grande
trouble-too-large-text = Lo enviado es más grande de lo que admite esta página.
trouble-broken = Algo ha fallado aquí
trouble-broken-text = Lo que envió no se ha guardado. Inténtelo dentro de un minuto; si continúa, avise a quien administra este sitio y dígale el código { $code }.
trouble-home = Ir a la primera página
