"""Counts: what one outcome adds to each figure, before any ratio is taken. Pure.

A case without an answer says nothing, so all that was wanted of it is missed; it is never left out.
"""

from __future__ import annotations

from coach.evaluation.record import Count, Line, Outcome
from coach.mapping import LineLabel

NOTHING = Count(0, 0, 0)
_DONE = frozenset({"covered", "partial"})


def both(line: Line, field: str) -> set[str]:
    """What engine and author name of a line, together."""
    said = getattr(line.said, field) if line.said else ()
    wanted = getattr(line.wanted, field) if line.wanted else ()
    return {*said, *wanted}


def _pairs(outcome: Outcome) -> list[tuple[LineLabel, LineLabel]]:
    """What was said and what was wanted of each line, where its author labelled all it does."""
    if outcome.truth != "lines" or outcome.task == "tone":
        return []
    return [
        (line.said or LineLabel(line=line.line), line.wanted or LineLabel(line=line.line))
        for line in outcome.lines
    ]


def _tones(outcome: Outcome) -> list[tuple[LineLabel, LineLabel]]:
    if outcome.truth is None:
        return []
    return [
        (line.said or LineLabel(line=line.line), line.wanted or LineLabel(line=line.line))
        for line in outcome.lines
    ]


def names(field: str, only: str | None, outcome: Outcome) -> Count:
    """Steps, items or steps put off; all of them, or only one."""
    right = said = wanted = 0
    for label, gold in _pairs(outcome):
        if only is None:
            ours, theirs = {*getattr(label, field)}, {*getattr(gold, field)}
            right, said, wanted = right + len(ours & theirs), said + len(ours), wanted + len(theirs)
        else:
            told, known = only in getattr(label, field), only in getattr(gold, field)
            right, said, wanted = right + (told and known), said + told, wanted + known
    return Count(right, said, wanted)


def _lines_of(tone: str, outcome: Outcome) -> Count:
    pairs = [(label.tone == tone, gold.tone == tone) for label, gold in _tones(outcome)]
    return Count(sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs))


def punitive(outcome: Outcome) -> Count:
    """Punitive lines."""
    return _lines_of("punitive", outcome)


def supportive(outcome: Outcome) -> Count:
    """Supportive lines, where all that lines do is labelled."""
    whole = outcome.truth == "lines" and outcome.task != "tone"
    return _lines_of("supportive", outcome) if whole else NOTHING


def false_alarms(outcome: Outcome) -> Count:
    """Lines that are flagged, of those that are not punitive."""
    if outcome.truth is None:
        return NOTHING
    found = punitive(outcome)
    calm = outcome.size - found.wanted
    return Count(found.said - found.right, found.said - found.right, calm)


def category(outcome: Outcome) -> Count:
    """Punitive lines that were found, and called the right kind."""
    kinds = [
        (label.category, gold.category)
        for label, gold in _tones(outcome)
        if label.tone == gold.tone == "punitive" and gold.category
    ]
    return _shared(sum(a == b for a, b in kinds), len(kinds))


def spans(outcome: Outcome) -> Count:
    """Characters, of the lines in which the punitive words are marked, and of the calm ones."""
    right = said = wanted = 0
    for line in outcome.lines:
        gold = line.wanted
        quote = getattr(gold, "quote", None)
        if gold is None or not quote:
            continue
        at = line.text.find(quote)
        theirs = set(range(at, at + len(quote))) if at >= 0 else set()
        ours = {place for start, end in line.flagged for place in range(start, end)}
        right, said, wanted = right + len(ours & theirs), said + len(ours), wanted + len(theirs)
    return Count(right, said, wanted)


def ranges(outcome: Outcome) -> Count:
    """Lines that settle a range, and were given the right one."""
    settled = [(label.range, gold.range) for label, gold in _pairs(outcome) if gold.range]
    return _shared(sum(a == b for a, b in settled), len(settled))


def _statuses(outcome: Outcome) -> list[tuple[str | None, str]]:
    """Said and wanted; ``planned`` counts as skipped: not every author tells the two apart."""
    pairs = [(step.said, step.wanted) for step in outcome.steps if step.wanted]
    return [
        ("skipped" if a == "planned" else a, "skipped" if b == "planned" else b) for a, b in pairs
    ]


def status(outcome: Outcome) -> Count:
    """Steps with the right status."""
    pairs = _statuses(outcome)
    return _shared(sum(a == b for a, b in pairs), len(pairs))


def false_skipped(outcome: Outcome) -> Count:
    """Steps that people found, and that are called skipped."""
    found = [a for a, b in _statuses(outcome) if b in _DONE]
    return _shared(sum(a not in _DONE for a in found), len(found))


def false_covered(outcome: Outcome) -> Count:
    """Steps that people found skipped, and that are called covered."""
    skipped = [a for a, b in _statuses(outcome) if b == "skipped"]
    return _shared(sum(a == "covered" for a in skipped), len(skipped))


def answered(outcome: Outcome) -> Count:
    """Whether there is a result."""
    return _shared(int(outcome.failure is None), 1)


def checks(outcome: Outcome) -> Count:
    """Expectations that hold."""
    return _shared(sum(check.passed for check in outcome.checks), len(outcome.checks))


def twins(outcome: Outcome) -> Count:
    """Lines labelled as in the case that this one should be the same as."""
    return outcome.twins or NOTHING


def quotes(outcome: Outcome) -> Count:
    """Evidence that stands in the source."""
    return _shared(*outcome.quotes)


def entries(outcome: Outcome) -> Count:
    """Entries that rest on a line which the author gave their step."""
    if outcome.truth != "lines":
        return NOTHING
    gold = {line.line: line.wanted.steps for line in outcome.lines if line.wanted}
    right = sum(
        any(entry.step in gold.get(line, ()) for line in entry.lines) for entry in outcome.entries
    )
    return _shared(right, len(outcome.entries))


def asked(outcome: Outcome) -> Count:
    """Open steps that a question is asked for."""
    open_ = [step for step in outcome.steps if step.wanted and step.wanted != "covered"]
    return _shared(sum(step.asked for step in open_), len(open_))


def _shared(right: int, of: int) -> Count:
    return Count(right, of, of)
