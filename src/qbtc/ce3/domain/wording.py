"""How people word requests: the words that point at a tool, and the forms that no tool answers. ES and EN, folded text.

Patterns are read against folded text (lower case, no accents) in which every coin is the word `coin`. Tools that are
not listed here are still found by their examples; this table is what makes short and colloquial questions safe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Hint:
    """A match adds `weight`; general words weigh less than a tool's own terms."""

    pattern: re.Pattern[str]
    weight: float = 0.6


def _hint(*alternatives: str, weight: float = 0.6) -> Hint:
    return Hint(re.compile("|".join(alternatives)), weight)


HINTS: Final[Mapping[str, Hint]] = {
    "price": _hint(
        r"\b(?:prices?|quote[ds]?|costs?|worth|spread|bids?|best ask|ticker|trading at|precios?|cotiza\w*|valen?|cuestan?)\b",
        r"\b(?:diferencial|a cuanto|a como)\b", r"\bcoin at\b", r"where is coin\b", r"^\W*coin\W*$",
    ),
    "order_book": _hint(r"\b(?:order ?books?|book|depth|levels?|libro|profundidad|niveles)\b", weight=0.7),
    "market_status": _hint(
        r"\b(?:live|simulated|simulation|real money|paper|en vivo|simulad[oa]|simulacion|dinero real|de papel|watch(?:ed|ing)?)\b",
        r"\b(?:symbols?|simbolos?|vigil\w+|coins|monedas)\b", r"\b(?:how|what)\b.{0,20}\bmarket\b", r"\bmarket (?:status|state)",
        r"\bmarket\b.{0,12}(?:running|open|closed|working)", r"\bque (?:pasa|esta pasando|hay|hace)\b.{0,12}mercado", r"\bque mercado",
        r"mercado.{0,12}(?:abierto|cerrado|funciona\w*|en marcha)", r"(?:funciona\w*|abierto|cerrado).{0,6}mercado",
        r"\bcomo (?:va|esta|anda|sigue)\b.{0,6}mercado", r"estado del mercado", weight=0.45,
    ),
    "recent_bars": _hint(
        r"\b(?:mov(?:ed?|es|ing)|ris(?:e|ing|en)|rose|fall(?:s|en|ing)?|fell|dropp?(?:ed|ing)?|up or down|go(?:ne|ing)? (?:up|down)|went (?:up|down))\b",
        r"\b(?:high|highest|low|lowest|candles?|bars|changed?|sub(?:e|ido|io|iendo)|baj(?:a|ado|o|ando)|movi(?:do|o|endo)|mueve|caido)\b",
        r"\b(?:maximo|minimo|velas?|barras|cambio|minutes?|minutos?)\b", weight=0.55,
    ),
    "features": _hint(r"\bvolatil\w*|\bfeatures?\b|\bdimensi\w+|\bcaracteristicas?\b|\bmomentum\b|stand out|\bdestacan\b"),
    "quantum_state": _hint(
        r"\bquantum state|\bestado cuantico|\bcoheren\w*|\bregim\w+|\bpur(?:ity|eza)\b|effective rank|rango efectivo|\bentrop\w+",
        weight=0.7,
    ),
    "positions": _hint(
        r"\bpositions?\b|\bposicion(?:es)?\b|\b(?:hold|holding|holdings|own|portfolio|cartera)\b|long or short|largos? o cortos?",
        r"\b(?:tengo|tenemos|hay) (?:algo de |algun |algo |algunos )?coin\b", r"\bque tengo\b", r"\bdo (?:i|we) have .{0,12}coin\b",
    ),
    "open_orders": _hint(
        r"\b(?:open|pending|waiting|active|my|list|all) (?:open |pending )?orders?\b", r"\borders?\b.{0,20}\b(?:open|pending|waiting)\b",
        r"\borden(?:es)?\b.{0,20}\b(?:abiert|pendient|esper|activ)", r"\b(?:abiert|pendient)\w* .{0,8}\borden", r"\bmis ordenes|lista de ordenes",
    ),
    "fills": _hint(
        r"\bfills?\b|\bexecut\w+|\bejecuci\w+|\bejecutad\w+|\b(?:we|i|you) (?:trade|traded|bought|sold|buy|sell)\b|\b(?:recent|last) trades\b",
        r"\bultimas (?:operaciones|compras|ventas)|\b(?:hemos|he|has|se ha|se han) (?:operado|comprado|vendido)\b|\boperaciones\b",
        r"\bbought (?:and|or) sold\b",
    ),
    "pnl": _hint(
        r"\bp&l\b|\bpnl\b|\bprofits?\b|\bprofit\w*|\bequity\b|\bbalance\b|\bpatrimonio\b|\bsaldo\b|\bganancias\b|\bbeneficios?\b",
        r"\b(?:how much|money)\b.{0,20}\b(?:made|make|earn|earned|win|won|lose|lost)\b|\b(?:earn|mak(?:e|ing)|made|lost|lose|losing)\b.{0,10}\bmoney\b",
        r"\bhow (?:am i|are we) doing\b|\bcomo (?:voy|vamos)\b|\b(?:he|hemos|llevo|llevamos|cuanto|dinero|vamos)\b.{0,14}\b(?:gan|perd)", weight=0.65,
    ),
    "risk": _hint(
        r"\brisk\w*\b|\briesgos?\b|\bheadroom\b|\bhalted\b|\bkill ?switch\b|(?:parado|detenido).{0,8}trading|trading.{0,8}(?:parado|stopped)",
        weight=0.7,
    ),
    "strategies": _hint(r"\bstrateg\w+|\bestrategi\w+", weight=0.7),
    "reflections": _hint(
        r"\breflect\w*|\breflexi\w+|\binsights?\b|\bconclusi\w+|\b(?:you|memory|it)\b.{0,6}\blearn\w*|\baprendid\w+", weight=0.7
    ),
    "recall": _hint(
        r"\b(?:remember|recall|memory|memories|documents?|notes?|notas?|documentos?|memoria|dije|dijimos|conte|dicen)\b|\brecuerd\w+",
        r"\bdid (?:i|we) (?:say|tell)\b|\bi (?:said|told)\b|\byou know about\b|\bsabes (?:de|sobre|algo)\b", weight=0.55,
    ),
    "run_circuit": _hint(r"\bcircuit\w*|\bqasm\b|\bbell\b|\bghz\b|\bqubits?\b", weight=0.7),
    "help": _hint(
        r"what can you do|able to do|capaz de hacer|sabes hacer|puedes hacer|^\W*(?:help|ayuda|hello|hi|hola|buenas|buenos dias)\b",
        r"who are you|quien eres|\bwhich tools\b|\bherramientas\b|how (?:do i|to) use|como se usa", weight=0.7,
    ),
    "clock": _hint(
        r"\b(?:what time|the time|what day|today s date|the date|que hora|la hora|que dia|fecha)\b", r"\bdate today\b", weight=0.65
    ),
}

# Reasons, forecasts, advice, opinions, people and writing: nothing here answers them.
_UNANSWERABLE = re.compile(
    r"^\W*(?:and |but |y |pero )?(?:why|how come|por que|porque)\b|\b(?:should|shall) (?:i|we)\b|\bwill\b(?! you)|\bgoing to\b"
    r"|\b(?:debo|deberia\w*|debemos|conviene|convendria|vale la pena)\b|\b(?:good|right|best) (?:time|idea|moment)\b"
    r"|\b(?:buen momento|buena idea)\b|\b(?:recomiend\w*|recommend\w*|advi[sc]e|predict\w*|forecast\w*|predic\w+|pronostic\w*|opin\w+)\b"
    r"|\bthink (?:of|about)\b|\bpiensas (?:de|sobre)\b|\b(?:subira|bajara|llegara|valdra|costara|caera|ganara|pasara)\b|\bva a (?:subir|bajar|llegar|ganar|pasar)\b"
    r"|\b(?:who|whose|quien|quienes)\b(?! (?:are you|eres))"
    r"|^\W*(?:please |por favor )?(?:write|translate|compose|draw|sing|escribe|escribeme|traduce|dibuja|canta|cuentame|tell me (?:a|something)|invent\w*)\b"
)
_POLITE = r"(?:(?:please|pls|por favor|porfa|hey|oye|ok|vale|bueno|hello|hi|hola)\W+)*"
_ASKED = (
    r"(?:(?:can|could|would|will) you (?:please )?|(?:i d|i would) like (?:you )?to |i want (?:you )?to |let s "
    r"|(?:puedes|podrias|puede) (?:por favor )?|quiero (?:que )?|quisiera |me gustaria )"
)
_DEAL = (
    r"(?:buy|sell|propose|place|compr(?:a|ar|ame|es|emos)|vend(?:e|er|eme|as|amos)|propon(?:er|me|gas)?|coloca(?:r|me)?"
    r"|(?:pon(?:er|me)?|put) (?:una|an?) (?:\w+ )?(?:orden|order))\b"
)
_DEAL_BARE = re.compile(rf"^\W*{_POLITE}{_DEAL}")
_DEAL_ASKED = re.compile(rf"^\W*{_POLITE}{_ASKED}{_DEAL}")
_REMEMBERING = re.compile(r"\b(?:remember|recuerda)\b\W+(?:what|when|who|where|if|anything|something|algo|cuando|quien|lo que|que (?:te )?(?:dije|conte|dijimos))\b")


STOPPING: Final = re.compile(
    rf"^\W*(?:{_POLITE}|{_ASKED})*(?:stop|halt|pause|kill|cancel|abort|close|flatten|liquidate|resume"
    r"|para|parar|parad|deten(?:er|ed)?|det[eé]n|pausa|pausar|cancela|cancelar|anula|anular|cierra|cerrar|liquida|reanuda|reanudar)"
    r"(?: (?:all|every|everything|any|my|our|the|open|pending|todo|todos|todas|mis?|nuestr[ao]s|l[ao]s?|las?|el|abiert[ao]s|pendientes))*"
    r"(?: ?(?:trading|orders?|positions?|strateg\w+|everything|now|it|[oó]rdene?s?|orden|posici[oó]n(?:es)?|operativa|operar|trading|estrategias?|todo|ya|ahora))*\W*$",
    re.IGNORECASE,
)  # matched against the request as it was written


def unanswerable(folded: str) -> bool:
    """Asks for a reason, a forecast, advice, an opinion, a person or a piece of writing."""
    return _UNANSWERABLE.search(folded) is not None


def orders_a_deal(folded: str) -> bool:
    """An instruction to buy or sell; a bare imperative with a question mark is a question, not an instruction."""
    if _DEAL_ASKED.search(folded):
        return True
    return _DEAL_BARE.search(folded) is not None and "?" not in folded


def asks_to_recall(folded: str) -> bool:
    """"Do you remember what …": a question about memory, however much it looks like an instruction to remember."""
    return _REMEMBERING.search(folded) is not None
