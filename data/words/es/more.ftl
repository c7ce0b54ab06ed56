# La página con las demás páginas.

more-events = Medicamentos y sucesos
more-events-text = Un medicamento nuevo, una infección, una operación, un embarazo.
more-labs = Resultados de laboratorio
more-labs-text = Hígado, riñones, tiroides y otros, como están en su informe.
more-instruments = Cuestionarios
more-instruments-text = Fibromialgia, ánimo, preocupación y cómo está en conjunto.
more-verdict = Lo que dice su diario
more-verdict-text = Cuánto ha cambiado, con qué seguridad y qué más podría explicarlo.
more-card = Tarjeta para la cartera
more-card-text = Para una urgencia. También se abre sin red.
more-letter = Carta para la operación
more-letter-text = Para quien le opera y quien le anestesia.
more-sessions = Dónde tiene la sesión abierta
more-sessions-text = Vea sus aparatos y cierre lo que no conozca.
more-data = Mis datos
more-data-text = Lléveselo todo, o bórrelo.
more-help = Ayuda
more-help-text = Qué es esto, qué no es y a quién preguntar.
