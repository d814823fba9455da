"""What a result means, in Spanish: of each method one sentence from its numbers alone, as the English `words` beside them.

A sentence here says what the English one of the domain says, with the same numbers to the same places; numbers carry the
decimal comma.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Result = Mapping[str, Any]
SURE = 0.05
ERRORS = {"normal": "normales", "t": "t de Student", "skewt": "t asimétrica"}
METHODS_OF_RISK = {
    "historical": "histórico", "filtered": "filtrado", "garch": "GARCH", "evt": "valores extremos",
    "cornish-fisher": "Cornish-Fisher",
}  # fmt: skip
STATISTICS = {
    "mean": "La media", "deviation": "La desviación", "median": "La mediana", "sharpe": "El ratio de Sharpe",
    "skewness": "La asimetría", "quantile_05": "El cuantil del 5 %",
}  # fmt: skip
COPULAS = {"gaussian": "gaussiana", "t": "t", "clayton": "de Clayton", "gumbel": "de Gumbel", "frank": "de Frank"}
ZONES = {"green": "verde", "yellow": "amarilla", "red": "roja"}


def _n(value: Any, form: str = ".4g") -> str:
    """A number as Spanish writes it; `form` as in the English sentence."""
    return "desconocido" if value is None else f"{value:{form}}".replace("%", " %").replace(".", ",")


def _p(test: Result) -> str:
    p = test["p_value"]
    return "p desconocida" if p is None else f"p = {_n(p, '.3g')}" if p >= 0.001 else "p < 0,001"


def _rejected(test: Result) -> bool:
    return test["p_value"] is not None and test["p_value"] < SURE


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _garch(found: Result) -> str:
    fit, ahead = found["fit"], found["forecast"]
    spec, left, life = fit["spec"], fit["diagnostics"]["squares"], fit["half_life"]
    lasting = (
        "los choques no se desvanecen" if life is None else f"la mitad de un choque se va en {_n(life, '.1f')} periodos"
    )
    enough = "queda volatilidad agrupada sin explicar" if _rejected(left) else "no queda volatilidad agrupada"
    variances = ahead["variance"]
    return (
        f"{spec['family'].upper()} con errores {ERRORS[spec['errors']]}: persistencia {_n(fit['persistence'], '.4f')}, "
        f"{lasting}; {enough} ({_p(left)}). La desviación del próximo rendimiento es {_n(variances[0] ** 0.5)}, en "
        f"{len(variances)} periodos {_n(variances[-1] ** 0.5)}; el próximo rendimiento está en "
        f"[{_n(ahead['low'][0])}; {_n(ahead['high'][0])}] con probabilidad {_n(ahead['level'], 'g')}."
    )


def _rolling(found: Result) -> str:
    slopes = found["slope"]
    settled = sum(s is not None and s < 1e-5 for s in slopes) / len(slopes)
    return (
        f"{_many(len(slopes), 'ajuste', 'ajustes')} sobre ventanas de {found['window']} valores; el {_n(settled, '.1%')} "
        "alcanzó un máximo de la verosimilitud."
    )


def _realised(found: Result) -> str:
    seen = "es probable un salto" if _rejected(found["jump"]) else "no se ve ningún salto"
    size = _n(found["variance"]["value"] ** 0.5)
    return f"La volatilidad realizada de {found['n']} rendimientos es {size}; {seen} ({_p(found['jump'])})."


def _har(found: Result) -> str:
    ahead = max(found["forecast"]["value"] or 0.0, 0.0) ** 0.5
    next_ = _many(found["horizon"], "periodo", "periodos")
    return (
        f"{found['kind'].upper()}{' en logaritmos' if found['logs'] else ''} explica el {_n(found['r2'], '.0%')} de la "
        f"varianza a {next_}; se espera una volatilidad de {_n(ahead)}."
    )


def _regimes(found: Result) -> str:
    now, about = found["now"], _about_regimes(found)
    if found["count"] == 1:
        return f"{about} Media {_n(found['means'][0])}, desviación {_n(found['deviations'][0])}."
    here = max(range(len(now)), key=now.__getitem__)
    means, deviations, lasts = ("; ".join(map(_n, found[k])) for k in ("means", "deviations", "durations"))
    return (
        f"{about} Medias {means}, desviaciones {deviations}; duran {lasts} periodos. Ahora: régimen {here} con probabilidad "
        f"{_n(now[here], '.0%')}."
    )


def _about_regimes(found: Result) -> str:
    """What the criterion says of the number of regimes."""
    count, named = found["count"], _many(found["count"], "régimen", "regímenes")
    tried = {int(k): bic for k, bic in found["tried"].items() if bic is not None}
    worse = {k: bic - tried[count] for k, bic in tried.items() if k != count}
    if found["chosen"]:
        others = ", ".join(f"{k} {'es' if k == 1 else 'son'} {_n(gap)} peor{'' if k == 1 else 'es'}" for k, gap in worse.items())
        return f"El BIC elige {named}: {others}."
    if count == 1:
        return f"{named}, como se pidió."
    if worse[1] > 0:
        return f"{named}, como se pidió; según el BIC 1 es {_n(worse[1])} peor."
    return f"{named}, como se pidió, pero no se muestran regímenes: según el BIC 1 es {_n(-worse[1])} mejor."


def _changepoints(found: Result) -> str:
    places, parts = found["places"], found["means"]
    last = f"; el último empezó en el valor {places[-1]}, hace {found['n'] - places[-1]} valores" if places else ""
    changes = _many(len(places), "cambio", "cambios")
    return f"{changes}, es decir, {_many(len(parts), 'tramo', 'tramos')}{last}."


def _unit_roots(found: Result) -> str:
    root, level = (not _rejected(found["tests"][name]) for name in ("adf", "kpss"))
    said = {
        (False, True): "vuelve a su nivel: se rechaza la raíz unitaria y no la estacionariedad",
        (True, False): "vaga: no se rechaza la raíz unitaria y sí la estacionariedad",
        (True, True): "no lo dice: no se rechaza ni la raíz unitaria ni la estacionariedad",
        (False, False): "contradice ambas: se rechazan la raíz unitaria y la estacionariedad, como con memoria larga o rupturas",
    }[root, level]
    around = {"c": "una constante", "ct": "una constante y una tendencia"}[found["trend"]]
    return f"En torno a {around} la serie {said} (5 %, ADF y KPSS)."


def _cointegration(found: Result) -> str:
    shown = "están cointegradas" if _rejected(found["engle_granger"]) else "no se muestran cointegradas"
    life = found["half_life"]
    back = "" if life is None else f"; el diferencial pierde la mitad de su distancia en {_n(life, '.1f')} periodos"
    relations = _many(found["johansen"]["rank"], "relación", "relaciones")
    return f"Según Engle-Granger las series {shown} (5 %); la traza de Johansen halla {relations}{back}."


def _hurst(found: Result) -> str:
    e = found["exponent"]
    memory = "no se muestra memoria"
    if _rejected(found["memory"]):
        more = e["value"] > found["baseline"]
        memory = "los movimientos tienden a continuar" if more else "los movimientos tienden a revertir"
    low, high = _n(e["low"], ".3f"), _n(e["high"], ".3f")
    return f"El exponente es {_n(e['value'], '.3f')} ({low} a {high}); {memory} ({_p(found['memory'])})."


def _bootstrap(found: Result) -> str:
    e = found["estimate"]
    between = (
        "sin intervalo: demasiados sorteos de sus bloques no tienen varianza"
        if e["low"] is None
        else f"con una confianza del {_n(e['level'], '.0%')} entre {_n(e['low'])} y {_n(e['high'])}"
    )
    return f"{STATISTICS[found['statistic']]} de {found['n']} valores es {_n(e['value'])}, {between}."


def _risk(found: Result) -> str:
    return (
        f"Con probabilidad {_n(found['level'], 'g')} la próxima pérdida es como mucho "
        f"{_n(found['value_at_risk']['value'])} ({METHODS_OF_RISK[found['method']]}); más allá la pérdida es "
        f"{_n(found['expected_shortfall']['value'])} de media."
    )


def _risk_backtest(found: Result) -> str:
    cluster = ", y se agrupan" if _rejected(found["independence"]) else ""
    severe = ""
    if found["z2"]["statistic"] is not None:
        how = "peores de lo previsto" if _rejected(found["z2"]) else "acordes con lo previsto"
        severe = f"; las pérdidas más allá son {how}"
    return (
        f"{_many(found['breaches'], 'exceso', 'excesos')} donde se esperaban {_n(found['expected'], '.1f')}: zona "
        f"{ZONES[found['zone']['name']]}{cluster}{severe}."
    )


def _copula(found: Result) -> str:
    fit = found["fit"]
    verdict = "no se contrastó"
    if fit["p_value"] is not None:
        verdict = f"{'se rechaza' if _rejected(fit) else 'encaja'} ({_p(fit)})"
    return (
        f"Tau de Kendall {_n(found['kendall'], '.3f')}; la cópula {COPULAS[found['family']]} {verdict}; dependencia de "
        f"cola {_n(found['lower_tail'], '.3f')} por abajo y {_n(found['upper_tail'], '.3f')} por arriba."
    )


def _extremes(found: Result) -> str:
    shape, levels = found["parameters"]["shape"], found["levels"]
    tail = "la cola puede ser exponencial"
    if shape["low"] is not None and shape["low"] > 0:
        tail = "la cola es pesada"
    elif shape["high"] is not None and shape["high"] < 0:
        tail = "la cola termina"
    basis = f"{found['used']} picos por encima de {_n(found['threshold'])}"
    if found["method"] == "gev":
        basis = f"{found['used']} máximos de {found['block']} valores"
    far = ""
    if levels:
        last = levels[-1]["level"]
        far = (
            f"; una vez en {_n(levels[-1]['period'], 'g')} valores se supera {_n(last['value'])} ({_n(last['low'])} a "
            f"{_n(last['high'])})"
        )
    low, high = _n(shape["low"], ".3f"), _n(shape["high"], ".3f")
    return f"De {basis}: forma {_n(shape['value'], '.3f')} ({low} a {high}), {tail}{far}."


def _sharpe(found: Result) -> str:
    tried = found["trials"]
    best = f"como el mejor de {_n(tried, 'g')} {'ensayo' if tried == 1 else 'ensayos'}"
    return (
        f"Un ratio de Sharpe anual de {_n(found['annual']['value'], '.2f')} en {found['n']} periodos es mayor que 0 con "
        f"probabilidad {_n(found['probabilistic'], '.1%')}; {best}, que alcanzaría {_n(found['expected_maximum'], '.2f')} "
        f"sin habilidad, con {_n(found['deflated'], '.1%')}."
    )


def _pbo(found: Result) -> str:
    share = found["probability"]
    verdict = "la elección significa poco" if share > 0.5 else "la elección se mantiene" if share < 0.1 else "cuidado"
    splits = len(found["logits"])
    return (
        f"En el {_n(share, '.0%')} de {splits} divisiones el mejor ensayo quedó por debajo de la mediana fuera de la "
        f"muestra: {verdict}."
    )


def _spa(found: Result) -> str:
    better = ", ".join(map(str, found["better"]))
    said = f"mejores: {better}" if better else "de ninguno se muestra que sea mejor"
    return (
        f"El mejor de {found['models']} es el modelo {found['best']}; contando la búsqueda {_p(found['spa'])}, y {said} "
        f"(por pasos, {_n(found['level'], '.0%')})."
    )


def _bayes(found: Result) -> str:
    sure = [
        name for name, e in found["coefficients"].items() if name != "constant" and (e["low"] > 0 or e["high"] < 0)
    ]
    which = f"{', '.join(sure)} claramente distinto de 0" if sure else "ningún coeficiente es claramente distinto de 0"
    factor = found["against_nothing"]
    side = "a favor" if factor > 0 else "en contra"
    return (
        f"R2 {_n(found['r2'], '.3f')}; {which}. Los datos hablan {side} de los regresores: factor de Bayes "
        f"e^{_n(factor, '.1f')} frente a solo una constante."
    )


def _compare(found: Result) -> str:
    better = "de ninguna previsión se muestra que sea mejor"
    if _rejected(found):
        better = f"la {'primera' if found['difference'] < 0 else 'segunda'} previsión es mejor"
    return f"Diferencia media de pérdidas {_n(found['difference'])}: {better} ({_p(found)})."


SENTENCES: Mapping[str, Callable[[Result], str]] = {
    "garch": _garch, "garch-rolling": _rolling, "realised": _realised, "har": _har, "regimes": _regimes,
    "changepoints": _changepoints, "unit-roots": _unit_roots, "cointegration": _cointegration, "hurst": _hurst,
    "bootstrap": _bootstrap, "risk": _risk, "risk-backtest": _risk_backtest, "copula": _copula, "extremes": _extremes,
    "sharpe": _sharpe, "pbo": _pbo, "spa": _spa, "bayes": _bayes, "compare": _compare,
}  # fmt: skip


def sentence(method: str, result: Result) -> str:
    """The Spanish words of a result as `domain.statistics.result.plain` makes it."""
    return SENTENCES[method](result)
