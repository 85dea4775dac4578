"""A keyword baseline: what words alone would find. For comparison in the model card only."""

from __future__ import annotations

import re

from corpus import STEPS

from coach.document import Document
from coach.engines.embedded.features import seen_lines
from coach.engines.embedded.later import planned_steps
from coach.engines.embedded.ranges import settled_range
from coach.mapping import LineLabel

_CUES = {
    "purpose": (
        "mission|vision|strategy|purpose|matters|the board|company goal|"
        "team goal|our goal|big picture|whole reason|feeds into|depends on|what it's for|"
        "the point of|priority for the region|initiative"
    ),
    "tasks": (
        "on (?:her|his|your|their) plate|responsib|duties|priorit|comes first|main thing|first up|"
        "can wait|park|drop|takes over|taking over|new one|workload|most important|number one|"
        "on top of|owns?|covering|back burner|project"
    ),
    "success": (
        "what good looks like|good =|looks like|great|done when|success|target|per cent|%|by the end|"
        "by (?:mon|tues|wednes|thurs|fri|satur|sun)day|by (?:jan|feb|mar|apr|may|june|july|aug|sep|"
        "oct|nov|dec)|deadline|no more than|at least|under \\d|within \\d|zero|weekly update|measure|"
        "checkpoint"
    ),
    "autonomy": (
        "your call|her call|his call|their call|decides?|decision|sign(?:s|ed)? off|approv|ask me|"
        "ring me|tell me after|let me know after|without asking|just do it|go ahead|permission|"
        "check with me|up to (?:you|him|her)|my yes|wait for|run it by|own bat|no need to ask"
    ),
    "development": (
        "learn|course|training|strength|well done|great job|proud|brilliant|mentor|grow|"
        "next time (?:i'd|she|he)|lesson|certificat|qualif|career|skill|shadow|development|"
        "nailed it|went wrong|promot"
    ),
    "support": (
        "needs? from|from me|from you|what (?:do|d'?) you need|help (?:you|her|him)|what (?:should|could|"
        "can) i do|am i doing|stop doing|in the way|heads[- ]?up|barrier|blocked|chase|support|"
        "feedback for me|keep me|let me know if|i'll (?:get|sort|chase|talk|ask)"
    ),
}
_PUNITIVE = re.compile(
    r"\b(?:always|never) (?:do|get|listen|think|finish)|excuse|lazy|attitude|warning|on (?:your|his|"
    r"her) file|probation|last chance|or else|consequences|replace you|why can't you|unlike you|"
    r"your fault|disappoint|unacceptable|watching you|documented|non-negotiable|pip\b|whatever\b|"
    r"because i said|careless|on notice|final",
    re.IGNORECASE,
)
_SUPPORTIVE = re.compile(
    r"\b(?:thanks?|thank you|proud|great job|well done|brilliant|sorry|my fault|happy to help|"
    r"good work|love(?:d|ly)?|i've got your back|take your time)\b",
    re.IGNORECASE,
)
_STEP = {
    step: re.compile("|".join(rf"(?:{cue})" for cue in cues.split("|")), re.IGNORECASE)
    for step, cues in _CUES.items()
}


def label_by_keywords(document: Document) -> tuple[LineLabel, ...]:
    """A label for every non-blank line, from keywords, one line at a time."""
    labels = []
    for line in seen_lines(document):
        content = line.content
        planned = planned_steps(content)
        steps = tuple(step for step in STEPS if _STEP[step].search(content) and not planned)
        employee = line.kind == "speech" and line.role in {"employee", "other"}
        tone = "neutral"
        if not employee and _PUNITIVE.search(content):
            tone = "punitive"
        elif not employee and _SUPPORTIVE.search(content):
            tone = "supportive"
        labels.append(
            LineLabel.model_validate(
                {
                    "line": line.number,
                    "steps": steps,
                    # no item is told apart by a keyword: each line counts as one of its own
                    "items": tuple(f"{step}.{line.number}" for step in steps),
                    "tone": tone,
                    "range": settled_range(content) if "autonomy" in steps else None,
                    "planned": planned,
                }
            )
        )
    return tuple(labels)
