"""Blocks as a web page, for pictures: our own drawing of the blocks we send, not Slack's.

Widths, order, wrapping and what is behind a fold are as Slack documents them; colours and fonts
are approximations. A block that is not drawn here is an error, so that no picture hides one.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

Block = dict[str, Any]

_EMPTY = {"type": "plain_text", "text": ""}

COLOURS = ("#1264a3", "#2eb67d", "#ecb22e", "#e01e5a", "#9b5de5", "#616061")
HEIGHT, LEFT = 170, 56
WIDTHS = {"wide": 600, "narrow": 290}  # of a chart on a desktop and on a phone
_STYLE = """
body{margin:0;padding:20px 20px 8px;background:#fff;color:#1d1c1d;max-width:680px;
font:15px/22px Lato,"Noto Sans","DejaVu Sans",sans-serif}
.note{color:#868686;font-size:11px;margin-top:14px}
.message{display:flex;gap:10px;margin-bottom:14px}.face{flex:0 0 36px;height:36px;border-radius:8px;
background:#1d3557;color:#fff;font-weight:700;display:grid;place-items:center}
.person .face{background:#e8912d}.body{flex:1;min-width:0}.who{font-weight:900}
.who small{font-weight:400;color:#616061;font-size:12px;margin-left:6px}
.app{background:#e8e8e8;color:#454447;font-size:10px;border-radius:2px;padding:1px 3px;
margin-left:4px}
.section{margin:4px 0;white-space:pre-wrap}.header{font-size:18px;font-weight:900;margin:8px 0}
.context{font-size:12px;line-height:16px;color:#616061;margin:6px 0}
.divider{border-top:1px solid #ddd;margin:10px 0}
.rich ul{margin:2px 0 6px;padding-left:22px}.rich p{margin:4px 0;white-space:pre-wrap}
button{font:700 13px/18px inherit;font-family:inherit;background:#fff;border:1px solid #bbb;
border-radius:8px;padding:4px 11px;margin:3px 5px 3px 0;color:#1d1c1d}
button.primary{background:#007a5a;border-color:#007a5a;color:#fff}
button.danger{color:#e01e5a;border-color:#e01e5a}
.card{border:1px solid #ddd;border-radius:8px;margin:8px 0;overflow:hidden;max-width:640px}
.narrow{display:none}@media(max-width:520px){.wide{display:none}.narrow{display:block}
body{padding:12px 10px 8px}}
.carousel{display:flex;gap:10px;overflow:hidden;position:relative}
.more{position:absolute;right:6px;top:45%;width:26px;height:26px;border-radius:13px;
background:#fff;border:1px solid #bbb;display:grid;place-items:center;font-size:18px}
.one{flex:0 0 236px;padding:10px 12px;
display:flex;flex-direction:column;box-sizing:border-box}.title{font-weight:900}
.subtitle{color:#616061;font-size:13px;line-height:18px}.one .body{flex:1;font-size:14px;
line-height:20px;margin:6px 0;white-space:pre-wrap}
.card h4{margin:0;padding:8px 12px;font-size:13px;line-height:18px}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:18px}
td:first-child{min-width:96px}
td,th{border-top:1px solid #e4e4e4;padding:6px 10px;text-align:left;vertical-align:top}
th{background:#f8f8f8;font-weight:700}td.number,th.number{text-align:right;white-space:nowrap}
.pages{font-size:12px;color:#616061;padding:6px 12px;border-top:1px solid #e4e4e4}
.key{font-size:12px;padding:0 12px 8px}.key i{display:inline-block;width:10px;height:10px;
border-radius:2px;margin:0 4px 0 10px}
.axis{font-size:11px;color:#616061;padding:0 12px}
.thumb{font-size:12px;color:#616061;border:1px solid #ddd;border-radius:12px;padding:1px 9px;
margin-right:6px}svg{display:block;margin:2px 8px 6px}
svg text{font:11px Lato,"DejaVu Sans",sans-serif;fill:#616061}
input,textarea{font:inherit;width:100%;box-sizing:border-box;border:1px solid #868686;
border-radius:6px;padding:6px 10px}label{font-weight:700;display:block;margin:10px 0 4px}
"""


def page(messages: list[tuple[str, list[Block]]]) -> str:
    """A page of messages in order: who wrote each, and its blocks."""
    drawn = "".join(_message(who, blocks) for who, blocks in messages)
    return (
        f"<!doctype html><meta charset=utf-8><title>Segmentry</title><style>{_STYLE}</style>"
        f"{drawn}<p class=note>Drawn by Segmentry’s own tests from the blocks it sends; "
        "Slack’s fonts and colours differ.</p>"
    )


def _message(who: str, blocks: list[Block]) -> str:
    bot = who == "Segmentry"
    face = f"<div class=face>{escape(who[:1])}</div>"
    name = f"<span class=who>{escape(who)}{'<span class=app>APP</span>' if bot else ''}</span>"
    content = "".join(_DRAWN[block["type"]](block) for block in blocks)
    kind = "message" if bot else "message person"
    return f"<div class='{kind}'>{face}<div class=body>{name}{content}</div></div>"


def _text(text: Block) -> str:
    """Slack shows &amp; &lt; &gt; of plain text as what they stand for; so does HTML."""
    if text["type"] == "plain_text":
        return str(text["text"])
    code = str(text["text"]).split("```")
    return "".join(f"<pre>{part}</pre>" if n % 2 else part for n, part in enumerate(code))


def _section(block: Block) -> str:
    beside = _element(block["accessory"]) if "accessory" in block else ""
    fields = "".join(f"<div>{_text(field)}</div>" for field in block.get("fields", []))
    text = _text(block["text"]) if "text" in block else ""
    return f"<div class=section>{text}{fields}{beside}</div>"


def _context(block: Block) -> str:
    return f"<div class=context>{' '.join(map(_text, block['elements']))}</div>"


def _element(element: Block) -> str:
    if element["type"] == "feedback_buttons":
        sides = (element["positive_button"], element["negative_button"])
        marks = zip("✓✗", sides, strict=True)
        return "".join(f"<span class=thumb>{m} {_text(side['text'])}</span>" for m, side in marks)
    return f"<button class='{element.get('style', '')}'>{_text(element['text'])}</button>"


def _actions(block: Block) -> str:
    return f"<div>{''.join(map(_element, block['elements']))}</div>"


def _rich_text(block: Block) -> str:
    return f"<div class=rich>{''.join(map(_rich_part, block['elements']))}</div>"


def _rich_part(part: Block) -> str:
    if part["type"] == "rich_text_list":
        return f"<ul>{''.join(f'<li>{_runs(item)}</li>' for item in part['elements'])}</ul>"
    return f"<p>{_runs(part)}</p>"


def _runs(part: Block) -> str:
    return "".join(
        f"<b>{escape(run['text'])}</b>" if run.get("style", {}).get("bold") else escape(run["text"])
        for run in part["elements"]
    )


def _container(block: Block) -> str:
    """Drawn as the reader first sees it: folded."""
    return f"<div class=card><h4>▸ {_text(block['title'])}</h4></div>"


def _carousel(block: Block) -> str:
    cards = "".join(map(_card, block["elements"]))
    more = "<span class=more>›</span>" if len(block["elements"]) > 1 else ""
    return f"<div class=carousel>{cards}{more}</div>"


def _card(card: Block) -> str:
    parts = ("title", "subtitle", "body")
    texts = "".join(f"<div class={p}>{_text(card[p])}</div>" for p in parts if p in card)
    buttons = "".join(map(_element, card.get("actions", [])))
    return f"<div class='card one'>{texts}<div class=asks>{buttons}</div></div>"


def _data_table(block: Block) -> str:
    size, columns = block["page_size"], zip(*block["rows"], strict=True)
    numeric = [any(cell["type"] == "raw_number" for cell in column) for column in columns]

    def row(cells: list[Block], tag: str) -> str:
        return "".join(
            f"<{tag} class='{'number' if number else ''}'>{escape(cell['text'])}</{tag}>"
            for cell, number in zip(cells, numeric, strict=True)
        )

    rows = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in block["rows"][1 : 1 + size])
    more = len(block["rows"]) - 1 - size
    pages = f"<div class=pages>1 of {1 + -(-more // size)} pages</div>" if more > 0 else ""
    head = f"<tr>{row(block['rows'][0], 'th')}</tr>"
    caption = f"<h4>{escape(block['caption'])}</h4>"
    return f"<div class=card>{caption}<table>{head}{rows}</table>{pages}</div>"


def _table(block: Block) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell['text'])}</td>" for cell in row) + "</tr>"
        for row in block["rows"]
    )
    return f"<div class=card><table>{rows}</table></div>"


def _input(block: Block) -> str:
    element = block["element"]
    chosen = [*element.get("initial_options", []), element.get("initial_option")]
    texts = [_text(option["text"]) for option in chosen if option] or [
        element.get("initial_time", ""), _text(element.get("placeholder", _EMPTY))
    ]  # fmt: skip
    value = ", ".join(filter(None, texts))
    box = "<textarea rows=5></textarea>" if element.get("multiline") else f"<input value='{value}'>"
    return f"<label>{_text(block['label'])}</label>{box}"


def _chart(block: Block) -> str:
    chart = block["chart"]
    title = f"<h4>{escape(block['title'])}</h4>"
    if chart["type"] == "pie":
        return f"<div class=card>{title}{_pie(chart['segments'])}</div>"
    drawn = "".join(
        f"<div class={name}>{_plot(chart, width)}</div>" for name, width in WIDTHS.items()
    )
    key = "".join(
        f"<i style='background:{COLOURS[n % 6]}'></i>{escape(one['name'])}"
        for n, one in enumerate(chart["series"])
    )
    unit = chart["axis_config"].get("y_label")
    axis = f"<div class=axis>{escape(unit)}</div>" if unit else ""
    return f"<div class=card>{title}{axis}{drawn}<div class=key>{key}</div></div>"


def _plot(chart: Block, width: int) -> str:
    series = chart["series"]
    labels = chart["axis_config"]["categories"]
    values = [[point["value"] for point in one["data"]] for one in series]
    ticks = _ticks(chart["type"], values)
    top, low = ticks[-1], ticks[0]
    span = top - low

    def y(value: float) -> float:
        return 10 + (top - value) / span * HEIGHT

    step = (width - LEFT) / len(labels)
    marks = "".join(
        f"<line x1={LEFT} x2={width} y1={y(v):.1f} y2={y(v):.1f} stroke=#e4e4e4 />"
        f"<text x={LEFT - 6} y={y(v) + 4:.1f} text-anchor=end>{v:,.4g}</text>"
        for v in ticks
    )
    names = "".join(_label(label, LEFT + step * (n + 0.5), step) for n, label in enumerate(labels))
    draw = _bars if chart["type"] == "bar" else _lines
    shapes = draw(values, step, y)
    room = 78 if step < 40 else 18 + 12 * max(len(_wrapped(label, step)) for label in labels)
    return f"<svg width={width} height={HEIGHT + room}>{marks}{shapes}{names}</svg>"


def _ticks(kind: str, values: list[list[float]]) -> list[float]:
    """Round numbers around every value; bars begin at zero."""
    top, low = max(map(max, values)), min(map(min, values))
    if kind == "bar":
        top, low = max(top, 0.0), min(low, 0.0)
    rough = (top - low) / 4 or 1.0
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(n * scale for n in (1, 2, 2.5, 5, 10) if n * scale >= rough)
    first, last = math.floor(low / step), math.ceil(top / step)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


def _wrapped(label: str, step: float) -> list[str]:
    lines = [""]
    for word in label.split():
        if lines[-1] and len(f"{lines[-1]} {word}") * 6.2 > step:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _label(label: str, x: float, step: float) -> str:
    """A category under its mark: on several lines, or slanted where marks are close."""
    if step < 40:
        short = label if len(label) <= 11 else f"{label[:10]}…"
        place = f"x={x:.1f} y={HEIGHT + 20} transform='rotate(-45 {x:.1f} {HEIGHT + 20})'"
        return f"<text {place} text-anchor=end>{escape(short)}</text>"
    return "".join(
        f"<text x={x:.1f} y={HEIGHT + 24 + 12 * n} text-anchor=middle>{escape(line)}</text>"
        for n, line in enumerate(_wrapped(label, step))
    )


def _bars(values: list[list[float]], step: float, y: Any) -> str:
    width = step * 0.7 / len(values)
    return "".join(
        f"<rect x={LEFT + step * (n + 0.15) + width * s:.1f} y={min(y(v), y(0)):.1f} "
        f"width={width:.1f} height={abs(y(v) - y(0)):.1f} fill={COLOURS[s % 6]} rx=2 />"
        for s, one in enumerate(values)
        for n, v in enumerate(one)
    )


def _lines(values: list[list[float]], step: float, y: Any) -> str:
    return "".join(
        "<polyline fill=none stroke-width=2 stroke={} points='{}' />".format(
            COLOURS[s % 6],
            " ".join(f"{LEFT + step * (n + 0.5):.1f},{y(v):.1f}" for n, v in enumerate(one)),
        )
        for s, one in enumerate(values)
    )


def _pie(segments: list[Block]) -> str:
    total, start, drawn = sum(s["value"] for s in segments), 0.0, ""
    for n, segment in enumerate(segments):
        share = segment["value"] / total * 100
        colour = COLOURS[n % 6]
        drawn += (
            f"<circle r=40 cx=100 cy=90 fill=none stroke={colour} stroke-width=80 pathLength=100 "
            f"stroke-dasharray='{share} {100 - share}' stroke-dashoffset={-start} />"
            f"<rect x=220 y={20 + 22 * n} width=10 height=10 fill={colour} />"
            f"<text x=236 y={29 + 22 * n}>{escape(segment['label'])} ({share:.1f} %)</text>"
        )
        start += share
    return f"<svg width={WIDTHS['wide']} height=190>{drawn}</svg>"


_DRAWN = {
    "section": _section,
    "header": lambda block: f"<div class=header>{_text(block['text'])}</div>",
    "context": _context,
    "divider": lambda block: "<div class=divider></div>",
    "actions": _actions,
    "context_actions": _actions,
    "rich_text": _rich_text,
    "container": _container,
    "carousel": _carousel,
    "data_table": _data_table,
    "table": _table,
    "input": _input,
    "data_visualization": _chart,
}
