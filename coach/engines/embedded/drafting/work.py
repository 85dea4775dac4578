"""Why and what: statements of a step, and responsibilities with their order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.talk import in_context
from coach.engines.embedded.drafting.wording import closed, raised
from coach.engines.embedded.voices import is_to_one
from coach.plan import Responsibility, Statement

_FIRST = re.compile(
    r"\b(?:first|top\s+(?:priority|of\s+the\s+list|\d)|number\s+one|no\.?\s?1|priority\s+(?:one|1)|"
    r"before\s+anything|most\s+important|comes?\s+(?:first|before)|matters\s+most|the\s+big\s+one|"
    r"is\s+(?:number\s+)?one|everything\s+else\s+(?:queues?|waits?|after))\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:(?:can|could|may|will|to)\s+(?:all\s+)?(?:wait|slip|sit|go\s+to|move\s+to)|park(?:ed|ing)?|"
    r"on\s+hold|defer(?:red)?|low(?:est)?\s+priority|last|not\s+urgent|no\s+rush|kiv|back\s+burner|"
    r"(?:leave|drop|forget)\s+(?:it|them|the|that)\b.{0,40}\b(?:till?|until|for\s+now)|"
    r"only\s+if\s+(?:there(?:'s|\s+is)\s+)?time|if\s+time\s+permits|spare\s+time|someday|"
    r"wait(?:s)?\s+(?:till?|until))\b",
    re.IGNORECASE,
)
_FIRSTISH = re.compile(
    r"\b(?:first|priority|top|main|key|focus|matters?|important|big|before|wins?|urgent)\b", re.I
)
_LATERISH = re.compile(
    r"\b(?:waits?|later|till?|until|after|leave|drop|push|slip|give|hand|take|stop|not\s+now|spare)\b",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"^\W*(?:new|also\s+new|taking\s+on|takes?\s+over|picking\s+up|covering|from\s+next)\b|"
    r"\b(?:take(?:s|ing)?\s+(?:on|over)|is\s+now\s+(?:hers|his|yours)|hand(?:ed|ing)?\s+over\s+to)\b",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"^(?:(?:what'?s\s+)?on\s+(?:her|his|their|your|the)\s+plate|plate|owns?|still\s+owns?|duties|tasks|"
    r"responsibilities|(?:her|his|their)\s+(?:job|patch|list|work)(?:\s+now)?|new|current(?:ly)?|"
    r"(?:she|he)(?:'s|\s+is)\s+(?:on|doing)|projects?|priorities|top\s+\d|what)\s*[:=–-]\s*",
    re.IGNORECASE,
)


def statements(found: Sequence[Passage]) -> list[Statement]:
    """What was said for a step, one entry a line; questions and mere replies are left out."""
    entries = []
    for run in runs([p for p in found if p.says_something], gap=0):
        said = [p for p in run if p.words >= (4 if p.spoken else 2)]
        if said:
            entries.append(Statement(text=joined(said), evidence=tuple(p.evidence() for p in said)))
    return entries


def responsibilities(
    found: Sequence[Passage], around: Sequence[Passage], *, step: str
) -> list[Responsibility]:
    """Duties and projects: what comes first, what is standing or new, what may wait."""
    place = {(p.line, p.start): i for i, p in enumerate(around)}
    entries = []
    for passage in found:
        if passage.asks or (passage.spoken and not (passage.says_something and passage.words > 2)):
            continue
        if not is_to_one(passage.text):  # "try and manage everything" is no duty
            continue
        here = place[passage.line, passage.start]
        text, evidence = in_context(passage, around[max(0, here - 6) : here])
        first, later = bool(_FIRST.search(text)), bool(_LATER.search(text))
        if not first and not later:
            first = passage.has(f"{step}.most_critical") and bool(_FIRSTISH.search(text))
            later = passage.has(f"{step}.deferrable") and bool(_LATERISH.search(text))
        entries.append(
            Responsibility(
                text=raised(closed(_PLATE.sub("", text, count=1))) or text,
                priority="first" if first else "later" if later else None,
                new=bool(_NEW.search(text)),
                evidence=evidence,
            )
        )
    order = {"first": 0, None: 1, "later": 2}
    return sorted(entries, key=lambda entry: order[entry.priority])


def runs(found: Sequence[Passage], *, gap: int) -> list[list[Passage]]:
    """Passages that stand together: one voice, at most ``gap`` lines between one and the next."""
    together: list[list[Passage]] = []
    for passage in found:
        last = together[-1][-1] if together else None
        if last and passage.turn - last.turn <= gap and passage.speaker == last.speaker:
            together[-1].append(passage)
        else:
            together.append([passage])
    return together


def joined(found: Sequence[Passage]) -> str:
    """Their cleaned words as sentences in a row."""
    texts = [passage.clean for passage in found]
    return (
        " ".join(f"{text}." if text[-1:].isalnum() else text for text in texts[:-1])
        + (" " if len(texts) > 1 else "")
        + (texts[-1] if texts else "")
    )
