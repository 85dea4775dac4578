"""The stage: a rehearsal line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coach.cli.lines import Reader, Show
from coach.errors import CoachError, UsageError

if TYPE_CHECKING:
    from coach.engines import Aloud, Engine
    from coach.rehearsal import Heard, Session

End = Literal["stopped", "paused", "ended"]
Voice = Callable[[str], AbstractContextManager["Aloud"]]
"""Shows that somebody of this name is thinking, and then what they say, as far as it goes."""


class Stage:
    """Plays a rehearsal: reads a line, lets the engine answer, obeys commands.

    Args:
        session: where it starts; ``session`` is always where it stands.
        engine: whoever finds the words.
        read: where lines come from.
        show: where they go.
        live: whether each line of the manager's is marked for tone.
        voice: shows answers as they come; Ctrl-C then stops only the wait. Without it they are
            shown whole, and Ctrl-C ends the whole.
    """

    def __init__(
        self,
        session: Session,
        engine: Engine,
        *,
        read: Reader,
        show: Show,
        live: bool = False,
        voice: Voice | None = None,
    ) -> None:
        self.session = session
        self._engine = engine
        self._read = read
        self._show = show
        self._live = live
        self._voice = voice

    def play(self) -> End:
        """Until the talk ends: stopped by the user, paused, or ended by the employee."""
        if not self.session.turns:
            self._answer()
        while True:
            line = self._read(self._prompt)
            if line is None:
                return "stopped"
            line = " ".join(line.split())
            if line.startswith("/"):
                if (end := self._obey(line)) is not None:
                    return end
            elif line:
                self._say(line)
                if self.session.state.ended and not self.session.swapped:
                    return "ended"

    @property
    def _prompt(self) -> str:
        return f"{self.session.setting.persona.name} (you)> " if self.session.swapped else "you> "

    def _say(self, line: str) -> None:
        before = self.session
        said = before.say(line)
        if self._live and not before.swapped:
            self._mark(before.heard(line))
        self._answered(said, before)

    def _answered(self, said: Session, before: Session) -> None:
        """Hear the answer to this; where there is none, go back, so that it can be said again."""
        self.session = said
        try:
            self._answer()
        except CoachError:
            self.session = before
            raise
        except KeyboardInterrupt:
            if self._voice is None:
                raise
            self.session = before
            self._tell(["stopped waiting; your line is taken back: say it again, or /pause"])

    def _answer(self) -> None:
        session = self.session
        name = "Manager" if session.swapped else session.setting.persona.name
        if self._voice is None:
            text = self._engine.reply(session)
            self._show(f"{name}: {text}")
        else:
            with self._voice(name) as aloud:
                text = self._engine.reply(session, aloud)
                aloud(text)
        self.session = session.hear(text)

    def _mark(self, heard: Heard) -> None:
        for finding in heard.findings:
            self._show(f"  ~ {finding.category}: “{finding.quote}”")

    def _obey(self, line: str) -> End | None:
        name, _, rest = line.partition(" ")
        ends: dict[str, End] = {"/stop": "stopped", "/pause": "paused"}
        if name in ends:
            return ends[name]
        acts: dict[str, Callable[[str], None]] = {
            "/hint": self._hint,
            "/undo": self._undo,
            "/again": self._again,
            "/feedback": self._feedback,
            "/step": self._step,
            "/swap": self._swap,
            "/save": self._save,
            "/help": self._help,
        }
        act = acts.get(name)
        if act is None:
            self._show(f"  there is no {name}; /help lists what works here")
        else:
            act(rest.strip())
        return None

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._show(f"  {line}")

    def _hint(self, _: str) -> None:
        from coach.rehearsal import hints

        swapped = self.session.swapped
        self._tell(
            ["hints are for the manager; /swap changes back"] if swapped else hints(self.session)
        )

    def _undo(self, _: str) -> None:
        before = self.session
        self.session = before.undo()
        took = before is not self.session
        self._tell(["taken back; say it another way" if took else "there is nothing to take back"])

    def _again(self, _: str) -> None:
        before = self.session
        again = before.again()
        if again is before:
            self._tell(["there is nothing to answer yet"])
            return
        self._answered(again, before)

    def _feedback(self, _: str) -> None:
        from coach.render.rehearsal_view import so_far

        self._tell(so_far(self.session))

    def _step(self, step: str) -> None:
        from coach.render.rehearsal_view import step_intro, step_list

        if step in self.session.setting.guide.step_ids:
            self.session = self.session.at_step(step)
            self._tell(step_intro(self.session))
        else:
            self._tell(step_list(self.session))

    def _swap(self, _: str) -> None:
        before = self.session
        swapped = before.swap()
        if not swapped.swapped:
            self.session = swapped
            self._tell(["you are the manager again"])
            return
        self._tell([f"you are {swapped.setting.persona.name} now; /swap changes back"])
        self._answered(swapped, before)

    def _save(self, name: str) -> None:
        from coach.cli.output import check_target, write
        from coach.render.rehearsal_view import talk_markdown

        path = Path(name or "rehearsal.md").expanduser()
        try:
            check_target(path, endings=(".md", ".txt"), force=False)
            write(path, talk_markdown(self.session))
        except CoachError as error:
            self._tell([f"{error.message}; {error.hint}"])
        else:
            self._tell([f"written to {path}"])

    def _help(self, _: str) -> None:
        from coach.render.rehearsal_view import help_lines

        self._tell(help_lines())


def check_steps(steps: Iterable[str], known: tuple[str, ...], guide: str) -> None:
    """Refuse a step that the guide does not have."""
    for step in steps:
        if step not in known:
            raise UsageError(
                f"guide {guide!r} has no step {step!r}", hint=f"its steps are {', '.join(known)}"
            )
