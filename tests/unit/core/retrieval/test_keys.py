"""Numbers by key beside a dictionary, and names by slot."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pytest import MonkeyPatch

from qbtc.core.retrieval import keys as module
from qbtc.core.retrieval.keys import KeyIndex, Names, digest, key_of

KEYS = [digest(str(n)) for n in range(30)] + [bytes(16), b"\x01" + bytes(15), bytes(15) + b"\x01"]
steps = st.lists(st.tuples(st.sampled_from(range(len(KEYS))), st.sampled_from(["put", "pop", "settle"])), max_size=80)


@given(steps)
def test_it_is_a_dictionary(steps: list[tuple[int, str]]) -> None:
    index, known = KeyIndex(), dict[bytes, int]()
    with MonkeyPatch.context() as patch:
        patch.setattr(module, "LEAST", 3)
        for number, (which, step) in enumerate(steps):
            key = KEYS[which]
            if step == "put":
                index.put(key, number)
                known[key] = number
            elif step == "pop":
                assert index.pop(key) == known.pop(key, -1)
            else:
                index.settle()
            assert index.find(KEYS).tolist() == [known.get(k, -1) for k in KEYS]


@given(st.lists(st.one_of(st.uuids().map(str), st.text(max_size=40), st.uuids().map(lambda u: str(u).upper()))))
def test_names_come_back_as_they_were(names: list[str]) -> None:
    kept = Names()
    for name in names:
        kept.append(name)
    assert [kept[slot] for slot in range(len(kept))] == names
    assert len({key_of(name) for name in names}) == len(set(names))


def test_a_uuid_is_its_own_key_and_a_look_alike_is_not() -> None:
    name = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert key_of(name) == UUID(name).bytes
    assert key_of(name.upper()) != key_of(name)
    assert key_of("0189 a5d-ac96-774b-bcce-b302099a8057") == digest("0189 a5d-ac96-774b-bcce-b302099a8057")
