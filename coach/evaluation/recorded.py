"""How recorded answers were asked for: what a replay needs to ask the same again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import DataFileError, UsageError

if TYPE_CHECKING:
    from coach.engines.llm.endpoint import Endpoint

FILE = "recorded.json"
_OPEN = ("https://api.openai.com", "https://openrouter.ai")
"""Servers that are asked in a way of their own, and whose name is no secret."""
_AZURE = "https://recorded.azure.com"
_NOBODY = "http://127.0.0.1:9"
_Rung = Literal["json_schema_strict", "json_schema", "json_object", "prompt_only"]


class RecordedModel(BaseModel):
    """One model, and the way it was asked. It names no server that is somebody's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model: str
    base_url: str
    rung: _Rung
    context: int | None = None
    answer_tokens: int
    temperature: float | None = None

    @classmethod
    def of(cls, endpoint: Endpoint, rung: _Rung) -> RecordedModel:
        """What to write down of this endpoint."""
        from coach.engines.llm.asking import LOCAL_CONTEXT, REMOTE_CONTEXT

        parts = urlsplit(endpoint.base_url)
        server = f"{parts.scheme}://{parts.netloc}"
        if server not in _OPEN:
            server = _AZURE if endpoint.is_azure else _NOBODY
        return cls(
            model=endpoint.model,
            base_url=f"{server}{parts.path}",
            rung=rung,
            context=endpoint.context or (LOCAL_CONTEXT if endpoint.is_local else REMOTE_CONTEXT),
            answer_tokens=endpoint.answer_tokens,
            temperature=endpoint.temperature,
        )

    def endpoint(self) -> Endpoint:
        """Whom a replay asks; no byte reaches it."""
        from coach.engines.llm.endpoint import Endpoint

        return Endpoint(**self.model_dump())


class RecordedModels(BaseModel):
    """Every model whose answers a suite holds; the first is replayed where none is named."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )

    schema_: Literal["coach.eval.recorded/1"] = Field(
        default="coach.eval.recorded/1", alias="schema"
    )
    models: tuple[RecordedModel, ...] = ()

    def chosen(self, model: str | None) -> RecordedModel:
        """The model of this name, else the first.

        Raises:
            UsageError: the suite has no recordings of it.
        """
        for one in self.models:
            if model in {None, one.model}:
                return one
        known = ", ".join(one.model for one in self.models) or "none"
        raise UsageError(
            f"the suite has no recorded answers{f' of {model!r}' if model else ''}",
            hint=f"recorded: {known}; record some with `--record new`, which asks the server",
        )

    def with_model(self, one: RecordedModel) -> RecordedModels:
        """These with one added, or in the place of the one of its name."""
        others = tuple(known for known in self.models if known.model != one.model)
        return self.model_copy(update={"models": (*others, one)})


def read_recorded(folder: Path) -> RecordedModels:
    """The models whose answers this suite holds.

    Raises:
        DataFileError: the file that tells them is not valid.
    """
    path = folder / FILE
    if not path.is_file():
        return RecordedModels()
    try:
        return RecordedModels.model_validate_json(path.read_bytes())
    except ValidationError:
        raise DataFileError(
            f"{path}: this does not say how answers were recorded",
            hint="take it from your version control, or record again with `--record all`",
        ) from None
