"""Known names in a text: who they belong to, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from coach.engines.llm.pseudonyms.atoms import Atom
from coach.engines.llm.pseudonyms.cues import SAYS, dated, modal
from coach.engines.llm.pseudonyms.lexicon import lexicon
from coach.engines.llm.pseudonyms.roster import Form, forms_of, nicknames_of

FUNCTION = frozenset(
    "a an i in on at to so do no my me he she it is be by or if of as up us we am go "
    "and but can you has had was are not now out too per any all for the off our said".split()
)
"""Words so common that even a capital does not make them a name where a sentence starts."""

_CASELESS = re.compile(
    "[\u0590-\u08ff\u0900-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff]"
)
"""Scripts that write names without capitals, and often without blanks."""


class Rank(IntEnum):
    """How sure it is that a name is meant when it is written."""

    STRANGER = 0
    ROSTER = 1
    VOICE = 2
    """Takes part in the talk."""


class Hit(NamedTuple):
    """A known name in a text, and whose it is."""

    start: int
    end: int
    owner: int


class _Way(NamedTuple):
    """One way to write a name after its first atom."""

    rest: Form
    owner: int
    exact: str | None
    """The only spelling that counts, for short forms in capitals (DW)."""


class Names:
    """The names that are known, each with its owner, a number."""

    def __init__(self, *, lower: bool = False) -> None:
        self._lower = lower
        self._ways: dict[str, list[_Way]] = {}
        self._caseless: dict[str, int] = {}
        self._owners: dict[Form, int] = {}
        self._weak: set[Form] = set()
        """Short forms that nobody was seen to use: a real name wins over them."""
        self._long: set[int] = set()
        """Owners of whom more than one name is known."""
        self._ranks: dict[int, Rank] = {}
        self._settled = False

    def add(self, name: str, rank: Rank, *, owner: int | None = None) -> int:
        """Make a name known and give its owner: the one given, the one it clearly is, or a new one.

        A way of writing that fits two people means the one of higher rank; of two of the same rank
        neither: it is a name of its own.
        """
        forms = list(dict.fromkeys(form for form in forms_of(name) if len("".join(form)) > 1))
        caseless = " ".join(name.split()) if _CASELESS.search(name) else None
        if owner is None and caseless is not None:
            owner = self._caseless.get(caseless)
        elif owner is None and forms:
            owner = self._owner(forms[0])
        if owner is None:
            owner = self._new(rank)
        self._ranks[owner] = max(rank, self._ranks[owner])
        if caseless is not None:
            for way in (caseless, caseless.replace(" ", ""), *caseless.split()):
                if len(way) > 1:
                    self._caseless.setdefault(way, owner)
            return owner
        whole = name.strip()
        exact = whole if len(whole) <= 3 and whole.isupper() else None
        for form in forms:
            self._learn(form, owner, exact=exact)
        for form in nicknames_of(name):
            self._learn(form, owner, weak=True)
        return owner

    def settle(self) -> None:
        """Let no later name change whose a way of writing is."""
        self._settled = True

    def hits(self, text: str, found: Sequence[Atom]) -> list[Hit]:
        """The known names of a text, in order, the longest way of writing at each place."""
        hits = self._caseless_hits(text)
        at = 0
        while at < len(found):
            way = self._longest(text, found, at)
            if way is None:
                hits += self._plural(text, found, at)
                at += 1
                continue
            last = at + len(way.rest)
            hits.append(Hit(found[at].start, found[last].end, way.owner))
            at = last + 1
        return sorted(hits)

    def _owner(self, whole: Form) -> int | None:
        """Whose name a new one must be: the same, or a longer way to write exactly one known."""
        if whole in self._owners and whole not in self._weak:
            return self._owners[whole]
        parts = {(whole[0],), (whole[-1],)} if len(whole) > 1 else set()
        owners = {self._owners[part] for part in parts & self._owners.keys() - self._weak}
        return owners.pop() if len(owners) == 1 and not owners & self._long else None

    def _new(self, rank: Rank) -> int:
        owner = len(self._ranks) + 1
        self._ranks[owner] = rank
        return owner

    def _learn(
        self, form: Form, owner: int, *, exact: str | None = None, weak: bool = False
    ) -> None:
        known = self._owners.get(form)
        if known is not None:
            was_weak = form in self._weak
            if self._settled or (weak and not was_weak):
                return
            if weak == was_weak:
                higher = self._ranks[known] - self._ranks[owner]
                if known == owner or higher > 0:
                    return
                owner = owner if higher < 0 else self._new(self._ranks[owner])
            ways = self._ways[form[0]]
            ways[:] = [way for way in ways if way.rest != form[1:]]
        self._owners[form] = owner
        (self._weak.add if weak else self._weak.discard)(form)
        if len(form) > 1:
            self._long.add(owner)
        ways = self._ways.setdefault(form[0], [])
        ways.append(_Way(form[1:], owner, exact if len(form) == 1 else None))
        ways.sort(key=lambda way: -len(way.rest))

    def _longest(self, text: str, found: Sequence[Atom], at: int) -> _Way | None:
        for way in self._ways.get(found[at].folded, ()):
            if self._fits(way, found, at) and self._meant(way, text, found, at):
                return way
        return None

    def _fits(self, way: _Way, found: Sequence[Atom], at: int) -> bool:
        end = at + len(way.rest)
        if end >= len(found):
            return False
        return all(
            found[at + step].folded == wanted and found[at + step].joined
            for step, wanted in enumerate(way.rest, 1)
        )

    def _meant(self, way: _Way, text: str, found: Sequence[Atom], at: int) -> bool:
        """Whether the letters are the name here, not the everyday word that it also is."""
        atom = found[at]
        if way.exact is not None:
            return text[atom.start : atom.end] == way.exact
        if way.rest:
            return self._meant_together(found[at : at + len(way.rest) + 1])
        if not lexicon().is_word(atom.folded):
            return True
        if dated(text, found, at) or modal(found, at):
            return False
        if atom.folded in FUNCTION and (atom.opens or not atom.cap):
            after = found[at + 1] if at + 1 < len(found) else None
            return after is not None and after.folded in SAYS and (atom.cap or self._lower)
        return atom.cap or self._lower

    def _meant_together(self, parts: Sequence[Atom]) -> bool:
        known = lexicon()
        for place, part in enumerate(parts):
            if len(part.folded) == 1 and not part.cap:
                after = parts[place + 1].gap if place + 1 < len(parts) else part.gap
                if not set(after) & set("._"):
                    return False
        if self._lower or any(not known.is_word(part.folded) for part in parts):
            return True
        return any(part.cap for part in parts)

    def _plural(self, text: str, found: Sequence[Atom], at: int) -> list[Hit]:
        """``calums rota``: the apostrophe left out, the s stays outside."""
        atom = found[at]
        stem = atom.folded[:-1]
        if not atom.folded.endswith("s") or text[atom.end - 1] not in "sS" or len(stem) < 3:
            return []
        if (stem,) not in self._owners or lexicon().is_word(stem) or atom.folded in FUNCTION:
            return []
        return [Hit(atom.start, atom.end - 1, self._owners[(stem,)])]

    def _caseless_hits(self, text: str) -> list[Hit]:
        if not self._caseless:
            return []
        sizes = sorted({len(way) for way in self._caseless}, reverse=True)
        hits: list[Hit] = []
        after = 0
        firsts = "".join({way[0] for way in self._caseless})
        for match in re.finditer(f"[{re.escape(firsts)}]", text):
            start = match.start()
            ways = (text[start : start + size] for size in sizes)
            way = next((way for way in ways if way in self._caseless), None)
            if way is not None and start >= after:
                after = start + len(way)
                hits.append(Hit(start, after, self._caseless[way]))
        return hits
