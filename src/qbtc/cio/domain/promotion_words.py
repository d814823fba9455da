"""The patterns of promotion.py, Spanish and English. Each is about form: no list of topics, no names."""

from __future__ import annotations

import re
from typing import Final, Literal

from qbtc.core.language import STOPWORDS, stem, tokens

from .contradiction import without_quantities

_I: Final = re.IGNORECASE

HEARTBEAT: Final = re.compile(
    r"^\W*(?:ok(?:ay)?|yes|no|yep|nope|sure|thanks?(?: you| a lot| so much)?|thx|great|nice|cool|perfect|got it|done|hi|hello|hey|bye|good (?:morning|night|afternoon)|see you"
    r"|s[ií]|vale|gracias|muchas gracias|de nada|genial|perfecto|listo|hecho|hola|buenos d[ií]as|buenas(?: tardes| noches)?|adi[oó]s|hasta luego|entendido|claro)\b[\W]*$"
    r"|\b(?:heartbeat|keep-?alive|health[ -]?check|liveness|readiness|ping|pong|watchdog|uptime|latido|latencia)\b"
    r"|^\W*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*\b(?:INFO|DEBUG|WARN(?:ING)?|ERROR|TRACE)\b"
    r"|^\W*(?:INFO|DEBUG|WARN(?:ING)?|ERROR|TRACE)\b|\b(?:status|estado)\s*[:=]\s*\w+"
    r"|\b(?:cron|scheduled) (?:job|task|run)\b|\btarea programada\b|\b(?:cpu|rss|mem|queue|cola)\s*[=:]\s*\d|\bno (?:new|pending) (?:messages|tasks|items)\b"
    r"|\bsin novedad(?:es)?\b|\bnothing to report\b",
    _I,
)
BOILERPLATE: Final = re.compile(
    r"\bas an? (?:ai|artificial|large|language|helpful|assistant)\b|\byou are an? (?:\w+ )?(?:assistant|ai|agent|model|bot)\b|\b(?:system|developer) (?:prompt|message)\b"
    r"|\b(?:your|su|tu|vuestro) (?:\w+ )?(?:assistant|agent|bot|asistente|agente)\b|\byour (?:call|request|order|feedback) (?:is|was|has)\b|\bthanks? (?:you )?for (?:calling|contacting|using)\b|\bgracias por (?:llamar|contactar|usar)\b"
    r"|\bcomo (?:una? )?(?:ia|modelo|asistente|inteligencia artificial)\b|\beres un(?:a)? (?:\w+ )?(?:asistente|ia|agente|modelo)\b"
    r"|\b(?:terms (?:of|and)|privacy policy|all rights reserved|copyright|confidential(?:ity)?|unsubscribe|do not reply|cookies?|disclaimer|intended (?:only|solely) for)\b"
    r"|\b(?:t[eé]rminos y condiciones|pol[ií]tica de privacidad|todos los derechos|confidencial(?:idad)?|darse de baja|no responda|aviso legal|destinatario)\b"
    r"|\b(?:not|no constituye|no es) (?:financial|investment|una? recomendaci[oó]n|asesoramiento|consejo)\b|\bpast performance\b|\brendimientos pasados\b"
    r"|\bsent from my\b|\benviado desde mi\b|\b(?:available|these) tools?\b.*:|</?\w+>|\bherramientas disponibles\b"
    r"|\blet me know if\b|\b(?:feel free|don't hesitate) to\b|\b(?:how|what) (?:can|may) i (?:help|do for)\b|\ben qu[eé] puedo ayudar|\bh[aá]game saber\b|\bno dude en\b",
    _I,
)
THE_USER: Final = re.compile(
    r"\b(?:the|this|our) (?:user|customer|client|human|account holder)(?:'s)?\b|\b(?:el|la|este|esta|del|al) (?:usuari[oa]|client[ea]|titular)\b|\buser(?:'s|_\w+| profile| preferences?)\b"
    r"|\b(?:perfil|preferencias) (?:de|del) (?:usuari[oa]|client[ea])\b",
    _I,
)
_FIELD: Final = re.compile(r"(?:^|[\n;,{|])\s*[\"'*-]*\s*[\w ]{2,24}[\"'*]*\s*[:=]\s*[^\n;,|]+")
QUOTATION: Final = re.compile(
    r"^\s*>.*$|```[\s\S]*?(?:```|\Z)|\"[^\"\n]*\"|“[^”]*”|«[^»]*»"
    r"|^\s*(?:assistant|ai|bot|system|tool|memory|asistente|sistema|memoria|herramienta|chatgpt|claude|ce3|cio)\s*:.*$",
    _I | re.MULTILINE,
)
_HEARSAY = (
    r"\b(?:(?:they|people|some|he|she|someone|everyone|everybody|rumou?rs?|the (?:news|article|report|page|document|email|bot|assistant|model|memory)|you) "
    r"(?:say|says|said|claims?|claimed|told|mentioned|wrote|reports?|noted|remembered)|according to|apparently|allegedly|supposedly|i (?:read|heard)|i(?:'m| was| am) told|rumou?r has it)\b"
    r"|\b(?:dicen|dice|dijo|dijeron|dijiste|cuentan|cuenta|comentan|afirma[n]?|asegura[n]?|seg[uú]n|al parecer|por lo visto|supuestamente|presuntamente|he le[ií]do|he o[ií]do|me han dicho|me dijeron|le[ií] que|o[ií] que)\b"
)
_BELIEF = r"|\b(?:says?|thinks?|believes?|reckons?|guess(?:es)?|cree[ns]?|piensa[ns]?|opina[ns]?|dice[ns]?)\b(?! hi\b)"
_UNREAL = (
    r"\b(?:if|unless|imagine|suppos(?:e|ing)|pretend|what if|would|could|might|maybe|perhaps|probably|possibly|wish|hope|hopefully|hypothetically|let's say|as if)\b"
    r"|\b(?:in|for) (?:my|the|this|a|our) (?:novel|story|game|dream|film|movie|script|role-?play|example|scenario|test)\b|\b(?:assum\w+|pretends?|wonder\w*|doubt\w*|whether|(?:not|un)\s?sure|no idea|me pregunto|ni idea|no s[eé] si|dud[oa]\b|(?:as|pres)um\w+)\b|\b(?:dream\w*|so[nñ](?:é|e|aba|ando)|fantas\w+)\b|\b(?:my|the) character\b|\bjust kidding\b|\bjk\b|\blol\b"
    r"|(?:^|[\s,;¿¡])(?:si|imagina\w*|sup[oó]n\w*|supongamos|pongamos|ojal[aá]|quiz[aá]s?|tal vez|a lo mejor|acaso|probablemente|posiblemente|como si|quisiera|hipot[eé]ticamente|digamos)\s"
    r"|\b\w+r[ií]a(?:s|n|mos)?\b|\b(?:en|para) (?:mi|la|el|un|una|este|esta|nuestra?) (?:novela|historia|cuento|juego|sue[nñ]o|pel[ií]cula|gui[oó]n|ejemplo|prueba)\b|\b(?:mi|el) personaje\b|\bes broma\b|\bjaja"
)
_ORDER = (
    r"^\W*(?:please\b|pls\b|remember\b|note\b|save\b|store\b|forget\b|ignore\b|disregard\b|always\b|never\b|make\b|write\b|tell\b|show\b|give\b|send\b|buy\b|sell\b|close\b|open\b|add\b|set\b"
    r"|remind\b|explain\b|list\b|find\b|search\b|look\b|check\b|summari[sz]e\b|translate\b|do\b|don't\b|do not\b|let's\b|run\b|call\b|use\b|treat\b|act\b|respond\b|answer\b|update\b|delete\b)"
    r"|^\W*(?:por favor\b|recuerda\b|recu[eé]rda\w+|anota\b|guarda\b|olvida\b|ignora\b|nunca\b|siempre\b|haz\b|escribe\b|di(?:me)?\b|muestra\w*\b|mu[eé]stra\w+|ens[eé][nñ]a\w*\b|dame\b|env[ií]a\w*\b|compra\b|vende\b|cierra\b|abre\b"
    r"|a[nñ]ade\b|pon\b|explica\w*\b|expl[ií]ca\w+|lista\b|busca\b|mira\b|revisa\b|resume\b|traduce\b|no (?:me|te|lo|la|le)\b|act[uú]a\b|responde\b|borra\b|actualiza\b|usa\b|trata\b)"
    r"|\b(?:you (?:must|should|need to|have to|are to)|from now on|debes|tienes que|a partir de ahora|de ahora en adelante)\b"
)
SentenceRefusal = Literal["not theirs", "question", "not asserted", "instruction"]
SENTENCE_RULES: Final[tuple[tuple[SentenceRefusal, re.Pattern[str]], ...]] = (
    ("question", re.compile(r"\?\W*$|^\W*¿|^\W*(?:who|what|when|where|why|how|which|is|are|do|does|did|can|could|would|qui[eé]n|qu[eé]|cu[aá]ndo|d[oó]nde|por qu[eé]|c[oó]mo|cu[aá]l)\b(?!\s*,)", _I)),
    ("instruction", re.compile(_ORDER, _I)),
    ("not theirs", re.compile(_HEARSAY + _BELIEF, _I)),
    ("not asserted", re.compile(_UNREAL, _I)),
)  # fmt: skip
_FIRST_PERSON: Final = re.compile(
    r"\b(?:i|i'm|i've|my|mine|we|our|ours|us|me|yo|m[ií]s?|nosotr[oa]s|nuestr[oa]s?|nos|soy|estoy|tengo|vivo|trabajo|uso|prefiero|hago|voy|hablo|juego|corro|estudio|bebo|leo|odio|toco|conozco|s[eé]|fui|somos|tenemos|vivimos|hemos|he)\b",
    _I,
)
_PRETERITE: Final = re.compile(r"(?:^|[\s,])(?!(?:caf|beb|as|all|aqu|ah|t|s)[éí]\b)\w{2,}[éí](?=\s|$|[.,;])")
_NAME: Final = re.compile(
    r"^\W*(?:A )?[A-ZÁÉÍÓÚÑ][\w'’-]+(?: (?:de |del |la )?[A-ZÁÉÍÓÚÑ][\w'’-]+)+ (?![-–—|])[a-záéíóúñ]"
)
_FRAME: Final = re.compile(
    r"^\W*(?:(?:yes|yeah|right|exactly|correct|indeed|like i said|as i said|again|so|well|s[ií]|claro|exacto|correcto|eso|como dije|otra vez|pues|bueno)\b[\s,:.!-]*)+"
    r"|\b(?:as|like|just as|just like) you (?:said|mentioned|remember\w*|recall\w*|know|noted|told me)\b|\bcomo (?:dijiste|mencionaste|recuerdas|sabes|dices)\b|\b(?:indeed|in fact|efectivamente|de hecho)\b",
    _I,
)


def is_form(text: str) -> bool:
    """Two fields or more of the form "key: value"."""
    return len(_FIELD.findall(text)) >= 2


def without_quotations(text: str) -> str:
    """The text without quoted lines, quoted passages, code and lines that another speaker is put in front of."""
    return QUOTATION.sub(" ", text).strip()


def without_frame(sentence: str) -> str:
    """The sentence without what only agrees or refers back: "yes, as you said, ..."."""
    return _FRAME.sub(" ", sentence)


_FUNCTION: Final = STOPWORDS["en"] | STOPWORDS["es"]


def stems_in_any_language(sentence: str) -> frozenset[str]:
    """One stem a content word, the same whatever language the words around it make the sentence seem."""
    words = tokens(without_quantities(sentence))
    return frozenset(stem(stem(word, "en"), "es") for word in words if word not in _FUNCTION)


def is_about_something(sentence: str) -> bool:
    """Whether it speaks of the person who says it, or begins with a full name and goes on as a sentence."""
    return any(pattern.search(sentence) for pattern in (_FIRST_PERSON, _PRETERITE, _NAME))
