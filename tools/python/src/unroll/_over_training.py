"""Decay curves measured while a model learned: their tables, their heat map and their folder."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from ._decay import Curve, Decay
from ._files import FolderFiles, write_all
from ._frames import Column, Frame, frame
from ._heatmap import heat_map
from ._runs import Figure, Run

COMMAND = "watch"
"""What `config.json` of a saved `Watch` has in place of the program's command."""

_TABLE = "decay-over-training"
_NORMS = ("layer", "path", "lag", "norm_mean", "norm_geomean")


class Watched(Run):
    """What a `Watch` measured, read again (`watch.save(folder)`, then `unroll.load(folder)`).

    Attributes:
        every: steps between two measurements.
    """

    _figure = _TABLE

    @property
    def every(self) -> int:
        """Steps between two measurements."""
        return int(self.config["options"]["every"])

    @cached_property
    def measurements(self) -> dict[int, Decay]:
        """Each measurement by its step."""
        assert self.folder is not None  # load gives one
        folders = {step: self.folder / _name(step) for step in self.summary["measurements"]}
        return {step: Decay(FolderFiles(folder), folder) for step, folder in folders.items()}

    @property
    def curves(self) -> Frame:
        """All curves: `step, layer, path, lag, norm_mean, norm_geomean`."""
        return self.frame(_TABLE)

    @property
    def fits(self) -> Frame:
        """A row for each measurement: step, rate, R², verdict, half-life and horizon of `Decay.curve()`."""
        return frame(columns_of_fits(self.measurements))

    def heat_map(self, path: str | None = None, layer: int = 0) -> Figure:
        """As `Watch.figure`: the heat map of one path's norms."""
        return heat_map_of(self.measurements, self.every, path, layer)

    def _overview(self) -> Frame:
        return self.fits

    def _headline(self) -> str:
        number = self.summary
        return (f"step {number['steps']}, {len(number['measurements'])} measurements, "
                f"one every {self.every} steps")


def save(measurements: Mapping[int, Decay], every: int, step: int, folder: str | os.PathLike[str]) -> Path:
    """Writes the folder that `Watched` reads."""
    values = {
        "config.json": {"command": COMMAND, "options": {"every": every}},
        "summary.json": {"outcome": "finished", "steps": step, "measurements": list(measurements)}}
    files = {name: (json.dumps(value, indent=2) + "\n").encode() for name, value in values.items()}
    files[f"{_TABLE}.csv"] = _csv(columns_of_curves(measurements))
    if measurements:
        files[f"{_TABLE}.svg"] = heat_map_of(measurements, every).svg.encode()
    path = write_all(files, folder)
    for at, decay in measurements.items():
        decay.save(path / _name(at))
    return path


def _name(step: int) -> str:
    return f"step-{step}"


def _csv(columns: Mapping[str, Column]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    # As Python's numbers, whose text is the shortest that reads back as the same number.
    writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    return text.getvalue().encode()


def columns_of_curves(measurements: Mapping[int, Decay]) -> dict[str, Column]:
    """The curves of all measurements, one below the other."""
    parts: dict[str, list[Column]] = {name: [] for name in ("step", *_NORMS)}
    for step, decay in measurements.items():
        columns = decay.columns("decay")
        parts["step"].append(np.full(len(columns["lag"]), step))
        for name in _NORMS:
            parts[name].append(columns[name])
    return {name: np.concatenate(part) if part else np.array([]) for name, part in parts.items()}


def columns_of_fits(measurements: Mapping[int, Decay]) -> dict[str, Column]:
    """The fit of each measurement's main curve."""
    curves = [(step, decay.curve()) for step, decay in measurements.items()]
    columns: dict[str, Column] = {"step": np.array([step for step, _ in curves], dtype=np.int64)}
    for name in ("rate", "r2", "half_life", "horizon"):
        values = [getattr(curve, name) for _, curve in curves]
        columns[name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    columns["verdict"] = np.array([curve.verdict for _, curve in curves], dtype=object)
    return columns


def heat_map_of(
    measurements: Mapping[int, Decay], every: int, path: str | None = None, layer: int = 0,
) -> Figure:
    """One path's norms: lag against step, with the horizon on it.

    Raises:
        LookupError: nothing was measured, or there is no such curve.
    """
    curves = {step: decay.curve(path, layer) for step, decay in measurements.items()}
    if not curves:
        raise LookupError("nothing was measured yet: step 0 is, once the backward pass is done")
    return Figure(_drawn(curves, every))


def _drawn(curves: Mapping[int, Curve], every: int) -> str:
    norms = np.full((max(len(curve.lags) for curve in curves.values()), len(curves)), np.nan)
    for column, curve in enumerate(curves.values()):
        norms[curve.lags, column] = curve.norm
    last = curves[max(curves)]
    return heat_map(
        list(curves), norms, [curve.horizon for curve in curves.values()], every=every,
        title=f"{last.label}, {last.path} of layer {last.layer}, every {every} steps",
        symbol=f"‖∂L/∂{last.path.removesuffix('_last')}‖ at T−k")
