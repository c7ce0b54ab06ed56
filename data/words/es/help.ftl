# Ayuda, sin cuenta.

help-now = Si no puede esperar
help-now-text = Si está en peligro o podría hacerse daño, llame ahora al número de emergencias de su país o a una línea de crisis. Estas páginas dicen qué hacer. También se abren sin red.
help-is = Qué es esto
help-is-1 = Un diario de cómo está mientras toma naltrexona a dosis baja (LDN).
help-is-2 = El plan que firmó quien le receta, día a día.
help-is-3 = Una descripción de lo que cambió y de con qué seguridad.
help-is-not = Qué no es
help-is-not-1 = No es quien le receta. Nunca le dice que cambie una dosis.
help-is-not-2 = No es un servicio de urgencias. Nadie está leyendo día y noche.
help-is-not-3 = No es un producto sanitario.
help-is-not-4 = No es una prueba. Un diario llevado sabiendo qué hay en la cápsula no distingue LDN de la esperanza ni del tiempo.
help-data = Sus datos
help-data-text = Todo se queda en la máquina que lleva este sitio. Ninguna página pide nada a otra máquina. En «Mis datos» puede llevárselo todo, o borrarlo.
help-sign-in = Ayuda para entrar
help-sign-in-link = Contraseña olvidada, código no aceptado, teléfono perdido
help-password = Olvidó la contraseña
help-password-text = Pida un enlace nuevo a quien lleva este sitio. Vale una vez y le deja elegir otra contraseña. Su diario se queda como está.
help-code = No se acepta su código
help-code-text = Compruebe que el reloj de su teléfono va bien y espere al código siguiente. También puede usar uno de los códigos de recuperación que imprimió. Cada uno vale una vez.
help-paused = Tiene que esperar
help-paused-text = Tras varios intentos fallidos, cada uno nuevo tiene que esperar un poco. Así otros no pueden adivinar. Nunca se queda fuera para siempre.
help-lost = Perdió el teléfono
help-lost-text = Entre en otro aparato con un código de recuperación. Después abra «Dónde tiene la sesión abierta» y cierre las demás sesiones.
help-who = A quién preguntar
help-who-text = Pregunte en su clínica o a quien le dio el enlace de este sitio. Nadie que le ayude necesita su contraseña.
