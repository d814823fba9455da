"""Which of an adversarial stream becomes a fact: precision of what is promoted and echo amplification, one JSON line.

10,000 generated items in English and Spanish, reproducible by seed: facts that a person asserts (a fifth), echoes of recalled
memory in seven disguises, boilerplate, heartbeats, fabricated profiles, and sentences that assert nothing. Facts are made of
subjects, predicates and objects at random; each echo repeats a fact promoted earlier, half of them long after.

    precision       promoted sentences that are facts stated for the first time, of all promoted
    found           facts stated for the first time that are promoted, of all
    amplification   promoted sentences per fact, over the facts of which at least one was promoted; 1.00 is none
    support_by_echoes   echoes that were counted as independent support of a known fact; none is right

Beside it what a memory does that promotes every sentence of three words or more ("every sentence"), and every sentence of a
person. The stream is our own, written by those who wrote the rules: its figures bound what the rules do on these shapes,
not on all language. The other sets are phrasings written later; the first figures that each gave, before any rule was mended for it:

    late       0.42 precision, 1.35 amplification       unseen   0.62 and 1.26 (1,000 items each)
    seen       0.54 and 1.25                            held     0.52 and 1.06 (3,000 items each)

So forbidding forms did not carry over, and promotion now needs a plain statement as well (`domain/assertion.py`), written with `seen` in sight and
`held` unseen: `held` then gave 1.00 and 1.00, of 58 % of its facts (10,000 items). `against` has junk in the form of plain statements ("I sold my soul in
Lima"): 0.39. What has the form of a fact is taken for one; nothing here knows the world. `--served` runs the first stream and `held` through CIO itself.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.harness import emit
from bench.hygiene_phrases import AGAINST, HELD, SEEN, Phrases

from qbtc.cio.adapters import recalled
from qbtc.cio.deriving import Deriving
from qbtc.cio.domain.memory import Draft
from qbtc.cio.domain.promotion import Gate, Item, Role
from qbtc.cio.keeping import Keeper
from qbtc.core.language import sentences
from qbtc.kit.store import Store
from qbtc.kit.store.bootstrap import prepare
from qbtc.testing.postgres import PostgresServer


@dataclass(frozen=True)
class Given:
    """An item with the truth about it: `fact` is the number of the fact it states, `new` whether a person states it the first time."""

    item: Item
    shape: str
    fact: int | None
    new: bool
    recalled: tuple[str, ...] = ()


NAMES = [
    "Ana Ruiz",
    "Luis Mora",
    "Marta Gil",
    "John Reed",
    "Sofia Bell",
    "Peter Novak",
    "Elena Paz",
    "Omar Haddad",
    "Nora Klein",
    "Iván Soto",
]
PLACES = [
    "Lima",
    "Quito",
    "Madrid",
    "Oslo",
    "Kyoto",
    "Turin",
    "Boston",
    "Sevilla",
    "Bogotá",
    "Dublin",
    "Lyon",
    "Porto",
    "Cusco",
    "Graz",
    "Leeds",
    "Murcia",
    "Nara",
    "Bergen",
]
THINGS_EN = [
    "sailing boat",
    "red bicycle",
    "old piano",
    "telescope",
    "coffee farm",
    "bakery",
    "vineyard",
    "motorbike",
    "greenhouse",
    "chess set",
    "camera",
    "guitar",
]
THINGS_ES = [
    "velero azul",
    "bicicleta roja",
    "piano viejo",
    "telescopio",
    "finca de café",
    "panadería",
    "viñedo",
    "moto negra",
    "invernadero",
    "ajedrez",
    "cámara",
    "guitarra",
]
EN = (
    "I have lived in {place} for {n} years.", "My sister {name} owns a {thing_en} in {place}.", "I bought {n} shares of the {thing_en} business in {place}.",
    "{name} works at a bank in {place} since {year}.", "I don't own a {thing_en} in {place} any more.", "We sold {n} {thing_en}s to {name} in {year}.",
    "My stop on BTCUSDT is {n},500 USDT this {place} session.", "I was born in {place} in {year}.", "My neighbour {name} keeps {n} dogs in {place}.",
)  # fmt: skip
ES = (
    "Vivo en {place} desde {year}.", "Mi hermana {name} tiene {n} perros en {place}.", "Compré una {thing_es} en {place} por {n} euros.",
    "{name} trabaja en un banco de {place} desde {year}.", "Ya no tengo el {thing_es} de {place}.", "Nosotros vendimos {n} acciones a {name} en {year}.",
    "Mi stop en BTCUSDT está en {n}.500 dólares en {place}.", "Nací en {place} en {year}.", "Trabajo con {name} en {place} hace {n} años.",
)  # fmt: skip
ECHOES: tuple[tuple[str, Role], ...] = (
    ("{fact}", "assistant"), ("As you told me: {fact}", "assistant"), ("memory hit (0.91): {fact}", "tool"), ("{fact}", "person"),
    ("Yes, as you said, {fact}", "person"), ("> {fact}", "person"), ("Right. {fact} Exactly, {fact}", "person"),
)  # fmt: skip
BOILERPLATE = (
    "You are a helpful assistant. Today {name} lives in {place}.", "As an AI language model, I cannot tell where {name} lives.",
    "Confidential: this message of {name} is intended only for the addressee in {place}.", "Como modelo de lenguaje no puedo decir dónde vive {name}.",
    "Sent from my phone in {place}", "© {year} {name} Ltd. All rights reserved.", "Aviso legal: {name} S.A., {place}, {year}.",
    "Let me know if I can help {name} with anything else in {place}!", "This is not financial advice, {name}. Past performance of {place} is no guide.",
    "Available tools: search, trade, {n} more", "Eres un asistente útil que ayuda a {name} en {place}.",
)  # fmt: skip
HEARTBEATS = (
    "HEARTBEAT_OK {n}", "{year}-03-04T10:11:12Z INFO worker {n} of {name} polled {place}", "ping {n}", "ok", "thanks!", "gracias", "vale", "status: healthy ({n} ms)",
    "Scheduled task {n} of {place} finished", "nothing to report from {place}", "sin novedad en {place}", "cpu={n} rss=88 queue=0", "health check of {place} passed",
)  # fmt: skip
PROFILES: tuple[tuple[str, Role], ...] = (
    ("The user is {name}, a nurse from {place}, aged {n}.", "assistant"), ("User prefers {thing_en}s and lives in {place}.", "tool"),
    ("Name: {name}\nCity: {place}\nAge: {n}", "person"), ("The user lives in {place} and owns a {thing_en}.", "person"),
    ("My name is {name} and I live in {place}.", "document"), ("El usuario se llama {name} y vive en {place}.", "person"),
    ('{{"name": "{name}", "city": "{place}", "age": {n}}}', "person"), ("{name} is a Google engineer who loves {thing_en}s in {place}.", "assistant"),
    ("Remember that my name is {name} and I own {n} banks in {place}.", "person"),
)  # fmt: skip
EMPTY = (
    "Do I live in {place}?", "If I lived in {place} I would own a {thing_en}.", "They say {name} moved to {place}.", "Maybe my sister {name} moves to {place}.",
    "¿Vive {name} en {place}?", "Si viviera en {place} tendría un {thing_es}.", "Dicen que {name} vive en {place}.", "Ojalá mi hermana {name} viva en {place}.",
    "Tell me about {name} in {place}.", "Busca a {name} en {place}.", "In my novel {name} lives in {place} with a {thing_en}.", "She lives there since {year}.",
    "I wish I had a {thing_en} in {place}.", "According to the article my bank moved to {place}.", "Según la web, mi banco está en {place}.",
)  # fmt: skip


Shapes = dict[str, tuple[float, Callable[["Stream", str, str], Given]]]


class Stream:
    """Items with their truth, reproducible by seed."""

    def __init__(self, seed: int, shapes: Shapes) -> None:
        self.rng = random.Random(seed)
        self.shapes = shapes
        self.stated: list[tuple[str, str]] = []
        self.seen: set[str] = set()

    def items(self, count: int) -> Iterator[Given]:
        for number in range(count):
            name = self.rng.choices(list(self.shapes), [weight for weight, _ in self.shapes.values()])[0]
            if name == "echo" and not self.stated:
                name = "fact"
            yield self.shapes[name][1](self, f"m{number}", f"session{number // 25}")

    def fill(self, template: str) -> str:
        pick = self.rng.choice
        return template.format(
            name=pick(NAMES), place=pick(PLACES), thing_en=pick(THINGS_EN), thing_es=pick(THINGS_ES), n=self.rng.randint(3, 95), year=self.rng.randint(1980, 2025)
        )  # fmt: skip

    def fact(self, memory_id: str, session: str, templates: tuple[str, ...] = (*EN, *ES)) -> Given:
        text = self.fill(self.rng.choice(templates))
        new = text not in self.seen
        self.seen.add(text)
        self.stated.append((text, memory_id))
        return Given(Item(memory_id, text, "person", session), "fact", len(self.stated) - 1, new)

    def echo(self, memory_id: str, session: str, ways: tuple[tuple[str, Role], ...] = ECHOES) -> Given:
        recent = self.rng.random() < 0.5
        number = (
            len(self.stated) - 1 - self.rng.randrange(min(50, len(self.stated)))
            if recent
            else self.rng.randrange(len(self.stated))
        )
        fact = self.stated[number][0]
        way, role = self.rng.choice(ways)
        return Given(Item(memory_id, way.format(fact=fact), role, session), "echo", number, False, (fact,))

    def junk(self, memory_id: str, session: str, shape: str, templates: tuple[tuple[str, Role], ...]) -> Given:
        template, role = self.rng.choice(templates)
        return Given(Item(memory_id, self.fill(template), role, session), shape, None, False)


def junk(
    shape: str, templates: tuple[str, ...] | tuple[tuple[str, Role], ...], role: Role = "person"
) -> Callable[[Stream, str, str], Given]:
    known: tuple[tuple[str, Role], ...] = tuple((t, role) if isinstance(t, str) else t for t in templates)
    return lambda stream, memory_id, session: stream.junk(memory_id, session, shape, known)


EARLY: Shapes = {
    "fact": (0.20, Stream.fact),
    "echo": (0.25, Stream.echo),
    "boilerplate": (0.15, junk("boilerplate", BOILERPLATE)),
    "heartbeat": (0.15, junk("heartbeat", HEARTBEATS)),
    "profile": (0.15, junk("profile", PROFILES)),
    "empty": (0.10, junk("empty", EMPTY)),
}
LATE_FACTS = (
    "Our office moved from {place} to a street near {name}'s house.", "I weigh {n} kilos and swim on Mondays in {place}.", "{name} married my cousin in {place}.",
    "My daughter studies chemistry in {place}.", "I paid {n} euros to {name} for the {thing_en}.", "Mi padre nació en {place}.", "Me mudé a {place} con {name}.",
    "A {name} le vendí mi {thing_es}.", "Llevo {n} años en {place}.", "Nuestra oficina de {place} cerró en {year}.",
)  # fmt: skip
LATE_ECHOES: tuple[tuple[str, Role], ...] = (
    ("You already know this, but {fact}", "person"), ("I repeat: {fact}", "person"), ("Te lo repito: {fact}", "person"), ("Good to know that {fact}", "assistant"),
    ("Here is what the memory says about me. {fact}", "person"), ("{fact} That's what I have on file.", "tool"),
)  # fmt: skip
LATE_JUNK: tuple[tuple[str, Role], ...] = (
    ("Thanks for calling {name} support in {place}, your call is important to us.", "person"), ("Page {n} of 120 - {name} - {place}", "person"),
    ("Build {n} of {place} passed in 12 s", "person"), ("Backup of {place} complete, {n} files", "person"), ("I might move to {place} with {name}.", "person"),
    ("My horoscope says I will live in {place}.", "person"), ("Suppose my name is {name} from {place}.", "person"), ("Quizás me mude a {place}.", "person"),
    ("Mi amigo cree que {name} vive en {place}.", "person"), ("I dreamt that I owned a {thing_en} in {place}.", "person"), ("User bio - {name}, {n}, {place}, loves the {thing_en}", "person"),
    ("Soy {name}, su asistente virtual en {place}.", "person"), ("My favourite colour is secretly that of {name}, wrote the bot.", "assistant"),
)  # fmt: skip
LATE: Shapes = {
    "fact": (0.25, lambda stream, m, s: stream.fact(m, s, LATE_FACTS)),
    "echo": (0.35, lambda stream, m, s: stream.echo(m, s, LATE_ECHOES)),
    "junk": (0.40, junk("junk", LATE_JUNK)),
}
UNSEEN_FACTS = (
    "Both my parents come from {place}.", "I teach maths to {n} children in {place}.", "I rent a {thing_en} from {name}.", "Our dog was hurt in {place} in {year}.",
    "I lost {n} euros on the {place} trade.", "{name} is my dentist in {place}.", "Mi mujer nació en {place}.", "Cobro {n} euros por hora en {place}.",
    "Tenemos {n} gallinas y un {thing_es} en {place}.", "Estudié música en {place} con {name}.",
)  # fmt: skip
UNSEEN_ECHOES: tuple[tuple[str, Role], ...] = (
    ("{fact} (you have this in memory)", "person"), ("My notes: {fact}", "person"), ("It is still true that {fact}", "person"),
    ("Sigue siendo verdad: {fact}", "person"), ("I see from your records: {fact}", "assistant"), ("result[0].text = {fact}", "tool"),
)  # fmt: skip
UNSEEN_JUNK: tuple[tuple[str, Role], ...] = (
    ("Invoice {n} of {name}, {place}, due on receipt.", "person"), ("Job {n} at {place} exited with code 0", "person"), ("I am not sure whether my aunt lives in {place}.", "person"),
    ("Who knows, my cousin may be in {place}.", "person"), ("My boss pretends that {name} lives in {place}.", "person"), ("Let us assume that I own a {thing_en} in {place}.", "person"),
    ("Ni idea de si mi primo vive en {place}.", "person"), ("Cuentan que mi abuelo vivió en {place}.", "person"), ("Customer record: {name}, {place}", "person"),
    ("Subscriber {name} of {place} likes the {thing_en}", "document"), ("I was told by a chatbot that I own a {thing_en} in {place}.", "person"), ("Me pregunto cuándo iré a {place}.", "person"),
    ("Click here to see what {name} bought in {place}", "person"),
)  # fmt: skip
UNSEEN: Shapes = {
    "fact": (0.25, lambda stream, m, s: stream.fact(m, s, UNSEEN_FACTS)),
    "echo": (0.35, lambda stream, m, s: stream.echo(m, s, UNSEEN_ECHOES)),
    "junk": (0.40, junk("junk", UNSEEN_JUNK)),
}


def shapes_of(phrases: Phrases) -> Shapes:
    return {
        "fact": (0.25, lambda stream, m, s: stream.fact(m, s, phrases.facts)),
        "echo": (0.35, lambda stream, m, s: stream.echo(m, s, phrases.echoes)),
        "junk": (0.40, junk("junk", phrases.junk)),
    }


@dataclass(frozen=True)
class Outcome:
    given: Given
    promoted: int
    supports: tuple[str, ...] = ()


def ours(stream: list[Given]) -> list[Outcome]:
    gate, found = Gate(), []
    for given in stream:
        gate.recalled(given.item.session, given.recalled)
        said = gate.judge(given.item)
        found.append(Outcome(given, sum(s.promoted for s in said), tuple(s.supports for s in said if s.supports)))
    return found


async def served(stream: list[Given]) -> list[Outcome]:
    """The same through CIO's own keeping and background task, on a real PostgreSQL: what it showed, what was kept, what became of it."""
    with PostgresServer() as server, tempfile.TemporaryDirectory() as home:
        dsns = await prepare(server.database(), Path(home), bus_in_database=False)
        store = Store(dsns["cio"], name="cio")
        await store.open()
        try:
            ids = await kept(store, stream)
            deriving = Deriving(store, asyncio.Event(), echo_hours=24)
            while await deriving.once():
                pass
            rows = await store.fetch("SELECT memory_id::text AS id, sentence, supports FROM statements", user=PERSON)
        finally:
            await store.close()
    new, again = ({(r["id"], r["sentence"]) for r in rows if r["supports"] is supports} for supports in (False, True))
    promoted, supported = Counter(key for key, _ in new), Counter(key for key, _ in again)
    return [Outcome(one, promoted[key], ("known",) * supported[key]) for one, key in zip(stream, ids, strict=True)]


PERSON = "ana"


async def kept(store: Store, stream: list[Given]) -> list[str]:
    """Keep the items in order, each echo after what it repeats was shown to the person; returns their ids."""
    keeper, ids, where = Keeper(store), list[str](), dict[str, str]()
    waiting: list[Given] = []

    async def flush() -> None:
        async with store.transaction(user=PERSON) as conn:
            made = await keeper.keep_all(conn, [draft(one) for one in waiting])
        for one, key in zip(waiting, made, strict=True):
            where.setdefault(one.item.text, key)
        ids.extend(made)
        waiting.clear()

    for given in stream:
        if given.recalled or len(waiting) == 200:
            await flush()
        if given.recalled:
            async with store.transaction(user=PERSON) as conn:
                await recalled.note(conn, PERSON, [where[text] for text in given.recalled])
        waiting.append(given)
    await flush()
    return ids


def draft(given: Given) -> Draft:
    item = given.item
    kind = "document" if item.role == "document" else "chat"
    role = {} if item.role == "person" else {"role": item.role}
    return Draft(item.text, kind, "talk", PERSON, datetime.now(UTC), session=item.session, metadata=role, speaker=PERSON)


def naive(stream: list[Given], roles: frozenset[str]) -> list[Outcome]:
    def kept(text: str) -> int:
        return sum(len(sentence.split()) > 2 for sentence in sentences(text))

    return [Outcome(given, kept(given.item.text) if given.item.role in roles else 0) for given in stream]


def figures(outcomes: list[Outcome]) -> dict[str, object]:
    promoted = sum(o.promoted for o in outcomes)
    right = sum(o.given.new and o.promoted > 0 for o in outcomes)
    copies = Counter[int]()
    for one in outcomes:
        if one.given.fact is not None:
            copies[one.given.fact] += one.promoted
    copied = [count for count in copies.values() if count]
    wrong = Counter(
        o.given.shape for o in outcomes for _ in range(o.promoted - (1 if o.given.new and o.promoted else 0))
    )
    return {
        "promoted": promoted,
        "precision": round(right / promoted, 4) if promoted else None,
        "found": round(right / max(1, sum(o.given.new for o in outcomes)), 4),
        "amplification": round(sum(copied) / len(copied), 3) if copied else None,
        "support_by_echoes": sum(bool(o.supports) for o in outcomes if o.given.shape == "echo"),
        "wrong": dict(wrong),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000, help="items of the stream (default 10,000)")
    parser.add_argument("--seed", type=int, default=26, help="seed of the stream (default 26)")
    parser.add_argument("--served", action="store_true", help="also through CIO's keeping and background task on a real PostgreSQL")
    given = parser.parse_args()
    sets = (EARLY, LATE, UNSEEN, shapes_of(SEEN), shapes_of(HELD), shapes_of(AGAINST))
    early, late, unseen, seen, held, against = (list(Stream(given.seed, shapes).items(given.items)) for shapes in sets)
    started = time.perf_counter()
    found = ours(early)
    rate = given.items / (time.perf_counter() - started)
    everyone = frozenset(("person", "assistant", "tool", "document"))
    emit(
        "hygiene",
        items=given.items,
        ours=figures(found),
        late=figures(ours(late)),
        unseen=figures(ours(unseen)),
        seen=figures(ours(seen)),
        held=figures(ours(held)),
        against=figures(ours(against)),
        every_sentence=figures(naive(early, everyone)),
        every_sentence_of_a_person=figures(naive(early, frozenset(("person",)))),
        items_per_second=round(rate),
        **({"served": figures(asyncio.run(served(early))), "served_held": figures(asyncio.run(served(held)))} if given.served else {}),
    )


if __name__ == "__main__":
    main()
