"""Verses in the public domain, a few lines of each poem, with what any handbook says of them."""

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    """`lengths` one a line (one for all where it is one); `schemes` and `names` of the stanzas; the form of the whole."""

    text: str
    lengths: tuple[int, ...]
    schemes: tuple[str, ...]
    form: str


POEMS: dict[str, Known] = {
    "San Juan": Known(
        "En una noche oscura\ncon ansias en amores inflamada\n¡oh dichosa ventura!\nsalí sin ser notada\n"
        "estando ya mi casa sosegada.",
        (7, 11, 7, 7, 11), ("aBabB",), "lira",
    ),
    "Manrique": Known(
        "Recuerde el alma dormida,\navive el seso y despierte\ncontemplando\ncómo se pasa la vida,\n"
        "cómo se viene la muerte\ntan callando;",
        (8, 8, 4, 8, 8, 4), ("abcabc",), "copla manriqueña",
    ),
    "Sor Juana": Known(
        "Hombres necios que acusáis\na la mujer sin razón,\nsin ver que sois la ocasión\nde lo mismo que culpáis.",
        (8,), ("abba",), "redondilla",
    ),
    "prisionero": Known(
        "Que por mayo era, por mayo,\ncuando hace la calor,\ncuando los trigos encañan\ny están los campos en flor,\n"
        "cuando canta la calandria\ny responde el ruiseñor,\ncuando los enamorados\nvan a servir al amor;",
        (8,), ("-a-a-a-a",), "romance",
    ),
    "Espronceda": Known(
        "Con diez cañones por banda,\nviento en popa a toda vela,\nno corta el mar, sino vuela\nun velero bergantín;\n"
        "bajel pirata que llaman\npor su bravura el Temido,\nen todo mar conocido\ndel uno al otro confín.",
        (8,), ("-aab-ccb",), "octavilla aguda",
    ),
    "Darío": Known(
        "La princesa está triste… ¿qué tendrá la princesa?\nLos suspiros se escapan de su boca de fresa,\n"
        "que ha perdido la risa, que ha perdido el color.\nLa princesa está pálida en su silla de oro,\n"
        "está mudo el teclado de su clave sonoro,\ny en un vaso, olvidada, se desmaya una flor.",
        (14,), ("AABCCB",), "sexteto",
    ),
    "Garcilaso": Known(
        "Escrito está en mi alma vuestro gesto,\ny cuanto yo escribir de vos deseo;\nvos sola lo escribisteis, yo lo leo\n"
        "tan solo, que aun de vos me guardo en esto.",
        (11,), ("ABBA",), "cuarteto",
    ),
    "Góngora": Known(
        "Mientras por competir con tu cabello\noro bruñido al sol relumbra en vano;\n"
        "mientras con menosprecio en medio el llano\nmira tu blanca frente el lilio bello;",
        (11,), ("ABBA",), "cuarteto",
    ),
    "Quevedo": Known(
        "Cerrar podrá mis ojos la postrera\nsombra que me llevare el blanco día,\ny podrá desatar esta alma mía\n"
        "hora a su afán ansioso lisonjera;\n\nmas no, de esotra parte, en la ribera,\ndejará la memoria, en donde ardía:\n"
        "nadar sabe mi llama el agua fría,\ny perder el respeto a ley severa.\n\n"
        "Alma a quien todo un dios prisión ha sido,\nvenas que humor a tanto fuego han dado,\n"
        "medulas que han gloriosamente ardido:\n\nsu cuerpo dejará, no su cuidado;\nserán ceniza, mas tendrá sentido;\n"
        "polvo serán, mas polvo enamorado.",
        (11,), ("ABBA", "ABBA", "CDC", "DCD"), "soneto",
    ),
    "Lope": Known(
        "Un soneto me manda hacer Violante\nque en mi vida me he visto en tanto aprieto;\ncatorce versos dicen que es soneto;\n"
        "burla burlando van los tres delante.",
        (11,), ("ABBA",), "cuarteto",
    ),
    "Fray Luis": Known(
        "¡Qué descansada vida\nla del que huye del mundanal ruido,\ny sigue la escondida\nsenda, por donde han ido\n"
        "los pocos sabios que en el mundo han sido;",
        (7, 11, 7, 7, 11), ("aBabB",), "lira",
    ),
    "Bécquer": Known(
        "Volverán las oscuras golondrinas\nen tu balcón sus nidos a colgar,\ny otra vez con el ala a sus cristales\n"
        "jugando llamarán;",
        (11, 11, 11, 7), ("-A-a",), "",
    ),
    "Bécquer, arpa": Known(
        "Del salón en el ángulo oscuro,\nde su dueña tal vez olvidada,\nsilenciosa y cubierta de polvo\nveíase el arpa.",
        (10, 10, 10, 6), ("-A-a",), "",
    ),
    "Martí": Known(
        "Yo soy un hombre sincero\nde donde crece la palma,\ny antes de morirme quiero\nechar mis versos del alma.",
        (8,), ("abab",), "cuarteta",
    ),
    "Segismundo": Known(
        "Cuentan de un sabio que un día\ntan pobre y mísero estaba,\nque sólo se sustentaba\nde unas yerbas que cogía.\n"
        "¿Habrá otro, entre sí decía,\nmás pobre y triste que yo?;\ny cuando el rostro volvió\nhalló la respuesta, viendo\n"
        "que otro sabio iba cogiendo\nlas hierbas que él arrojó.",
        (8,), ("abbaaccddc",), "décima",
    ),
    "Hernández": Known(
        "Aquí me pongo a cantar\nal compás de la vigüela,\nque el hombre que lo desvela\nuna pena extraordinaria,\n"
        "como la ave solitaria\ncon el cantar se consuela.",
        (8,), ("-aabba",), "",
    ),
    "Iriarte": Known(
        "Esta fabulilla,\nsalga bien o mal,\nme ha ocurrido ahora\npor casualidad.",
        (6,), ("-a-a",), "copla",
    ),
    "Villegas": Known("Dulce vecino de la verde selva,\nhuésped eterno del abril florido,\nvital aliento de la madre Venus,\ncéfiro blando;",
        (11, 11, 11, 5), ("----",), "estrofa sáfica",
    ),
    "seguidilla": Known(
        "Pues andáis en las palmas,\nángeles santos,\nque se duerme mi niño,\ntened los ramos.",
        (7, 5, 7, 5), ("-a-a",), "seguidilla",
    ),
    "Zorrilla": Known(
        "¿No es verdad, ángel de amor,\nque en esta apartada orilla\nmás pura la luna brilla\ny se respira mejor?",
        (8,), ("abba",), "redondilla",
    ),
    "Machado": Known(
        "Caminante, son tus huellas\nel camino y nada más;\ncaminante, no hay camino,\nse hace camino al andar.",
        (8,), ("-a-a",), "copla",
    ),
    "Alexandre": Known(
        "Mester traigo fermoso, no es de juglaría,\nmester es sin pecado, ca es de clerecía;\n"
        "fablar curso rimado por la cuaderna vía,\na sílabas contadas, ca es gran maestría.",
        (14,), ("AAAA",), "cuaderna vía",
    ),
}  # fmt: skip
