"""Timed lines on the terminal, every word in the log, and the last of them when a step fails."""

import re
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from launch.process import Account, Ran, run

LOG_LIMIT_BYTES = 2_000_000
SHOWN_LOG_LINES = 12
HEARTBEAT_S = 20.0
FEW_WORDS = 4
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\].*?\x07")


class LaunchError(Exception):
    """Something a step needs is not there.

    Parameters
    ----------
    what
        What is wrong.
    way_out
        What the user can do about it.
    is_in_log
        Whether the last lines of the log belong to the story.
    """

    def __init__(self, what: str, way_out: str, *, is_in_log: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.way_out = way_out
        self.is_in_log = is_in_log


def clean(text: str) -> str:
    """Drop colours, and of a line that a progress bar kept rewriting all but its last state."""
    lines = ANSI.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in lines)


def _first_errors(output: str) -> list[str]:
    """Return the lines that name the error first: some programs print their manual after it."""
    lines = (line.strip() for line in clean(output).splitlines())
    return [line for line in lines if "error" in line.lower() and len(line.split()) > FEW_WORDS][:2]


class Progress:
    """The steps of one command.

    Parameters
    ----------
    log_file
        Receives everything, also what the terminal does not show.
    stream
        Where the timed lines go.
    is_quiet
        Leave out the steps in which nothing had to be done.
    """

    def __init__(self, log_file: Path, *, stream: TextIO, is_quiet: bool = False) -> None:
        self.log_file = log_file
        self.stream = stream
        self.is_quiet = is_quiet
        self.inherited: set[int] = set()
        self._is_log_begun = False

    def log(self, text: str) -> None:
        """Add to the log, which begins with the command and the moment."""
        if not self._is_log_begun:
            self._is_log_begun = True
            self.log_file.parent.mkdir(parents=True, exist_ok=True)
            if self.log_file.exists() and self.log_file.stat().st_size > LOG_LIMIT_BYTES:
                self.log_file.replace(self.log_file.with_suffix(".log.1"))
            self.log(f"\n=== {datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}  {' '.join(sys.argv)}\n")
        with self.log_file.open("a", encoding="utf-8", errors="replace") as file:
            file.write(clean(text))

    def line(self, text: str) -> None:
        """Print one line, and log it."""
        self.stream.write(text + "\n")
        self.stream.flush()
        self.log(text + "\n")

    @contextmanager
    def step(self, name: str) -> Iterator["Step"]:
        """Open one timed step; it ends with the word its body gives it."""
        self.log(f"--- {name}\n")
        step = Step(self, name)
        try:
            yield step
        except BaseException as error:
            step.close("interrupted" if isinstance(error, KeyboardInterrupt) else "FAILED")
            raise
        step.close(step.ending)

    def tail(self) -> list[str]:
        """Return the last lines of the log that say something."""
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.strip()][-SHOWN_LOG_LINES:]

    def explain(self, error: LaunchError) -> None:
        """Print what is wrong, what was said last where that helps, and the way out."""
        last = self.tail() if error.is_in_log else []
        if last:
            sys.stderr.write(f"\nThe last lines of {self.log_file}:\n")
            sys.stderr.writelines(f"  | {line}\n" for line in last)
        said = f"\n{error.what}\n  Way out: {error.way_out}\n"
        sys.stderr.write(said)
        self.log(said)


class Step:
    """One timed line, and the programs that run under it."""

    def __init__(self, progress: Progress, name: str) -> None:
        self.progress = progress
        self.name = name
        self.ending = "done"
        self.is_already_done = False
        self._started_at = time.monotonic()
        self._spoken_at = self._started_at
        self._is_live = progress.stream.isatty() and not progress.is_quiet
        self._last_word = ""
        self._tick()

    def already(self, detail: str = "") -> None:
        """End this step as one in which nothing had to be done."""
        self.is_already_done = True
        self.ending = f"already done ({detail})" if detail else "already done"

    def done(self, detail: str) -> None:
        """End this step with what was done."""
        self.is_already_done = False
        self.ending = detail

    def note(self, text: str) -> None:
        """Say something while the step goes on."""
        self._wipe()
        self.progress.line(f"  {self.name}: {text}")
        self._spoken_at = time.monotonic()

    def wait(self, seconds: float) -> None:
        """Wait for something that is no program of ours, showing that the step goes on."""
        time.sleep(seconds)
        self._tick()

    def close(self, ending: str) -> None:
        self._wipe()
        if not (self.progress.is_quiet and self.is_already_done):
            elapsed_s = time.monotonic() - self._started_at
            self.progress.line(f"{elapsed_s:7.1f} s  {self.name:<20}  {ending}")

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        account: Account | None = None,
        stdin: str = "",
        is_shown: bool = False,
        outlives_us: bool = False,
        way_out: str = "see the log, then run the same command again",
    ) -> Ran:
        """Run a program under this step and demand that it succeeds.

        Raises
        ------
        LaunchError
            If it cannot be started or exits with anything but 0.
        """
        ran = self.attempt(
            argv, env=env, cwd=cwd, account=account, stdin=stdin, is_shown=is_shown, outlives_us=outlives_us
        )
        if ran.code != 0:
            program = " ".join([Path(argv[0]).name, *(str(part) for part in argv[1:6])])
            told = "" if is_shown else "".join(f"\n  {line}" for line in _first_errors(ran.output))
            what = f"{program} failed (exit code {ran.code}){told}"
            raise LaunchError(what, way_out, is_in_log=not is_shown)
        return ran

    def attempt(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        account: Account | None = None,
        stdin: str = "",
        is_shown: bool = False,
        outlives_us: bool = False,
    ) -> Ran:
        """Run a program under this step and return how it ended, whatever that is."""
        self.progress.log(f"$ {' '.join(str(part) for part in argv)}\n")
        ran = run(
            argv,
            env=env,
            cwd=cwd,
            account=account,
            stdin=stdin,
            inherited=() if outlives_us else tuple(self.progress.inherited),
            terminal=self.progress.stream if is_shown and self.progress.stream.isatty() else None,
            hear=self._show if is_shown else self._hear,
            tick=self._wait if is_shown else self._tick,
        )
        self.progress.log("" if not ran.output or ran.output.endswith("\n") else "\n")
        return ran

    def _hear(self, text: str) -> None:
        self.progress.log(text)
        words = [line.strip() for line in clean(text).splitlines() if line.strip()]
        self._last_word = words[-1] if words else self._last_word
        self._tick()

    def _show(self, text: str) -> None:
        self._wipe()
        self.progress.stream.write(text)
        self.progress.stream.flush()
        self.progress.log(text)
        self._spoken_at = time.monotonic()

    def _wait(self) -> None:
        """Leave the terminal to a program that shows its own progress."""

    def _tick(self) -> None:
        """Show that the step is alive: in place on a terminal, a line now and then in a file."""
        now = time.monotonic()
        if self._is_live:
            width = shutil.get_terminal_size().columns - 1
            text = f"{now - self._started_at:7.1f} s  {self.name:<20}  {self._last_word}"
            self.progress.stream.write("\r\x1b[K" + text[:width])
            self.progress.stream.flush()
        elif now - self._spoken_at > HEARTBEAT_S:
            self._spoken_at = now
            self.progress.stream.write(
                f"  ... {self.name}, {now - self._started_at:.0f} s: {self._last_word[:100]}\n"
            )
            self.progress.stream.flush()

    def _wipe(self) -> None:
        if self._is_live:
            self.progress.stream.write("\r\x1b[K")
            self.progress.stream.flush()
