"""A case made of a real failure: names replaced by invented ones, shown before it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from coach.document import Document, read_bytes
from coach.errors import DataFileError, OutputError, UsageError
from coach.evaluation.checking import check_suite
from coach.evaluation.suite import SuiteFolder

_INVENTED = (
    "Robin Jo Kit Ari Lou Sam Nico Toni Mika Sascha Remy Kai Luca Noa Ezra Indra Jules Marlo Ode "
    "Pim Quin Rey Sol Tam Uli Vic Wyn Xan Yael Zia"
).split()
_PERSON = re.compile(r"\[(EMPLOYEE|MANAGER|PERSON_\d+)(?:_[A-Z]+)?\]")


class NewCase(NamedTuple):
    """A case that is not written yet."""

    id: str
    name: str
    """Of its file: Markdown stays Markdown, and anything else is kept as coach reads it."""
    text: str
    """The source as it would be kept."""
    replaced: tuple[str, ...]
    """What was replaced, as it stood."""
    left: tuple[str, ...]
    """Capitalised words that stay: names among them have to be taken out by hand."""
    employee: str | None
    manager: str | None
    tags: tuple[str, ...]
    expect: tuple[str, ...]
    """``covered: [success]``, one for each key."""

    @property
    def block(self) -> str:
        """What goes to the end of suite.yaml."""
        facts = [f"id: {self.id}", f"input: inputs/{self.name}"]
        facts += [f"employee: {self.employee}"] if self.employee else []
        facts += [f"manager: {self.manager}"] if self.manager else []
        facts += [f"tags: [{', '.join(self.tags)}]"] if self.tags else []
        facts += [f"expect: {{{', '.join(self.expect)}}}"]
        return "".join(
            f"  {'- ' if first else '  '}{fact}\n"
            for first, fact in zip([True] + [False] * len(facts), facts, strict=False)
        )


def new_case(
    document: Document, found: SuiteFolder, *, id_: str, tags: Sequence[str], expect: Sequence[str]
) -> NewCase:
    """A case of this document, with invented names in the place of those that were recognised.

    Raises:
        UsageError: the suite has a case of this id, or nothing is expected.
    """
    from coach.engines.llm.pseudonyms import Pseudonyms

    if any(case.id == id_ for case in found.suite.cases):
        raise UsageError(f"the suite has a case {id_!r} already", hint="choose another --id")
    if not expect:
        raise UsageError(
            "nothing is expected of the case",
            hint="say what would be right: --expect 'skipped: [purpose]' --expect 'punitive: none'",
        )
    table = Pseudonyms.of(document)
    hidden = table.hide(document.text)
    text = _invented(hidden, document.text)
    name = f"{id_}.md" if document.format == "Markdown" else f"{id_}.txt"
    plain = read_bytes(text.encode(), name)
    voices = {}
    for role in ("employee", "manager"):
        real = getattr(document, role)
        voice = _invented_name(table.hide(real), hidden, document.text) if real else None
        voices[role] = voice if any(one.name == voice for one in plain.speakers) else None
    return NewCase(
        id=id_,
        name=name,
        text=text if text.endswith("\n") else f"{text}\n",
        replaced=tuple(name for names in table.seen.values() for name in names),
        left=table.left(hidden),
        employee=voices["employee"],
        manager=voices["manager"],
        tags=tuple(tags),
        expect=tuple(expect),
    )


def write_case(new: NewCase, found: SuiteFolder) -> None:
    """Write the source and append the case to suite.yaml, if the suite is valid with it.

    Raises:
        DataFileError: it would not be; nothing is written then.
        OutputError: the folder cannot be written to.
    """
    suite, source = found.folder / "suite.yaml", found.folder / "inputs" / new.name
    before = suite.read_text("utf-8")
    try:
        source.parent.mkdir(exist_ok=True)
        source.write_text(new.text, encoding="utf-8", newline="\n")
        suite.write_text(f"{before.rstrip()}\n{new.block}", encoding="utf-8", newline="\n")
        check_suite(str(suite))
    except (DataFileError, OSError) as error:
        suite.write_text(before, encoding="utf-8", newline="\n")
        source.unlink(missing_ok=True)
        if isinstance(error, DataFileError):
            hint = "nothing was written; mend --expect, --id or --tag, or what else the line names"
            raise DataFileError(error.message, hint=hint) from None
        raise OutputError(
            f"could not write to {found.folder}: {(error.strerror or 'refused').lower()}",
            hint="copy the suite to a folder of your own and give that with --suite",
        ) from None


def _names_in(text: str, taken: str) -> dict[str, str]:
    """An invented name for each placeholder of a person; none that stands in the text already."""
    words = {word.casefold() for word in re.findall(r"\w+", taken)}
    free = iter([name for name in _INVENTED if name.casefold() not in words])
    met = dict.fromkeys(match[1] for match in _PERSON.finditer(text))
    return {person: next(free, person.title()) for person in met}


def _invented(hidden: str, original: str) -> str:
    names = _names_in(hidden, original)
    return _PERSON.sub(lambda match: names[match[1]], hidden)


def _invented_name(placeholder: str, hidden: str, original: str) -> str:
    names = _names_in(hidden, original)
    return _PERSON.sub(lambda match: names.get(match[1], match[0]), placeholder)


def default_id(path: Path) -> str:
    """An id from a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:50] or "case"
