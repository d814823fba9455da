"""Names, units and meanings of the statistics, in English and Spanish. A name, once published, keeps its meaning.

Units: `quote` (quote currency), `base`, `bp`, `1` (plain), `share` (of 1), `s`, `days`, `n` (a count), `price`.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "es")
GROUPS = {
    "profit": ("Profit", "Resultado"),
    "exposure": ("Exposure", "Exposición"),
    "ratios": ("Periods and ratios", "Periodos y ratios"),
    "drawdown": ("Drawdown", "Caída"),
    "tails": ("Tails", "Colas"),
    "trips": ("Round trips", "Operaciones completas"),
    "orders": ("Orders", "Órdenes"),
    "fills": ("Fills and costs", "Ejecuciones y costes"),
}


@dataclass(frozen=True)
class Meaning:
    """`label` and `text` by language; `sided`: there are `_buy` and `_sell` too."""

    name: str
    group: str
    unit: str
    label: tuple[str, str]
    text: tuple[str, str]
    sided: bool = False


def _m(name: str, group: str, unit: str, en: str, en_text: str, es: str, es_text: str, sided: bool = False) -> Meaning:
    return Meaning(name, group, unit, (en, es), (en_text, es_text), sided)


MEANINGS = (
    _m("net", "profit", "quote", "Net profit", "After fees; what is still held is marked at the last mid.",
       "Resultado neto", "Tras comisiones; lo que sigue abierto se valora al último precio medio."),
    _m("gross", "profit", "quote", "Profit before fees", "Net profit plus fees.",
       "Resultado antes de comisiones", "Resultado neto más comisiones."),
    _m("funding", "profit", "quote", "Funding paid", "For positions held when funding was settled; below 0: received. Part of both profits.",
       "Financiación pagada", "Por las posiciones abiertas en cada liquidación de financiación; bajo 0: cobrada. Incluida en ambos resultados."),
    _m("open_profit", "profit", "quote", "Of it still open", "Profit of lots that no round trip has closed, before fees; closing them would cost.",
       "De él, aún abierto", "Resultado de los lotes sin cerrar, antes de comisiones; cerrarlos costaría."),
    _m("return", "profit", "share", "Return on peak exposure", "Net profit over the largest value held: a run has no capital of its own.",
       "Rentabilidad sobre la exposición máxima", "Resultado neto entre el mayor valor mantenido: la prueba no tiene capital propio."),
    _m("net_bp", "profit", "bp", "Net profit of turnover", "Net profit over the value traded.",
       "Resultado neto sobre lo negociado", "Resultado neto entre el valor negociado."),
    _m("time_in_market", "exposure", "share", "Time in the market", "Share of the time with a position, exact between fills.",
       "Tiempo en el mercado", "Proporción del tiempo con posición, exacta entre ejecuciones."),
    _m("position_mean", "exposure", "base", "Mean absolute position", "Weighted by time.",
       "Posición absoluta media", "Ponderada por tiempo."),
    _m("position_max", "exposure", "base", "Largest absolute position", "After any fill.",
       "Posición absoluta máxima", "Tras cualquier ejecución."),
    _m("position_end", "exposure", "base", "Position at the end", "Signed; it was not closed.",
       "Posición final", "Con signo; no se ha cerrado."),
    _m("value_mean", "exposure", "quote", "Mean absolute value held", "Of all samples.",
       "Valor absoluto medio mantenido", "De todas las muestras."),
    _m("value_max", "exposure", "quote", "Largest absolute value held", "At samples and fills.",
       "Valor absoluto máximo mantenido", "En muestras y ejecuciones."),
    _m("turnover", "exposure", "1", "Turnover", "Value traded over the largest value held.",
       "Rotación", "Valor negociado entre el mayor valor mantenido."),
    _m("periods", "ratios", "n", "Periods", "Whole steps between samples; what is left at the end is not one.",
       "Periodos", "Pasos completos entre muestras; el resto final no cuenta."),
    _m("period_s", "ratios", "s", "Length of a period", "The sampling of the run; a year is 365.25 days.",
       "Duración de un periodo", "El muestreo de la prueba; un año son 365,25 días."),
    _m("mean", "ratios", "quote", "Mean profit a period", "After fees.",
       "Resultado medio por periodo", "Tras comisiones."),
    _m("volatility", "ratios", "quote", "Volatility a period", "Standard deviation of a period's profit.",
       "Volatilidad por periodo", "Desviación típica del resultado de un periodo."),
    _m("volatility_year", "ratios", "quote", "Volatility a year", "That of a period times the root of periods a year.",
       "Volatilidad anual", "La de un periodo por la raíz de los periodos del año."),
    _m("sharpe", "ratios", "1", "Sharpe ratio, a year", "Mean over volatility, annualised by the real sampling, over a rate of 0.",
       "Ratio de Sharpe anual", "Media entre volatilidad, anualizado por el muestreo real, sobre una tasa de 0."),
    _m("sharpe_se", "ratios", "1", "Its standard error", "With skew and kurtosis (Mertens 2002). Two of it is about 95 %.",
       "Su error estándar", "Con asimetría y curtosis (Mertens 2002). Dos equivalen a un 95 %."),
    _m("sharpe_lo", "ratios", "1", "Sharpe ratio, autocorrelation-adjusted", "Lo's eta (2002) instead of the root of time.",
       "Ratio de Sharpe ajustado por autocorrelación", "Con la eta de Lo (2002) en vez de la raíz del tiempo."),
    _m("psr", "ratios", "share", "Probabilistic Sharpe ratio", "Probability that the true ratio is above 0, if nothing else was tried.",
       "Ratio de Sharpe probabilístico", "Probabilidad de que el ratio verdadero supere 0, si no se probó nada más."),
    _m("minimum_track_days", "ratios", "days", "Minimum track record", "Days of such profits before that probability is 95 %.",
       "Historial mínimo", "Días con resultados así hasta que esa probabilidad llegue al 95 %."),
    _m("sortino", "ratios", "1", "Sortino ratio, a year", "Mean over the root mean square of losses.",
       "Ratio de Sortino anual", "Media entre la raíz de la media cuadrática de las pérdidas."),
    _m("skew", "ratios", "1", "Skew", "Of a period's profit; below 0 losses are the larger surprises.",
       "Asimetría", "Del resultado de un periodo; bajo 0 sorprenden más las pérdidas."),
    _m("kurtosis", "ratios", "1", "Kurtosis", "Of a period's profit; 3 for a normal distribution.",
       "Curtosis", "Del resultado de un periodo; 3 en una distribución normal."),
    _m("calmar", "drawdown", "1", "Calmar ratio", "Net profit a year over the maximum drawdown.",
       "Ratio de Calmar", "Resultado neto anual entre la caída máxima."),
    _m("max_drawdown", "drawdown", "quote", "Maximum drawdown", "The deepest fall of net profit below its high.",
       "Caída máxima", "El mayor descenso del resultado neto bajo su máximo."),
    _m("drawdown_peak_s", "drawdown", "s", "It began at", "Seconds from the begin of the run.",
       "Empezó en", "Segundos desde el inicio de la prueba."),
    _m("drawdown_trough_s", "drawdown", "s", "Its low was at", "Seconds from the begin of the run.",
       "Su mínimo fue en", "Segundos desde el inicio de la prueba."),
    _m("drawdown_end_s", "drawdown", "s", "It was over at", "When the high was reached again.",
       "Terminó en", "Cuando se alcanzó de nuevo el máximo."),
    _m("hit_periods", "tails", "share", "Periods with a gain", "Of those with a gain or a loss.",
       "Periodos con ganancia", "De los que tienen ganancia o pérdida."),
    _m("var_95", "tails", "quote", "Value at risk, 95 %", "A period loses more in at most 5 % of cases (historical).",
       "Valor en riesgo, 95 %", "Un periodo pierde más en el 5 % de los casos como mucho (histórico)."),
    _m("es_95", "tails", "quote", "Expected shortfall, 95 %", "The mean loss of the worst 5 % of periods.",
       "Déficit esperado, 95 %", "La pérdida media del 5 % peor de los periodos."),
    _m("tail_ratio", "tails", "1", "Tail ratio 95/5", "The 95 % quantile over the 5 % quantile, without signs.",
       "Ratio de colas 95/5", "El cuantil 95 % entre el cuantil 5 %, sin signo."),
    _m("round_trips", "trips", "n", "Round trips", "What was bought against what was sold, first in, first out; a part of a fill counts.",
       "Operaciones completas", "Lo comprado contra lo vendido, primero en entrar, primero en salir; cuenta cada parte."),
    _m("hit_trips", "trips", "share", "With a gain", "After fees, of those with a gain or a loss.",
       "Con ganancia", "Tras comisiones, de las que tienen ganancia o pérdida."),
    _m("profit_factor", "trips", "1", "Profit factor", "Sum of gains over sum of losses of round trips, after fees.",
       "Factor de beneficio", "Suma de ganancias entre suma de pérdidas, tras comisiones."),
    _m("trip_mean", "trips", "quote", "Mean of one", "After fees.",
       "Media de una", "Tras comisiones."),
    _m("trip_best", "trips", "quote", "Best", "After fees.",
       "Mejor", "Tras comisiones."),
    _m("trip_worst", "trips", "quote", "Worst", "After fees.",
       "Peor", "Tras comisiones."),
    _m("trip_hold_s", "trips", "s", "Time held", "Mean, weighted by quantity.",
       "Tiempo mantenido", "Media, ponderada por cantidad."),
    _m("orders", "orders", "n", "Orders", "Sent by the desk.",
       "Órdenes", "Enviadas por la mesa.", True),
    _m("orders_filled", "orders", "share", "Orders filled", "Share with a fill, whole or in part.",
       "Órdenes ejecutadas", "Proporción con ejecución, total o parcial.", True),
    _m("quantity_filled", "orders", "share", "Quantity filled", "Share of what was asked for.",
       "Cantidad ejecutada", "Proporción de lo pedido.", True),
    _m("time_to_fill_s", "orders", "s", "Time to fill, mean", "From sent to the first fill at the exchange, of orders that were filled.",
       "Tiempo hasta ejecución, media", "Del envío a la primera ejecución, de las órdenes ejecutadas.", True),
    _m("time_to_fill_median_s", "orders", "s", "Time to fill, median", "The same, of the middle one.",
       "Tiempo hasta ejecución, mediana", "Lo mismo, de la central.", True),
    _m("queue_wait_s", "orders", "s", "Wait in the queue, mean", "From arrival to the first fill as a maker.",
       "Espera en cola, media", "De la llegada a la primera ejecución como creador.", True),
    _m("fills", "fills", "n", "Fills", "Each execution counts.",
       "Ejecuciones", "Cada ejecución cuenta.", True),
    _m("quantity", "fills", "base", "Quantity", "Sum of the fills.",
       "Cantidad", "Suma de las ejecuciones.", True),
    _m("traded", "fills", "quote", "Value traded", "Sum of price times quantity.",
       "Valor negociado", "Suma de precio por cantidad.", True),
    _m("price_mean", "fills", "price", "Mean price", "Weighted by quantity.",
       "Precio medio", "Ponderado por cantidad.", True),
    _m("maker_share", "fills", "share", "Share as a maker", "Of the value traded.",
       "Proporción como creador", "Del valor negociado.", True),
    _m("fees", "fills", "quote", "Fees", "Below 0: a rebate.",
       "Comisiones", "Bajo 0: un reembolso.", True),
    _m("spread", "fills", "quote", "Spread paid", "Against the mid at the fill; below 0: earned.",
       "Diferencial pagado", "Frente al precio medio en la ejecución; bajo 0: ganado.", True),
    _m("spread_bp", "fills", "bp", "Spread paid", "Of the value of those fills.",
       "Diferencial pagado", "Del valor de esas ejecuciones.", True),
    _m("adverse_1s", "fills", "quote", "Adverse selection, 1 s", "How far the mid went against the fills within 1 s; below 0: in their favour.",
       "Selección adversa, 1 s", "Cuánto fue el precio medio en contra en 1 s; bajo 0: a favor.", True),
    _m("adverse_1s_bp", "fills", "bp", "Adverse selection, 1 s", "Of the value of those fills.",
       "Selección adversa, 1 s", "Del valor de esas ejecuciones.", True),
    _m("adverse_5s", "fills", "quote", "Adverse selection, 5 s", "Within 5 s.",
       "Selección adversa, 5 s", "En 5 s.", True),
    _m("adverse_5s_bp", "fills", "bp", "Adverse selection, 5 s", "Of the value of those fills.",
       "Selección adversa, 5 s", "Del valor de esas ejecuciones.", True),
    _m("adverse_30s", "fills", "quote", "Adverse selection, 30 s", "Within 30 s.",
       "Selección adversa, 30 s", "En 30 s.", True),
    _m("adverse_30s_bp", "fills", "bp", "Adverse selection, 30 s", "Of the value of those fills.",
       "Selección adversa, 30 s", "Del valor de esas ejecuciones.", True),
)  # fmt: skip
BY_NAME = {meaning.name: meaning for meaning in MEANINGS}
NAMES = tuple(m.name for m in MEANINGS) + tuple(f"{m.name}_{s}" for m in MEANINGS if m.sided for s in ("buy", "sell"))
"""Every key of `Result.stats`."""
