"""What the words of a guide say: for each stem, which steps and items it speaks for, how loudly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from coach.engines.embedded.stems import is_informative, stems
from coach.guide import Guide, Item, Step

RUN = 4
"""How many words in a row of an item's question tell that it is being asked."""
_CUE_PHRASE = 1.7
_CUE_STOP_WORDS = 1.0
"""What a cue weighs that holds no informative word, ``need from me``."""
_CUE_WORD = 1.0
_CUE_STOP_WORD = 0.6
_TEXT, _EXAMPLE, _QUESTION, _STEP_TITLE, _STEP_TEXT = 0.6, 0.5, 0.4, 0.9, 0.4


@dataclass
class GuideWords:
    """Weights of stems, by what they speak for. A word that several steps use counts less."""

    phrases: dict[str, list[tuple[tuple[str, ...], str, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Cues of two words or more by their first stem, with the item and the weight."""
    runs: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Runs of words of an item's question."""
    items: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    steps: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    titles: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """Informative stems of each step's id, title and heading, any of which heads a section."""
    step_of: dict[str, str] = field(default_factory=dict)
    deciding: str | None = None
    """The one step about who decides, if the guide has just one."""


def words_of(guide: Guide) -> GuideWords:
    """The words of this guide: cues, texts, examples, questions, titles."""
    words = GuideWords()
    for step in guide.steps:
        names = (step.id.replace("_", " "), step.title, step.heading)
        own = frozenset(stem for name in names for stem in stems(name) if is_informative(stem))
        words.titles.append((step.id, own))
        _speak(words.steps, step.id, names, _STEP_TITLE)
        _speak(words.steps, step.id, (step.objective, step.result), _STEP_TEXT)
        for item in step.items:
            _add_item(words, step, item)
    _add_questions(words, guide)
    deciding = [step.id for step in guide.steps if step.produces == "autonomy"]
    words.deciding = deciding[0] if len(deciding) == 1 else None
    _quieten(words.items, words.step_of)
    _quieten(words.steps, {step.id: step.id for step in guide.steps})
    return words


def _add_item(words: GuideWords, step: Step, item: Item) -> None:
    words.step_of[item.id] = step.id
    _speak(words.items, item.id, (item.question,), _QUESTION)
    _speak(words.items, item.id, item.examples, _EXAMPLE)
    _speak(words.items, item.id, (item.text, item.id.partition(".")[2].replace("_", " ")), _TEXT)
    for cue in item.cues:
        cue_stems = tuple(stems(cue))
        told = any(is_informative(stem) for stem in cue_stems)
        if len(cue_stems) > 1:
            weight = _CUE_PHRASE if told else _CUE_STOP_WORDS
            words.phrases[cue_stems[0]].append((cue_stems, item.id, weight))
        elif cue_stems:
            words.items[cue_stems[0]][item.id] = _CUE_WORD if told else _CUE_STOP_WORD


def _add_questions(words: GuideWords, guide: Guide) -> None:
    runs: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for step in guide.steps:
        for item in step.items:
            asked = stems(item.question)
            for at in range(len(asked) - RUN + 1):
                runs[tuple(asked[at : at + RUN])].add(item.id)
    for run, names in runs.items():
        if len({words.step_of[name] for name in names}) == 1:
            words.runs[run] = min(names)


def _speak(
    table: dict[str, dict[str, float]], for_: str, texts: Iterable[str], weight: float
) -> None:
    for text in texts:
        for stem in stems(text):
            if is_informative(stem):
                table[stem][for_] = max(weight, table[stem].get(for_, 0.0))


def _quieten(table: dict[str, dict[str, float]], step_of: dict[str, str]) -> None:
    """Make words that several steps use speak less for each of them."""
    total = math.log(len(set(step_of.values())) + 1)
    for spoken in table.values():
        rarity = total - math.log(len({step_of[name] for name in spoken}))
        for name in spoken:
            spoken[name] *= rarity / total
