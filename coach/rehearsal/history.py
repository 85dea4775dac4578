"""History: rehearsals kept on this machine, readable by their owner only, and deletable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import InputError, OutputError, UsageError
from coach.rehearsal.debrief import Debrief
from coach.rehearsal.session import Session
from coach.resources import user_folder

FOLDER = "rehearsals"


class Kept(BaseModel):
    """One rehearsal as it is kept: the debrief of one that ended, the session of a paused one."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.kept-rehearsal/1"] = Field(
        default="coach.kept-rehearsal/1", alias="schema"
    )
    when: datetime
    persona: str
    steps: tuple[str, ...]
    debrief: Debrief | None = None
    session: Session | None = None

    @property
    def name(self) -> str:
        """What it is called: when, with whom, about what."""
        when = self.when.strftime("%Y-%m-%d-%H%M%S")
        return "-".join((when, self.persona, *self.steps[:1]))


class History:
    """The folder in which rehearsals are kept: ``$COACH_HOME/rehearsals``, else beside guides."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or user_folder(FOLDER)

    def keep(self, kept: Kept, *, instead_of: str | None = None) -> Path:
        """Write it, for the owner only, and say where it stands; then the one before can go.

        Raises:
            OutputError: it cannot be written.
        """
        path = self.folder / f"{kept.name}.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as stream:
                stream.write(kept.model_dump_json(by_alias=True, exclude={"session": {"before"}}))
        except OSError as error:
            raise OutputError(
                f"the rehearsal could not be kept in {self.folder}: "
                f"{(error.strerror or 'refused').lower()}",
                hint="check the folder, or rehearse with --no-keep",
            ) from None
        if instead_of in self.names():
            self.forget(instead_of)
        return path

    def names(self) -> tuple[str, ...]:
        """Of all that is kept, the oldest first."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.json")))

    def all(self) -> Iterator[Kept]:
        """Everything that is kept and can be read, the oldest first."""
        for name in self.names():
            try:
                yield self.read(name)
            except InputError:
                continue

    def read(self, name: str) -> Kept:
        """One of them.

        Raises:
            UsageError: there is none of this name.
            InputError: the file is not one that coach wrote.
        """
        try:
            return Kept.model_validate_json(self._path(name).read_bytes())
        except (OSError, ValidationError):
            raise InputError(
                f"the kept rehearsal {name!r} cannot be read",
                hint=f"delete it with: coach rehearse --forget {name}",
            ) from None

    def last_of(self, debrief: Debrief) -> Debrief | None:
        """The last rehearsal of the same scene that came to its end."""
        ended = [kept.debrief for kept in self.all() if kept.debrief]
        return next((one for one in reversed(ended) if one.scene == debrief.scene), None)

    def paused(self) -> Kept | None:
        """The last one that was paused and not taken up again."""
        return next((kept for kept in reversed(list(self.all())) if kept.session), None)

    def forget(self, name: str) -> int:
        """Delete one of them, or ``all``; how many there were.

        Raises:
            UsageError: there is none of this name.
            OutputError: it could not be deleted.
        """
        paths = [self._path(one) for one in (self.names() if name == "all" else (name,))]
        try:
            for path in paths:
                path.unlink()
        except OSError as error:
            raise OutputError(
                f"could not delete {path}: {(error.strerror or 'refused').lower()}",
                hint="delete the file yourself",
            ) from None
        return len(paths)

    def _path(self, name: str) -> Path:
        if name not in self.names():
            raise UsageError(
                f"there is no kept rehearsal {name!r}", hint="coach rehearse --history lists them"
            )
        return self.folder / f"{name}.json"
