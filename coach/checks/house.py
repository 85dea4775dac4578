"""House: what a team has agreed on for its own texts, and a document judged by that."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import BaseModel, ConfigDict

from coach.checks.baseline import Baseline
from coach.checks.formal import is_formal
from coach.checks.ignores import inline, without_ignores
from coach.checks.language import reads_foreign
from coach.checks.report import FORMAL, CheckedFile, Suppressed, names_of
from coach.checks.rulebook import doubt
from coach.checks.vocabulary import Vocabulary
from coach.document import Document, prose
from coach.finding import Finding

Check = Callable[[Document], Iterable[Finding]]

_FORMAL_NAMES = {FORMAL, FORMAL.rpartition(".")[2]}
_STAYS = "stays on: formal discipline is always named, and cannot be switched off"


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
        counted, fine = self.vocabulary.spared(text, tuple(check(text)), again=check)
        counted = (*counted, *self.vocabulary.unwanted(text))
        counted, ignored, faults = inline(document, counted, complete=complete, doubt=doubt)
        counted, off = self._split((*counted, *faults))
        accepted: tuple[Suppressed, ...] = ()
        if self.baseline:
            counted, accepted = self.baseline.split(name, document, counted)
        aside = (*fine, *ignored, *off, *accepted)
        return CheckedFile(
            name=name,
            findings=tuple(sorted(counted, key=_place)),
            suppressed=tuple(sorted(aside, key=lambda one: _place(one.finding))),
            formal=any(map(is_formal, counted)),
            foreign=reads_foreign(text) and reads_foreign(prose(text)),
        )

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the names under ``off``, in a sentence each."""
        told = ((name, _STAYS if name in _FORMAL_NAMES else doubt(name)) for name in self.off)
        return tuple(f"{name!r} {why}" for name, why in told if why)

    def _split(
        self, findings: Iterable[Finding]
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """The findings of rules that are on, and those of rules that are off."""
        on: list[Finding] = []
        off: list[Suppressed] = []
        for one in findings:
            if is_formal(one) or names_of(one.rule, one.category).isdisjoint(self.off):
                on.append(one)
            else:
                off.append(Suppressed(finding=one, by="off"))
        return tuple(on), tuple(off)


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.start, finding.end, finding.rule
