"""Asks a server what the llm engine's client asks, and prints how each question ended, as JSON.

A program of its own, because the tests themselves open no sockets.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic import BaseModel, ConfigDict

from coach.engines.llm.client import Client, Question
from coach.engines.llm.endpoint import RUNGS, Endpoint, Rung
from coach.engines.llm.failures import EndpointError
from coach.engines.llm.sending import Hear


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    punitive: bool


def main() -> None:
    """Each rung that binds the reply, a prompt that is too long, and an answer in pieces."""
    base_url, model, context = sys.argv[1], sys.argv[2], int(sys.argv[3])
    told = [ended(base_url, model, "L1: two vans by Friday", rung) for rung in (*RUNGS[:2], None)]
    told.append(ended(base_url, model, "walk " * (context + 100), None))
    pieces: list[str] = []
    told.append(ended(base_url, model, "L1: two vans by Friday", None, hear=pieces.append))
    told[-1]["pieces"] = pieces
    print(json.dumps(told))


def ended(
    base_url: str, model: str, text: str, rung: Rung | None, *, hear: Hear | None = None
) -> dict[str, Any]:
    """The answer with its cost, or the kind of failure."""
    endpoint = Endpoint(
        base_url=base_url, model=model, rung=rung, answer_tokens=200, deadline=80, concurrency=1
    )
    question = Question(
        prompt="live",
        version="1",
        system='Say which line is about transport. Answer in JSON: {"line": 1, "punitive": false}',
        user=text,
        answer=Answer,
        check=lambda answer: [],
    )
    try:
        reply = Client(endpoint).ask(question, hear=hear)
    except EndpointError as error:
        return {"kind": error.kind, "message": error.message, "exit": error.exit_code}
    told = {"rung": reply.rung, "calls": reply.calls, "prompt_tokens": reply.usage.prompt}
    return {**told, "value": reply.value.model_dump()}


if __name__ == "__main__":
    main()
