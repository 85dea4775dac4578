"""Guides in a terminal: the list, a whole guide, one step of it. Decides nothing.

Every text of a guide is shown as it stands, never read as markup: a guide may be anybody's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coach.guide import Guide, Item, KnownGuide, Step
from coach.mapping import addressed
from coach.render.visible import visible

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.text import Text

_PRODUCES = {
    "statements": "statements",
    "responsibilities": "a ranked list of responsibilities",
    "success": "success definitions: what, how one will know, when",
    "autonomy": "a map of who decides what",
    "development": "strengths, lessons and one to three goals",
    "needs": "the needs of both sides",
}
_ORIGIN = {"source": "named so in the source", "ours": "our name for it", "user": ""}


def guide_list(known: Sequence[KnownGuide]) -> Group:
    """Every guide by the name to type, with its title, where it stands and whose work it is."""
    from rich.console import Group
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 1))
    table.add_column(no_wrap=True)
    table.add_column()
    for guide in known:
        about = [_text(guide.title or "not valid", "bold" if guide.title else "red")]
        if guide.source:
            about.append(_text(guide.source, "dim"))
        if guide.where != "bundled":
            about.append(_text(f"your own: {guide.where}", "dim"))
        if guide.fault:
            about.append(_text(guide.fault, "red"))
        table.add_row(_text(guide.name, "bold cyan"), Group(*about))
    more = "coach guide NAME shows one; a file of your own is given by its path."
    return Group(table, _text(""), _text(f" {more}", "dim"))


def guide_view(guide: Guide) -> Group:
    """The whole guide: what it is for, its steps with their items, its ranges, its source."""
    from rich.console import Group

    parts: list[RenderableType] = [_text(guide.title, "bold")]
    parts += [_set_in(text, 1) for text in (guide.about, guide.cadence) if text]
    if guide.principles:
        parts.append(_rows([("-", text) for text in guide.principles], 1, gap=1))
    for number, step in enumerate(guide.steps, 1):
        parts += [_text(""), _title(step, f"{number}. ")]
        if step.objective:
            parts.append(_set_in(step.objective, 3))
        parts.append(_items(step))
    return Group(*parts, *_ranges(guide), *_source(guide))


def step_view(guide: Guide, step_id: str) -> Group:
    """One step in full: each item with its question and examples, and what the step produces."""
    from rich.console import Group

    step = guide.step(step_id)
    parts: list[RenderableType] = [_title(step, "")]
    if step.objective:
        parts.append(_set_in(step.objective, 1))
    for item in step.items:
        parts += [_text(""), _rows([(_short_id(item), item.text)], 1)]
        told = [
            ("ask", addressed(item.question, None)),
            *(("like", example) for example in item.examples),
        ]
        parts.append(_rows(told, 3, style="dim"))
    made = [("produces", step.result or _PRODUCES[step.produces])]
    if step.heading != step.title:
        made.append(("in the plan", step.heading))
    parts += [_text(""), _rows(made, 1)]
    return Group(*parts, *(_ranges(guide) if step.produces == "autonomy" else []), *_source(guide))


def _title(step: Step, number: str) -> Text:
    head = _text(f"{number}{step.title}", "bold")
    head.append(f"  ({visible(step.id)})", style="cyan")
    return head


def _items(step: Step) -> RenderableType:
    """Each item by its id, with what it asks for and the question that would bring it up."""
    from rich.padding import Padding
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for item in step.items:
        told = _text(item.text)
        told.append(f"\n{visible(addressed(item.question, None))}", style="italic dim")
        table.add_row(_text(_short_id(item), "cyan"), told)
    return Padding(table, (0, 0, 0, 3))


def _short_id(item: Item) -> str:
    return item.id.partition(".")[2]


def _ranges(guide: Guide) -> list[RenderableType]:
    if not any(step.produces == "autonomy" for step in guide.steps):
        return []
    rows = []
    for known in guide.ranges:
        origin = _ORIGIN[known.origin]
        rows.append((known.label, f"{known.meaning} ({origin})" if origin else known.meaning))
    return [_text(""), _text("Ranges of decision freedom", "bold"), _rows(rows, 3)]


def _source(guide: Guide) -> list[RenderableType]:
    return [_text(""), _text(f"Source: {guide.source}", "dim")]


def _set_in(text: str, by: int) -> RenderableType:
    from rich.padding import Padding

    return Padding(_text(text), (0, 0, 0, by))


def _rows(
    rows: Sequence[tuple[str, str]], by: int, *, gap: int = 2, style: str = ""
) -> RenderableType:
    """Rows of a name and a text that wraps beside it, set in."""
    from rich.padding import Padding
    from rich.table import Table

    table = Table.grid(padding=(0, gap, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, text in rows:
        table.add_row(_text(name, style or "cyan"), _text(text))
    return Padding(table, (0, 0, 0, by))


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(visible(text), style=style)
