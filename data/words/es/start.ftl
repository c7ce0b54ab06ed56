# Empezar un registro a solas.

start = Empiece su registro
start-text = Este registro es para usted y para quienes se lo enseñe. No sustituye a quien le receta: antes de empezar con LDN, alguien tiene que preguntarle por los opioides, el hígado, los riñones y el embarazo.
start-year = ¿En qué año nació?
start-year-hint = Su nombre y este año aparecen en cada página con una dosis, para que nadie lea la de otra persona. Cuatro cifras, por ejemplo 1978.
start-year-problem = Escriba el año de nacimiento con cuatro cifras, por ejemplo 1978.
start-begun-before = Su registro ya ha comenzado y contiene lo que se sabe de usted. No se empieza de nuevo.
