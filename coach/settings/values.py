"""Every setting: its name, its type, what it is for. A key is none: only where to find it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from coach.engines.llm.endpoint import Rung
from coach.engines.llm.prices import Price
from coach.settings.address import check_proxy, check_server

Text = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\s\x00-\x1f\x7f]+$")]

PROJECT_MAY_SET = frozenset(
    {
        "answer_tokens",
        "concurrency",
        "context",
        "deadline",
        "guide",
        "lang",
        "prices",
        "rung",
        "temperature",
        "tone",
    }
)
"""What the file of a project may say before its folder is trusted: how coach works.

The rest says whether notes leave the machine, where they go, which key goes with them, whose
names are hidden, and what is kept; a folder that was cloned from somewhere must not decide that.
"""

FILES_ONLY = frozenset({"prices", "tone"})
"""Tables: no variable can hold one, and no option a whole one."""

PATHS = frozenset({"api_key_file", "people", "tone.baseline"})


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValueError("must say why, in a few words")
    return reason


def _off(value: Any) -> Any:
    return None if value == "off" else value


Name = Annotated[str, Field(pattern=r"^(tone\.)?[a-z_]+$")]
Glob = Annotated[str, Field(min_length=1, max_length=300)]
Phrase = Annotated[str, Field(max_length=200, pattern=r"\w")]
Reason = Annotated[str, Field(max_length=300), AfterValidator(_said)]


class Tone(BaseModel):
    """How ``coach tone`` works here: the table ``[tone]``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fail_on: Literal["high", "medium", "low", "never"] = "medium"
    """The least severity that makes the command exit with 1."""
    off: Annotated[tuple[Name, ...], Field(max_length=500)] = ()
    """Rules and categories that are not wanted here."""
    ignore: Annotated[tuple[Glob, ...], Field(max_length=500)] = ()
    """Files to leave out, as in a .gitignore, from the folder of the settings file."""
    fine: Annotated[tuple[Phrase, ...], Field(max_length=500)] = ()
    """Words that say nothing bad here."""
    avoid: Annotated[dict[Phrase, Reason], Field(max_length=500)] = {}
    """Words that are not wanted here, each with the reason."""
    baseline: Path | None = None
    """Findings that were accepted before."""


class Values(BaseModel):
    """The settings themselves, each with its default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    engine: Literal["embedded", "llm"] = "embedded"
    """Who answers: the model inside coach, or the one at ``base_url``."""
    model: Text | None = None
    """The model's name as the server knows it; at Azure the deployment's."""
    base_url: Annotated[str, AfterValidator(check_server)] | None = None
    """The one server that is talked to."""
    api_key_file: Path | None = None
    """A file with nothing but the key, readable by its owner only."""
    api_key_env: Text | None = None
    """The name of an environment variable that holds the key."""
    keyring: bool = False
    """Whether to ask the system's keyring for the key of (``coach``, host)."""
    deadline: Annotated[float, Field(gt=0, le=86_400)] = 180.0
    """Seconds for one question, retries and repair included."""
    concurrency: Annotated[int, Field(ge=1, le=64)] | None = None
    """Questions under way at once; None: 4, and 1 for a server on this machine."""
    context: Annotated[int, Field(ge=1_000)] | None = None
    """Tokens the model reads at most, question and answer together."""
    answer_tokens: Annotated[int, Field(ge=64, le=1_000_000)] = 8_192
    """Tokens one answer may take."""
    temperature: Annotated[float | None, Field(ge=0, le=2), BeforeValidator(_off)] = 0.0
    """None, written ``off``: not sent."""
    rung: Rung | None = None
    """The response format to start with; None: the strictest."""
    proxy: Annotated[SecretStr, AfterValidator(check_proxy)] | None = None
    """Used only where it is set here; the system's proxy variables are not read. Shown without
    the password it may hold."""
    api_version: Text | None = None
    """Azure's, for addresses that need one."""
    cache: bool = True
    """Whether answers are kept on disk for a second run."""
    lang: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """Language of what is written; None: that of the notes."""
    pseudonyms: bool = True
    """Whether names are replaced before text leaves."""
    people: Path | None = None
    """The roster: names to replace."""
    guide: Annotated[str, Field(min_length=1)] = "isp"
    """The framework: a name, or the path of a .yaml file."""
    prices: dict[str, Price] = {}
    """The user's own prices by model, in US dollars for a million tokens."""
    tone: Tone = Tone()
    """How ``coach tone`` works here."""
