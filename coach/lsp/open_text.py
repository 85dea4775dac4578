"""OpenText: a text that stands open in an editor, checked; its places as the editor counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsprotocol import types as lsp

from coach.checks.fixes import fixes
from coach.checks.formal import is_formal
from coach.checks.ignores import IGNORE, remark
from coach.checks.places import told_once
from coach.checks.report import CheckedFile
from coach.document import Document, read_bytes
from coach.errors import InputError
from coach.finding import Finding
from coach.render.visible import in_markdown

Units = Callable[[str], int]
"""How many of the editor's units a piece of a line takes."""

_SEVERITIES = {
    "high": lsp.DiagnosticSeverity.Error,
    "medium": lsp.DiagnosticSeverity.Warning,
    "low": lsp.DiagnosticSeverity.Information,
}


def read_open(text: str, name: str) -> Document | None:
    """The document whose lines are those of the editor; None where there is nothing to check.

    That is an empty text, and one that is not read as it stands: captions, pages, JSON.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        document = read_bytes(plain.encode(errors="replace"), name)
    except InputError:
        return None
    return document if len(document.text) == len(plain) else None


class OpenText:
    """A checked text: what to underline, what to say about it, and what to offer."""

    def __init__(
        self,
        uri: str,
        version: int | None,
        *,
        document: Document,
        file: CheckedFile,
        units: Units,
    ) -> None:
        self.uri = uri
        self.version = version
        self.document = document
        self.file = file
        self._units = units

    def diagnostics(self) -> list[lsp.Diagnostic]:
        """What to underline."""
        return [self._diagnostic(finding) for finding in self.file.findings]

    def hover(self, at: lsp.Position) -> lsp.Hover | None:
        """Why the words here land badly, and what to do instead."""
        found = [one for one in self.file.findings if _meet(self._range(one), lsp.Range(at, at))]
        if not found:
            return None
        text = "\n\n---\n\n".join(map(_explained, found))
        contents = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
        return lsp.Hover(contents=contents, range=self._range(found[0]))

    def actions(self, wanted: lsp.Range) -> Iterator[lsp.CodeAction]:
        """For what is flagged here: another wording where one is sure, and an ignore."""
        # without the ignores, or a new wording of a line would take them out
        sure = fixes(self.document, self.file.findings)
        for finding in self.file.findings:
            if not _meet(self._range(finding), wanted):
                continue
            for fix in (fix for fix in sure if fix.finding == finding):
                edit = lsp.TextEdit(self._between(fix.start, fix.end), fix.after)
                yield self._action(f"Say instead: {fix.after}", finding, edit, preferred=True)
            if finding.rule == IGNORE:
                edit = lsp.TextEdit(self._range(finding), "")
                yield self._action("Take this ignore out", finding, edit)
            elif not is_formal(finding):
                edit = self._ignoring(finding)
                yield self._action(f"Ignore {finding.rule} here, and say why", finding, edit)

    def _ignoring(self, finding: Finding) -> lsp.TextEdit:
        line = self.document.line(finding.line)
        end = line.start + len(line.text.rstrip())
        pasted = remark(finding, markdown=self.document.format == "Markdown")
        return lsp.TextEdit(self._between(end, end), f" {pasted}")

    def _action(
        self, title: str, finding: Finding, edit: lsp.TextEdit, *, preferred: bool = False
    ) -> lsp.CodeAction:
        return lsp.CodeAction(
            title=title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[self._diagnostic(finding)],
            is_preferred=preferred,
            edit=lsp.WorkspaceEdit(changes={self.uri: [edit]}),
        )

    def _diagnostic(self, finding: Finding) -> lsp.Diagnostic:
        seen = "" if finding.found_by == "rule" else " (seen by the model alone)"
        return lsp.Diagnostic(
            range=self._range(finding),
            message=finding.message + seen,
            severity=_SEVERITIES[finding.severity],
            code=finding.rule,
            source="coach",
        )

    def _range(self, finding: Finding) -> lsp.Range:
        return self._between(finding.start, finding.end)

    def _between(self, start: int, end: int) -> lsp.Range:
        return lsp.Range(self._position(start), self._position(end))

    def _position(self, offset: int) -> lsp.Position:
        line = self.document.line_at(offset)
        return lsp.Position(line.number - 1, self._units(line.text[: offset - line.start]))


def still_standing(before: OpenText, now: Document, found: CheckedFile) -> CheckedFile:
    """The file with what the model saw before, where the lines are as they were.

    So its findings do not blink while only the rules have read the new text.
    """
    places: dict[str, list[int]] = {}
    for line in now.lines:
        places.setdefault(line.text, []).append(line.number)
    kept = []
    for old in before.file.findings:
        numbers = places.get(before.document.line(old.line).text)
        if old.found_by == "rule" or not numbers:
            continue
        line = now.line(min(numbers, key=lambda number: abs(number - old.line)))
        start = line.start + old.column - 1
        place = {"line": line.number, "start": start, "end": start + len(old.quote)}
        kept.append(old.model_copy(update=place))
    return found.model_copy(update={"findings": told_once((*found.findings, *kept))})


def _explained(finding: Finding) -> str:
    parts = [f"**{finding.rule}** ({finding.severity}) {in_markdown(finding.message)}"]
    if finding.suggestion:
        parts.append(f"Say instead: {in_markdown(finding.suggestion)}")
    elif finding.advice:
        parts.append(in_markdown(finding.advice))
    return "\n\n".join(parts)


def _meet(one: lsp.Range, other: lsp.Range) -> bool:
    """Whether they share a place; an end that touches counts."""
    return one.start <= other.end and other.start <= one.end
