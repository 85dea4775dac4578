"""LineModel: the trained model that labels each line of a document, and what it is sure of.

Rules come before the model where the wording alone settles the matter: ranges
(``ranges.settled_range``), two views of one (``views``), and steps put off for later
(``later.planned_steps``).
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Self, cast

import numpy as np
import numpy.typing as npt

from coach.document import Document, Line
from coach.engines.embedded.by_itself import Manner, by_itself
from coach.engines.embedded.context import Scores
from coach.engines.embedded.encoder import Heard, load_encoder
from coach.engines.embedded.guide_meaning import Matching
from coach.engines.embedded.later import planned_steps
from coach.engines.embedded.long_lines import one_each, told_lines, united
from coach.engines.embedded.own_words import load_own_words
from coach.engines.embedded.ranges import only_wished, settled_range
from coach.engines.embedded.scoring import (
    SHORT,
    Weights,
    blended,
    first_pass,
    load_weights,
    second_pass,
)
from coach.engines.embedded.views import claimed_range, names_two_views, only_wanted
from coach.engines.embedded.voices import may_sting, tells_their_words
from coach.finding import Severity
from coach.guide import SettledRange
from coach.mapping import LineLabel, Tone
from coach.patterns import pattern

TRAINED_GUIDE = "isp"
"""The guide whose steps and items the model was trained on."""

RANGES: tuple[SettledRange, ...] = ("do", "do_then_tell", "consult_then_do", "ask_first")

_MANAGER_QUOTED = pattern(
    r"[\"“][^\"“”]{8,400}[\"”]|\byou (?:said|told|wrote|put|called|texted)\b", re.IGNORECASE
)
_SURE_TONE = 0.6
WORTH_HEARING = -3.0
"""Log-odds of a line's own words from which on it is judged by itself; a quieter one counts as if
it sounded just so. Chosen on dev, as is ..."""
ITSELF = 0.5
"""... what a line by itself counts beside what it says in its context."""
_WHOLE_TALK = 40
"""Lines from which on a document counts as a whole talk."""


class Chances(NamedTuple):
    """What is said of a document's lines, a row each."""

    first: Scores
    """Half the log-odds of every head; above zero means rather yes."""
    second: Scores
    """Chances between 0 and 1."""
    itself: Scores
    """How punitive the manager's lines are by themselves, as log-odds; 0 for others."""
    manners: tuple[Manner | None, ...]
    """The likeliest category and severity of the lines that were judged by themselves, too."""


class LineModel:
    """The bundled model. Same document, same labels, in every process."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @classmethod
    def load(cls) -> Self:
        """The model that comes with coach; read once in a process."""
        return cls(load_weights())

    @property
    def name(self) -> str:
        """Name and version: the recipe, and the first hex digits of the file's SHA-256."""
        return f"{self._weights.about['recipe']} {self._weights.digest}"

    def label(self, document: Document, *, quick: bool = False) -> tuple[LineLabel, ...]:
        """One label for every non-blank line, in order.

        Headings, summaries, what the recorder put around the talk and what was written for a
        machine get an empty one. ``quick`` leaves the encoder out: a tenth of the time, for what
        need not be as good.
        """
        cut = told_lines(document)
        pieces = tuple(chain.from_iterable(cut))
        if not pieces:
            return one_each(document, ())
        heard = None if quick else load_encoder().hear(pieces)
        decided = self.decide(pieces, self.chances(pieces, heard))
        return one_each(document, united(cut, decided))

    def chances(self, lines: tuple[Line, ...], heard: Heard | None) -> Chances:
        """What n-grams and encoder say of these lines, which are one document's."""
        first = first_pass(lines, self._weights)
        second = second_pass(first, lines, self._weights)
        scores = heard.scores if heard else None
        first, second = blended(first, second, scores, self._weights)
        found = Chances(first, second, np.zeros(len(lines)), (None,) * len(lines))
        return self._with_sounds(lines, found) if heard else found

    def _with_sounds(self, lines: tuple[Line, ...], found: Chances) -> Chances:
        """The same, with how the manager's lines sound by themselves in the chance of punitive."""
        asked = [at for at, line in enumerate(lines) if _may_be_managers(line)]
        own = load_own_words().scores([lines[at].content for at in asked])
        worth = [at for at, score in zip(asked, own, strict=True) if score >= WORTH_HEARING]
        sound = by_itself([lines[at].content for at in worth])
        itself = np.zeros(len(lines))
        itself[asked] = WORTH_HEARING
        itself[worth] = sound.odds
        second, manners = found.second.copy(), dict(zip(worth, sound.manners, strict=True))
        loud = self.punitive_odds(found) + ITSELF * itself
        second[:, self._second["tone.punitive"]] = 1.0 / (1.0 + np.exp(-loud))
        return Chances(found.first, second, itself, tuple(map(manners.get, range(len(lines)))))

    @property
    def matching(self) -> Matching:
        """What lines are matched with other guides by."""
        return self._weights.matching

    def decide(self, lines: tuple[Line, ...], chances: Chances) -> tuple[LineLabel, ...]:
        """The labels that follow from these chances."""
        heard = self._heard(lines, chances.second)
        return tuple(
            self._label(line, first, np.where(heard, second, 0.0), self.manner(chances, at))
            if line.mappable
            else LineLabel(line=line.number, speaker=line.speaker)
            for at, (line, first, second) in enumerate(
                zip(lines, chances.first, chances.second, strict=True)
            )
        )

    def punitive_odds(self, chances: Chances) -> Scores:
        """How punitive each line is, as log-odds."""
        chance = chances.second[:, self._second["tone.punitive"]]
        return np.asarray(np.log(chance / (1.0 - chance)))

    def manner(self, chances: Chances, at: int) -> Manner:
        """The likeliest category and severity of a line, if it is punitive."""
        first, known = chances.first[at], chances.manners[at]
        severity = cast("Severity", self._likeliest("severity", first))
        return known or (self._likeliest("category", first), severity)

    @cached_property
    def _first(self) -> dict[str, int]:
        return {head: at for at, head in enumerate(self._weights.about["first"])}

    @cached_property
    def _second(self) -> dict[str, int]:
        return {head: at for at, head in enumerate(self._weights.about["second"])}

    @cached_property
    def _least(self) -> dict[str, float]:
        """The least chance or score with which a head is raised."""
        return dict(self._weights.about["least"])

    def _heard(self, lines: tuple[Line, ...], second: Scores) -> npt.NDArray[np.bool_]:
        """Which heads count at all in this document.

        A step does only where at least one line is well above what a line needs: a lone weak
        line in a talk that never came to the step is more often noise, the more so the more
        lines there are; a short note has one line for a step.
        """
        mappable = np.array([line.mappable for line in lines])
        highest = second[mappable].max(0, initial=0.0)
        heard = np.ones(second.shape[1], bool)
        share = min(1.0, max(0.0, (len(lines) - SHORT) / (_WHOLE_TALK - SHORT)))
        for head, floor in self._weights.about["floor"].items():
            least = self._least[head] + share * (floor - self._least[head])
            heard[self._second[head]] = highest[self._second[head]] >= least
        return heard

    def _label(self, line: Line, first: Scores, second: Scores, manner: Manner) -> LineLabel:
        disputed = line.kind == "note" and names_two_views(line.content)
        planned = () if disputed else self._planned(line, first)
        steps, likely = ((), ()) if planned else self._steps(second)
        if disputed and "autonomy" not in steps:
            steps = (*steps, "autonomy")
        tone = self._tone(line, second)
        category, severity = manner if tone == "punitive" else (None, None)
        return LineLabel(
            line=line.number,
            speaker=line.speaker,
            steps=steps,
            items=self._items(steps, first),
            tone=tone,
            category=category,
            severity="low" if severity and not self._is_sure(second) else severity,
            range=self._range(line, second) if "autonomy" in steps else None,
            planned=planned,
            likely=likely,
        )

    def _steps(self, second: Scores) -> tuple[tuple[str, ...], tuple[str, ...]]:
        raised = {
            step: second[self._second[step]] / self._least[step]
            for step in self._weights.about["steps"]
        }
        steps = tuple(step for step, times in raised.items() if times >= 1.0)
        sure = self._weights.about["sure"]
        likely = tuple(step for step in steps if second[self._second[step]] < sure[step])
        return steps, likely

    def _items(self, steps: tuple[str, ...], first: Scores) -> tuple[str, ...]:
        """Items above their least score; the best one of a step where none is."""
        found: list[str] = []
        for step in steps:
            over = {
                item: first[at] - self._least[item]
                for item, at in self._first.items()
                if item.startswith(f"{step}.")
            }
            raised = [item for item, by in over.items() if by >= 0.0]
            found += raised or [max(over, key=over.__getitem__)]
        return tuple(found)

    def _tone(self, line: Line, second: Scores) -> Tone:
        employee = _is_others(line)
        told = line.kind == "note" and tells_their_words(line.content)
        quoted = employee and _may_be_managers(line)
        least = self._least["tone.quoted" if quoted else "tone.punitive"]
        theirs = told or (employee and not quoted) or not may_sting(line.content)
        if second[self._second["tone.punitive"]] >= least and not theirs:
            return "punitive"
        supportive = second[self._second["tone.supportive"]]
        if supportive >= self._least["tone.supportive"] and not employee:
            return "supportive"
        return "neutral"

    def _is_sure(self, second: Scores) -> bool:
        """Whether the tone is more than "could be read that way"."""
        return bool(second[self._second["tone.punitive"]] >= _SURE_TONE)

    def _likeliest(self, family: str, first: Scores) -> str:
        names = [name for name in self._first if name.startswith(f"{family}.")]
        best = max(names, key=lambda name: first[self._first[name]])
        return best.removeprefix(f"{family}.")

    def _range(self, line: Line, second: Scores) -> SettledRange | None:
        ruled = settled_range(line.content)
        if ruled is not None:
            return ruled
        if only_wished(line.content):
            return None
        if line.role == "manager" and only_wanted(line.content):
            wanted = claimed_range(line.content, "manager")
            if wanted is not None:
                return wanted
        chances = [float(second[self._second[f"range.{name}"]]) for name in RANGES]
        best = int(np.argmax(chances))
        return RANGES[best] if sum(chances) >= self._least["range"] else None

    def _planned(self, line: Line, first: Scores) -> tuple[str, ...]:
        ruled = planned_steps(line.content)
        if ruled:
            return ruled
        if first[self._first["planned"]] < self._least["planned"]:
            return ()
        steps = self._weights.about["steps"]
        return (max(steps, key=lambda step: float(first[self._first[f"about.{step}"]])),)


def _is_others(line: Line) -> bool:
    return line.kind == "speech" and line.role in {"employee", "other"}


def _may_be_managers(line: Line) -> bool:
    """Whether it is the manager's wording, or quotes her."""
    if _is_others(line):
        return _MANAGER_QUOTED.search(line.content) is not None
    return line.mappable
