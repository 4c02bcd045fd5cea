"""Run folders: what a command of the program wrote, read for Python."""

from __future__ import annotations

import base64
import html
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from ._files import FolderFiles, copy_all, write_all
from ._frames import Column, Frame, frame, read_csv

PARTIAL = ".partial"
"""What the program adds to the name of a log that it is still writing."""


class Run:
    """What a run of the program wrote.

    `load` gives the class of the command: `Decay`, `Train`, `Sweep`, `Clip`, `Depth`, `Predict`, `Watched`
    of a saved `Watch`, or this one for the others. In a notebook a run shows its figure, with a table below.

    Attributes:
        files: the files by name, each as bytes.
        folder: the run's folder; None for one that was measured in memory.
        config: the options as used, with version and kernels (`config.json`).
        summary: the result (`summary.json`); None stands for numbers that are not finite or not there.
    """

    #: The figure that stands for the run, and the file with the numbers that matter most.
    _figure = ""
    _table = ""

    def __init__(
        self, files: Mapping[str, bytes], folder: Path | None = None, *,
        config: dict[str, Any] | None = None,
    ) -> None:
        self.files = files
        self.folder = folder
        self.config: dict[str, Any] = _json_of(files, folder, "config.json") if config is None else config
        self.summary: dict[str, Any] = (
            _json_of(files, folder, "summary.json") if "summary.json" in files else {})
        self._columns: dict[str, dict[str, Column]] = {}

    @property
    def command(self) -> str:
        """The command that made the run: `train`, `decay`, …"""
        return str(self.config.get("command", ""))

    @property
    def outcome(self) -> str:
        """How the run ended: `finished`, `interrupted`, `nonfinite`, or where it did not, `unfinished`."""
        return str(self.summary.get("outcome") or ("finished" if self.summary else "unfinished"))

    @property
    def tables(self) -> list[str]:
        """The names of the tables, without `.csv`."""
        names = (name.removesuffix(PARTIAL) for name in self.files)
        return list(dict.fromkeys(name.removesuffix(".csv") for name in names if name.endswith(".csv")))

    def columns(self, table: str) -> dict[str, Column]:
        """A table's columns as NumPy arrays: integers, floats (a blank is nan) or text.

        Raises:
            LookupError: the run has no such table.
        """
        if table in self._columns:
            return self._columns[table]
        name = f"{table}.csv"
        if name not in self.files:
            name += PARTIAL
        if name not in self.files:
            raise LookupError(self._missing(table))
        text = self.files[name].decode()
        if name.endswith(PARTIAL):  # The last line may be there in part.
            text = text[:text.rfind("\n") + 1]
        try:
            columns = read_csv(text)
        except ValueError as error:
            raise ValueError(f"{_path_of(self.folder, name)}: {error}") from None
        if not name.endswith(PARTIAL):  # What grows is read again.
            self._columns[table] = columns
        return columns

    def _missing(self, table: str) -> str:
        return f"this run has no table {table!r}; it has {', '.join(self.tables) or 'none'}"

    def frame(self, table: str) -> Frame:
        """A table as a data frame, or as a `Table` where pandas is not installed.

        Raises:
            LookupError: the run has no such table.
        """
        return frame(self.columns(table))

    @property
    def frames(self) -> dict[str, Frame]:
        """All tables."""
        return {table: self.frame(table) for table in self.tables}

    @property
    def figures(self) -> list[str]:
        """The names of the figures, without `.svg`."""
        return [name.removesuffix(".svg") for name in self.files if name.endswith(".svg")]

    def figure(self, name: str | None = None) -> Figure:
        """A figure, by default the one that stands for the run, or where it is not there the first.

        Raises:
            LookupError: the run has no such figure, as where gnuplot is not installed.
        """
        figures = self.figures
        chosen = name or (self._figure if self._figure in figures or not figures else figures[0])
        if chosen not in figures:
            raise LookupError(
                f"this run has no figure {chosen!r}; it has {', '.join(figures) or 'none'}"
                + ("" if figures else ": gnuplot draws them, where it is installed"))
        return Figure(self.files[f"{chosen}.svg"].decode())

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Writes the run's files into a folder, which must be new or empty, those of its subfolders too.

        Subfolders `earlier-…` are left out: they are other runs, which this one has set aside.

        Raises:
            FileExistsError: the folder has something in it.
        """
        return copy_all(self.folder, folder) if self.folder else write_all(self.files, folder)

    def _own_figure(self) -> Figure | None:
        return self.figure() if self.figures else None

    def _overview(self) -> Frame | None:
        return self.frame(self._table) if self._table in self.tables else None

    def _repr_svg_(self) -> str | None:
        figure = self._own_figure()
        return figure.svg if figure else None

    def _repr_html_(self) -> str:
        figure, table = self._own_figure(), self._overview()
        parts = [figure._repr_html_() if figure else "", f"<p>{html.escape(repr(self))}</p>"]
        if table is not None:
            parts.append(table._repr_html_())
        return "".join(parts)

    def __repr__(self) -> str:
        where = f" in {self.folder}" if self.folder else ""
        return f"{type(self).__name__}: {self._headline()}{where}"

    def _headline(self) -> str:
        return self.outcome


class Figure:
    """A picture as SVG, which notebooks show.

    Attributes:
        svg: its text.
    """

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a file."""
        Path(path).write_text(self.svg, encoding="utf-8")

    def __repr__(self) -> str:
        return f"Figure: {len(self.svg):,} characters of SVG"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        # As an image, because the names inside of two pictures on a page would be mixed up.
        data = base64.b64encode(self.svg.encode()).decode()
        return f'<img alt="figure" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


class Train(Run):
    """One training (`unroll train`)."""

    _figure = "loss"

    @property
    def metrics(self) -> Frame:
        """A row for each update: step, loss, gradient norm before clipping, …"""
        return self.frame("metrics")

    @property
    def decay_over_training(self) -> Frame:
        """Decay curves while the model learned (`watch_decay=N`)."""
        return self.frame("decay-over-training")

    def weights(self, which: str = "model") -> dict[str, np.ndarray]:
        """The weights at the end (`model`) or the best ones (`best`), under PyTorch's names.

        Raises:
            LookupError: the run has no such file.
        """
        name = f"{which}.safetensors"
        if name not in self.files:
            raise LookupError(f"this run has no {name}")
        return safetensors.numpy.load(self.files[name])

    def _headline(self) -> str:
        number = self.summary.get
        words = [f"{number('cell')} on {number('task')}", f"{number('steps')} updates"]
        for name in ("train_loss", "validation_loss", "test_loss"):
            if number(name) is not None:
                words.append(f"{name.replace('_', ' ')} {number(name):.4g}")
        return ", ".join([*words, self.outcome])

    def _overview(self) -> None:
        return None


class Sweep(Run):
    """The same training with options varied (`unroll sweep`)."""

    _figure = "sweep"
    _table = "groups"

    @property
    def runs(self) -> Frame:
        """A row for each run."""
        return self.frame("runs")

    @property
    def groups(self) -> Frame:
        """A row for each setting, with intervals."""
        return self.frame("groups")

    @property
    def pairs(self) -> Frame:
        """Settings compared seed by seed (`against=`)."""
        return self.frame("pairs")

    def _headline(self) -> str:
        return f"{len(self.summary.get('groups', []))} settings, {self.outcome}"


class Clip(Run):
    """The same training under each clipping threshold (`unroll clip`)."""

    _figure = "clip"

    @property
    def runs(self) -> Frame:
        """A row for each run."""
        return self.frame("clip")

    @property
    def groups(self) -> Frame:
        """A row for each cell and threshold, from the summary."""
        return records(self.summary.get("groups", []))

    @property
    def surface(self) -> Frame:
        """The error over the two parameters of one unit (`surface=True`)."""
        return self.frame("surface")

    @property
    def path(self) -> Frame:
        """The paths of gradient descent on the surface."""
        return self.frame("path")

    def _overview(self) -> Frame | None:
        return self.groups if "groups" in self.summary else None

    def _headline(self) -> str:
        return f"{len(self.columns('clip')['cell'])} runs, {self.outcome}" if "clip" in self.tables \
            else f"surface, {self.outcome}"


class Depth(Run):
    """The gradient through the layers of feed-forward networks (`unroll depth`)."""

    _figure = "depth"

    @property
    def layers(self) -> Frame:
        """A row for each layer of each network."""
        return self.frame("depth")

    def _headline(self) -> str:
        return f"{self.summary.get('title', '')}. {self.summary.get('text', '')}"


class Predict(Run):
    """The outputs of a saved model (`unroll predict`)."""

    @property
    def outputs(self) -> Frame:
        """A row for each value of a series, or for each step of each sequence."""
        return self.frame("predict")


def _json_of(files: Mapping[str, bytes], folder: Path | None, name: str) -> dict[str, Any]:
    try:
        value = json.loads(files[name])
    except ValueError as error:
        raise ValueError(f"{_path_of(folder, name)}: not JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"{_path_of(folder, name)}: expected a JSON object")
    return value


def _path_of(folder: Path | None, name: str) -> str:
    return str(folder / name) if folder else name


def records(rows: list[dict[str, Any]]) -> Frame:
    """A data frame of a list in a summary. None among numbers is nan."""
    columns: dict[str, Column] = {}
    for name in dict.fromkeys(key for row in rows for key in row):
        values = [row.get(name) for row in rows]
        if any(isinstance(value, (list, dict)) for value in values):
            continue
        number = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values if v is not None)
        if number and None in values:
            values = [np.nan if value is None else value for value in values]
        columns[name] = np.array(values) if number else np.array(values, dtype=object)
    return frame(columns)


def load(folder: str | os.PathLike[str]) -> Run:
    """Reads the folder of any run: of `train`, `decay`, `clip`, `sweep`, `depth`, `predict`, …, or what a
    `Watch` saved.

    Tables and weights are read when they are asked for.

    Raises:
        FileNotFoundError: there is no such folder, or no run in it.
        ValueError: a file in it is not what a run writes; the message names it.
    """
    from . import _over_training
    from ._decay import Decay

    path = Path(folder)
    if not path.is_dir():
        raise FileNotFoundError(f"{path}: no such folder")
    files = FolderFiles(path)
    if "config.json" not in files:
        raise FileNotFoundError(f"{path}: not the folder of a run: it has no config.json")
    kinds: dict[str, type[Run]] = {
        "train": Train, "decay": Decay, "sweep": Sweep, "clip": Clip, "depth": Depth, "predict": Predict,
        _over_training.COMMAND: _over_training.Watched}
    config = _json_of(files, path, "config.json")
    return kinds.get(str(config.get("command", "")), Run)(files, path, config=config)
