"""A tone report in a terminal: the line, the exact words underlined, why, what instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from coach.checks.balance import Balance
from coach.checks.formal import is_formal
from coach.checks.ignores import IGNORE, LEAVE_OUT, remark
from coach.checks.report import ToneReport
from coach.document import Document
from coach.finding import Finding
from coach.render.visible import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan"}
_ASIDE = {
    "inline": "by ignores",
    "off": "as their rule is off",
    "fine": "as their words are fine here",
    "baseline": "by the baseline",
}
_AROUND = 160
"""Characters of a long line that are shown before and after the words."""
_LONGEST = 600
"""Characters of the words that are shown."""
_NARROWEST = 20


def print_tone(report: ToneReport, documents: Mapping[str, Document], console: Console) -> None:
    """Each finding with its line, then the counts; colour never says it alone."""
    from rich.text import Text

    for file in report.files:
        for finding in file.findings:
            print_finding(finding, file.name, documents[file.name], console)
            console.print()
    for file in report.files:
        if file.balance:
            told = f"balance of {file.name}: {_balance(file.balance)}"
            for row in Text(visible(told), style="dim").wrap(console, console.width):
                row.rstrip()
                console.print(row, soft_wrap=True)
    console.print(Text(_summary(report)))


def print_finding(finding: Finding, name: str, document: Document, console: Console) -> None:
    """One finding: where, the words in their line, why, what instead, how to ignore it."""
    from rich.text import Text

    head = Text.assemble((f"{visible(name)}:{finding.line}:{finding.column}: ", "bold"))
    head.append(finding.severity, style=_STYLES[finding.severity])
    head.append(f" {finding.rule}")
    if finding.found_by == "model":
        head.append("  (seen by the model, no rule)", style="dim")
    rows = [head]
    gutter = len(str(finding.line)) + 2
    width = max(_NARROWEST, console.width - gutter - 4)
    for number, row in enumerate(_shown(finding, document, width)):
        lead = f" {finding.line if number == 0 else '':>{gutter - 1}} | "
        rows.append(Text.assemble((lead, "dim"), row))
    for label, text in _notes(finding, document):
        lead = f"{'':{gutter + 2}}{label:<8}"
        for row in Text(visible(text)).wrap(console, max(_NARROWEST, console.width - len(lead))):
            row.rstrip()
            rows.append(Text.assemble((lead, "dim"), row))
            lead = " " * len(lead)
    console.print(Text("\n").join(rows), soft_wrap=True)  # at once: many prints take their time


def _notes(finding: Finding, document: Document) -> Iterator[tuple[str, str]]:
    yield "why", finding.message
    if finding.suggestion:
        yield "instead", f"“{finding.suggestion}”"
    elif finding.advice:
        yield "instead", finding.advice
    if is_formal(finding):
        yield "ignore", LEAVE_OUT
    elif finding.rule != IGNORE:
        markdown = document.format.startswith("Markdown")
        yield "ignore", remark(finding, markdown=markdown, reason="why it is fine here")


def _shown(finding: Finding, document: Document, width: int) -> Iterator[Text]:
    """The line, cut to what stands around the words, and under each row what is meant."""
    from rich.cells import cell_len
    from rich.text import Text

    line = document.line(finding.line)
    end = document.text.find("\n", line.start)
    whole = document.text[line.start : end if end >= 0 else len(document.text)]
    start = finding.start - line.start
    begin, stop = max(0, start - _AROUND), start + len(finding.quote) + _AROUND
    before = ("…" if begin else "") + whole[begin:start].lstrip()
    words = finding.quote
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    after = whole[start + len(finding.quote) : stop].rstrip() + ("…" if stop < len(whole) else "")
    cells = [(char, False) for char in visible(before)]
    cells += [(char, True) for char in visible(words)]
    cells += [(char, False) for char in visible(after)]
    for row in _rows(cells, width):
        under = "".join(("^" if meant else " ") * cell_len(char) for char, meant in row)
        runs = groupby(row, key=itemgetter(1))
        yield Text.assemble(
            *(("".join(char for char, _ in run), "bold" if meant else "") for meant, run in runs)
        )
        if "^" in under:
            yield Text(under.rstrip(), style=_STYLES[finding.severity])


def _rows(cells: list[tuple[str, bool]], width: int) -> Iterator[list[tuple[str, bool]]]:
    """The characters in rows of this width, broken at blanks where there are any."""
    from rich.cells import cell_len

    row: list[tuple[str, bool]] = []
    taken = 0
    for cell in cells:
        wide = cell_len(cell[0])
        if taken + wide > width:
            blank = next((n for n in range(len(row) - 1, 0, -1) if row[n][0] == " "), None)
            rest = row[blank + 1 :] if blank is not None else []
            yield row[:blank] if blank is not None else row
            row, taken = rest, sum(cell_len(char) for char, _ in rest)
        row.append(cell)
        taken += wide
    if row:
        yield row


def _balance(found: Balance) -> str:
    counts = (
        (found.open_questions, "open question", "open questions"),
        (found.closed_questions, "closed question", "closed questions"),
        (found.orders, "order", "orders"),
        (found.support, "sign of support", "signs of support"),
        (found.views, "view of the other", "views of the other"),
        (found.we, "“we”", "“we”"),
    )
    told = [f"{_of(len(lines), one, many)}{_places(lines)}" for lines, one, many in counts]
    told += [f"{voice.speaker} said {voice.share:.0%} of the words" for voice in found.talk]
    return "; ".join(told)


def _places(lines: tuple[int, ...]) -> str:
    numbers = [f"L{number}" for number in dict.fromkeys(lines)]
    shown = " ".join(numbers[:4]) + (" …" if len(numbers) > 4 else "")
    return f" ({shown})" if shown else ""


def _summary(report: ToneReport) -> str:
    counts = report.summary.findings
    files = _of(report.summary.files, "file", "files")
    parts = [f"{number} {severity}" for severity, number in counts if number]
    where = sum(bool(file.findings) for file in report.files)
    told = f"nothing flagged in {files}"
    if counts.total:
        told = f"{counts.total} flagged ({', '.join(parts)}) in {where} of {files}"
    if aside := Counter[str](one.by for file in report.files for one in file.suppressed):
        by = ", ".join(f"{aside[who]} {how}" for who, how in _ASIDE.items() if aside[who])
        told += f"; {report.summary.suppressed} set aside ({by})"
    if report.unread:
        told += f"; {_of(len(report.unread), 'file', 'files')} not checked"
    return told


def _of(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
