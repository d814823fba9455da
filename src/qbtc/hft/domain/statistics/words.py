"""The assumptions of a run and the cautions about its result as sentences, in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..backtest import assumptions
from ..backtest.queues import Queue
from .registry import LANGUAGES


class Believed(Protocol):
    """The words of a run (`backtest.Assumptions`)."""

    @property
    def latency(self) -> str: ...
    @property
    def queue(self) -> str: ...
    @property
    def fill(self) -> str: ...
    @property
    def fees(self) -> tuple[float, float]: ...
    @property
    def tickers(self) -> bool: ...
    @property
    def moved(self) -> int: ...
    @property
    def funding(self) -> str: ...
    @property
    def passed_over(self) -> int: ...
    @property
    def leverage(self) -> int | None: ...
    @property
    def margin(self) -> str: ...
    @property
    def wallet(self) -> float: ...
    @property
    def marks(self) -> str: ...
    @property
    def named(self) -> bool: ...


LATENCY = {
    "constant": (
        "An order takes {entry} to the exchange and its answer {response} back, always: no jitter, no rush hour.",
        "Una orden tarda {entry} en llegar al mercado y su respuesta {response} en volver, siempre: sin variación ni horas punta.",
    ),
    "feed": (
        "An order takes {entry:g} times, and its answer {response:g} times, the delay of the market data in that second; "
        "no delay of an order was measured.",
        "Una orden tarda {entry:g} veces, y su respuesta {response:g} veces, el retraso de los datos de mercado en ese segundo; "
        "no se midió el retraso de ninguna orden.",
    ),
    "table": (
        "Delays of orders are interpolated in the measured table {path}.",
        "Los retrasos de las órdenes se interpolan en la tabla medida {path}.",
    ),
}
QUEUE = {
    Queue.RISK_AVERSE: (
        "A resting order joins behind its level, and only trades bring it forward: the cautious end of what is possible.",
        "Una orden en reposo entra al final de su nivel y solo la adelantan las transacciones: el extremo prudente de lo posible.",
    ),
    Queue.FIFO: (
        "Price and time decide: the data name every order, so that who was ahead of a resting order is known, not guessed.",
        "Deciden precio y tiempo: los datos nombran cada orden, así que se sabe, sin estimarlo, quién estaba delante.",
    ),
    Queue.FIFO_AT_PRICE: (
        "The data name every order, so that who was ahead of a resting order at its price is known; a trade at a worse price "
        "leaves it alone, which is no venue's rule: fewer fills than there would have been.",
        "Los datos nombran cada orden, así que se sabe quién estaba delante a su precio; una transacción a peor precio no la "
        "alcanza, lo que no es regla de ningún mercado: menos ejecuciones de las que habría habido.",
    ),
}
QUEUE_MODEL = (
    "A resting order joins behind its level; of what leaves the level without a trade, the share behind it is guessed by "
    "the model {queue}, since the data do not say who cancelled.",
    "Una orden en reposo entra al final de su nivel; de lo que sale del nivel sin transacción, la parte detrás de ella se "
    "estima con el modelo {queue}, pues los datos no dicen quién canceló.",
)
FILL = {
    "whole": (
        "A fill is of the whole order, however little traded there; an order that takes gets all of it at the best price. "
        "Orders larger than the touch fill too well.",
        "Una ejecución es de la orden entera, por poco que se negociara; una orden agresiva lo obtiene todo al mejor precio. "
        "Las órdenes mayores que el mejor nivel se ejecutan demasiado bien.",
    ),
    "partial": (
        "A resting order gets what traded beyond its queue; an order that takes walks the recorded levels, and what they "
        "cannot give trades at its limit.",
        "Una orden en reposo recibe lo negociado más allá de su cola; una orden agresiva recorre los niveles grabados, y lo "
        "que no dan se negocia a su límite.",
    ),
    "venue": (
        "The matching core of the local venue decides, with its filters, on the recorded market as its background: fills "
        "are those of that venue replaying the recording, and no queue model is asked.",
        "Decide el motor de casación del mercado local, con sus filtros y el mercado grabado de fondo: las ejecuciones son "
        "las de ese mercado al reproducir la grabación, y no se usa ningún modelo de cola.",
    ),
}
BARS = ("next_open", "close")
"""Fill rules of bars, which know no order book: neither latency nor queue is assumed."""
FILL |= {
    "next_open": (
        "A position is decided at the close of a bar and traded whole at the next open, whatever its size; no order book, queue or "
        "delay is modelled, and where no bar follows nothing is traded.",
        "Una posición se decide al cierre de una barra y se negocia entera a la apertura siguiente, sea cual sea su tamaño; no se "
        "modelan libro, cola ni retraso, y donde no sigue ninguna barra no se negocia nada.",
    ),
    "close": (
        "A position is traded at the very close that decided it, which no market offers: results are too good. No order book, "
        "queue or delay is modelled.",
        "Una posición se negocia al mismo cierre que la decidió, lo que ningún mercado ofrece: los resultados son demasiado buenos. "
        "No se modelan libro, cola ni retraso.",
    ),
}
OTHER_FILL = ("Fills follow the rule {fill}.", "Las ejecuciones siguen la regla {fill}.")
ALWAYS = (
    (
        "The recorded market does not react: own orders take no liquidity from it and move no price.",
        "El mercado grabado no reacciona: las órdenes propias no le quitan liquidez ni mueven el precio.",
    ),
)
CHARGED = (
    "Nothing but fees is charged: no funding, no interest, no liquidation, no limit on orders or money.",
    "No se cobra nada más que comisiones: ni financiación, ni intereses, ni liquidación, ni límite de órdenes o dinero.",
)
FUNDED = (
    "Funding is settled at its times at the rate of {source}, of the mark or, where none is known, the mid. Nothing else but fees is "
    "charged: no interest, no liquidation, no limit on orders or money.",
    "La financiación se liquida en sus horas al tipo de {source}, sobre el precio de marca o, si no se conoce, el medio. No se cobra nada "
    "más que comisiones: ni intereses, ni liquidación, ni límite de órdenes o dinero.",
)
TAPE = ("the tape", "la cinta")
MARGIN = (
    "A futures account of {wallet:,.6g} USDT, {margin} margin, leverage {leverage}: orders pass the checks of the local venue, and its rules "
    "liquidate at the mark price, which is {marks}. Its brackets and fees are a stated table, not today's of Binance; the insurance fund begins empty.",
    "Una cuenta de futuros de {wallet:,.6g} USDT, margen {margin}, apalancamiento {leverage}: las órdenes pasan los controles del mercado "
    "local, y sus reglas liquidan al precio de marca, {marks}. Sus tramos y comisiones son una tabla fija, no los de Binance hoy; el fondo de seguro empieza vacío.",
)
UNNAMED = (
    "The tape does not say of which venue it is; it was taken for a contract of USD-M futures.",
    "La cinta no dice de qué mercado es; se tomó por un contrato de futuros USD-M.",
)
MODES = {"cross": ("cross", "cruzado"), "isolated": ("isolated", "aislado")}
MARKS = {
    "tape": ("that of the tape", "que es el de la cinta"),
    "book": ("worked out from the contract's own mid each second, since the tape says none", "calculado cada segundo con el precio medio del propio contrato, pues la cinta no lo dice"),
}
FUNDS = {
    "none": ("No funding is settled and no interest charged.", "No se liquida financiación ni se cobran intereses."),
    "some": (
        "Funding is settled at its times at the rate of {source}; no interest is charged.",
        "La financiación se liquida en sus horas al tipo de {source}; no se cobran intereses.",
    ),
}
FEES = (
    "Makers pay {maker:.4g} bp and takers {taker:.4g} bp of the value.",
    "El creador paga {maker:.4g} pb y el tomador {taker:.4g} pb del valor.",
)
TICKERS = (
    "Best bid and ask messages were left out: the desk and the exchange knew only the depth updates.",
    "Se omitieron los mensajes del mejor precio: la mesa y el mercado solo conocían las actualizaciones de profundidad.",
)
MOVED = (
    "Times of receipt were shifted by {seconds:.6g} s, since some were before those of the exchange: the clocks differed, "
    "so the true delay of the data is not known and its fastest message counts as one without delay.",
    "Las horas de recepción se desplazaron {seconds:.6g} s, pues algunas eran anteriores a las del mercado: los relojes "
    "diferían, así que el retraso real de los datos no se conoce y el mensaje más rápido cuenta como sin retraso.",
)
PASSED_OVER = (
    "{count:,.0f} events of orders that cannot have been were passed over; the import was told to keep going.",
    "Se pasaron por alto {count:,.0f} eventos de órdenes que no pudieron ocurrir; la importación debía continuar.",
)
CAUTIONS = {
    "nothing": (
        "Nothing was traded: there is no result to judge.",
        "No se negoció nada: no hay resultado que juzgar.",
    ),
    "loss": (
        "It lost money: {net:,.6g} after fees.",
        "Perdió dinero: {net:,.6g} tras comisiones.",
    ),
    "short": (
        "{length} of data: yearly figures are arithmetic here, not a forecast.",
        "{length} de datos: aquí las cifras anuales son aritmética, no una previsión.",
    ),
    "few": (
        "{round_trips:.0f} round trips are too few to tell skill from luck.",
        "{round_trips:.0f} operaciones completas son muy pocas para distinguir habilidad de suerte.",
    ),
    "unsure": (
        "The Sharpe ratio is not surely above 0: probability {psr:.1%}; at this rate {minimum_track_days:,.2f} days of data are needed "
        "for 95 %, and there are {days:,.2f}.",
        "El ratio de Sharpe no supera 0 con seguridad: probabilidad {psr:.1%}; a este ritmo hacen falta {minimum_track_days:,.2f} "
        "días de datos para el 95 %, y hay {days:,.2f}.",
    ),
    "deflated": (
        "After {trials:,.6g} trials the probability of a true Sharpe ratio above 0 is {deflated:.1%}, below 95 %.",
        "Tras {trials:,.6g} intentos, la probabilidad de un ratio de Sharpe verdadero sobre 0 es {deflated:.1%}, menos del 95 %.",
    ),
    "least": (
        "How much the trials' Sharpe ratios differed was not given; the least possible was taken, so the deflated ratio is an upper bound.",
        "No se indicó cuánto diferían los ratios de Sharpe de los intentos; se tomó lo mínimo posible, así que el ratio "
        "deflactado es una cota superior.",
    ),
    "liquidated": (
        "Positions that the venue liquidated: {liquidations:,.0f}. With this leverage the account did not live through it.",
        "Posiciones que el mercado liquidó: {liquidations:,.0f}. Con este apalancamiento la cuenta no lo resistió.",
    ),
    "refused": (
        "The venue refused {refusals:,.0f} of {orders:,.0f} orders; the section on margin says why.",
        "El mercado rechazó {refusals:,.0f} de {orders:,.0f} órdenes; la sección sobre el margen dice por qué.",
    ),
    "open": (
        "More than half of the result ({open_profit:,.6g}) is in a position that was not closed.",
        "Más de la mitad del resultado ({open_profit:,.6g}) está en una posición sin cerrar.",
    ),
}  # fmt: skip
UNITS = ((86_400_000_000_000, "d"), (3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"))


SWAPPED = str.maketrans(",.", ".,")


class _Spanish(float):
    """A number that is written with a decimal comma."""

    def __format__(self, how: str) -> str:
        return super().__format__(how).translate(SWAPPED)


def _number(value: float, at: int) -> float:
    return _Spanish(value) if at else value


def _of(lang: str) -> int:
    """Raises ValueError."""
    if lang not in LANGUAGES:
        raise ValueError(f"there is no language {lang!r}; allowed: {', '.join(LANGUAGES)}")
    return LANGUAGES.index(lang)


def span(ns: float, lang: str = "en") -> str:
    """`2.5 h`, `10 ms`: three digits and the unit that fits."""
    size, unit = next((each for each in UNITS if ns >= each[0]), (1, "ns"))
    return f"{_number(ns / size, _of(lang)):.3g}\u00a0{unit}"


def assumed(a: Believed, lang: str = "en") -> tuple[str, ...]:
    """A sentence for each assumption."""
    at = _of(lang)
    maker, taker = a.fees
    said = [
        *(() if a.fill in BARS else (_latency(a.latency, at),)),
        *(() if a.fill in ("venue", *BARS) else (_queue(a.queue, at),)),
        FILL.get(a.fill, OTHER_FILL)[at].format(fill=a.fill),
        *(each[at] for each in ALWAYS),
        *_charged(a, at),
        FEES[at].format(maker=_number(maker * 1e4, at), taker=_number(taker * 1e4, at)),
    ]
    if not a.tickers:
        said.append(TICKERS[at])
    if a.moved > 0:
        said.append(MOVED[at].format(seconds=_number(a.moved * 1e-9, at)))
    if a.passed_over > 0:
        said.append(PASSED_OVER[at].format(count=_number(a.passed_over, at)))
    return tuple(said)


def _charged(a: Believed, at: int) -> tuple[str, ...]:
    source = TAPE[at] if a.funding == "tape" else a.funding
    if a.leverage is None:
        return (CHARGED[at] if a.funding == "none" else FUNDED[at].format(source=source),)
    said = MARGIN[at].format(wallet=_number(a.wallet, at), margin=MODES[a.margin][at], leverage=a.leverage, marks=MARKS[a.marks][at])
    funds = FUNDS["none" if a.funding == "none" else "some"][at].format(source=source)
    return (said, funds) if a.named else (UNNAMED[at], said, funds)


def _latency(text: str, at: int) -> str:
    found = assumptions.latency(text)
    if found.feed is not None:
        return LATENCY["feed"][at].format(entry=_number(found.feed[0], at), response=_number(found.feed[1], at))
    if found.path:
        return LATENCY["table"][at].format(path=found.path)
    return LATENCY["constant"][at].format(entry=span(found.entry, LANGUAGES[at]), response=span(found.response, LANGUAGES[at]))


def _queue(text: str, at: int) -> str:
    model, _ = assumptions.queue(text)
    return QUEUE[model][at] if model in QUEUE else QUEUE_MODEL[at].format(queue=text)


def caution(name: str, lang: str, figures: Mapping[str, float]) -> str:
    """One caution, with its figures."""
    at = _of(lang)
    shown = {key: _number(value, at) for key, value in figures.items()}
    return CAUTIONS[name][at].format(length=span(figures["days"] * 86_400e9, lang), **shown)
