"""What is kept of a model's answers, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.engines.llm.cache import CacheInfo
from coach.render.visible import visible


class KeptAnswers(BaseModel):
    """The ``--json`` of ``coach cache``; after clearing, what there was before."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.cache/1"] = Field(default="coach.cache/1", alias="schema")
    cleared: bool
    cache: CacheInfo


def kept_answers(kept: KeptAnswers) -> Iterator[str]:
    """The same, a fact a line."""
    info = kept.cache
    answers = f"{info.answers} answer{'' if info.answers == 1 else 's'}"
    if kept.cleared:
        yield f"deleted: {answers}, {_size(info.bytes)}"
        return
    yield visible(f"{info.path}: {answers}, {_size(info.bytes)}")
    if info.trouble:
        yield visible(info.trouble)
    if info.oldest is not None:
        yield f"oldest from {datetime.fromtimestamp(info.oldest, UTC):%Y-%m-%d}"
    yield f"each is kept for {info.days_kept} days; coach cache clear deletes all"


def _size(count: int) -> str:
    return f"{count} bytes" if count < 10_000 else f"{count / 1_000_000:.2f} MB"
