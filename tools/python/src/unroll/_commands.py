"""The commands `train`, `sweep` and `clip` as functions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from ._errors import UnrollError
from ._program import INTERRUPTED, Finished, run, text_of, words_of
from ._progress import Progress
from ._runs import Clip, Run, Sweep, Train, load

NONFINITE = 3


def train(task: str | None = None, *, progress: bool = True, **options: object) -> Train:
    """Trains one model, as `unroll train` does; `unroll help train` lists the options.

        run = unroll.train("adding", cell="lstm", length=50, steps=2000)
        run.metrics.plot("step", "loss")

    An option is a keyword with underscores for hyphens (`learning_rate=0.01`), a flag is True, and a
    list is a list. False and None leave an option out. The run is written to a new
    folder under `runs/`, or to `out=`.

    Ctrl-C, or a notebook's stop button, saves and stops: the result is then what was saved, with the
    outcome `interrupted`, and `resume=run.folder / "checkpoint.safetensors"` goes on.

    Raises:
        UnrollNotFound: the program is missing; the message says how to build it.
        UnrollError: the program's error. Where training became non-finite, `status` is 3 and `run` has
            what was saved.
    """
    return cast(Train, _run("train", task, [], options, progress))


def sweep(
    task: str | None = None, *, vary: Mapping[str, object] | None = None, progress: bool = True,
    **options: object,
) -> Sweep:
    """Repeats a training with options varied, over seeds, as `unroll sweep` does.

        sweep = unroll.sweep("adding", vary={"cell": ["rnn", "lstm"], "learning_rate": [1e-3, 3e-3]})
        sweep.groups

    `vary` maps options of `train` to their values. Ctrl-C keeps the runs that are finished; the same
    call with the same `out=` goes on. Otherwise as `train`.
    """
    words = []
    if vary is not None and not isinstance(vary, Mapping):
        raise TypeError(f"vary={vary!r}: expected options with their values: vary={{'learning_rate': [1e-3, 1e-2]}}")
    for name, values in (vary or {}).items():
        if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
            raise TypeError(f"vary={{{name!r}: {values!r}}}: expected a list of values")
        words += ["--vary", f"{name.replace('_', '-')}={text_of(values, name)}"]
    return cast(Sweep, _run("sweep", task, words, options, progress))


def clip(task: str | None = None, *, progress: bool = True, **options: object) -> Clip:
    """Compares clipping thresholds over seeds, as `unroll clip` does.

        unroll.clip("adding", cells=["rnn", "lstm"], thresholds=["none", 0.1, 1], length=30).runs

    Otherwise as `sweep`.
    """
    return cast(Clip, _run("clip", task, [], options, progress))


def _run(
    command: str, task: str | None, words: list[str], options: Mapping[str, object], progress: bool,
) -> Run:
    line = [command, *([task] if task is not None else []), *words, *words_of(command, options), "--json"]
    with Progress() as show:
        # --quiet leaves warnings, which are shown in any case.
        finished = run([*line, *([] if progress else ["--quiet"])], on_line=show)
    if finished.was_interrupted and not finished.stdout.strip():
        raise KeyboardInterrupt
    if finished.status not in (0, INTERRUPTED, NONFINITE):
        finished.check()
    result = load(_folder(finished, options))
    if finished.status == NONFINITE:
        raise UnrollError(finished.error, NONFINITE, result)
    return result


def _folder(finished: Finished, options: Mapping[str, object]) -> Path:
    """Where a run was written: the folder whose summary has the run's identity."""
    identity = json.loads(finished.stdout)["run"]
    places = [Path(os.fspath(cast(str, options[name]))) for name in ("out",) if options.get(name)]
    if options.get("resume"):
        places.append(Path(os.fspath(cast(str, options["resume"]))).parent)
    runs = Path("runs")
    if runs.is_dir():
        places += sorted(runs.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for place in places:
        summary = place / "summary.json"
        if summary.is_file() and json.loads(summary.read_bytes()).get("run") == identity:
            return place
    raise UnrollError(f"the folder of run {identity} was not found under {runs.resolve()}", 1)
