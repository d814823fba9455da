"""The words of assertion.py, Spanish and English: who may be spoken of and which verbs state something. Folded, no names, no topics."""

from __future__ import annotations

from typing import Final


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


NOUNS: Final = _listed("""
    sister brother sisters brothers mother father mum mom dad parents son sons daughter daughters child children kids wife husband partner
    girlfriend boyfriend uncle aunt cousin cousins niece nephew grandmother grandfather grandma grandpa grandparents family twins baby friend
    friends neighbour neighbours neighbor neighbors boss manager colleague colleagues dentist doctor landlord landlady teacher broker accountant
    lawyer flatmate roommate house home flat apartment garden garage car bike bicycle boat motorbike dog dogs cat cats horse horses chickens
    knee arm leg back shoulder eyes heart hip office team desk fund company firm business shop farm job salary rent mortgage pension bank
    account portfolio position positions stop target limit budget strategy wallet name birthday age phone email address height weight degree
    hermana hermano hermanas hermanos madre padre padres hijo hija hijos hijas mujer esposa marido esposo pareja novia novio tia tio tios prima
    primo primos sobrina sobrino abuela abuelo abuelos familia suegra suegro cunada cunado amiga amigo amigos vecina vecino vecinos jefa jefe
    companera companero dentista medica medico casero casera profesora profesor casa piso apartamento jardin garaje coche bici bicicleta barco
    moto perro perra perros gato gata gatos caballo gallinas rodilla brazo pierna espalda hombro ojos corazon cadera oficina equipo mesa
    fondo empresa negocio tienda finca trabajo sueldo alquiler hipoteca pension banco cuenta cartera posicion posiciones objetivo limite
    presupuesto estrategia nombre cumpleanos edad telefono correo direccion altura peso carrera
    """)
_EN_REGULAR: Final = _listed("""
    live work own weigh rent commute hedge move marry adopt study play fail trade earn owe borrow close open raise retire divorce graduate
    train cook travel visit stay attend join fix repair paint swap invest manage inherit employ hire
    """)
_EN_IRREGULAR: Final = _listed("""
    sell sells sold buy buys bought teach teaches taught hold holds held pay pays paid lend lends lent drink drinks drank eat eats ate sleep sleeps
    slept run runs ran swim swims swam drive drives drove ride rides rode leave leaves left lose loses lost find finds found break breaks broke
    build builds built keep keeps kept speak speaks spoke get gets got grow grows grew come comes came meet meets met hurt hurts quit quits
    cost costs cut cuts win wins won spend spends spent give gives gave take takes took have has had am is are was were
    """)
_EN_OWN: Final = _listed("like likes love loves hate hates prefer prefers need needs use uses used enjoy enjoys")
"""Of oneself only: of others they are what programs tell ("Ana liked a photo")."""


def _regular(base: str) -> list[str]:
    if base.endswith("y") and base[-2] not in "aeiou":
        return [base, base[:-1] + "ies", base[:-1] + "ied"]
    third = base + ("es" if base.endswith(("s", "x", "sh", "ch")) else "s")
    return [base, third, base + ("d" if base.endswith("e") else "ed")]


ENGLISH_OTHERS: Final = frozenset([*_EN_IRREGULAR, *(form for base in _EN_REGULAR for form in _regular(base))])
ENGLISH_OWN: Final = frozenset([*ENGLISH_OTHERS, *_EN_OWN])

_AR: Final = _listed("""
    trabaj compr alquil pag cobr gan estudi ensen toc habl nad cerr oper us odi cri cuid pes mud cas divorci jubil adopt prest firm contrat hered
    visit viaj llev arregl pint dej cerr invert llam jug
    """)
_ER: Final = _listed("vend aprend beb com corr deb romp nac crec perd conoc")
_IR: Final = _listed("viv abr dorm conduc med")
_ES_OWN: Final = _listed("""
    tengo tenemos tuve tuvimos soy somos fui fuimos estoy estamos estuve estuvimos cierro pierdo duermo juego conduzco mido prefiero invierto pague
    toque jugue naci odio hice hicimos
    """)
_ES_OTHERS: Final = _listed("""
    tiene tienen tuvo tuvieron es son fue fueron esta estan estuvo cierra cierran pierde duerme juega mide miden conduce nacio nacieron crecio murio
    murieron
    """)
SPANISH_OWN: Final = frozenset(
    [
        *_ES_OWN,
        *(stem + end for stem in _AR for end in ("o", "amos", "e")),
        *(stem + end for stem in [*_ER, *_IR] for end in ("o", "i", "imos")),
        *(stem + "emos" for stem in _ER),
    ]
)
SPANISH_OTHERS: Final = frozenset(
    [
        *_ES_OTHERS,
        *(stem + end for stem in _AR for end in ("a", "an", "o", "aron")),
        *(stem + end for stem in [*_ER, *_IR] for end in ("e", "en", "io", "ieron")),
    ]
)
WHEN: Final = _listed("today yesterday now both hoy ayer anoche ahora tambien ambos")
BETWEEN: Final = _listed("""
    now no longer never always still also both usually currently not do don't does doesn't did didn't can't cannot couldn't
    ya no nunca siempre todavia aun tambien solo me nos se le les lo
    """)
"""What may stand between who and the verb: time, negation, pronouns. Nothing that makes it less than so ("almost", "could", "casi")."""

IS: Final = _listed("am is are was were been soy somos es son fui fuimos fue fueron")
AFTER_IS: Final = _listed("""
    a an the my our from in at next on born married single divorced retired allergic vegetarian vegan called named hurt living working studying renting
    not un una el la los las de del mi nuestro nuestra casado casada soltero soltera divorciado divorciada jubilado jubilada vegetariano vegetariana
    alergico alergica
    """)
HAVE: Final = _listed("have has had been")
STANDS: Final = _listed("estoy estamos estuve estuvimos esta estan estuvo")
AFTER_STANDS: Final = _listed(
    "en de a cerca casado casada soltero soltera divorciado divorciada jubilado jubilada enfermo enferma"
)
GOES: Final = _listed("moved move moves commute commutes commuted drive drives drove travel got")
"""Before "to" a place; "to" after any other verb is a wish or a plan."""
POSSESSIVE: Final = _listed("my our mi mis nuestro nuestra nuestros nuestras")
"""Before a noun."""
KIND: Final = _listed("new old current big little younger older nuevo nueva actual favourite favorite")
JOINING: Final = _listed("and but because so where who which since y e pero porque donde desde aunque")
"""What may follow a comma; anything else ("not", "haha", "just testing") can take back what was said."""
