"""When to reflect and what a reflection may claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.cio.domain.claims import (
    Belief,
    Claim,
    Draft,
    Rejected,
    Signal,
    Source,
    TriggerRule,
    due,
    judged,
    left_after,
    wilson,
)
from qbtc.cio.domain.moments import SECOND
from qbtc.cio.domain.support import support

RULE = TriggerRule(importance=10, surprise=6, every=1_000, min_gap=60)
EVIDENCE = (
    "Ana Ruiz paid Luis 300 euros for the bike in Lima.",
    "Ana Ruiz doesn't drink coffee.",
    "El viaje duró 90 minutos y costó 20 dólares.",
    "Otro viaje costó 40 dólares.",
)


@every(
    "claim",
    [
        "Ana Ruiz paid Luis 300 euros.",
        "Ana Ruiz does not drink coffee.",
        "Ana Ruiz paid for bikes.",
        "El viaje duró 1,5 horas.",
        "El viaje costó una media de 30 dólares",
        "Los viajes costaron un total de 60 dólares",
        "Viaje: 4 casos",
    ],
)
def test_a_claim_that_its_evidence_says_is_supported(claim: str) -> None:
    assert support(claim, EVIDENCE), support(claim, EVIDENCE)


@every(
    "claim, missing, part",
    [
        ("Ana Ruiz bought a house.", "words", "bought"),
        ("Ana Ruiz paid Luis 400 euros.", "numbers", "400 euros"),
        ("Ana Ruiz paid Luis 300 dollars.", "numbers", "300 dollars"),
        ("Luis paid Ana Ruiz 300 euros.", "order of names", "luis"),
        ("Luis Ruiz paid 300 euros.", "names", "luis ruiz"),
        ("Ana Ruiz drinks coffee.", "negation", "Ana Ruiz drinks coffee."),
        ("Ana Ruiz has not paid Luis.", "negation", "Ana Ruiz has not paid Luis."),
        ("Ana Ruiz always paid Luis 300 euros.", "always", "always"),
        ("Ana Ruiz nunca pagó 300 euros", "always", "nunca"),
        ("El viaje costó 30 dólares", "numbers", "30 dolares"),
        ("Viaje: 5 casos", "numbers", "5"),
    ],
)
def test_a_claim_that_says_more_is_refused_with_what_is_missing(claim: str, missing: str, part: str) -> None:
    found = support(claim, EVIDENCE)
    assert (found.missing, found.parts[:1]) == (missing, (part,)), found


@every(
    "claim, texts, missing",
    [
        ("", ["a"], "nothing claimed"),
        ("it is", ["it"], "nothing claimed"),
        ("tea", [], "no evidence"),
        ("tea", [" "], "no evidence"),
    ],
)
def test_an_empty_claim_or_evidence_is_refused(claim: str, texts: list[str], missing: str) -> None:
    assert support(claim, texts).missing == missing


@given(
    st.lists(
        st.sampled_from(["bike", "lima", "coffee", "bread", "river", "tiempo", "barco", "nube"]), min_size=1, max_size=6
    ),
    st.data(),
)
def test_a_claim_is_in_a_text_that_has_it_and_a_word_more_is_not(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    kept = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=4, unique=True))
    assert support(" ".join(kept), [text])
    assert support(" ".join([*kept, "zeppelin"]), [text]).parts == ("zeppelin",)


def test_reflection_is_due_by_importance_surprise_or_schedule_and_never_within_the_gap() -> None:
    light, heavy = Signal("a", 10 * SECOND, importance=4), Signal("b", 20 * SECOND, importance=6)
    shock = Signal("c", 30 * SECOND, surprise=6)
    minute = 60 * SECOND
    assert due([light], RULE, last=0, now=minute) is None
    assert due([heavy, light], RULE, last=0, now=minute - 1) is None
    found = due([heavy, light], RULE, last=0, now=minute)
    assert found is not None
    assert (found.why, found.memories) == ("importance", ("a", "b"))
    assert getattr(due([light, shock], RULE, last=0, now=minute), "why", None) == "surprise"
    assert getattr(due([light], RULE, last=0, now=1_000 * SECOND), "why", None) == "schedule"
    assert due([], RULE, last=0, now=9_000 * SECOND) is None
    assert due([heavy, light], RULE, last=20 * SECOND, now=100 * SECOND) is None


@given(
    st.lists(
        st.builds(Signal, st.text(max_size=3), st.integers(0, 10**12), st.floats(0, 20), st.floats(0, 9)), max_size=8
    ),
    st.randoms(),
)
def test_what_is_due_does_not_depend_on_the_order_in_which_it_is_told(signals: list[Signal], random: object) -> None:
    shuffled = list(signals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (due(some, RULE, last=0, now=10**12) for some in (signals, shuffled))
    assert (one and (one.why, sorted(one.memories))) == (other and (other.why, sorted(other.memories)))


SOURCES = {"m1": Source(EVIDENCE[0], "ana"), "m2": Source(EVIDENCE[1], "desk"), "m3": Source("Luis is a thief", "luis")}


def draft(
    text: str = "Ana Ruiz paid Luis 300 euros.",
    evidence: tuple[str, ...] = ("m1", "m1", "m2"),
    scope: str = "ana",
    lifetime: float = 60.0,
) -> Draft:
    return Draft(text, evidence, scope, Belief(3, 4), lifetime)


def test_a_supported_claim_is_kept_with_its_scope_evidence_and_expiry() -> None:
    claim = judged(draft(), SOURCES, now=5)
    assert isinstance(claim, Claim)
    assert (claim.evidence, claim.scope, claim.expires_at) == (("m1", "m2"), "ana", 5 + 60 * SECOND)
    assert [claim.held(at) for at in (4, 5, 5 + 60 * SECOND)] == [False, True, False]


@every(
    "asked, reason, parts",
    [
        (draft("Ana Ruiz paid Luis 500 euros."), "does not say it: numbers", ("500 euros",)),
        (draft(evidence=()), "names the memories", ()),
        (draft(evidence=("m1", "m9")), "not in the memory", ("m9",)),
        (draft(evidence=("m1", "m3")), "may not see", ("m3",)),
        (draft(scope="desk"), "may not see", ("m1",)),
        (draft(lifetime=0), "expires after a finite time", ()),
        (draft(lifetime=float("inf")), "expires after a finite time", ()),
    ],
)
def test_a_claim_is_rejected_with_its_reason(asked: Draft, reason: str, parts: tuple[str, ...]) -> None:
    found = judged(asked, SOURCES, now=5)
    assert isinstance(found, Rejected)
    assert reason in found.reason
    assert found.parts == parts


def test_a_claim_goes_with_any_memory_that_it_rested_on() -> None:
    claim = judged(draft(), SOURCES, now=5)
    assert isinstance(claim, Claim)
    assert left_after([claim], ["m3"]) == [claim]
    assert left_after([claim], ["m2"]) == []


def test_wilsons_interval_has_its_published_values() -> None:
    assert wilson(81, 263) == pytest.approx(
        (0.2553, 0.3662), abs=5e-5
    )  # Newcombe 1998, Statistics in Medicine 17, table I
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_belief_is_inside_its_interval_and_more_cases_narrow_it(agree: int, against: int) -> None:
    one, more = Belief(agree, agree + against), Belief(4 * agree, 4 * (agree + against))
    low, high = one.interval
    assert 0 <= low <= one.mean <= high <= 1 or agree + against == 0
    assert more.interval[1] - more.interval[0] <= high - low


@every(
    "make",
    [
        lambda: Belief(3, 2),
        lambda: Belief(-1, 2),
        lambda: Signal("m", 1, importance=-1),
        lambda: Signal("m", 1, surprise=float("nan")),
    ],
)
def test_impossible_counts_and_weights_are_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"got"):
        make()  # type: ignore[operator]
