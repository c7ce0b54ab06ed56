# Los datos propios: llevárselos, o borrarlos.

data = Mis datos
data-entries = { $count ->
    [one] Su historial tiene una anotación.
   *[other] Su historial tiene { $count } anotaciones.
}
data-text = Todas son suyas.
data-take = Llevarse todo
data-take-text = Puede que antes se le pida otra vez la contraseña. Quien tenga estos archivos puede leerlo todo.
data-diary = Su diario como tabla
data-diary-text = CSV, una fila por día, para cualquier hoja de cálculo.
data-journal = Todo su historial
data-journal-text = JSON Lines, una anotación por línea, sin dejar nada fuera. Otro sitio como este puede volver a leerlo.
data-trail = Quién miró su historial
data-trail-text = JSON Lines, un suceso por línea.
data-erase = Borrar mis datos
data-erase-link = Seguir hasta el borrado
data-erase-what = Su cuenta, su nombre y todo lo de su diario se destruyen y nadie puede recuperarlos; solo queda que existió un historial, y las copias que usted o su clínica se llevaron.
data-erase-first = Antes puede guardar una copia:
data-erase-name = Para seguir, escriba otra vez su nombre
data-erase-word = borrar
data-erase-wrong = Escriba exactamente: { $name }
data-erase-do = Destruirlo todo
data-erase-not = No, conservarlo
data-receipt = Sus datos están borrados
data-receipt-when = Borrado el { $when }.
data-receipt-gone = La clave que abría su historial está destruida. Su nombre, su cuenta y todas las anotaciones ya no pueden leerse, tampoco desde copias de seguridad antiguas de este sitio cuando se repongan.
data-receipt-stays = Lo que queda no puede leerse: que existió un historial con este número y cuándo se borró. Las copias que se sacaron antes no están aquí y no se han borrado.
data-receipt-number = Número del historial; imprímalo o anótelo si quiere una prueba:
data-receipt-prescriber = Esto no cambia lo que le dijo quien le receta sobre LDN. Pregunte antes de dejarlo o de seguir.
