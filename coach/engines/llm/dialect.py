"""Dialect: what one server takes of what a request can say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from coach.engines.llm.complaint import Complaint
from coach.engines.llm.endpoint import RUNGS, Endpoint, Rung
from coach.engines.llm.schema import named_schema

Budget = Literal["max_tokens", "max_completion_tokens"]

_OTHER_NAME: dict[Budget, Budget] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}


@dataclass(frozen=True)
class Dialect:
    """A rung of the ladder of response formats, and two parameters that servers differ in."""

    rung: Rung
    budget: Budget
    temperature: float | None
    renamed: bool = False
    """Whether the budget's other name was refused already."""

    @classmethod
    def of(cls, endpoint: Endpoint) -> Dialect:
        """Where to start with this server."""
        # Others ignore the new name without a word, and would write without end.
        official = endpoint.is_azure or endpoint.host == "api.openai.com"
        return cls(
            rung=endpoint.rung or RUNGS[0],
            budget="max_completion_tokens" if official else "max_tokens",
            temperature=endpoint.temperature,
        )

    def lower(self) -> Dialect | None:
        """One rung down; None at the bottom."""
        below = RUNGS.index(self.rung) + 1
        return replace(self, rung=RUNGS[below]) if below < len(RUNGS) else None

    def after(self, complaint: Complaint) -> Dialect | None:
        """What to say instead after this complaint; None where it is about something else."""
        if complaint.is_about_temperature and self.temperature is not None:
            return replace(self, temperature=None)
        if complaint.is_about_budget and not self.renamed:
            return replace(self, budget=_OTHER_NAME[self.budget], renamed=True)
        return self.lower() if complaint.is_about_form else None

    def parameters(self, answer: type[BaseModel], *, tokens: int) -> dict[str, Any]:
        """The part of a request's body that depends on the server, in the order it is sent."""
        body: dict[str, Any] = {self.budget: tokens}
        if self.rung == "json_object":
            body["response_format"] = {"type": "json_object"}
        elif self.rung != "prompt_only":
            schema = named_schema(answer)
            if self.rung == "json_schema_strict":
                schema["strict"] = True
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if self.temperature is not None:
            body["temperature"] = self.temperature
        return body
