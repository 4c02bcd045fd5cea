"""Finds the program `unroll` and runs it."""

from __future__ import annotations

import atexit
import difflib
import functools
import os
import queue
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ._errors import UnrollError, UnrollNotFound

#: Options that say how the program prints, which is this package's own affair.
_RESERVED = ("json", "quiet", "help")

#: Below it each whole number is a float of its own.
_EXACT_BELOW = 2**53

#: Where a wheel with the program has it.
_CARRIED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "unroll")

INTERRUPTED = 130
"""Exit status of a run that Ctrl-C ended after it was saved."""


def find_program() -> str:
    """The path of the program: what the environment variable `UNROLL` names, else the program that this
    package carries, else `unroll` on `PATH`.

    A wheel made by `tools/release` carries one; installed from its sources the package has none. `UNROLL`
    goes first, because whoever sets it means that program. The carried one goes before `PATH`, because it
    was made with this package, while one on `PATH` may be of another version.

    Raises:
        UnrollNotFound: none of them is there; the message says how to build it.
    """
    named = os.environ.get("UNROLL")
    found = shutil.which(named) if named else shutil.which(_CARRIED) or shutil.which("unroll")
    if found:
        return found
    where = f"UNROLL={named} is no program" if named else "no program 'unroll' on PATH"
    raise UnrollNotFound(
        f"{where}; in the folder of the Swift package run: swift build -c release --product unroll "
        "&& export UNROLL=$PWD/.build/release/unroll")


def words_of(command: str, options: Mapping[str, object]) -> list[str]:
    """Keyword arguments as words of a command line.

    `learning_rate=0.01` becomes `--learning-rate=0.01`. True is a flag (`exponents=True`), and lists,
    tuples and arrays are joined by commas. False and None leave the option out.

    Raises:
        TypeError: an option that this package sets itself, one that is left out and that the command does
            not have, or a value that is no option's.
    """
    words: list[str] = []
    for name, value in options.items():
        if name in _RESERVED:
            raise TypeError(f"{name}= is set by the package; leave it out")
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value is None or value is False:
            check_name(command, name, value)
        else:
            # One word, so that a value which begins with a minus is not taken for an option.
            words.append(f"{option}={text_of(value, name)}")
    return words


def check_name(command: str, name: str, value: object, keywords: Sequence[str] = ()) -> None:
    """Refuses a name that the program would refuse, but is not shown, or is shown late.

    `keywords` are those of the function that was called, one of which may be meant.

    Raises:
        TypeError: the command has no such option.
    """
    option = "--" + name.replace("_", "-")
    known = _options_of(command)
    if option in known:
        return
    near = difflib.get_close_matches(option, [*known, *("--" + word for word in keywords)], n=1)
    hint = f"; did you mean {near[0].removeprefix('--').replace('-', '_')}=?" if near else ""
    raise TypeError(f"{name}={value!r}: unroll {command} has no option {option}{hint}")


@functools.cache
def _options_of(command: str) -> frozenset[str]:
    """The options of a command, as its help lists them."""
    return frozenset(re.findall(r"^  (--[a-z0-9-]+)", run(["help", command]).check().stdout, re.MULTILINE))


def text_of(value: object, name: str) -> str:
    """A value as the command line writes it.

    Raises:
        TypeError: the value is neither text, a number, a path, nor a list of these.
    """
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, bool) or not isinstance(value, (str, int, float, os.PathLike, Iterable)):
        raise TypeError(f"{name}={value!r}: expected text, a number, a path, or a list of these")
    if isinstance(value, Mapping):
        raise TypeError(f"{name}={value!r}: expected text, a number, a path, or a list of these")
    if isinstance(value, float) and value.is_integer() and 1 < abs(value) < _EXACT_BELOW:
        # For options of whole numbers, which refuse 1000.0. Not 0.0 and 1.0: beside `test=0.1` they
        # are shares, and 1 is a number of sequences.
        value = int(value)
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    return ",".join(text_of(item, name) for item in value)


def _remedy(error: str) -> str:
    """What helps where the system says that it cannot find the program's library."""
    if "libopenblas" not in error:
        return ""
    if "error while loading shared libraries" in error:
        return "; on Debian and Ubuntu: apt install libopenblas0"
    return "; brew install openblas" if "Library not loaded" in error else ""


@dataclass(frozen=True)
class Finished:
    """A program that ended: its exit status and what it printed."""

    status: int
    stdout: str
    stderr: str

    @property
    def was_interrupted(self) -> bool:
        """Whether Ctrl-C ended it, after saving or before there was something to save."""
        return self.status in (INTERRUPTED, -signal.SIGINT)

    @property
    def error(self) -> str:
        """The one line of its error."""
        lines = [line for line in self.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if not line.startswith("unroll: warning:")] or lines
        for line in errors:
            if remedy := _remedy(line):
                return line.removeprefix("unroll: ") + remedy
        if self.status < 0:
            return f"the program was ended by {signal.Signals(-self.status).name}"
        return errors[-1].removeprefix("unroll: ") if errors else f"ended with status {self.status}"

    @property
    def warnings(self) -> list[str]:
        """Its warnings, a line each."""
        mark = "unroll: warning: "
        return [line.removeprefix(mark) for line in self.stderr.splitlines() if line.startswith(mark)]

    def check(self) -> Finished:
        """Itself, if the program did what it was asked.

        Raises:
            UnrollError: the program ended with an error.
        """
        if self.status:
            raise UnrollError(self.error, self.status)
        return self


class Child:
    """The program while it runs.

    It is in a session of its own, so that Ctrl-C reaches it once, from `interrupt`, in a terminal as
    in a notebook: at a second signal it would not save.
    """

    def __init__(self, words: Sequence[str], *, figures: bool = True) -> None:
        environment = dict(os.environ)
        if not figures:
            # Without gnuplot on its path the program leaves the pictures out.
            environment["PATH"] = os.devnull
        self._process = subprocess.Popen(
            [find_program(), *words], env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", errors="replace")
        atexit.register(self.interrupt)
        self._parts: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._open = set(self._parts)
        self._lines: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()
        # Both are read while it runs: a full pipe would stop it.
        for name in self._parts:
            threading.Thread(target=self._read, args=(name,), daemon=True).start()

    def _read(self, name: str) -> None:
        with getattr(self._process, name) as stream:
            for line in stream:
                self._lines.put((name, line))
        self._lines.put((name, None))

    def wait(self, on_line: Callable[[str], None] | None = None) -> Finished:
        """Waits for its end. Each line of stderr goes to `on_line` when it comes, in this thread, as
        notebooks want it."""
        while self._open:
            name, line = self._lines.get()
            if line is None:
                self._open.discard(name)
                continue
            self._parts[name].append(line)
            if name == "stderr" and on_line is not None:
                on_line(line.rstrip("\n"))
        status = self._process.wait()
        atexit.unregister(self.interrupt)
        stdout, stderr = ("".join(self._parts[name]) for name in ("stdout", "stderr"))
        return Finished(status, stdout, stderr)

    @property
    def pid(self) -> int:
        """Its process identifier."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it ended, so that `wait` returns at once."""
        return self._process.poll() is not None

    def interrupt(self) -> None:
        """Asks it to save and stop."""
        if not self.has_ended:
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Ends it at once."""
        if not self.has_ended:
            self._process.kill()


@contextmanager
def _ending_with_us(child: Child) -> Iterator[None]:
    """Interrupts the program when this process ends without a word, as a notebook's kernel that is
    restarted: a shell waits at a pipe whose other end closes then."""
    with subprocess.Popen(
        ["/bin/sh", "-c", 'read -r word || kill -INT "$1"', "sh", str(child.pid)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as shell:
        try:
            yield
        finally:
            shell.communicate(b"done\n")


def run(
    words: Sequence[str], *, figures: bool = True, on_line: Callable[[str], None] | None = None,
) -> Finished:
    """Runs the program to its end.

    On Ctrl-C the program is asked to save and stop, and what it then says is the result, with the
    status `INTERRUPTED`. A second Ctrl-C ends it at once and is raised.
    """
    child = Child(words, figures=figures)
    try:
        with _ending_with_us(child):
            try:
                return child.wait(on_line)
            except KeyboardInterrupt:
                child.interrupt()
                return child.wait(on_line)
    except BaseException:
        child.kill()
        child.wait()
        raise


def program_version() -> str:
    """What `unroll --version` says."""
    return run(["--version"]).check().stdout.strip()
