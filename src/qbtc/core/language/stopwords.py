"""Function words of Spanish and English, folded (no accents). Own lists, Apache-2.0.

They carry grammar, not topic: dropped from lexical search, counted to guess the language.
"""

from __future__ import annotations

from typing import Final

_EN = """
a about above after again against all also am an and any are aren as at be because been before being below
between both but by can cannot could couldn did didn do does doesn doing don down during each few for from
further had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it
its itself just let me more most my myself no nor not now of off on once only or other our ours ourselves out
over own same she should shouldn so some such than that the their theirs them themselves then there these they
this those through to too under until up us very was wasn we were weren what when where which while who whom why
will with won would wouldn you your yours yourself yourselves
"""

_ES = """
a al algo algun alguna algunas alguno algunos ante antes aquel aquella aquellas aquello aquellos aqui asi aun
aunque cada como con contra cual cuales cualquier cuando cuanto de del desde donde dos e el ella ellas ello ellos
en entre era erais eramos eran eras eres es esa esas ese eso esos esta estaba estaban estado estais estamos estan
estar estas este esto estos estoy fue fueron fui fuimos ha habia habian haber han has hasta hay he hemos la las
le les lo los mas me mi mia mias mientras mio mios mis mucho muy nada ni no nos nosotras nosotros nuestra nuestras
nuestro nuestros o os otra otras otro otros para pero poco por porque pues que quien quienes se sea sean ser si
sido siempre sin sobre sois solo somos son soy su sus suya suyas suyo suyos tal tambien tan tanto te tenia tengo ti
tiene tienen toda todas todo todos tu tus tuya tuyo un una unas uno unos usted ustedes vosotras vosotros vuestra
vuestro y ya yo
"""

STOPWORDS: Final[dict[str, frozenset[str]]] = {
    "en": frozenset(_EN.split()),
    "es": frozenset(_ES.split()),
}
