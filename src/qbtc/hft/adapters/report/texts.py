"""The words of a report, in English and Spanish; those of statistics are in `domain.statistics.registry`."""

from __future__ import annotations

from ...domain.statistics import summary
from ...domain.statistics.registry import LANGUAGES

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Backtest of {strategy} on {symbol}", "Prueba histórica de {strategy} en {symbol}"),
    "compare": ("{count} backtests side by side", "{count} pruebas históricas comparadas"),
    "legs": ("Backtest of {strategy} on {count} markets", "Prueba histórica de {strategy} en {count} mercados"),
    "whole": ("all together", "todo junto"),
    "state": (
        "{fills} fills of {orders} orders between {begin} and {end} UTC ({span}): {net} after fees.",
        "{fills} ejecuciones de {orders} órdenes entre {begin} y {end} UTC ({span}): {net} tras comisiones.",
    ),
    "in_quote": ("in quote currency", "en la moneda de cotización"),
    "run": ("What was run", "Qué se ejecutó"),
    "strategy": ("Strategy", "Estrategia"),
    "parameters": ("Parameters", "Parámetros"),
    "none": ("none", "ninguno"),
    "symbol": ("Symbol", "Símbolo"),
    "source": ("Data", "Datos"),
    "from": ("From", "Desde"),
    "to": ("To", "Hasta"),
    "grid": ("Price step, quantity step", "Paso de precio, paso de cantidad"),
    "latency": ("Latency", "Latencia"),
    "queue": ("Queue model", "Modelo de cola"),
    "fill": ("Fill rule", "Regla de ejecución"),
    "fees": ("Fees, maker and taker", "Comisiones, creador y tomador"),
    "sampling": ("Sampling", "Muestreo"),
    "decisions": ("Calls of the strategy", "Llamadas a la estrategia"),
    "believe": ("How far to believe it", "Hasta dónde creerlo"),
    "cautions": ("Cautions", "Cautelas"),
    "no_cautions": ("None of the usual cautions applies.", "No se aplica ninguna de las cautelas habituales."),
    "assumptions": ("What it assumes", "Qué supone"),
    "trials": ("Trials", "Intentos"),
    "trials_text": ("Strategies or settings that were tried to find this one.", "Estrategias o ajustes probados hasta dar con este."),
    "expected": ("Best Sharpe ratio expected of them without skill", "Mejor ratio de Sharpe esperado de ellos sin habilidad"),
    "expected_text": ("Per year; what luck alone reaches.", "Anual; lo que alcanza el puro azar."),
    "deflated": ("Deflated Sharpe ratio", "Ratio de Sharpe deflactado"),
    "deflated_text": (
        "Probability that the true ratio is above 0 in spite of the trials (Bailey, López de Prado 2014).",
        "Probabilidad de que el ratio verdadero supere 0 pese a los intentos (Bailey, López de Prado 2014).",
    ),
    "interval": ("Sharpe ratio, {level} interval", "Ratio de Sharpe, intervalo del {level}"),
    "interval_text": (
        "Stationary bootstrap: {draws} draws, mean block {block}, seed {seed}.",
        "Remuestreo estacionario: {draws} sorteos, bloque medio {block}, semilla {seed}.",
    ),
    "equity": ("Equity and drawdown", "Resultado acumulado y caída"),
    "equity_text": (
        "Net profit (thick) and profit before fees (thin) at every sample; below, how far net profit is under its high.",
        "Resultado neto (grueso) y antes de comisiones (fino) en cada muestra; debajo, cuánto está bajo su máximo.",
    ),
    "net": ("net", "neto"),
    "gross": ("before fees", "antes de comisiones"),
    "drawdown": ("drawdown", "caída"),
    "returns": ("Profit by {unit}", "Resultado por {unit}"),
    "returns_text": ("After fees, UTC; the first and the last may be partial.", "Tras comisiones, UTC; el primero y el último pueden ser parciales."),
    "month": ("month", "mes"),
    "day": ("day", "día"),
    "hour": ("hour", "hora"),
    "minute": ("minute", "minuto"),
    "second": ("second", "segundo"),
    "period": ("Begin", "Inicio"),
    "profit": ("Profit", "Resultado"),
    "as_table": ("As a table", "Como tabla"),
    "exposure": ("Exposure", "Exposición"),
    "exposure_text": ("Position in base units, exact between fills.", "Posición en unidades base, exacta entre ejecuciones."),
    "position": ("position", "posición"),
    "price": ("Price and fills", "Precio y ejecuciones"),
    "price_text": (
        "Mid at every sample. Triangles up are buys, down are sells; filled ones were makers, hollow ones takers.",
        "Precio medio en cada muestra. Triángulos hacia arriba son compras, hacia abajo ventas; llenos como creador, huecos como tomador.",
    ),
    "thinned": ("{drawn} of {count} fills are drawn, evenly over time.", "Se dibujan {drawn} de {count} ejecuciones, repartidas en el tiempo."),
    "mid": ("mid", "precio medio"),
    "buys": ("buys", "compras"),
    "sells": ("sells", "ventas"),
    "delays": ("Latency and queue", "Latencia y cola"),
    "delays_text": (
        "What this run's orders met: the way to the exchange, the way back, and the wait of resting orders until their first fill.",
        "Lo que encontraron las órdenes: el camino al mercado, el de vuelta y la espera de las órdenes en reposo hasta su primera ejecución.",
    ),
    "histogram": (
        "The line is the median; the last bar holds everything above the 99 % quantile.",
        "La línea es la mediana; la última barra reúne todo lo que supera el cuantil 99 %.",
    ),
    "constant": ("The way there takes {entry}, the way back {response}, always.", "La ida tarda {entry} y la vuelta {response}, siempre."),
    "entry": ("to the exchange, ms", "al mercado, ms"),
    "response": ("back to the desk, ms", "de vuelta, ms"),
    "wait": ("wait in the queue, s", "espera en cola, s"),
    "count": ("orders", "órdenes"),
    "costs": ("Where the money went", "Adónde fue el dinero"),
    "costs_text": (
        "Profit had all fills been at the mid, what the spread and fees took or gave, and what is left.",
        "El resultado si todo se hubiera ejecutado al precio medio, lo que el diferencial y las comisiones quitaron o dieron, y lo que queda.",
    ),
    "adverse_text": (
        "Beside it: how far the mid then went against the fills, by the time after them; above 0 is a cost.",
        "Al lado: cuánto fue después el precio medio en contra, según el tiempo transcurrido; sobre 0 es un coste.",
    ),
    "at_mid": ("at the mid", "al precio medio"),
    "spread": ("spread", "diferencial"),
    "fees_short": ("fees", "comisiones"),
    "funding_short": ("funding", "financiación"),
    "adverse": ("against the fills, bp", "en contra, pb"),
    "margin": ("Margin and liquidation", "Margen y liquidación"),
    "margin_text": (
        "Margin balance (thick) and wallet (thin); below, maintenance margin over margin balance: at 100 % the venue liquidates. Crosses are liquidations.",
        "Saldo de margen (grueso) y cartera (fino); debajo, margen de mantenimiento sobre saldo: al 100 % el mercado liquida. Las cruces son liquidaciones.",
    ),
    "balance": ("margin balance", "saldo de margen"),
    "wallet": ("wallet", "cartera"),
    "margin_ratio": ("margin ratio, %", "ratio de margen, %"),
    "wallet_end": ("Wallet at the end", "Cartera al final"),
    "ratio_max": ("Highest margin ratio", "Ratio de margen máximo"),
    "liquidation": ("liquidation", "liquidación"),
    "liquidations": ("Liquidations", "Liquidaciones"),
    "no_liquidations": ("No position was liquidated.", "No se liquidó ninguna posición."),
    "closed": ("Closed", "Cierre"),
    "held": ("Position", "Posición"),
    "long": ("long", "larga"),
    "short": ("short", "corta"),
    "quantity": ("Quantity", "Cantidad"),
    "price_of": ("Price", "Precio"),
    "mark": ("Mark price", "Precio de marca"),
    "bankruptcy": ("Bankruptcy price", "Precio de quiebra"),
    "to_fund": ("To the insurance fund", "Al fondo de seguro"),
    "refused": ("Refused orders", "Órdenes rechazadas"),
    "code": ("Code", "Código"),
    "says": ("What the venue says", "Lo que dice el mercado"),
    "leverage": ("Leverage, margin", "Apalancamiento, margen"),
    "cross": ("cross", "cruzado"),
    "isolated": ("isolated", "aislado"),
    "statistics": ("All statistics", "Todas las estadísticas"),
    "name": ("Statistic", "Estadística"),
    "value": ("Value", "Valor"),
    "meaning": ("Meaning", "Significado"),
    "all": ("All", "Todas"),
    "buy": ("Buys", "Compras"),
    "sell": ("Sells", "Ventas"),
    "unit": ("Unit", "Unidad"),
    "nothing": ("No order was filled, so there is nothing to draw.", "No se ejecutó ninguna orden: no hay nada que dibujar."),
    "footer": (
        "QBTC {version}. Times are UTC. A dash is a value that cannot be known, with the reason beside it; it is never 0.",
        "QBTC {version}. Horas en UTC. Una raya es un valor que no se puede conocer, con su motivo; nunca es 0.",
    ),
    "quote": ("quote", "cotización"),
    "base": ("base", "base"),
    "share": ("%", "%"),
    "n": ("count", "recuento"),
    "days": ("days", "días"),
    "bp": ("bp", "pb"),
    "net_long": ("Net profit", "Resultado neto"),
    "drawdown_long": ("Maximum drawdown", "Caída máxima"),
    "fees_long": ("Fees", "Comisiones"),
    "result_long": ("Net of turnover", "Neto de lo negociado"),
}  # fmt: skip

REASONS = {
    summary.FEW: "menos de dos periodos completos entre muestras",
    summary.FLAT: "el resultado no varía",
    summary.NO_LOSS: "no hay pérdida entre la que dividir",
    summary.NO_GAIN_LOSS: "ningún periodo con ganancia o pérdida",
    summary.NO_FILL: "ninguna ejecución",
    summary.NO_TRIP: "no se cerró ninguna operación",
    summary.NO_ORDER: "ninguna orden",
    summary.NO_HELD: "no se mantuvo nada",
    summary.NO_MID: "no se conoce el precio medio en ninguna de estas ejecuciones",
    summary.COARSE: "las muestras están más separadas",
    summary.NO_MAKER: "ninguna ejecución como creador",
    summary.NOT_ABOVE: "el ratio de Sharpe no supera 0",
    summary.NO_DRAWDOWN: "sin caída",
    summary.NOT_BACK: "el resultado no volvió a su máximo antes del final",
    summary.CORRELATED: "las autocorrelaciones no dejan varianza positiva",
    summary.NO_TAIL: "el cuantil del 5 % es 0",
    summary.NO_PRICE: "nunca se conoce el precio medio",
}


class Words:
    """The texts of one language. Raises ValueError for one that is not there."""

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"there is no report in {lang!r}; allowed: {', '.join(LANGUAGES)}")
        self.lang, self.at = lang, LANGUAGES.index(lang)

    def __call__(self, name: str, **values: object) -> str:
        text = TEXTS[name][self.at]
        return text.format(**values) if values else text

    def reason(self, english: str) -> str:
        return REASONS[english] if self.lang == "es" else english
