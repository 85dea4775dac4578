"""Scenes: what an employee says about one step, and a manager's good lines for it; data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources.abc import Traversable
from typing import Annotated, Any

from pydantic import Field

from coach.rehearsal.replies import Block, Data, Opening, Reply, Text
from coach.resources import Fault, load_model, named

FOLDER = "guides/scenes"
ANY = "any"
"""Scenes that fit every step."""


class Topic(Data):
    """Something that can come up in this step."""

    id: Text
    cues: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Words or phrases, lower case, by which a manager's line speaks of it."""
    item: str | None = None
    """The item of the guide's step that is worked on where this is talked about."""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        either = "|".join(re.escape(cue.lower()) for cue in self.cues)
        return re.compile(rf"\b(?:{either})")

    def spoken_of(self, text: str) -> bool:
        """Whether this text speaks of it."""
        return self._pattern.search(text.lower()) is not None


class StepScenes(Data):
    """All that is written for one step of a guide, or for ``any``."""

    step: Text
    situation: str = ""
    """For the manager, before the talk."""
    topics: tuple[Topic, ...] = ()
    opening: tuple[Opening, ...] = ()
    replies: Annotated[tuple[Block, ...], Field(min_length=1)]
    manager: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Lines of a manager who does this well: for hints, and for when the roles are swapped."""
    takes_up: tuple[Text, ...] = ()
    """Lines of that manager for a wish that was told, which stands in them as ``$wish``."""

    @cached_property
    def lines(self) -> tuple[Reply, ...]:
        """Every line of an employee's in here."""
        opening = (reply for one in self.opening for reply in one.say)
        return (*opening, *(reply for block in self.replies for reply in block.say))

    def topics_in(self, text: str) -> tuple[str, ...]:
        """The topics that this text speaks of."""
        return tuple(topic.id for topic in self.topics if topic.spoken_of(text))


def load_scenes(step: str) -> tuple[StepScenes, ...]:
    """The scenes of this step, then those for any step; the user's own files win by name.

    Raises:
        DataFileError: a file is not valid; every fault with its place.
    """
    known = named(FOLDER)
    return _read(tuple(known[name] for name in dict.fromkeys((step, ANY)) if name in known))


@cache
def _read(files: tuple[Traversable, ...]) -> tuple[StepScenes, ...]:
    return tuple(load_model(file, StepScenes, check=_unknown_topics) for file in files)


def _unknown_topics(value: Any) -> Iterator[Fault]:
    """Replies about a topic that the file does not list, in its plain values."""
    if not isinstance(value, dict):
        return
    listed = {one.get("id") for one in _dicts(value.get("topics"))}
    for part in ("opening", "replies"):
        for at, block in enumerate(_dicts(value.get(part))):
            for number, reply in enumerate(_dicts(block.get("say"))):
                for key in ("topic", "after"):
                    topic = reply.get(key)
                    if isinstance(topic, str) and topic not in listed:
                        place = (part, at, "say", number, key)
                        yield Fault(place, f"{topic!r} is none of the topics above")


def _dicts(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else []
    return [one if isinstance(one, dict) else {} for one in found]
