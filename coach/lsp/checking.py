"""Checker: judges texts as the settings of their folder say, by rules alone or with the model."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from coach import workflow
from coach.checks.house import House
from coach.checks.report import FOREIGN, CheckedFile
from coach.checks.sources import find_sources
from coach.document import Document
from coach.engines import Engine, open_engine
from coach.errors import CoachError
from coach.settings import Settings


class News(NamedTuple):
    """What the user should know about her settings; ``wrong``: that they cannot be followed."""

    text: str
    wrong: bool


class Checker:
    """Judges texts. The model is the embedded one, whatever the settings say: nothing is sent."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._news: list[News] = []

    def news(self) -> list[News]:
        """What came up since this was last asked, each thing once."""
        news, self._news = self._news, []
        return news

    def check(self, path: Path, document: Document, *, quick: bool) -> CheckedFile | None:
        """What counts in a text that stands, or would stand, at this path.

        ``quick`` asks the rules alone. None where the text is left out, or cannot be checked.
        """
        try:
            settings = self._settings(path.parent)
            if find_sources([str(path)], ignoring=settings.ignoring()).left_out:
                return None
            engine = None if quick else self._engine
            file = self._house(settings).judge(
                str(path),
                document,
                check=lambda text: workflow.check(text, engine),
                complete=not quick,
            )
            if file.foreign:
                self._once(f"{path.name}: {FOREIGN}", wrong=False)
            return file
        except CoachError as error:
            self._once(f"{error.message}; {error.hint}", wrong=True)
        except Exception as error:  # its message may hold the text
            self._once(f"a fault of its own ({type(error).__name__})", wrong=True)
        return None

    @cached_property
    def _engine(self) -> Engine:
        return open_engine()

    def _settings(self, folder: Path) -> Settings:
        """Those of a folder, or the defaults where its own cannot be followed."""
        try:
            settings = Settings.load(cwd=folder)
        except CoachError as error:
            self._once(f"{error.message}; {error.hint}", wrong=True)
            return Settings()
        for file in settings.tone_files():
            self._once(f"the table tone of {file} is followed", wrong=False)
        return settings

    def _house(self, settings: Settings) -> House:
        try:
            house = settings.house()
        except CoachError as error:
            self._once(f"{error.message}; {error.hint}", wrong=True)
            house = settings.house(baseline=False)
        for fault in house.faults():
            self._once(f"{settings.origin('tone.off')}: {fault}", wrong=True)
        return house

    def _once(self, text: str, *, wrong: bool) -> None:
        if text not in self._told:
            self._told.add(text)
            self._news.append(News(text, wrong))
