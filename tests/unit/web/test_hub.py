"""The hub, behaviour by behaviour."""

import json

import pytest

from qbtc.testing.browser import Browser, make_hub, tick
from qbtc.web.domain.hub import Hub

SECOND = 1000


def page(hub: Hub, *channels: str, rate: int = 20, client_id: int = 1, user: str = "ann") -> Browser:
    browser = Browser(hub, user)
    browser.connect(client_id, 0)
    for channel in channels:
        browser.subscribe(channel, rate)
    tick(hub, 0, browser)
    return browser


def test_a_new_client_gets_the_present_state_in_its_first_frame() -> None:
    hub = make_hub()
    hub.set_state("pnl", b'{"total":"1.5"}')
    browser = page(hub, "pnl")
    assert browser.states == {"pnl": {"total": "1.5"}}
    assert browser.frames == 1
    assert browser.kinds == ["hello", "state"]


def test_only_the_latest_of_many_states_is_sent() -> None:
    hub = make_hub()
    browser = page(hub, "pnl")
    for n in range(100):
        hub.set_state("pnl", b"%d" % n)
    tick(hub, 50, browser)
    assert browser.kinds == ["hello", "state"]
    assert browser.states == {"pnl": 99}


def test_each_rate_hears_at_its_own_pace() -> None:
    hub = make_hub()
    pages = {rate: page(hub, "pnl", rate=rate, client_id=rate) for rate in (60, 20, 4, 1)}
    before = {rate: p.kinds.count("state") for rate, p in pages.items()}
    for n in range(1, 601):
        hub.set_state("pnl", b"%d" % n)
        tick(hub, n * 10, *pages.values())
    heard = {rate: (p.kinds.count("state") - before[rate]) / 6 for rate, p in pages.items()}
    assert heard == {60: pytest.approx(60, abs=1), 20: pytest.approx(20, abs=0.5), 4: pytest.approx(4, abs=0.2), 1: 1}


def test_nothing_new_means_no_frame() -> None:
    hub = make_hub()
    browser = page(hub, "pnl", "events", "book.BTCUSDT")
    frames = browser.frames
    for now in range(0, 5000, 16):
        tick(hub, now, browser)
    assert browser.frames == frames


def test_clients_with_the_same_subscriptions_share_the_very_same_frame() -> None:
    hub = make_hub()
    pages = [page(hub, "pnl", "risk", client_id=n) for n in range(5)]
    hub.set_state("pnl", b"1")
    hub.set_state("risk", b"2")
    frames = [frame for _, frame in hub.tick(50).frames]
    assert len(frames) == len(pages)
    assert len({id(frame) for frame in frames}) == 1


def test_a_book_starts_with_a_picture_and_goes_on_with_changes() -> None:
    hub = make_hub()
    browser = page(hub, "book.BTCUSDT")
    bids = [(str(100 - n), "1") for n in range(10)]
    hub.set_book("book.BTCUSDT", bids, [])
    tick(hub, 50, browser)
    hub.set_book("book.BTCUSDT", [("100", "7"), *bids[2:]], [])
    tick(hub, 100, browser)
    assert browser.kinds == ["hello", "snap", "delta"]
    assert browser.books["book.BTCUSDT"]["bids"] == {"100": "7"} | dict(bids[2:])


def test_a_log_item_of_before_the_subscription_is_in_the_backlog() -> None:
    hub = make_hub(backlog=2)
    for n in range(5):
        hub.append("events", b"%d" % n)
    assert page(hub, "events").logs == {"events": [3, 4]}


def test_resuming_gets_what_came_in_between_and_nothing_twice() -> None:
    hub = make_hub()
    browser = page(hub, "events")
    hub.append("events", b"0")
    tick(hub, 50, browser)
    browser.cut()
    hub.append("events", b"1")
    browser.connect(2, 60)
    tick(hub, 100, browser)
    assert browser.logs["events"] == [0, 1]
    assert browser.lost == []


def test_what_the_ring_no_longer_has_is_said_to_be_lost() -> None:
    hub = make_hub(log_items=8)
    browser = page(hub, "events")
    hub.append("events", b"0")
    tick(hub, 50, browser)
    browser.cut()
    for n in range(1, 30):
        hub.append("events", b"%d" % n)
    browser.connect(2, 60)
    tick(hub, 100, browser)
    ((channel, first, last),) = browser.lost
    assert (channel, first) == ("events", 1)
    assert browser.logs["events"] == [0, *range(last + 1, 30)]


def test_after_a_restart_of_the_hub_a_client_gets_all_there_is_under_a_new_epoch() -> None:
    browser = page(make_hub(), "events")
    browser.resume["events"] = ("of an earlier run", 41)
    browser.hub = hub = make_hub()
    hub.append("events", b'"new"')
    browser.connect(2, 0)
    tick(hub, 50, browser)
    assert browser.logs["events"] == ["new"]


def test_a_busy_client_gets_nothing_then_the_latest_and_every_log_item() -> None:
    hub = make_hub()
    slow, quick = page(hub, "pnl", "events", client_id=1), page(hub, "pnl", "events", client_id=2)
    assert slow.client is not None
    slow.client.busy = True
    for n in range(10):
        hub.set_state("pnl", b"%d" % n)
        hub.append("events", b"%d" % n)
        tick(hub, 50 * n + 50, slow, quick)
    assert slow.logs == {}
    assert quick.logs["events"] == list(range(10))
    slow.client.busy = False
    frames = slow.frames
    tick(hub, 600, slow, quick)
    assert slow.frames == frames + 1
    assert slow.logs["events"] == list(range(10))
    assert slow.states["pnl"] == 9


def test_a_client_too_far_behind_is_closed_and_resumes_with_its_token_without_loss() -> None:
    hub = make_hub(log_items=100, lag_items=20)
    slow = page(hub, "events", "pnl")
    assert slow.client is not None
    slow.client.busy = True
    for n in range(30):
        hub.append("events", b"%d" % n)
    tick(hub, 50, slow)
    ((code, token),) = tick(hub, SECOND, slow)
    assert code == 4009
    again = Browser(hub)
    again.connect(2, SECOND)
    again.say(op="resume", token=token, now=SECOND)
    tick(hub, SECOND + 50, again)
    assert again.logs["events"] == list(range(30))
    assert again.errors == []


def test_a_resume_token_is_good_once_for_its_user_and_for_a_minute() -> None:
    hub = make_hub(lag_items=0)
    tokens = []
    for client_id in (1, 2):
        slow = page(hub, "events", client_id=client_id)
        assert slow.client is not None
        slow.client.busy = True
        hub.append("events", b"1")
        ((_, token),) = tick(hub, client_id * SECOND + 50)
        tokens.append(token)
    stranger, late = Browser(hub, "bob"), Browser(hub)
    stranger.connect(3, 3000)
    stranger.say(op="resume", token=tokens[0], now=3000)
    late.connect(4, 3000)
    late.say(op="resume", token=tokens[1], now=90_000)
    tick(hub, 3050, stranger, late)
    assert [b.errors[0]["v"]["field"] for b in (stranger, late)] == ["token", "token"]


def test_a_stalled_client_costs_the_others_nothing_but_a_look() -> None:
    hub = make_hub()
    slow, quick = page(hub, "pnl", client_id=1), page(hub, "pnl", client_id=2)
    assert slow.client is not None
    slow.client.busy = True
    for n in range(1000):
        hub.set_state("pnl", b"%d" % n)
        tick(hub, n * 50, slow, quick)
    assert slow.client.outbox == []
    assert len(slow.client.behind or {}) == 1, "one number a channel, no queue"


def test_operations_reach_only_their_owner() -> None:
    hub = make_hub()
    ann, bob = page(hub, "operations", client_id=1), page(hub, "operations", client_id=2, user="bob")
    hub.append("operations", b'"ann only"', key="operations@ann")
    tick(hub, 50, ann, bob)
    assert ann.logs == {"operations": ["ann only"]}
    assert bob.logs == {}


def test_a_conversation_has_one_log_for_each_person_whatever_its_name() -> None:
    hub = make_hub()
    ann, bob = page(hub, "turn.main", client_id=1), page(hub, "turn.main", client_id=2, user="bob")
    hub.append("turn.main", b'"ann only"', key="turn.main@ann")
    tick(hub, 50, ann, bob)
    assert ann.logs == {"turn.main": ["ann only"]}
    assert (bob.logs, bob.errors) == ({}, [])


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ('{"op":"sub","channel":"nonsense"}', "channel"),
        ('{"op":"sub","channel":"ticker.btc usdt"}', "channel"),
        ('{"op":"sub","channel":["pnl"]}', "channel"),
        ('{"op":"sub","channel":"pnl","rate":7}', "rate"),
        ('{"op":"sub","channel":"events","epoch":1,"offset":0}', "epoch"),
        ('{"op":"sub","channel":"events","epoch":"e","offset":-1}', "offset"),
        ('{"op":"delete"}', "op"),
        ("[]", "message"),
        ("not json", "message"),
        ("[" * 4000, "message"),
        ('"' + "x" * 5000 + '"', "message"),
    ],
)
def test_a_message_that_is_not_allowed_is_answered_with_what_is(message: str, field: str) -> None:
    hub = make_hub()
    browser = page(hub)
    assert browser.client is not None
    hub.receive(browser.client, message, 0)
    tick(hub, 50, browser)
    (error,) = browser.errors
    assert error["v"]["field"] == field
    assert error["v"]["allowed"]


def test_too_many_subscriptions_are_refused_and_the_others_go_on() -> None:
    hub = make_hub(subscriptions=2)
    browser = page(hub, "pnl", "risk", "orders")
    assert [e["c"] for e in browser.errors] == ["orders"]
    hub.set_state("risk", b"1")
    tick(hub, 50, browser)
    assert browser.states == {"risk": 1}


def test_too_many_messages_close_the_connection() -> None:
    hub = make_hub(message_burst=5)
    browser = page(hub)
    for _ in range(6):
        browser.say(op="ping")
    ((code, reason),) = tick(hub, 50, browser)
    assert code == 4008
    assert "at most 20 a second" in reason
    assert hub.clients == {}


def test_a_connection_ends_with_its_session() -> None:
    hub = make_hub()
    browser = Browser(hub)
    browser.connect(1, 0, expires=5 * SECOND)
    assert tick(hub, 4 * SECOND, browser) == []
    assert tick(hub, 5 * SECOND, browser) == [(4001, "session-expired")]


def test_unsubscribing_stops_the_channel() -> None:
    hub = make_hub()
    browser = page(hub, "pnl", "risk")
    browser.say(op="unsub", channel="pnl")
    hub.set_state("pnl", b"1")
    hub.set_state("risk", b"1")
    tick(hub, 50, browser)
    assert browser.states == {"risk": 1}


def test_going_to_a_slower_rate_neither_loses_nor_repeats_log_items() -> None:
    hub = make_hub()
    browser, other = page(hub, "events", rate=60), page(hub, "events", rate=1, client_id=2)
    for n in range(40):
        hub.append("events", b"%d" % n)
        tick(hub, 1020 + n * 17, browser, other)
        if n == 20:
            browser.subscribe("events", 1)
    tick(hub, 2000, browser, other)
    assert browser.logs["events"] == other.logs["events"] == list(range(40))


def test_logs_that_nobody_reads_are_forgotten_when_there_are_too_many() -> None:
    hub = make_hub(logs=3)
    reader = page(hub, "turn.anns")
    hub.append("turn.anns", b"1", key="turn.anns@ann")
    for n in range(10):
        hub.append(f"turn.c{n}", b"1", key=f"turn.c{n}@bob")
    tick(hub, SECOND, reader)
    assert len(hub._channels) == 3
    assert reader.logs == {"turn.anns": [1]}


def test_a_channel_is_published_in_its_own_class_only() -> None:
    hub = make_hub()
    with pytest.raises(TypeError, match="not a LogChannel"):
        hub.append("pnl", b"1")
    with pytest.raises(ValueError, match="there is no channel"):
        hub.set_state("nonsense", b"1")


def test_when_everyone_has_gone_nothing_is_kept_for_them() -> None:
    hub = make_hub()
    pages = [page(hub, "pnl", "events", "book.BTCUSDT", client_id=n) for n in range(3)]
    hub.set_state("pnl", json.dumps({"a": 1}).encode())
    for browser in pages:
        browser.cut()
        browser.cut()
    assert (hub.clients, hub._profiles, hub._special) == ({}, {}, {})
    assert all(not channel.lanes for channel in hub._channels.values())
