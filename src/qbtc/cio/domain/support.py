"""Whether a claim is in its evidence: an extractive check that never believes more than was said. ES and EN, no model.

Every part of the claim has to be found, else it is refused with the parts that were not:

    words      each content word, by its stem in either language, is in the evidence
    numbers    each quantity agrees with one of the evidence, or follows by a rule named in `Derivation`: the count of
               evidence items, or the sum, mean, least or greatest of the quantities of its dimension
    names      a name of several words stands in the evidence as it stands in the claim; two names of one sentence of the
               claim come in the same order in one sentence of the evidence, so that who did it to whom is not turned round
    negation   the claim's sentence is negated as the sentence of the evidence nearest in words is
    always     "always", "never", "all", "siempre", "todos" ... are in the evidence, never inferred from many cases

Words of statistics ("mean", "total", "times", "media", "veces") need no evidence where a number derived by their rule stands in
the same claim. A passive sentence turned active is refused: this check errs towards refusing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal

from qbtc.core.language import STOPWORDS, fold, sentences, stem, tokens
from qbtc.core.language.quantity import Quantity, quantities

from .contradiction import content, negated, without_quantities

Derivation = Literal["count", "sum", "mean", "least", "greatest"]
Missing = Literal["nothing claimed", "no evidence", "words", "numbers", "names", "order of names", "negation", "always"]

_FRAMES: Final[dict[Derivation, frozenset[str]]] = {
    "count": frozenset(["time", "times", "memories", "memory", "cases", "case", "observations", "vez", "veces", "caso", "casos", "memorias", "recuerdos", "observaciones", "n"]),
    "sum": frozenset(["sum", "total", "altogether", "suma", "total", "conjunto"]),
    "mean": frozenset(["mean", "average", "averages", "media", "promedio", "medio"]),
    "least": frozenset(["least", "lowest", "minimum", "minimo", "menor", "menos"]),
    "greatest": frozenset(["most", "highest", "maximum", "maximo", "mayor"]),
}  # fmt: skip
_ABSOLUTE: Final = frozenset(
    [
        "always",
        "never",
        "all",
        "every",
        "everyone",
        "everything",
        "nobody",
        "nothing",
        "none",
        "siempre",
        "nunca",
        "jamas",
        "todo",
        "todos",
        "toda",
        "todas",
        "cada",
        "nadie",
        "nada",
    ]
)
_NAME: Final = re.compile(r"[A-ZÁÉÍÓÚÜÑ][\w'’-]*(?:\s+[A-ZÁÉÍÓÚÜÑ][\w'’-]*)*")
_FUNCTION: Final = STOPWORDS["en"] | STOPWORDS["es"]


@dataclass(frozen=True, slots=True)
class Support:
    """`missing` None: supported. `parts` are the words or numbers that were not found. `derived`: numbers that follow by a rule."""

    missing: Missing | None = None
    parts: tuple[str, ...] = ()
    derived: Mapping[str, Derivation] | None = None

    def __bool__(self) -> bool:
        return self.missing is None


@dataclass(frozen=True)
class Evidence:
    """The texts that a claim rests on, one an item."""

    texts: Sequence[str]

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(form for text in self.texts for word in tokens(text) for form in forms(word))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for text in self.texts for word in tokens(text))

    @cached_property
    def sentences(self) -> list[str]:
        return [sentence for text in self.texts for sentence in sentences(text)]

    @cached_property
    def quantities(self) -> list[Quantity]:
        return [quantity for text in self.texts for quantity in quantities(text)]


def forms(word: str) -> frozenset[str]:
    """The stems of a folded word in both languages."""
    return frozenset((stem(word, "en"), stem(word, "es")))


def support(claim: str, texts: Sequence[str]) -> Support:
    """Whether the evidence says the claim; the first rule that fails, else the derivations used."""
    evidence = Evidence([text for text in texts if text.strip()])
    if not _content_words(claim) and not quantities(claim):
        return Support("nothing claimed")
    if not evidence.texts:
        return Support("no evidence")
    missing, derived = _numbers(claim, evidence)
    if missing:
        return Support("numbers", tuple(missing))
    for check, parts in (
        ("always", _absolutes(claim, evidence)),
        ("words", _words(claim, evidence, frozenset(derived.values()))),
        ("names", _names(claim, evidence)),
        ("order of names", _turned(claim, evidence)),
        ("negation", _opposed(claim, evidence)),
    ):
        if parts:
            return Support(check, tuple(parts))  # type: ignore[arg-type]
    return Support(derived=derived)


def _content_words(claim: str) -> list[str]:
    return [word for word in tokens(without_quantities(claim)) if word not in _FUNCTION]


def _words(claim: str, evidence: Evidence, derived: frozenset[Derivation]) -> list[str]:
    free = frozenset[str]().union(*(_FRAMES[rule] for rule in derived))
    needed = (word for word in _content_words(claim) if word not in free)
    return [word for word in dict.fromkeys(needed) if forms(word).isdisjoint(evidence.stems)]


def _absolutes(claim: str, evidence: Evidence) -> list[str]:
    return [word for word in dict.fromkeys(tokens(claim)) if word in _ABSOLUTE and word not in evidence.words]


def _numbers(claim: str, evidence: Evidence) -> tuple[list[str], dict[str, Derivation]]:
    """Numbers that nothing gives, and those that a rule gives."""
    missing: list[str] = []
    derived: dict[str, Derivation] = {}
    plain, words = fold(claim), frozenset(tokens(claim))
    for quantity in quantities(claim):
        spelled = plain[quantity.start : quantity.end].strip()
        if any(quantity.agrees(known) for known in evidence.quantities):
            continue
        rule = _derivation(quantity, evidence, words)
        if rule is None:
            missing.append(spelled)
        else:
            derived[spelled] = rule
    return missing, derived


def _derivation(quantity: Quantity, evidence: Evidence, words: frozenset[str]) -> Derivation | None:
    """The rule whose result the quantity is, among those whose words the claim uses."""
    results = _results(evidence, quantity.dimension)
    return next((rule for rule, value in results if value in quantity.values and words & _FRAMES[rule]), None)


def _results(evidence: Evidence, dimension: str) -> Iterable[tuple[Derivation, Fraction]]:
    if dimension == "":
        yield "count", Fraction(len(evidence.texts))
    known = [next(iter(q.values)) for q in evidence.quantities if q.dimension == dimension and len(q.values) == 1]
    if known:
        yield "sum", sum(known, Fraction(0))
        yield "mean", sum(known, Fraction(0)) / len(known)
        yield "least", min(known)
        yield "greatest", max(known)


def _names(claim: str, evidence: Evidence) -> list[str]:
    """Names of several words that the evidence does not have as one."""
    said = [" ".join(tokens(text)) for text in evidence.texts]
    several = (name for name in names(claim) if " " in name)
    return [name for name in several if not any(f" {name} " in f" {text} " for text in said)]


def names(text: str) -> list[str]:
    """Capitalised words and runs of them, folded, function words at their start left out."""
    found = (_trimmed(tokens(match.group())) for match in _NAME.finditer(text))
    return [" ".join(words) for words in found if words]


def _trimmed(words: list[str]) -> list[str]:
    while words and words[0] in _FUNCTION:
        words = words[1:]
    return words


def _turned(claim: str, evidence: Evidence) -> list[str]:
    """The names of a sentence that no sentence of the evidence has in that order, though one has them all."""
    for sentence in sentences(claim):
        wanted = names(sentence)
        orders = [order for said in evidence.sentences if (order := _order(wanted, tokens(said))) is not None]
        if len(wanted) > 1 and orders and sorted(range(len(wanted))) not in orders:
            return wanted
    return []


def _order(wanted: list[str], said: list[str]) -> list[int] | None:
    """Indices of the wanted names as they come in the words said; None unless all are there."""
    text = f" {' '.join(said)} "
    places = [text.find(f" {name} ") for name in wanted]
    return None if -1 in places else sorted(range(len(wanted)), key=places.__getitem__)


def _opposed(claim: str, evidence: Evidence) -> list[str]:
    """Sentences of the claim whose nearest sentences of the evidence are all negated where they are not, or the reverse."""
    return [sentence for sentence in sentences(claim) if _opposes(sentence, evidence)]


def _opposes(sentence: str, evidence: Evidence) -> bool:
    wanted = content(sentence)
    shared = [(len(wanted & content(said)), said) for said in evidence.sentences]
    nearest = max((count for count, _ in shared), default=0)
    signs = {negated(said) for count, said in shared if count == nearest}
    return nearest > 0 and signs == {not negated(sentence)}
