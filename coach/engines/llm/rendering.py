"""Rendering: the questions that a prompt makes of a document, as they would be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.document import Document
from coach.engines.llm.asking import label_questions
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.prompts import load_prompt
from coach.engines.llm.pseudonyms import Pseudonyms
from coach.engines.llm.question import Question
from coach.errors import UsageError
from coach.guide import Guide

_NOWHERE = Endpoint(base_url="http://127.0.0.1/v1", model="any", context=128_000)


def render_prompt(name: str, document: Document, guide: Guide) -> Sequence[Question[Any]]:
    """Every question of this prompt about the document, one a window, in order.

    Names are hidden as they would be.

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
    read = Pseudonyms.of(document).hidden(document)
    return [asked.question for asked in label_questions(read, guide, _NOWHERE)]
