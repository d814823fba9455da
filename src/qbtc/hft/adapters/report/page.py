"""The skeleton of a report and its style: one file, no network, no script; light and dark by the reader's system."""

from __future__ import annotations

from html import escape

STYLE = """
:root{color-scheme:light dark;--ground:#f6f7f9;--panel:#fff;--ink:#1b2130;--muted:#5a6478;--grid:#dde1e9;--soft:#eceff5;
--accent:#4450c9;--up:#0b7a6f;--down:#c2410c;--warn-ground:#fdf3e1;--warn:#8a4b08}
@media(prefers-color-scheme:dark){:root{--ground:#10131a;--panel:#181c26;--ink:#e7eaf1;--muted:#98a2b6;--grid:#2b3141;
--soft:#222838;--accent:#98a3ff;--up:#35c4b2;--down:#ff9160;--warn-ground:#2d2413;--warn:#f0be6b}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:14px/1.5 Inter,system-ui,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1104px;margin:0 auto;padding:32px 16px 48px}
h1{font-size:28px;line-height:1.2;margin:0 0 8px;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:16px;margin:0 0 4px;font-weight:650}
h3{font-size:13px;margin:24px 0 8px;font-weight:600;color:var(--muted)}
p{margin:0 0 8px}p,li,td.text{text-wrap:pretty}p,li,summary{overflow-wrap:anywhere}.state{font-size:16px;color:var(--muted);max-width:75ch}
section{background:var(--panel);border:1px solid var(--grid);border-radius:6px;padding:16px;margin-top:16px}
section>p{color:var(--muted);max-width:90ch}
.keys{display:grid;grid-template-columns:repeat(6,1fr);gap:1px;margin-top:24px;background:var(--grid);border:1px solid var(--grid);
border-radius:6px;overflow:hidden}
.keys div{background:var(--panel);padding:12px 16px;min-width:0}
.keys dt,.keys small{display:block;font-size:12px;color:var(--muted)}.keys dl,.keys dd{margin:0}
.keys dd{font-size:20px;font-weight:600;overflow-wrap:anywhere}
.up{color:var(--up)}.down{color:var(--down)}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 32px}.columns>*{min-width:0}
ul{margin:0;padding-left:20px}li{margin-bottom:6px;max-width:80ch}
.cautions{background:var(--warn-ground);border-radius:6px;padding:12px 16px}.cautions h3{margin-top:0;color:var(--warn)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:6px 16px 6px 0;border-bottom:1px solid var(--grid);vertical-align:top;font-weight:400}
tr:last-child>*{border-bottom:0}thead th{font-size:12px;color:var(--muted)}
td.number,th.number{text-align:right;white-space:nowrap}td.number:last-child,th.number:last-child{padding-right:0}
td.text,small{color:var(--muted)}td.unit{color:var(--muted);white-space:nowrap}
table.facts th{color:var(--muted);width:38%}table.facts td{overflow-wrap:anywhere}
table.list,table.sided.wide{table-layout:fixed}
table.list th:first-child{width:28%}table.list th:nth-child(2){width:17%}table.list th:nth-child(3){width:9%}
table.compared{table-layout:fixed}table.compared .number{white-space:normal;overflow-wrap:anywhere}table.compared th:first-child{width:30%}
table.sided.wide th:first-child{width:25%}table.sided.wide th.number{width:13%}
.scroll{overflow-x:auto}
details{margin-top:8px}summary{cursor:pointer;color:var(--muted);padding:4px 0}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.chart{margin-top:8px}.chart svg{display:block;width:100%;height:auto}.chart.narrow{display:none}
.chart text{font-family:inherit!important;font-variant-numeric:tabular-nums}
.chart svg *{stroke-linejoin:round}
footer{margin-top:24px;color:var(--muted);font-size:12px}
@media(max-width:900px){.keys{grid-template-columns:repeat(3,1fr)}}
@media(max-width:640px){main{padding:16px 8px 32px}section{padding:12px 8px}h1{font-size:20px}.state{font-size:14px}
.keys{grid-template-columns:1fr 1fr}.keys div{padding:8px 12px}.keys dd{font-size:16px}.columns{grid-template-columns:1fr}
.chart.wide{display:none}.chart.narrow{display:block}
table.list,table.list tbody,table.list tr,table.list th,table.list td{display:block}
table.list thead{display:none}table.list tr{display:grid;grid-template-columns:1fr auto auto;gap:0 6px;padding:6px 0;border-bottom:1px solid var(--grid)}
table.list th:first-child{width:auto}table.list th,table.list td{border:0;padding:0}table.list td.text{grid-column:1/-1;font-size:12px}
table.sided.wide{table-layout:auto}table.sided td.text,table.sided thead th.text{display:none}}
@media print{body{background:#fff}section{break-inside:avoid}}
"""


def page(title: str, body: str, lang: str) -> str:
    """A whole document."""
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def section(title: str, *parts: str) -> str:
    """A panel; nothing when all of its parts are nothing."""
    inner = "\n".join(part for part in parts if part)
    return f"<section>\n<h2>{escape(title)}</h2>\n{inner}\n</section>" if inner else ""


def text(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def bullets(items: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def facts(rows: list[tuple[str, str]]) -> str:
    """A table of names and plain values."""
    body = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    return f'<table class="facts"><tbody>{body}</tbody></table>'


def hidden(title: str, inner: str) -> str:
    """Folded until it is asked for."""
    return f'<details><summary>{escape(title)}</summary><div class="scroll">{inner}</div></details>'
