"""An evaluation in the terminal: scores with intervals, gates, what did not hold; two runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coach.evaluation.record import Comparison, Difference, Report, Score
from coach.render.evaluation_figures import (
    cautions,
    facts,
    failed_checks,
    gate_name,
    interval,
    judged_facts,
    run_text,
    shortened,
    written,
)
from coach.render.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 20
"""Expectations that failed, and cases that changed, that are told; JSON holds all."""
_STYLE = {"better": "green", "worse": "bold red", "same": "dim", "cannot tell": "yellow"}


def print_report(report: Report, console: Console, *, whole: bool = False) -> None:
    """The report, 80 columns and up; colour never says it alone.

    Of a suite that is counted in several parts only the gated figures, unless it is ``whole``.
    """
    from rich.text import Text

    scores = report.scores if whole else _gated(report)
    for part, own in _parts(scores):
        if part is not None:
            console.print(Text(f" {part}", style="bold"))
        console.print(_scores_table(own))
    left = sum(one.listed for one in report.scores) - sum(one.listed for one in scores)
    if left:
        console.print(Text(f" and {left} figures that no gate is about: --all", style="dim"))
    failed = [*failed_checks(report)]
    for case, what in failed[:_SHOWN]:
        console.print(Text(f" {visible(case)}: {visible(what)}", style="yellow"))
    if len(failed) > _SHOWN:
        more = (
            f" and {len(failed) - _SHOWN} more: coach eval report shows them of a run with --save"
        )
        console.print(Text(more, style="yellow"))
    for text in facts(report):
        console.print(Text(f" {visible(text)}", style="dim"))
    for text in judged_facts(report):
        console.print(Text(f" {visible(text)}", style="dim"))
    short = scores is not report.scores
    for result in report.gates:
        if short and result.passed:
            continue
        kept = "kept" if result.passed else f"FAILED: {result.why}"
        style = "green" if result.passed else "bold red"
        told = f" gate {gate_name(result)}: {written(result.value)}, {kept}"
        console.print(Text(told, style=style))
    if short:
        count = sum(result.passed for result in report.gates)
        console.print(Text(f" {count} of {len(report.gates)} gates kept", style="dim"))


def print_comparison(found: Comparison, console: Console) -> None:
    """What two runs differ in: figures first, then the cases, the worst first."""
    from rich.text import Text

    shown = [one for one in found.differences if one.listed]
    tags = list(dict.fromkeys(one.tag for one in shown))
    for tag in tags:
        if tag is not None:
            console.print(Text(f" {tag}", style="bold"))
        console.print(_differences_table([one for one in shown if one.tag == tag]))
    for case in found.changed[:_SHOWN]:
        told = f" {visible(case.case)}: {case.repaired} repaired, {case.broken} broken"
        console.print(Text(told, style="red" if case.broken > case.repaired else "green"))
        for note in shortened(case.notes):
            console.print(Text(f"   {visible(note)}"))
    if len(found.changed) > _SHOWN:
        more = f" and {len(found.changed) - _SHOWN} more cases: coach eval report shows all"
        console.print(Text(more, style="dim"))
    if not found.changed:
        console.print(Text(" no case came out otherwise", style="dim"))
    for name, run in (("before", found.before), ("after", found.after)):
        console.print(Text(f" {name}: {visible(run_text(run))}", style="dim"))
    for text in cautions(found):
        console.print(Text(f" {text}", style="yellow"))


def _gated(report: Report) -> Sequence[Score]:
    """The scores that gates are about; all of them where there are no parts, or no such gates."""
    wanted = {(result.gate.score, result.gate.tag) for result in report.gates}
    gated = [
        one.model_copy(update={"listed": True})
        for one in report.scores
        if (one.id, one.tag) in wanted
    ]
    return gated if gated and len({one.tag for one in report.scores}) > 1 else report.scores


def _parts(scores: Sequence[Score]) -> list[tuple[str | None, list[Score]]]:
    parts: dict[str | None, list[Score]] = {}
    for one in scores:
        if one.listed:
            parts.setdefault(one.tag, []).append(one)
    return list(parts.items())


def _scores_table(scores: Sequence[Score]) -> object:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 1))
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_column("counted", justify="right")
    table.add_column("cases", justify="right")
    twice = any(one.ceiling is not None for one in scores)
    if twice:
        table.add_column("two people", justify="right")
    for one in scores:
        row = [
            visible(one.title),
            written(one.value, one.per),
            interval(one),
            str(one.count.wanted),
            str(one.cases),
        ]
        table.add_row(*row, *([_ceiling(one)] if twice else []))
    return table


def _ceiling(one: Score) -> str:
    return f"{written(one.ceiling, one.per)} ({one.ceiling_cases})" if one.ceiling_cases else ""


def _differences_table(differences: Sequence[Difference]) -> object:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 1))
    for name in ("figure", "before", "after", "95 % of the difference", "would show", "verdict"):
        table.add_column(name, justify="left" if name in {"figure", "verdict"} else "right")
    for one in differences:
        table.add_row(
            visible(one.title),
            written(one.before, one.per),
            written(one.after, one.per),
            interval(one) if one.changed else "",
            written(one.detectable, one.per) if one.changed else "",
            Text(one.verdict, style=_STYLE[one.verdict]),
        )
    return table
