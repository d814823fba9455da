"""Whatever the order of publishing, ticking, stalling, cutting and resuming: logs exact, states and books converge.

Claims: every log item exactly once and in order, or said to be lost; the last state wins everywhere; applying deltas
to the first picture gives the last picture.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qbtc.testing.browser import Browser, make_hub, tick
from qbtc.web.domain.channels import level_changes

RATES = st.sampled_from([60, 20, 4, 1])
WHO = st.integers(0, 2)
LEVELS = st.dictionaries(st.integers(1, 12).map(str), st.integers(1, 5).map(str), max_size=8)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("log"), st.integers(1, 6)),
        st.tuples(st.just("state"), st.integers(0, 99)),
        st.tuples(st.just("book"), LEVELS, LEVELS),
        st.tuples(st.just("tick"), st.sampled_from([1, 16, 50, 250, 1000])),
        st.tuples(st.just("cut"), WHO),
        st.tuples(st.just("stall"), WHO),
        st.tuples(st.just("free"), WHO),
        st.tuples(st.just("rate"), WHO, RATES, st.sampled_from(["events", "pnl", "book.BTCUSDT"])),
        st.tuples(st.just("unsub"), WHO),
    ),
    max_size=80,
)


class World:
    """Three browsers on one hub; a browser that was cut or closed comes back at the next tick."""

    def __init__(self, log_items: int) -> None:
        self.hub = make_hub(log_items=log_items, lag_items=log_items // 2, messages_per_second=1000, backlog=10**6)
        self.browsers = [Browser(self.hub) for _ in range(3)]
        for browser in self.browsers:
            browser.rates = {"events": 20, "pnl": 4, "book.BTCUSDT": 60}
        self.now, self.connections, self.published = 0, 0, 0
        self.state: int | None = None
        self.book: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def log(self, count: int) -> None:
        for _ in range(count):
            self.hub.append("events", b"%d" % self.published)
            self.published += 1

    def state_(self, value: int) -> None:
        self.state = value
        self.hub.set_state("pnl", b"%d" % value)

    def book_(self, bids: dict[str, str], asks: dict[str, str]) -> None:
        self.book = (bids, asks)
        self.hub.set_book("book.BTCUSDT", list(bids.items()), list(asks.items()))

    def tick(self, milliseconds: int) -> None:
        self.now += milliseconds
        for browser in self.browsers:
            if browser.client is None or browser.client.id not in self.hub.clients:
                self.connections += 1
                browser.connect(self.connections, self.now)
        tick(self.hub, self.now, *self.browsers)

    def cut(self, who: int) -> None:
        self.browsers[who].cut()

    def stall(self, who: int, busy: bool = True) -> None:
        client = self.browsers[who].client
        if client is not None:
            client.busy = busy

    def rate(self, who: int, rate: int, channel: str) -> None:
        browser = self.browsers[who]
        browser.rates[channel] = rate
        if browser.client is not None and browser.client.id in self.hub.clients:
            browser.subscribe(channel, rate, self.now)

    def unsub(self, who: int) -> None:
        """Leave and come back to the log at once, as a page does that closes and opens a panel."""
        browser = self.browsers[who]
        if browser.client is not None and browser.client.id in self.hub.clients and not browser.client.busy:
            browser.say(self.now, op="unsub", channel="events")
            browser.subscribe("events", browser.rates["events"], self.now)

    def run(self, steps: list[tuple[object, ...]]) -> None:
        names = {"state": "state_", "book": "book_"}
        for name, *arguments in steps:
            if name == "free":
                self.stall(*arguments, busy=False)  # type: ignore[arg-type]
            else:
                getattr(self, names.get(str(name), str(name)))(*arguments)
        for who in range(3):
            self.stall(who, busy=False)
        for _ in range(3):
            self.tick(1000)


def heard_or_lost(browser: Browser) -> list[int]:
    lost = [n for _, first, last in browser.lost for n in range(first, last + 1)]
    return sorted(browser.logs.get("events", []) + lost)


@given(steps=STEPS, log_items=st.sampled_from([4, 16, 1000]))
def test_every_log_item_comes_once_and_in_order_or_is_said_to_be_lost(
    steps: list[tuple[object, ...]], log_items: int
) -> None:
    world = World(log_items)
    world.log(1)  # a page that has seen nothing yet has no point to resume from
    world.tick(0)
    world.run(steps)
    for browser in world.browsers:
        assert browser.logs.get("events", []) == sorted(set(browser.logs.get("events", [])))
        assert heard_or_lost(browser) == list(range(world.published))
        if log_items == 1000:
            assert browser.lost == []


@given(steps=STEPS)
def test_states_and_books_converge_to_what_was_published_last(steps: list[tuple[object, ...]]) -> None:
    world = World(1000)
    world.tick(0)
    world.run(steps)
    for browser in world.browsers:
        assert browser.states.get("pnl") == world.state
        bids, asks = world.book
        assert browser.books.get("book.BTCUSDT", {"bids": {}, "asks": {}}) == {"bids": bids, "asks": asks}
        assert browser.errors == []


@given(old=LEVELS, new=LEVELS)
def test_applying_the_changes_to_the_old_levels_gives_the_new_ones(old: dict[str, str], new: dict[str, str]) -> None:
    levels = dict(old)
    for price, quantity in level_changes(old, new):
        if quantity == "0":
            del levels[price]
        else:
            levels[price] = quantity
    assert levels == new
