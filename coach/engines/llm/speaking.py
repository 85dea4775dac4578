"""Speaking: a line of a rehearsal's said sentence by sentence, while the model still writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import ValidationError
from pydantic_core import from_json

from coach.engines.llm.hearing import NotJsonError, object_of
from coach.engines.llm.pseudonyms import UnknownPlaceholder
from coach.engines.llm.role import PersonaAnswer, begun, spoken
from coach.rehearsal import Session


class Speaking:
    """Says aloud what of an answer holds, as far as it has come.

    A sentence is said once all up to it passes the check of the whole. From then on it is part of
    the line, and a later one that does not pass is left out, with all behind it.

    Args:
        session: what was said before.
        check: what is wrong with an answer.
        show: an answer's text as it is said, with names in it.
        aloud: told the line as far as it goes, each time it has grown.
    """

    def __init__(
        self,
        session: Session,
        check: Callable[[PersonaAnswer], Sequence[str]],
        *,
        show: Callable[[str], str],
        aloud: Callable[[str], None],
    ) -> None:
        self._session = session
        self._check = check
        self._show = show
        self._aloud = aloud
        self._heard: PersonaAnswer | None = None
        self._taken: str | None = None
        self.said = ""
        """The line so far."""

    def hear(self, text: str) -> str | None:
        """A ``Hear`` of the client's: takes what was said for the answer."""
        answer = self._answer(text)
        if answer is not None and answer != self._heard:
            self._heard = answer
            line = self._line(answer)
            if line.startswith(self.said) and line != self.said:
                self.said, self._taken = line, answer.model_dump_json()
                self._aloud(line)
        return self._taken

    def _answer(self, text: str) -> PersonaAnswer | None:
        """The answer, or as much of it as stands."""
        try:
            return PersonaAnswer.model_validate(object_of(text)[1])
        except ValidationError:
            return None
        except NotJsonError:  # not yet
            pass
        try:
            told = from_json(text, allow_partial="trailing-strings")
        except ValueError:
            return None
        say = told.get("say") if isinstance(told, dict) else None
        return begun(self._session, say) if isinstance(say, str) else None

    def _line(self, answer: PersonaAnswer) -> str:
        """What would be said; nothing where that cannot be."""
        if self._check(answer):
            return ""
        try:
            return self._show(spoken(self._session, answer))
        except UnknownPlaceholder:
            return ""
