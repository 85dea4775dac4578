"""Pseudonyms: names and ids out of a text as placeholders, and back again exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from coach.document import Document, Line
from coach.document.labels import person_of
from coach.engines.llm.pseudonyms.atoms import Atom, atoms, folded, mostly_lower
from coach.engines.llm.pseudonyms.ids import Kind, ids
from coach.engines.llm.pseudonyms.lexicon import lexicon
from coach.engines.llm.pseudonyms.names import Names, Rank
from coach.engines.llm.pseudonyms.roster import Person
from coach.engines.llm.pseudonyms.spans import Span, apart, outside, unexplained
from coach.engines.llm.pseudonyms.strangers import strangers
from coach.errors import EngineError

NOTICE = (
    "Names and ids are replaced by placeholders: [EMPLOYEE] and [MANAGER] are the two who talk, "
    "[PERSON_1] somebody else; a letter at the end, as in [EMPLOYEE_B] or [PERSON_1_B], is the "
    "same person written another way. Copy placeholders letter by letter; never make up one."
)
"""What a prompt should say about placeholders."""

_KINDS = (
    "PERSON|EMPLOYEE|MANAGER|NAME|EMAIL|HANDLE|LINK|IBAN|CARD|PHONE|ID|PAY|BIRTHDATE|POSTCODE|ADDRESS"
    "|LITERAL"
)
# Whatever could be taken for a placeholder, so that no note can forge one and no answer invent one.
_LOOKALIKE = re.compile(
    rf"\[(?:(?:{_KINDS})(?:_[A-Z0-9]{{1,9}}){{0,2}}"
    rf"|(?i:[ ]?(?:{_KINDS})[ _-]?[0-9]{{1,9}}(?:[ _-]?[A-Z]{{1,9}})?[ ]?))\]"
)


class UnknownPlaceholder(EngineError):
    """An answer holds a placeholder that stands for nothing."""

    code = "unknown-placeholder"

    def __init__(self, placeholder: str) -> None:
        super().__init__(
            f"the answer holds the placeholder {placeholder!r}, which stands for nothing",
            hint="try again, or run with --no-pseudonyms",
        )
        self.placeholder = placeholder


class Pseudonyms:
    """A two-way table between what stands in a document and its placeholders; kept in memory only.

    Built from one document, so that a name that is told once by what stands around it is found
    wherever else it stands. Every way of writing has a placeholder of its own: ``show`` gives back
    exactly what ``hide`` took.
    """

    def __init__(self, *, lower: bool = False) -> None:
        self._lower = lower
        self._names = Names(lower=lower)
        self._roles: dict[int, str] = {}
        self._labels: dict[int, str] = {}
        self._exact: dict[str, Kind] = {}
        self._exactly: re.Pattern[str] | None = None
        self._placeholders: dict[tuple[str, int, str], str] = {}
        self._originals: dict[str, str] = {}
        self._variants: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._searched: set[str] = set()
        self._last: tuple[str, list[Atom]] = ("", [])

    @classmethod
    def of(cls, document: Document, people: Sequence[Person] = ()) -> Pseudonyms:
        """The table of a document.

        Employee, manager, speakers and the roster are always found; strangers by list and cue.
        """
        found = atoms(document.text)
        table = cls(lower=mostly_lower(found))
        table._last = (document.text, found)
        table._enrol(people)
        table._cast(document)
        table._search(document.text)
        table._names.settle()
        for line in document.lines:
            table._searched |= {line.text, line.content, line.text[: line.prefix]}
            table._searched.add(line.speaker or "")
        table.hide(document.text)
        return table

    @property
    def seen(self) -> dict[str, tuple[str, ...]]:
        """What was replaced, by kind, in the order in which it was met."""
        kinds: dict[str, list[str]] = {}
        for placeholder, original in self._originals.items():
            kinds.setdefault(placeholder.strip("[]").partition("_")[0], []).append(original)
        return {kind: tuple(originals) for kind, originals in kinds.items()}

    def hide(self, text: str) -> str:
        """The text with placeholders for all that is known to be a name or an id."""
        parts: list[str] = []
        after = 0
        for span in self.spans(text):
            parts += (
                text[after : span.start],
                self._placeholder(span, text[span.start : span.end]),
            )
            after = span.end
        return "".join((*parts, text[after:]))

    def show(self, text: str) -> str:
        """The text with every placeholder turned back into what it stands for.

        Raises:
            UnknownPlaceholder: one of them was never given out.
        """
        unknown = self.unknown(text)
        if unknown:
            raise UnknownPlaceholder(unknown[0])
        return _LOOKALIKE.sub(lambda match: self._originals[match[0]], text)

    def unknown(self, text: str) -> tuple[str, ...]:
        """The placeholders in a text that were never given out; a check for a model's answer."""
        met = dict.fromkeys(match[0] for match in _LOOKALIKE.finditer(text))
        return tuple(placeholder for placeholder in met if placeholder not in self._originals)

    def spans(self, text: str) -> list[Span]:
        """What of a text is hidden, in order; a line that is not the document's is read first."""
        if not self._searched.issuperset(lines := text.split("\n")):
            self._search(text)
            self._searched.update(lines)
        spans = [Span(*match.span(), 0, "LITERAL", 0) for match in _LOOKALIKE.finditer(text)]
        spans += [Span(*match, 1, kind, 0) for kind, match in self._exact_hits(text)]
        spans += [Span(found.start, found.end, 2, found.kind, 0) for found in ids(text)]
        hits = self._names.hits(text, self._atoms(text))
        spans += [Span(hit.start, hit.end, 3, "PERSON", hit.owner) for hit in hits]
        return sorted(apart(text, spans))

    def left(self, text: str) -> tuple[str, ...]:
        """The capitalised words of a text that stay and may be names, in order, each once."""
        covered = self.spans(text)
        words = (
            text[atom.start : atom.end]
            for atom in outside(unexplained(text, self._atoms(text)), covered)
        )
        return tuple(dict.fromkeys(words))

    def hidden(self, document: Document) -> Document:
        """The document with every line hidden: same line numbers, kinds and roles."""
        hide = cache(self.hide)  # speakers and their labels come again and again
        lines: list[Line] = []
        start = 0
        for line in document.lines:
            label, content = hide(line.text[: line.prefix]), hide(line.content)
            speaker = hide(line.speaker) if line.speaker else line.speaker
            changed = {
                "start": start, "text": label + content, "prefix": len(label), "speaker": speaker
            }  # fmt: skip
            lines.append(line.model_copy(update=changed))
            start += len(label) + len(content) + 1
        end = document.lines[-1].end if document.lines else 0
        return document.model_copy(
            update={
                "name": self.hide(document.name),
                "text": "\n".join(line.text for line in lines) + document.text[end:],
                "lines": tuple(lines),
                "manager": self.hide(document.manager) if document.manager else None,
                "employee": self.hide(document.employee) if document.employee else None,
                "roles_from": None,
                "warnings": (),
            }
        )

    def _enrol(self, people: Iterable[Person]) -> None:
        for person in people:
            owner = self._names.add(person.name, Rank.ROSTER)
            for alias in person.aliases:
                self._names.add(alias, Rank.ROSTER, owner=owner)
            if person.email:
                self._exact[person.email.casefold()] = "EMAIL"
            if person.id:
                self._exact[person.id.casefold()] = "ID"
        if self._exact:
            ways = "|".join(map(re.escape, sorted(self._exact, key=len, reverse=True)))
            self._exactly = re.compile(rf"(?<!\w)(?:{ways})(?!\w)", re.IGNORECASE)

    def _cast(self, document: Document) -> None:
        """Make those who talk known: a first name shared with others means them."""
        known = lexicon()
        voices = {line.speaker: line.role for line in document.lines if line.speaker}
        cast = [
            (name, role)
            for label, role in voices.items()
            if (name := person_of(label)) and not all(map(known.is_plain, folded(name)))
        ]
        cast += [(document.employee or "", "employee"), (document.manager or "", "manager")]
        for name, role in cast:
            if name:
                owner = self._names.add(name, Rank.VOICE)
                # Once more, since only now it is known to be a voice.
                self._names.add(name, Rank.VOICE, owner=owner)
                if role in {"employee", "manager"}:
                    self._roles.setdefault(owner, role.upper())

    def _search(self, text: str) -> None:
        for name in strangers(text, self._atoms(text), lower=self._lower):
            self._names.add(name, Rank.STRANGER)

    def _atoms(self, text: str) -> list[Atom]:
        """The atoms of a text; those of the last one are kept, since several ask for them."""
        if self._last[0] != text:
            self._last = (text, atoms(text))
        return self._last[1]

    def _exact_hits(self, text: str) -> Iterable[tuple[Kind, tuple[int, int]]]:
        if self._exactly is not None:
            for match in self._exactly.finditer(text):
                yield self._exact.get(match[0].casefold(), "ID"), match.span()

    def _placeholder(self, span: Span, original: str) -> str:
        # Ids are told apart by their text alone, people by who they are.
        key = (span.kind, span.owner, original)
        if key not in self._placeholders:
            label = self._label(span)
            place = self._variants.get(label, 0)
            self._variants[label] = place + 1
            placeholder = f"[{label}{_letter(place)}]"
            self._placeholders[key] = placeholder
            self._originals[placeholder] = original
        return self._placeholders[key]

    def _label(self, span: Span) -> str:
        """``EMPLOYEE``, ``PERSON_2``: one for each person, a new one for anything else."""
        if span.owner in self._labels:
            return self._labels[span.owner]
        role = self._roles.get(span.owner)
        if role is not None and role not in self._labels.values():
            label = role
        else:
            self._counts[span.kind] = self._counts.get(span.kind, 0) + 1
            label = f"{span.kind}_{self._counts[span.kind]}"
        if span.owner:
            self._labels[span.owner] = label
        return label


def _letter(place: int) -> str:
    """Nothing for the first way of writing, then _B, _C ... _Z, _BB and so on."""
    letters = ""
    while place:
        place, digit = divmod(place - 1, 25)
        letters = "BCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + letters
    return f"_{letters}" if letters else ""
