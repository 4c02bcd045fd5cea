"""How far back the gradient of a recurrent module reaches: `decay` and its result."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from ._files import read_all, write_all
from ._frames import Frame
from ._program import run, words_of
from ._runs import Run, records

if TYPE_CHECKING:
    import torch

    from ._capture import Call, Rows


@dataclass(frozen=True)
class Curve:
    """A decay curve: norms of the gradient against the lag, with what was fitted to them.

    Attributes:
        label, cell, layer, path: what it is of. Paths are `h`, `c` (LSTM) and `state`, and where
            gradient enters at several steps `h_last`, `c_last` and `state_last`: of what enters last.
        lags: steps back from each row's last step, [K].
        norm: mean over the batch's rows of ‖∂L/∂h_(T-k)‖, [K]; geomean, p10, median, p90 likewise.
        norms: that of each row, [K, B], those that reach back furthest first; nan where a row does not
            reach back as far. None without `npz=True`.
        rate: factor per step of the fitted line; rate_interval its 95% interval.
        verdict: `exponential`, `growing`, `flat`, `bent`, `injected`, `too_short`, `zero`, `not_finite`.
        half_life: steps in which the norm halves, where exponential; doubling_time where growing.
        horizon: the largest lag with at least 1% of lag 0's norm; horizon_censored where that is the
            last lag there is.
    """

    label: str
    cell: str
    layer: int
    path: str
    lags: NDArray[np.int64]
    norm: NDArray[np.float64]
    geomean: NDArray[np.float64]
    p10: NDArray[np.float64]
    median: NDArray[np.float64]
    p90: NDArray[np.float64]
    rate: float | None
    rate_interval: tuple[float, float] | None
    r2: float | None
    verdict: str
    half_life: float | None
    doubling_time: float | None
    horizon: int | None
    horizon_censored: bool
    norms: NDArray[np.float64] | None = None


class Decay(Run):
    """Decay curves and what belongs to them (`unroll decay`, or `unroll.decay` of a PyTorch module).

    The numbers `rate`, `half_life`, `horizon` and `verdict` are those of `curve()`.

    Attributes:
        loss: the loss that was differentiated, where it is known.
        notes: what was left out of the measurement, and the program's warnings.
    """

    _figure = "decay"

    def __init__(
        self, files: Mapping[str, bytes], folder: Path | None = None, *, loss: float | None = None,
        notes: tuple[str, ...] = (), config: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(files, folder, config=config)
        self.loss: float | None = self.summary.get("loss") if loss is None else loss
        self.notes = notes or tuple(self.summary.get("notes", ()))

    @property
    def curves(self) -> Frame:
        """Norms by lag, of each path and layer."""
        return self.frame("decay")

    @property
    def fits(self) -> Frame:
        """A row for each curve: rate, R², verdict, half-life, horizon."""
        return records(self.summary["curves"])

    @property
    def contributions(self) -> Frame:
        """What each step adds to the gradients of W_hh and W_ih."""
        return self.frame("contributions")

    @property
    def gates(self) -> Frame:
        """How much of the decay the gates explain, of an LSTM or GRU."""
        return self.frame("gates")

    @property
    def formats(self) -> Frame:
        """The largest element of the gradient at each lag, for float16, bfloat16 and float32."""
        return self.frame("formats")

    @property
    def truncation(self) -> Frame:
        """The gradient cut after K steps against the whole one (`truncation=[1, 2, 5]`)."""
        return self.frame("truncation")

    @property
    def exponents(self) -> Frame:
        """Lyapunov exponents (`exponents=True`)."""
        return self.frame("exponents")

    @property
    def singular_values(self) -> Frame:
        """Singular values of ∂s_T/∂s_(T-k), as logarithms (`exponents=True`)."""
        return self.frame("singular-values")

    @property
    def remedies(self) -> Frame:
        """How far the gradient reaches and what would help (`remedies=True, needs=50`)."""
        return self.frame("remedies")

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The columns of all tables as the program has them, and `decay/norms` (`npz=True`).

        Raises:
            LookupError: the run has no decay.npz.
        """
        if ARRAYS not in self.files:
            raise LookupError(f"this run has no {ARRAYS}: pass npz=True")
        with np.load(io.BytesIO(self.files[ARRAYS])) as arrays:
            return dict(arrays)

    @cached_property
    def _norms(self) -> NDArray[np.float64] | None:
        """`decay/norms` alone, read once."""
        if ARRAYS not in self.files:
            return None
        with np.load(io.BytesIO(self.files[ARRAYS])) as arrays:
            norms: NDArray[np.float64] = arrays["decay/norms"]
            return norms

    def _missing(self, table: str) -> str:
        options = {"truncation": "truncation=[1, 2, 5]", "exponents": "exponents=True",
                   "singular-values": "exponents=True", "remedies": "remedies=True, needs=50"}
        if table in options:
            return f"{table} was not measured: pass {options[table]}"
        if table == "gates":
            return "there are no gates: only the LSTM and the GRU have them"
        return super()._missing(table)

    def curve(
        self, path: str | None = None, layer: int = 0, label: str | None = None, seed: int | None = None,
    ) -> Curve:
        """A curve with its fit.

        By default that of the lowest layer's c for an LSTM and h for other cells, of what enters last
        where gradient enters at several steps; of several labels or seeds, the first.

        Raises:
            LookupError: there is no such curve.
        """
        fits = [
            fit for fit in self.summary["curves"]
            if fit["layer"] == layer and label in (None, fit["label"])]
        if fits:
            fits = [fit for fit in fits if fit["label"] == fits[0]["label"]]
        paths = [fit["path"] for fit in fits]
        if path is None:
            path = next(p for p in ("c_last", "h_last", "c", "h", *paths, "") if p in (*paths, ""))
        if path not in paths:
            known = ", ".join(dict.fromkeys(
                f"{f['label']} layer {f['layer']} {f['path']}" for f in self.summary["curves"]))
            raise LookupError(f"no curve {path!r} of layer {layer}; there are: {known}")
        fit = fits[paths.index(path)]
        columns = self.columns("decay")
        chosen = (columns["label"] == fit["label"]) & (columns["layer"] == layer) & (
            columns["path"] == path)
        seeds = columns["seed"]
        if chosen.any():
            chosen &= seeds == (seeds[chosen][0] if seed is None else seed)
        if not chosen.any():
            raise LookupError(f"no curve {path!r} of layer {layer} and seed {seed}")
        interval = fit["rate_interval"]
        return Curve(
            label=fit["label"], cell=fit["cell"], layer=layer, path=path, lags=columns["lag"][chosen],
            norm=columns["norm_mean"][chosen], geomean=columns["norm_geomean"][chosen],
            p10=columns["norm_p10"][chosen], median=columns["norm_median"][chosen],
            p90=columns["norm_p90"][chosen], rate=fit["rate"],
            rate_interval=(interval[0], interval[1]) if interval else None, r2=fit["r2"],
            verdict=fit["verdict"], half_life=fit["half_life"], doubling_time=fit["doubling_time"],
            horizon=fit["horizon"], horizon_censored=fit["horizon_censored"],
            norms=None if self._norms is None else self._norms[chosen])

    @property
    def rate(self) -> float | None:
        """The factor by which a step multiplies the gradient."""
        return self.curve().rate

    @property
    def half_life(self) -> float | None:
        """Steps in which the gradient halves, where it decays exponentially."""
        return self.curve().half_life

    @property
    def horizon(self) -> int | None:
        """The largest lag that gets at least 1% of the gradient at lag 0."""
        return self.curve().horizon

    @property
    def verdict(self) -> str:
        """The shape of the curve in a word."""
        return self.curve().verdict

    def _headline(self) -> str:
        curve = self.curve()
        words = [f"{curve.label}, {curve.path} of layer {curve.layer}", curve.verdict]
        if curve.rate is not None:
            words.append(f"rate {curve.rate:.4g} per step")
        if curve.half_life is not None:
            words.append(f"half-life {curve.half_life:.4g}")
        if curve.horizon is not None:
            words.append(f"horizon {curve.horizon}{' or more' if curve.horizon_censored else ''}")
        return ", ".join([*words, *self.notes])

    def _overview(self) -> Frame:
        return self.fits

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Writes the run's folder, which must be new or empty, with the weights and the batch measured.

        `unroll decay --config FOLDER/config.json` repeats it, and `--runs FOLDER` shows it beside others.
        """
        if self.folder is not None:
            return super().save(folder)
        path = Path(folder).absolute()
        files = dict(self.files)
        config = json.loads(files["config.json"])
        for option, name in (("model", MODEL), ("inputs", BATCH)):
            config["options"][option] = config["data"][option]["path"] = str(path / name)
            config["data"][option]["given"] = name
        summary = self.summary | {"folder": str(path), "loss": self.loss}
        if self.notes:
            summary["notes"] = list(self.notes)
        files["config.json"] = _json(config)
        files["summary.json"] = _json(summary)
        return write_all(files, path)


MODEL, BATCH, ARRAYS = "model.safetensors", "batch.safetensors", "decay.npz"

GIVEN = "PyTorch"
"""The folder of both while they are measured, whose name figures show."""


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def decay(
    module: torch.nn.Module, loss: Callable[[], torch.Tensor], *, rows: Rows = None,
    call: int | None = None, check: bool = True, figures: bool = True, **options: object,
) -> Decay:
    """How far back the gradient of `loss` reaches through a recurrent module of PyTorch.

        unroll.decay(model.lstm, lambda: cross_entropy(model(x), y))

    `loss` runs the whole model and returns its loss L, without `backward()`. It is run once. For
    `out, (h_n, c_n) = lstm(x)`, L's gradients by out [T, B, H], h_n and c_n [D, B, H] are taken where
    L depends on them, so any head, pooling, embedding, attention and loss is right. The program then
    follows them backward through time, in Float64: a curve is the mean over the rows of
    ‖∂L/∂h_(T-k)‖ against the lag k. `batch_first`, packed sequences, several layers, modules without
    biases or with initial states, and calls without a batch are measured as they are.

    Parameters' gradients, hooks, modes, random states and the buffers of modules stay as they were.

    Args:
        module: an `nn.RNN`, `nn.LSTM` or `nn.GRU`, or a model with one of these inside.
        loss: runs the model and returns its loss, a tensor of one number.
        rows: rows of the batch to measure, one or several; by default all.
        call: which call of the module, counted from 0, where the loss depends on several.
        check: whether the program's outputs must agree with PyTorch's to 1e-4, which shows that the
            module is what it is taken for. Left out, with a note, for types shorter than float32.
        figures: whether figures are drawn.
        options: options of `unroll decay`, as `truncation=[1, 2, 5]`, `exponents=True`,
            `remedies=True, needs=50`, `threads=1`.

    Raises:
        CannotMeasure: the module, the loss or the call would be measured wrongly: `bidirectional`,
            `proj_size`, dropout between layers in training mode, several calls in one loss.
        UnrollNotFound: the program is missing; the message says how to build it.
        UnrollError: the program's error.
    """
    try:
        from . import _capture
    except ImportError as error:
        raise ImportError(f"unroll.decay needs PyTorch: pip install torch ({error})") from error
    recurrent = _capture.recurrent_module(module)
    words = words_of("decay", options)
    kept, value = _capture.differentiate(recurrent, loss, call)
    with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
        out, given, notes = Path(folder) / "run", Path(folder) / GIVEN, []
        if check and not kept.exact:
            notes.append("outputs were not compared: they are shorter than float32")
        line = prepare(kept, given, rows=rows, check=check and kept.exact)
        finished = run([*line, f"--out={out}", *words], figures=figures)
        if finished.was_interrupted:
            raise KeyboardInterrupt
        warnings = finished.check().warnings
        # Without figures gnuplot is kept from it, which it need not say.
        notes += [line for line in warnings if figures or "gnuplot" not in line]
        return Decay(read_all(out, given), loss=value, notes=tuple(notes))


def prepare(call: Call, folder: Path, *, rows: Rows, check: bool) -> list[str]:
    """Writes a call's weights and batch into a new `folder`; gives the command that measures them."""
    from ._capture import batch_of, model_of

    folder.mkdir()
    weights, metadata = model_of(call)
    safetensors.numpy.save_file(weights, folder / MODEL, metadata or None)
    safetensors.numpy.save_file(batch_of(call, rows, check), folder / BATCH)
    return ["decay", f"--model={folder / MODEL}", f"--inputs={folder / BATCH}", "--json", "--quiet"]
