"""House: what a team has agreed on for its own texts, and a document judged by that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from pydantic import BaseModel, ConfigDict

from coach.checks.baseline import Baseline
from coach.checks.formal import is_formal
from coach.checks.ignores import inline, without_ignores
from coach.checks.report import CheckedFile, Suppressed
from coach.checks.rulebook import rulebook
from coach.checks.vocabulary import Vocabulary
from coach.document import Document
from coach.finding import Finding

Check = Callable[[Document], Iterable[Finding]]


class House(BaseModel):
    """Rules that are off, words of its own, findings that were accepted."""

    model_config = ConfigDict(frozen=True)

    off: tuple[str, ...] = ()
    """Rules or categories, ``tone.label`` or ``label``."""
    vocabulary: Vocabulary = Vocabulary()
    baseline: Baseline | None = None

    def judge(
        self, name: str, document: Document, *, check: Check, complete: bool = True
    ) -> CheckedFile:
        """What ``check`` finds in the document that counts here, and what was set aside.

        ``complete`` says that the check looks for all that can be found, as ``inline`` wants to
        know. Nothing here sets formal discipline aside.
        """
        text = without_ignores(document)
        look = partial(self._found, check=check)
        findings = self.vocabulary.spared(text, look(text), again=look)
        findings = (*findings, *self._on(self.vocabulary.unwanted(text)))
        kept, ignored, faults = inline(document, findings, complete=complete)
        counted: tuple[Finding, ...] = (*kept, *self._on(faults))
        accepted: tuple[Suppressed, ...] = ()
        if self.baseline:
            counted, accepted = self.baseline.split(name, document, counted)
        return CheckedFile(
            name=name,
            findings=tuple(sorted(counted, key=_place)),
            suppressed=tuple(sorted((*ignored, *accepted), key=lambda one: _place(one.finding))),
            formal=any(map(is_formal, counted)),
        )

    def unknown(self) -> tuple[str, ...]:
        """The names under ``off`` that no rule and no category has."""
        known = {name for entry in rulebook() for name in (entry.id, entry.category)}
        return tuple(name for name in self.off if name not in known)

    def _found(self, document: Document, *, check: Check) -> tuple[Finding, ...]:
        return self._on(check(document))

    def _on(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings of rules that are not off."""
        off = set(self.off)
        return tuple(
            one for one in findings if is_formal(one) or off.isdisjoint({one.rule, one.category})
        )


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.start, finding.end, finding.rule
