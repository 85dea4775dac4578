"""Rendering: the questions that a prompt makes of a document, as they would be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.document import Document
from coach.engines.llm.engine import LlmEngine
from coach.engines.llm.prompts import load_prompt
from coach.engines.llm.question import Question
from coach.errors import UsageError
from coach.guide import Guide


def render_prompt(
    name: str, document: Document, guide: Guide, *, engine: LlmEngine
) -> Sequence[Question[Any]]:
    """Every question of this prompt that the engine would put about the document, in order.

    Raises:
        UsageError: no prompt has the name, or what it asks follows from earlier answers.
        DataFileError: the prompt file is not valid.
    """
    load_prompt(name)
    if name != "label":
        raise UsageError(
            f"what prompt {name!r} asks of a document follows from earlier answers",
            hint=f"coach prompt {name} shows its text; coach prompt label SOURCE one filled in",
        )
    return engine.label_requests(document, guide)
