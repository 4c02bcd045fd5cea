"""Finding and running the program."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import unroll
from unroll import _program


def test_missing_program(monkeypatch):
    monkeypatch.setenv("UNROLL", "/no/such/unroll")
    with pytest.raises(unroll.UnrollNotFound, match="UNROLL=/no/such/unroll is no program") as caught:
        unroll.train()
    assert "swift build -c release --product unroll && export UNROLL=" in str(caught.value)
    monkeypatch.delenv("UNROLL")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(unroll.UnrollNotFound, match="no program 'unroll' on PATH"):
        unroll.find_program()


def test_program_in_the_package(monkeypatch, tmp_path):
    """`UNROLL`, then the program of the package, then `PATH`; what cannot be run is passed over."""
    programs = {}
    for place in ("named", "carried", "path"):
        programs[place] = tmp_path / place / "unroll"
        programs[place].parent.mkdir()
        programs[place].write_text("#!/bin/sh\n")
        programs[place].chmod(0o755)
    monkeypatch.setattr(_program, "_CARRIED", str(programs["carried"]))
    monkeypatch.setenv("PATH", str(programs["path"].parent))
    monkeypatch.setenv("UNROLL", str(programs["named"]))
    assert unroll.find_program() == str(programs["named"])
    programs["named"].unlink()
    with pytest.raises(unroll.UnrollNotFound, match=f"UNROLL={programs['named']} is no program"):
        unroll.find_program()
    monkeypatch.setenv("UNROLL", "")
    assert unroll.find_program() == str(programs["carried"])
    programs["carried"].chmod(0o644)
    assert unroll.find_program() == str(programs["path"])
    programs["path"].unlink()
    with pytest.raises(unroll.UnrollNotFound, match="no program 'unroll' on PATH"):
        unroll.find_program()


def test_where_the_package_has_its_program():
    assert Path(_program._CARRIED) == Path(unroll.__file__).parent / "bin" / "unroll"


def test_version_is_that_of_the_program():
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    version = re.search('^version = "(.*)"$', project, re.MULTILINE)
    assert version is not None and unroll.program_version() == f"unroll {version[1]}"
    assert unroll.__version__ == version[1]


def test_program_on_path(monkeypatch, tmp_path):
    program = unroll.find_program()
    (tmp_path / "unroll").symlink_to(Path(program).resolve())
    monkeypatch.delenv("UNROLL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert unroll.find_program() == str(tmp_path / "unroll")
    assert unroll.program_version()


def test_options():
    words = _program.words_of("decay", {
        "learning_rate": 0.01, "exponents": True, "shuffle": False, "window": None,
        "truncation": [1, 2], "out": Path("a b"), "steps": np.int64(3), "cells": ("rnn", "lstm/init=he"),
        "start": np.array([4.5, -2.0])})
    assert words == [
        "--learning-rate=0.01", "--exponents", "--truncation=1,2", "--out=a b", "--steps=3",
        "--cells=rnn,lstm/init=he", "--start=4.5,-2"]


@pytest.mark.parametrize("value, text", [
    (1e3, "1000"), (-2.0, "-2"), (np.float32(20), "20"), (2.0**53 - 1, "9007199254740991"),
    (2.0**53, "9007199254740992.0"), (1e300, "1e+300"), (0.5, "0.5"), (float("inf"), "inf"),
    (0.0, "0.0"), (1.0, "1.0"),  # Of `test` these are shares, and refused.
])
def test_floats(value, text):
    assert _program.text_of(value, "x") == text
    assert float(text) == value


def test_whole_number_as_a_float():
    run = unroll.train("adding", length=5.0, hidden=4, steps=2e1, learning_rate=2.0, progress=False)
    assert run.summary["steps"] == 20
    options = run.config["options"]
    assert (options["length"], options["learning-rate"]) == (5, 2)


def test_what_is_varied_is_a_mapping():
    for vary in ("learning-rate=1e-3", ["learning-rate=1e-3"]):
        with pytest.raises(TypeError, match="vary=.*: expected options with their values"):
            unroll.sweep("adding", vary=vary)


@pytest.mark.parametrize("options, message", [
    ({"check": False}, "check=False: unroll train has no option --check"),
    ({"lenght": None}, r"lenght=None: unroll train has no option --lenght; did you mean length=\?"),
    ({"help": True}, "help= is set by the package"),
    ({"json": True}, "json= is set by the package"),
    ({"quiet": True}, "quiet= is set by the package"),
    ({"steps": {"a": 1}}, "steps={'a': 1}: expected text, a number, a path, or a list"),
    ({"steps": object()}, "expected text, a number"),
    ({"cells": [True]}, "cells=True: expected"),
])
def test_options_that_are_none(options, message):
    with pytest.raises(TypeError, match=message):
        _program.words_of("train", options)


@pytest.mark.parametrize("call, status, message", [
    (lambda: unroll.train("adding", lenght=3), 2, "unknown option '--lenght'; did you mean '--length'"),
    (lambda: unroll.train("addnig"), 2, "addnig"),
    (lambda: unroll.sweep("adding", vary={"celll": ["rnn"]}), 2, "celll"),
    (lambda: unroll.train("text", file="no such file.txt"), 1, "no such file.txt"),
])
def test_errors(call, status, message, capfd):
    with pytest.raises(unroll.UnrollError, match=message) as caught:
        call()
    assert caught.value.status == status
    assert "\n" not in str(caught.value) and not str(caught.value).startswith("unroll:")
    # The exception says it, and nothing else does.
    assert capfd.readouterr() == ("", "")


def test_interrupt_gives_what_was_saved(capfd):
    """The program gets one signal, saves, and its result is that of an interrupted run. The signal comes
    to this process alone, as from a notebook's stop button."""
    class Stopping(unroll._commands.Progress):
        def __call__(self, line):
            if not stopped:
                stopped.append(line)
                signal.raise_signal(signal.SIGINT)

    stopped = []
    original, unroll._commands.Progress = unroll._commands.Progress, Stopping
    try:
        run = unroll.train("adding", length=20, hidden=8, steps=200_000, out="stopped")
    finally:
        unroll._commands.Progress = original
    assert stopped and run.outcome == "interrupted"
    assert 0 < run.summary["steps"] < 200_000
    assert len(run.metrics) == run.summary["steps"]
    assert set(run.weights()) >= {"weight_ih_l0", "head.weight"}
    steps = run.summary["steps"] + 10
    resumed = unroll.train(resume=run.folder / "checkpoint.safetensors", steps=steps, progress=False)
    assert resumed.summary["steps"] == steps and resumed.folder == run.folder


def test_sweep_interrupted_goes_on(monkeypatch):
    lines = []

    class Stopping(unroll._commands.Progress):
        def __call__(self, line):
            lines.append(line)
            if len(lines) == 1:
                signal.raise_signal(signal.SIGINT)

    options = dict(length=10, hidden=8, steps=2000, threads=1, seeds=3, out="s")
    with monkeypatch.context() as patch:
        patch.setattr(unroll._commands, "Progress", Stopping)
        first = unroll.clip("adding", cells="rnn", thresholds=["none", 1], **options)
    assert first.outcome == "interrupted" and 0 < len(first.runs) < 6
    again = unroll.clip("adding", cells="rnn", thresholds=["none", 1], progress=False, **options)
    assert again.outcome == "finished" and len(again.runs) == 6


def test_program_ends_with_a_killed_kernel():
    """It gets one signal, so it saves. Threads of the kernel make no difference."""
    script = (
        "import threading, time, unroll\n"
        "for _ in range(5): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\n"
        "unroll.train('adding', length=20, hidden=8, steps=10**7, out='killed')")
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(unroll.__file__).parents[1])})
    wait_until(lambda: Path("killed/metrics.csv.partial").exists())
    parent.kill()
    parent.communicate()
    wait_until(lambda: unroll.load("killed").outcome != "unfinished")
    assert unroll.load("killed").outcome == "interrupted"


def wait_until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_warnings_are_not_errors():
    finished = _program.Finished(1, "", "unroll: warning: a\nunroll: b: c\n")
    assert finished.error == "b: c" and finished.warnings == ["a"]
    assert _program.Finished(-9, "", "10/20\n").error == "the program was ended by SIGKILL"
    assert _program.Finished(5, "", "").error == "ended with status 5"
    assert _program.Finished(-2, "", "").was_interrupted and not _program.Finished(-9, "", "").was_interrupted


def test_missing_openblas_has_its_remedy():
    said = "/bin/unroll: error while loading shared libraries: libopenblas.so.0: cannot open shared object file"
    error = _program.Finished(127, "", said + "\n").error
    assert error == said + "; on Debian and Ubuntu: apt install libopenblas0"
    # macOS ends the program, and says why in several lines.
    said = "dyld[1]: Library not loaded: /opt/homebrew/opt/openblas/lib/libopenblas.0.dylib"
    error = _program.Finished(-6, "", said + "\n  Referenced from: /bin/unroll\n").error
    assert error == said + "; brew install openblas"
    # The program's own message has its remedy.
    said = "unroll: /opt/libopenblas.so.0: lacks dgeev_; must be OpenBLAS; apt-get install libopenblas0"
    assert _program.Finished(1, "", said + "\n").error == said.removeprefix("unroll: ")
