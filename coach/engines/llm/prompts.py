"""Prompts: what a model is asked, as files. Front matter, the system message, the user message.

How such a file is written stands in prompts/README.md. ``string.Template`` fills in the inputs in
one pass: a ``$name`` inside an input, which may be the notes of a stranger, is only text.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib.resources.abc import Traversable
from string import Template
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from coach.errors import DataFileError, UsageError
from coach.resources import Fault, model_from, read_text, refusal, root, user_folder

FOLDER = "prompts"
_FENCE = "---"
_USER = "--- user ---"
_MOST_BYTES = 200_000
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")

_Mark = tuple[int, int]


def _a_word(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise ValueError("must be lower-case letters, digits and _, a letter first: 'my_lines'")
    return value


def _a_version(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise ValueError("must be short, of letters, digits, dots and dashes: '1' or '1.2'")
    return value


_Word = Annotated[str, AfterValidator(_a_word)]
_Version = Annotated[str, AfterValidator(_a_version)]


class FrontMatter(BaseModel):
    """What stands at the head of a prompt file."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str
    """As the file is called, without ``.md``."""
    version: _Version
    """Raised by hand whenever the meaning changes; goes into run records."""
    inputs: tuple[_Word, ...] = ()
    """What the text may name with a ``$``."""
    answer: _Word
    """The type of the reply."""
    about: str = ""
    most_tokens: Annotated[int, Field(ge=1)] | None = None
    """Budget of one answer where it is not that of the settings."""


class Prompt(FrontMatter):
    """A prompt as loaded: two templates, and what they need."""

    system: str
    user: str
    where: str
    """``bundled``, or the path of the user's own file."""

    @property
    def fingerprint(self) -> str:
        """Sha256 of all that decides what is asked; another text is another prompt."""
        parts = (self.name, self.version, self.answer, self.system, self.user)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def render(self, **inputs: str) -> tuple[str, str]:
        """System and user message with these inputs; those the prompt does not use are ignored.

        Raises:
            DataFileError: the prompt needs an input that is not given.
        """
        missing = [name for name in self.inputs if name not in inputs]
        if missing:
            raise DataFileError(
                f"prompt {self.name!r} ({self.where}) needs an input {missing[0]!r}",
                hint=f"coach gives it {', '.join(sorted(inputs)) or 'none'}; take the other out",
            )
        return Template(self.system).substitute(inputs), Template(self.user).substitute(inputs)


class KnownPrompt(NamedTuple):
    """A prompt that can be given by name."""

    name: str
    version: str
    about: str
    where: str
    fault: str | None = None
    """The first thing wrong with the file, where it is not valid."""


class _Parts(NamedTuple):
    """A prompt file, cut up; numbers are those of the file's lines, from 1."""

    front: bytes
    system: list[tuple[int, str]]
    user: list[tuple[int, str]]


class _Limits(NamedTuple):
    """What the caller can do with a prompt; None where that is not known."""

    name: str
    answers: frozenset[str] | None
    given: frozenset[str] | None
    needed: frozenset[str]


def load_prompt(
    name: str,
    *,
    answers: Collection[str] | None = None,
    given: Collection[str] | None = None,
    needed: Collection[str] = (),
) -> Prompt:
    """The prompt of this name, the user's own first.

    ``answers`` are the types of reply that the caller can read, ``given`` the inputs that it gives,
    ``needed`` those of them without which the prompt would ask about nothing.

    Raises:
        UsageError: no prompt has the name.
        DataFileError: the file is not a valid prompt; every fault with its place.
    """
    path, where = _find(name)
    limits = _Limits(
        name,
        None if answers is None else frozenset(answers),
        None if given is None else frozenset(given),
        frozenset(needed),
    )
    text = read_text(path, most_bytes=_MOST_BYTES)
    return _read(path, where, text, limits)  # type: ignore[arg-type]  # what files() gives is hashable


@lru_cache(maxsize=32)
def _read(path: Traversable, where: str, text: str, limits: _Limits) -> Prompt:
    """The prompt in this text of a file; one for every document, so the last ones are kept."""
    parts = _cut(path, text)
    front = model_from(
        parts.front, FrontMatter, path=path, check=lambda value: _front_faults(value, parts, limits)
    )
    faults = list(_text_faults(parts, front.inputs))
    if faults:
        raise refusal(path, faults)
    return Prompt(
        **front.model_dump(), system=_joined(parts.system), user=_joined(parts.user), where=where
    )


def prompts() -> tuple[KnownPrompt, ...]:
    """Every prompt that has a name, bundled ones and the user's own, which stand for theirs."""
    names: set[str] = set()
    for folder in (root().joinpath(FOLDER), user_folder(FOLDER)):
        if folder.is_dir():
            found = (file.name.removesuffix(".md") for file in folder.iterdir() if _is_text(file))
            names |= {name for name in found if _NAME.fullmatch(name)}
    return tuple(_known(name) for name in sorted(names))


def _known(name: str) -> KnownPrompt:
    _, where = _find(name)
    try:
        prompt = load_prompt(name)
    except DataFileError as error:
        return KnownPrompt(name, "", "", where, fault=error.message.partition("\n")[0])
    return KnownPrompt(name, prompt.version, prompt.about, where)


def _is_text(file: Traversable) -> bool:
    return file.name.endswith(".md") and file.is_file()


def _find(name: str) -> tuple[Traversable, str]:
    if _NAME.fullmatch(name):
        own = user_folder(FOLDER) / f"{name}.md"
        if own.is_file():
            return own, str(own)
        bundled = root().joinpath(FOLDER, f"{name}.md")
        if bundled.is_file():
            return bundled, "bundled"
    raise UsageError(f"there is no {name!r} among the prompts", hint="coach prompt lists them")


def _cut(path: Traversable, text: str) -> _Parts:
    """Front matter, system part and user part; the front matter keeps its place in the file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fences = [at for at, line in enumerate(lines) if line.rstrip() == _FENCE]
    if fences[:1] != [0] or len(fences) < 2:
        what = "no front matter: the file must start with '---', 'key: value' lines and '---'"
        raise refusal(path, [((1, 1), what)])
    body = list(enumerate(lines, 1))[fences[1] + 1 :]
    marks = [at for at, (_, line) in enumerate(body) if line.rstrip() == _USER]
    if len(marks) != 1:
        raise refusal(path, [_mark_fault(body, marks, len(lines))])
    front = "\n".join(lines[: fences[1]])
    return _Parts(front.encode(), body[: marks[0]], body[marks[0] + 1 :])


def _mark_fault(body: list[tuple[int, str]], marks: list[int], last: int) -> tuple[_Mark, str]:
    if not marks:
        return (last, 1), f"no line {_USER!r}: it parts the system message from the user message"
    return (body[marks[1]][0], 1), f"a second line {_USER!r}; keep one"


def _joined(part: list[tuple[int, str]]) -> str:
    return "\n".join(line for _, line in part).strip("\n")


def _front_faults(value: Any, parts: _Parts, limits: _Limits) -> Iterator[Fault]:
    """What no field alone can show: that the front matter, the text and the caller disagree."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("name"), str) and value["name"] != limits.name:
        yield Fault(("name",), f"must be {limits.name!r}, as the file is called")
    answer = value.get("answer")
    if limits.answers is not None and isinstance(answer, str) and answer not in limits.answers:
        what = f"{answer!r} is not known; the answers are {', '.join(sorted(limits.answers))}"
        yield Fault(("answer",), what)
    inputs = value.get("inputs") or []
    if not isinstance(inputs, list):
        return
    used = {name for _, name in _named(parts) if name}
    mistyped = not used <= {*inputs}  # told at its own place; then an input only seems unused
    for at, name in enumerate(inputs):
        if name in inputs[:at]:
            yield Fault(("inputs", at), f"{name!r} stands above already; keep one")
        elif limits.given is not None and name not in limits.given:
            what = f"coach gives no {name!r} here; it gives {', '.join(sorted(limits.given))}"
            yield Fault(("inputs", at), what)
        elif name not in used and not mistyped:
            yield Fault(("inputs", at), f"the text never uses ${name}; use it, or take it out")
    for name in sorted(limits.needed):
        if name not in inputs:
            yield Fault(("inputs",), f"{name!r} is missing; without it nothing could be answered")


def _text_faults(parts: _Parts, inputs: tuple[str, ...]) -> Iterator[tuple[_Mark, str]]:
    for mark, name in _named(parts):
        if name is None:
            yield mark, "a lone $; write $$ for a dollar, $name or ${name} for an input"
        elif name not in inputs:
            near = difflib.get_close_matches(name.lower(), inputs, n=1)
            meant = f", did you mean ${near[0]}?" if near else ""
            listed = ", ".join(inputs) or "none"
            yield mark, f"${name} is not among the inputs{meant} (inputs: {listed})"
    for part, which in ((parts.system, "system"), (parts.user, "user")):
        if not _joined(part).strip():
            line = part[0][0] if part else parts.front.count(b"\n") + 2
            yield (line, 1), f"the {which} message is empty; write what the model is to know"


def _named(parts: _Parts) -> Iterator[tuple[_Mark, str | None]]:
    """Every ``$name`` of the text with its place; None for a ``$`` that names nothing."""
    for number, line in (*parts.system, *parts.user):
        for found in Template.pattern.finditer(line):
            if found["escaped"] is None:
                yield (number, found.start() + 1), found["named"] or found["braced"]
