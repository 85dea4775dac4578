"""Baseline: what was found before and is accepted, as hashes; no word of a text is in it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from coach.checks.formal import is_formal
from coach.checks.report import STDIN, Suppressed
from coach.document import Document
from coach.errors import DataFileError
from coach.finding import Finding
from coach.patterns import pattern

_MOST_BYTES = 20_000_000
_WORD = pattern(r"\w+")

Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Found(NamedTuple):
    """What was found in one file; ``name`` is its path as the user gave it."""

    name: str
    document: Document
    findings: Sequence[Finding]


class Baseline(BaseModel):
    """How often each finding was there when the baseline was written.

    A finding is known by its rule, the words of its whole line and its file. So it is known again
    when lines move, and new when its line is changed, or stands there once more.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )

    schema_: Literal["coach.baseline/1"] = Field(default="coach.baseline/1", alias="schema")
    accepted: dict[Fingerprint, Annotated[int, Field(ge=1)]] = {}
    _folder: Path = PrivateAttr(default_factory=Path.cwd)

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline in a file.

        Raises:
            DataFileError: there is none, or it is not a baseline.
        """
        not_one = DataFileError(
            f"{path}: is not a baseline of coach",
            hint="write it anew: coach tone --write-baseline FILE",
        )
        try:
            if not path.is_file():
                raise DataFileError(
                    f"{path}: there is no such baseline",
                    hint="write one first: coach tone --write-baseline FILE",
                )
            with path.open("rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
            baseline = cls.model_validate_json(data if len(data) <= _MOST_BYTES else b"")
        except OSError as error:
            why = (error.strerror or "refused").lower()
            raise DataFileError(
                f"{path}: cannot be read: {why}", hint="check who may read it"
            ) from None
        except ValidationError:
            raise not_one from None
        if "schema_" not in baseline.model_fields_set:
            raise not_one
        return baseline._within(path.parent)

    @classmethod
    def of(cls, files: Iterable[Found], *, folder: Path) -> Baseline:
        """The baseline that accepts all that was found; ``folder`` is where it will stand."""
        empty = cls()._within(folder)
        marks = (
            empty._fingerprint(name, document, finding)
            for name, document, findings in files
            for finding in findings
            if not is_formal(finding)
        )
        return cls(accepted=dict(sorted(Counter(marks).items())))._within(folder)

    def text(self) -> str:
        """The file's text: JSON, a finding a line, always in the same order."""
        return self.model_dump_json(indent=2) + "\n"

    def split(
        self, name: str, document: Document, findings: Sequence[Finding]
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """The findings that are new, and those that were accepted."""
        left = Counter(self.accepted)
        kept: list[Finding] = []
        known: list[Suppressed] = []
        for finding in findings:
            mark = self._fingerprint(name, document, finding)
            if left[mark] > 0 and not is_formal(finding):
                left[mark] -= 1
                known.append(Suppressed(finding=finding, by="baseline"))
            else:
                kept.append(finding)
        return tuple(kept), tuple(known)

    def _within(self, folder: Path) -> Baseline:
        self._folder = folder.resolve()
        return self

    def _fingerprint(self, name: str, document: Document, finding: Finding) -> str:
        words = " ".join(_WORD.findall(document.line(finding.line).content.casefold()))
        told = "\n".join((self._place(name), finding.rule, words))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def _place(self, name: str) -> str:
        """The file's path from the baseline's folder, the same wherever the user stands."""
        if name in {STDIN, "-"}:
            return STDIN
        path = Path(name).parent.resolve() / Path(name).name
        try:
            return Path(os.path.relpath(path, self._folder)).as_posix()
        except ValueError:  # another drive
            return path.as_posix()
