"""Papers in the language of typst: the few elements of HTML that they are made of."""

from __future__ import annotations

import re

from n1trial import __version__
from n1trial.pack.papers.markup import Node, parse

DASHED = '(thickness: 0.8pt, dash: "dashed")'
SIZES = {
    "huge": '24pt, weight: "bold"',
    "big": '16pt, weight: "bold"',
    "small": "10pt",
    "question": '14pt, weight: "bold"',
    "intro-small": "10pt",
    "weekly-small": "10pt",
}
LINES = {"weekly": "6.6mm", "intro": "5.2mm", "question": "6.6mm", "intro-small": "4.4mm", "weekly-small": "5.2mm"}
"""Height of a line, where it is the same in HTML and PDF."""
SPANS = ("colspan", "rowspan")
BLANKS = {"wide": "60mm", "field": "22mm", "short": "16mm", "scant": "13mm"}
SKIPPED = ("style", "title", "head")
SKIPPED_CLASSES = ("screen", "watermark")
"""What is for the screen alone, or is set behind the page by `PAGE`."""
PAGE = """\
#set document(title: {title}, date: datetime(year: 2000, month: 1, day: 1))
#set page(width: 210mm, height: 279mm, margin: (x: 14mm, y: 17mm),
  background: rotate(-50deg, text(30pt, fill: luma(220), weight: "bold")[#{banner}]),
  header: text(8pt)[#{title} #h(1fr) #strong[#{banner}] #h(1fr) #{patient}],
  footer: context text(8pt)[#text(5.5pt)[#{check}] #h(1fr) #{version} #{page} #counter(page).display("1") #{of} \
#counter(page).final().first()])
#set text(font: "n1trial Paper", size: 12pt, lang: {language})
#set par(leading: 0.55em, spacing: 0.8em)
#set table(stroke: 0.6pt, inset: 4pt)
#show heading: set block(above: 1.1em, below: 0.5em)
#show heading.where(level: 1): set text(17pt)
#show heading.where(level: 2): set text(13pt)
#show heading.where(level: 3): set text(12pt)
"""
"""A page that fits on A4 and on Letter paper alike, with what stands on each. PDF/A asks for a date:
it is always the same."""


def to_typst(html: str) -> str:
    """Write the text of a paper in the language of typst."""
    root = parse(html)
    (page,) = root.all("html")
    meta = {
        node.attributes["name"]: node.attributes["content"] for node in root.all("meta") if "name" in node.attributes
    }
    texts = {
        name: _quote(meta[f"paper-{name}"]) for name in ("title", "banner", "patient", "check", "page", "of")
    }  # fmt: skip
    head = PAGE.format(
        **texts, language=_quote(page.attributes.get("lang", "en")), version=_quote(f"n1trial {__version__} · ")
    )
    (body,) = root.all("body")
    return head + _blocks(body)


def _blocks(node: Node) -> str:
    """Set all that is within an element."""
    return "".join(_text(child) if isinstance(child, str) else _set(child) for child in node.children)


def _set(node: Node) -> str:
    """Set one element."""
    if node.tag in SKIPPED or set(node.classes) & set(SKIPPED_CLASSES):
        return ""
    inner = "" if node.tag in ("table", "ul", "ol") else _blocks(node)
    match node.tag:
        case "h1" | "h2" | "h3":
            return f"\n#heading(level: {node.tag[1]})[{inner}]\n"
        case "p":
            return _paragraph(node, inner)
        case "ul" | "ol":
            items = ", ".join(_in(_blocks(item)) for item in node.children if isinstance(item, Node))
            return f"\n#{'list' if node.tag == 'ul' else 'enum'}({items})\n"
        case "table":
            return _table(node)
        case "section":
            return f"\n#pagebreak(weak: true)\n{inner}\n"
        case "div" if "panel" in node.classes:
            height, stroke = ("84mm", "none") if "cover" in node.classes else ("76mm", f"(top: {DASHED})")
            return f"\n#block(height: {height}, width: 100%, stroke: {stroke}, inset: (top: 2.5mm)){_in(inner)}\n"
        case "div":
            stroke = DASHED if "cut" in node.classes else "1.2pt"
            width = "92mm" if "card" in node.classes else "100%"
            return f"\n#block(stroke: {stroke}, inset: 9pt, width: {width}, breakable: false){_in(inner)}\n"
        case "span" if "blank" in node.classes:
            width = next((width for name, width in BLANKS.items() if name in node.classes), "28mm")
            return f"#box(width: {width}, height: 0.9em, stroke: (bottom: 0.6pt))"
        case "span" if "tick" in node.classes:
            return "#h(1mm)#box(width: 3.6mm, height: 3.6mm, stroke: 0.8pt, baseline: 0.5mm)#h(1mm)"
        case "span" if "mark" in node.classes:
            size = f"width: {'38mm' if 'own' in node.classes else 'mark-wide'}, height: mark-high"
            shown = f'#text(14pt, weight: "bold"){_in(inner)}'
            return f"#box({size}, stroke: 1pt, baseline: 30%)[#align(center + horizon){_in(shown)}]#h(0.8mm)"
        case "span" if "item" in node.classes:
            return f"#box{_in(inner)}#h(2mm, weak: true)"
        case "span" if "choice" in node.classes:
            return f"#box{_in(inner)}"
        case "strong":
            return f"#strong{_in(inner)}"
        case "em":
            return f"#underline{_in(inner)}"
        case "br":
            return "#linebreak()"
    raise ValueError(f"papers have no <{node.tag}>")


def _length(node: Node, name: str) -> str:
    """Return the length that a style of an element gives."""
    found = re.search(rf"{name}: ([0-9.]+(?:mm|pt))", node.attributes.get("style", ""))
    if found is None:
        raise ValueError(f"<{node.tag}> has no {name}")
    return found[1]


def _lead(height: str) -> str:
    """Set lines of one height, whatever stands in them."""
    return f"#set text(top-edge: 0.7 * {height}, bottom-edge: -0.3 * {height});#set par(leading: 0pt, spacing: 0pt);"


def _paragraph(node: Node, inner: str) -> str:
    if "hatch" in node.classes:
        set_as = "#set par(leading: 0.36em);"
        return f"\n#block(breakable: false)[{set_as}{inner}]\n"
    leading = next((_lead(height) for name, height in LINES.items() if name in node.classes), "")
    size = next((how for name, how in SIZES.items() if name in node.classes), "1em")
    around = ", above: 0.5mm, below: 1mm" if leading else ""
    return f"\n#block(breakable: true{around})[{leading}#text({size}){_in(inner)}]\n"


def _table(node: Node) -> str:
    """Set a table, its head repeated on every page."""
    rows = list(node.all("tr"))
    if "labels" in node.classes:
        cells = ", ".join(f"grid.cell(breakable: false){_in(_blocks(cell))}" for row in rows for cell in _cells(row))
        return f"\n#text(10pt)[#grid(columns: (1fr, 1fr), gutter: 3mm, inset: 3mm, stroke: {DASHED}, {cells})]\n"
    if "day" in node.classes:
        return _day(node, *rows)
    is_head = {id(row) for head in node.all("thead") for row in head.all("tr")}
    head = "".join(_row(row) for row in rows if id(row) in is_head)
    body = "".join(_row(row) for row in rows if id(row) not in is_head)
    height = "" if "fill" not in node.classes else ", rows: (auto, 9.5mm)" if head else ", rows: 9.5mm"
    if "half" in node.classes:
        height = ", inset: (x: 4pt, y: 2.6mm)"  # some lines of text, and yet room to write
    header = f"table.header({head})," if head else ""
    size = "10pt" if "small" in node.classes else "1em"
    made = f"#text({size})[#table(columns: ({_widths(node, rows)}){height}, {header}{body})]"
    return f"\n#block(breakable: {'false' if 'keep' in node.classes else 'true'}){_in(made)}\n"


def _day(node: Node, top: Node, under: Node) -> str:
    """Set a day of the diary: its date, scores and doses in a row, and lines to write on below."""
    cells = [_in(f"#text(12pt){_in(_blocks(cell))}") for cell in _cells(top)]
    cells[0] = _in(f"#strong{cells[0]}")
    columns, height = ("27mm, 1fr, auto"[: None if len(cells) > 2 else -6]), _length(top, "height")
    row = f"#grid(columns: ({columns}), rows: {height}, align: left + horizon, {', '.join(cells)})"
    to_write = _lead(_length(node, "line-height")) + _blocks(_cells(under)[0])
    lines = f"#block(spacing: 0pt, inset: (bottom: 0.5mm)){_in(to_write)}"
    sizes = f"#let mark-wide = {_length(node, '--wide')};#let mark-high = {_length(node, '--high')};"
    made = f"#text({_length(node, 'font-size')}){_in(sizes + row + lines)}"
    around = f"above: 0pt, below: {_length(node, 'margin-bottom')}"
    return f"\n#block(width: 100%, stroke: 1.4pt, inset: (x: 1.5mm), {around}, breakable: false){_in(made)}\n"


def _widths(node: Node, rows: list[Node]) -> str:
    """Return each column's width: as wide as what is in it, and the rest of the page for what is to be written."""
    if "half" in node.classes:
        return "1.2fr, 1fr,"
    cells = [_cells(row) for row in rows if not any(set(SPANS) & set(cell.attributes) for cell in _cells(row))]
    columns = range(max(map(len, cells)))
    to_write = [all(not row[n].children for row in cells if n < len(row) and row[n].tag == "td") for n in columns]
    wide = [any("wide" in row[n].classes for row in cells if n < len(row)) for n in columns]
    return ", ".join(("2.5fr" if wide[n] else "1fr") if to_write[n] else "auto" for n in columns) + ","


def _row(row: Node) -> str:
    return "".join(f"{_cell(cell)}," for cell in _cells(row))


def _cells(row: Node) -> list[Node]:
    return [cell for cell in row.children if isinstance(cell, Node)]


def _cell(cell: Node) -> str:
    inner = _blocks(cell)
    if cell.tag == "th":
        inner = f"#strong{_in(inner)}"
    spans = ", ".join(f"{name}: {cell.attributes.get(name, '1')}" for name in SPANS)
    return f"table.cell({spans}){_in(inner)}"


def _in(inner: str) -> str:
    return f"[{inner}]"


def _text(text: str) -> str:
    """Set running text: white space folded, and nothing in it taken for markup."""
    if not text.strip():
        return " " if text else ""
    before, after = (" " if text[place].isspace() else "" for place in (0, -1))
    return f"{before}#{_quote(' '.join(text.split()))};{after}"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
