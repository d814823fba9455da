"""The report of a backtest: HTML, JSON and Parquet.

    from qbtc.hft.adapters.report import write_html
    write_html(result, "report.html", lang="es")

    page     skeleton and style          html     one result        compare  several side by side, legs
    charts   what is drawn               svg      how it is drawn for both themes and two widths
    tables   statistics as tables        files    JSON and Parquet  texts, decimals  words and numbers of a language
"""

from .compare import compare_html, legs_html
from .files import document, write_json, write_parquet
from .html import write_html

__all__ = ["compare_html", "document", "legs_html", "write_html", "write_json", "write_parquet"]
