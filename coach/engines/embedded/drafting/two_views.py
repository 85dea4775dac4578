"""Two views of one decision: the employee's and the manager's, both kept where they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach.engines.embedded.drafting.naming import split
from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.wording import cleaned, closed, raised
from coach.engines.embedded.ranges import settled_range
from coach.engines.embedded.views import Claim, claimed_range, claims, only_wanted
from coach.guide import Range, SettledRange
from coach.plan import Decision, View

_ACCEPTS = re.compile(
    r"^\W*(?:yes|yeah|yep|ok|okay|sure|fine|agreed|deal|good|right|of\s+course|absolutely|please\s+do|"
    r"go\s+ahead|do\s+(?:that|it|so)|perfect|great|works\s+for\s+me|happy\s+with\s+that)\b"
    r"(?!.*\b(?:but|not|except|only|first|before|until|ask)\b|.*n't\b|.*\?)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A range that the employee wants, before the manager has said anything to it."""

    passage: Passage
    range: SettledRange
    asked: Passage | None
    topic: str | None

    def granted(self, answer: Passage) -> Decision:
        """The decision, once the manager said yes to it."""
        return self._row(self.range, answer)

    def unanswered(self) -> Decision:
        """The decision as nobody settled it: silence is no yes."""
        return self._row("not_discussed")

    def beside(self, decision: Decision, answer: Passage) -> Decision:
        """The manager's decision with this view beside it, where it is another."""
        if answer.role == "employee" or decision.range == self.range:
            return decision
        views = (_view(self.passage, self.range), _view(answer, decision.range))
        own = self.passage.evidence()
        evidence = (own, *(piece for piece in decision.evidence if piece != own))
        update: dict[str, object] = {"views": views, "evidence": evidence}
        if self.asked and self.topic:
            asked = self.asked.evidence()
            rest = (piece for piece in evidence if piece != asked)
            update |= {"text": self.topic, "terms": answer.clean, "evidence": (asked, *rest)}
        return decision.model_copy(update=update)

    def _row(self, range_: Range, answer: Passage | None = None) -> Decision:
        parts = [part for part in (self.asked, self.passage, answer) if part]
        text, terms = (self.topic, self.passage.clean) if self.topic else split(self.passage.clean)
        return Decision(
            text=text, range=range_, terms=terms, evidence=tuple(part.evidence() for part in parts)
        )


def wished(passage: Passage) -> SettledRange | None:
    """The range that an employee's own turn only wants."""
    if not passage.spoken or passage.role != "employee" or passage.asks:
        return None
    if not only_wanted(passage.text):
        return None
    return claimed_range(passage.text, "employee") or passage.range


def claimed(passage: Passage, last: Decision) -> SettledRange | None:
    """The range that an employee's own turn wants, or claims against a decision that is kept."""
    kept = last.range in {"ask_first", "consult_then_do"}
    theirs = passage.spoken and passage.role == "employee" and not passage.asks
    if not kept or not theirs or passage.range or _ACCEPTS.match(passage.text):
        return wished(passage)
    return claimed_range(passage.text, "employee")


def accepts(passage: Passage, wish: Wish) -> bool:
    """Whether it is the manager's yes to what the employee has just wanted."""
    next_turn = passage.turn - wish.passage.turn == 1
    return next_turn and passage.role == "manager" and bool(_ACCEPTS.match(passage.text))


def wished_beside(last: Decision, passage: Passage, wish: SettledRange) -> Decision:
    """The decision with what the employee wants beside it; what holds is what was said before."""
    first = last.evidence[-1]
    if last.range in {wish, "not_discussed"} or last.views:
        return last
    views = (
        View(who=first.speaker or "?", range=last.range, line=first.line), _view(passage, wish)
    )  # fmt: skip
    evidence = (*last.evidence, passage.evidence())
    return last.model_copy(update={"views": views, "evidence": evidence})


def second_view(last: Decision, passage: Passage) -> Decision:
    """The decision after another word on it, by the same voice or the other."""
    evidence = (*last.evidence, passage.evidence())
    if passage.range == last.range or passage.range is None:
        return last.model_copy(update={"evidence": evidence})
    if not passage.spoken:
        terms = split(passage.clean)[1] or passage.clean
        changed = {"range": passage.range, "terms": terms, "evidence": evidence}
        return last.model_copy(update=changed)
    first = last.evidence[-1]
    views = (
        *(last.views or (View(who=first.speaker or "?", range=last.range, line=first.line),)),
        _view(passage, passage.range),
    )
    if passage.role == "manager" and len({view.who for view in last.views}) > 1:
        views = ()  # her word after both views settles it: she met the other, or halfway
    update: dict[str, object] = {"views": views, "evidence": evidence}
    if first.speaker == passage.speaker or passage.role == "manager":
        # second thoughts of one voice, or the manager's word after the employee's: it holds for
        # now, beside both views; an employee's wish never widens what the manager has said
        update |= {"range": passage.range, "terms": passage.clean}
    return last.model_copy(update=update)


def noted_disputes(
    found: Sequence[Passage], around: Sequence[Passage]
) -> dict[tuple[int, int], Decision | None]:
    """Decisions of which notes tell two views, by the place of the passage that begins it.

    None stands for the passage that goes on with the one before.
    """
    disputes: dict[tuple[int, int], Decision | None] = {}
    deciding = {p.line for p in found if not p.spoken}
    written = [p for p in around if p.line in deciding and not p.asks and not p.flagged]
    for at, passage in enumerate(written):
        if (passage.line, passage.start) in disputes:
            continue
        parts = [passage]
        line = " ".join(part.text for part in written if part.line == passage.line)
        told = _told(passage, line)
        after = written[at + 1] if at + 1 < len(written) else None
        if told and not _differ(told) and after and _goes_on(passage, after):
            parts, told = [passage, after], [*told, *_told(after, line)]
        if _differ(told):
            disputes.update({(part.line, part.start): None for part in parts})
            before = written[at - 1] if at and written[at - 1].line == passage.line else None
            disputes[passage.line, passage.start] = _dispute(parts, told, before)
    return disputes


_Told = tuple[Passage, Claim]


def _told(passage: Passage, line: str) -> list[_Told]:
    return [(passage, claim) for claim in claims(passage.text, line) if claim.range]


def _differ(told: Sequence[_Told]) -> bool:
    sides = {claim.side for _, claim in told}
    return len(sides) > 1 and len({claim.range for _, claim in told}) > 1


def _goes_on(passage: Passage, after: Passage) -> bool:
    """Whether the next clause may tell the other view of the same thing."""
    if after.line == passage.line:
        return True
    shared = _words(passage.text) & _words(after.text)
    return after.turn - passage.turn == 1 and bool(shared)


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[^\W\d_]{5,}", text.lower())}


def _dispute(parts: Sequence[Passage], told: Sequence[_Told], before: Passage | None) -> Decision:
    """The decision; what it is about stands before the first view, if need be a clause before."""
    first, claim = told[0]
    head = closed(cleaned(first.text[: claim.start]).rstrip(" :,-–—("))
    named = [before] if before and not head else []
    head = head or (split(before.clean)[0] if before else "")
    rest = "; ".join(
        closed(part.text[claim.start :] if part is first else part.clean) for part in parts
    )
    views = tuple(
        View(who=claim.side, range=claim.range, line=part.line)
        for part, claim in told
        if claim.range
    )
    return Decision(
        text=raised(head or closed(first.text)),
        range=_holding(told),
        terms=rest if head else None,
        views=views,
        evidence=tuple(part.evidence() for part in (*named, *parts)),
    )


def _holding(told: Sequence[_Told]) -> Range:
    """What the manager's words settle for now; nothing, where they only want."""
    for _, claim in told:
        if claim.side == "manager" and not only_wanted(claim.text):
            settled = settled_range(claim.text)
            if settled and "view" not in claim.text:
                return settled
    return "not_discussed"


def _view(passage: Passage, range_: Range) -> View:
    return View(who=passage.speaker or "?", range=range_, line=passage.line)
