"""The private review: how far each step got, what to ask next, what sounded punitive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from coach.finding import Finding
from coach.mapping import StepMap, StepResult
from coach.plan import Draft
from coach.render.visible import in_markdown, visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_STATUS_STYLE = {"covered": "green", "partial": "yellow", "planned": "cyan", "skipped": "red"}
_SEVERITY_STYLE = {"high": "bold red", "medium": "yellow", "low": "cyan"}
_QUOTES_SHOWN = 3


def print_review(steps: StepMap, console: Console) -> None:
    """The review in a terminal, 80 columns and up; colour never says it alone."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for step in steps.steps:
        table.add_row(
            Text(step.id), Text(step.status, style=_STATUS_STYLE[step.status]), _step_cell(step)
        )
    console.print(table)
    if not any(step.evidence or step.planned for step in steps.steps):
        console.print(Text(f"\n {nothing_found(steps)}", style="yellow"))
    for finding in steps.findings:
        console.print()
        head = Text(" ")
        head.append(f"{visible(steps.source.name)}:{finding.line}:{finding.column}: ")
        head.append(finding.severity, style=_SEVERITY_STYLE[finding.severity])
        head.append(f" {finding.rule}")
        head.append(f"  “{visible(finding.quote)}”", style="bold")
        console.print(head, soft_wrap=False)
        for text in _finding_notes(finding):
            console.print(Padding(Text(text), (0, 0, 0, 5)))
    for text in _closing(steps):
        console.print(Text(f"\n {text}", style="dim"))


def _step_cell(step: StepResult) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    rows = [Text(_lines(step) or "nothing found in these notes")]
    for piece in step.evidence[:_QUOTES_SHOWN]:
        rows.append(Text(f"L{piece.line} “{_short(visible(piece.quote))}”", style="dim"))
    if len(step.evidence) > _QUOTES_SHOWN:
        rows.append(Text(f"and {len(step.evidence) - _QUOTES_SHOWN} more", style="dim"))
    rows += [Text(text) for text in _step_notes(step)]
    return Group(*rows)


def review_markdown(steps: StepMap) -> str:
    """The review as a file of the manager's own."""
    parts = [
        f"# Review of {in_markdown(steps.source.name)}",
        "_Private: for the manager who held this conversation, not for the plan._",
        "## Steps",
    ]
    for step in steps.steps:
        rows = [f"- L{piece.line}: {in_markdown(piece.quote)}" for piece in step.evidence]
        rows += [f"- {in_markdown(text)}" for text in _step_notes(step)]
        body = "\n".join(rows) or "- nothing found in these notes"
        parts.append(f"### {in_markdown(step.title)}: {step.status}\n\n{body}")
    parts.append("## Wording")
    if not any(step.evidence or step.planned for step in steps.steps):
        parts.insert(2, nothing_found(steps))
    for finding in steps.findings:
        place = f"{steps.source.name}:{finding.line}:{finding.column}"
        notes = "\n".join(f"  {in_markdown(text)}  " for text in _finding_notes(finding))
        parts.append(
            f"- **{finding.severity}** {finding.rule} ({in_markdown(place)}): "
            f"“{in_markdown(finding.quote)}”\n{notes}"
        )
    parts += _closing(steps)
    return "\n\n".join(parts) + "\n"


def nothing_found(steps: StepMap) -> str:
    """What to say when no line did any step's work."""
    return (
        f"found nothing for {', '.join(step.id for step in steps.steps)}: these notes do not read "
        "like such a conversation, so there is nothing to draft"
    )


def _closing(steps: StepMap) -> Iterator[str]:
    """What a model said in vain, then the counts."""
    lost = steps.left_out
    counts = (
        (lost.labels, "label", "labels"),
        (lost.entries, "entry", "entries"),
        (lost.details, "detail", "details"),
    )
    told = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    if told:
        were = "was" if told[0].startswith("1 ") and len(told) == 1 else "were"
        yield f"{', '.join(told)} of the model did not stand in the notes and {were} left out"
    if lost.malformed:
        yield f"left out of the model's answers, in a wrong form: {lost.malformed}"
    yield summary(steps)


def summary(steps: StepMap) -> str:
    """Counts in one line."""
    counts = {status: 0 for status in _STATUS_STYLE}
    for step in steps.steps:
        counts[step.status] += 1
    told = [f"{number} {status}" for status, number in counts.items() if number]
    flagged = len(steps.findings)
    sounded = "no line sounded punitive" if not flagged else f"{flagged} flagged for tone"
    if flagged and isinstance(steps, Draft):
        sounded += ", none of it in the plan"
    return f"{steps.guide}: {', '.join(told)}; {sounded} ({steps.engine.name} {steps.engine.model})"


def _lines(step: StepResult) -> str:
    numbers = [f"L{piece.line}" for piece in step.evidence]
    return " ".join(numbers[:12]) + (" …" if len(numbers) > 12 else "")


def _step_notes(step: StepResult) -> Iterator[str]:
    for piece in step.planned:
        yield f"planned (L{piece.line}), not found as discussed: “{_short(visible(piece.quote))}”"
    if step.status != "covered":
        if step.missing and step.evidence:
            open_items = ", ".join(item.partition(".")[2] for item in step.missing)
            yield f"not found in these notes: {open_items}"
        for question in step.questions:
            yield f"ask: {visible(question)}"


def _finding_notes(finding: Finding) -> Iterator[str]:
    seen = "" if finding.found_by == "rule" else " (seen by the model, no rule)"
    yield f"{visible(finding.message)}{seen}"
    if finding.suggestion:
        yield f"try: “{visible(finding.suggestion)}”"
    elif finding.advice:
        yield visible(finding.advice)


def _short(text: str, limit: int = 90) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
