"""Measures decay curves while a module of PyTorch is trained."""

from __future__ import annotations

import operator
import os
import tempfile
import warnings
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from . import _over_training
from ._decay import GIVEN, Decay, prepare
from ._errors import CannotMeasure, UnrollError
from ._files import read_all
from ._frames import Frame, frame
from ._program import Child, check_name, words_of
from ._runs import Figure

if TYPE_CHECKING:
    import torch

    from ._capture import Call, Rows


class Watch:
    """Measures how far back the gradient reaches, at every N-th step of a training loop.

        with unroll.Watch(model.lstm, every=100) as watch:
            for x, y in batches:
                optimizer.zero_grad()
                cross_entropy(model(x), y).backward()
                optimizer.step()
        watch            # in a notebook: the heat map; watch.save("folder") keeps it

    It takes what the training computes anyway: at every N-th backward pass through the module, its
    inputs, the gradients by its outputs, and a copy of its weights. No further forward or backward pass
    is made, and the training's numbers stay the same to the bit. The program measures them beside the
    training, one measurement at a time; the loop waits where the one before has not ended.

    A step is a backward pass through the module, counted from 0: step 0 is measured before the first
    update. Forward passes without a backward pass, as of a validation, do not count. What cannot be
    measured raises an error when the second step begins, and from then on is a warning and a gap.
    Gradients that are not all finite, as of the first updates under `GradScaler`, are a gap at any step.

    Args:
        module: an `nn.RNN`, `nn.LSTM` or `nn.GRU`, or a model with one of these inside.
        every: steps between two measurements.
        rows: rows of the batch to measure, one or several; by default all. Fewer are faster.
        check: whether the program's outputs must agree with PyTorch's to 1e-4. Left out for types
            shorter than float32.
        options: options of `unroll decay`, by default `threads=1`.

    Raises:
        CannotMeasure: the module has a part that is not measured.
        UnrollNotFound: the program is missing; the message says how to build it.
    """

    def __init__(
        self, module: torch.nn.Module, every: int = 100, *, rows: Rows = None, check: bool = True,
        **options: object,
    ) -> None:
        try:
            from ._capture import recurrent_module
        except ImportError as error:
            raise ImportError(f"unroll.Watch needs PyTorch: pip install torch ({error})") from error
        try:
            every = operator.index(every)
        except TypeError:
            raise ValueError(f"every={every!r}: expected a whole number, 1 or more") from None
        if every < 1:
            raise ValueError(f"every={every}: expected a whole number, 1 or more")
        for name, value in options.items():
            check_name("decay", name, value, keywords=("every", "rows", "check"))
        self.every = every
        self._step, self._reached = 0, False
        self._rows, self._check = rows, check
        self._words = words_of("decay", {"threads": 1} | options)
        self._pending: list[tuple[int, Call]] = []
        self._running: tuple[int, Child, tempfile.TemporaryDirectory[str]] | None = None
        self._measured: list[tuple[int, Decay]] = []
        self._tried = False
        module_ = recurrent_module(module)
        self._handle = module_.register_forward_hook(self._after_forward, prepend=True, with_kwargs=True)

    def _after_forward(
        self, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any,
    ) -> Any:
        import torch
        from torch.autograd.graph import register_multi_grad_hook

        from ._capture import intercept, outputs_of

        if not torch.is_grad_enabled():
            return None
        nodes, _ = outputs_of(module, result)
        if not all(node.requires_grad for node in nodes):
            return None
        self._settle()
        if self._step % self.every:
            for node in nodes:
                node.register_hook(self._reach)  # type: ignore[no-untyped-call]
            return None
        call, given = intercept(module, args, kwargs, result, snapshot=True)
        nodes, call.nodes = call.nodes, ()

        def arrived(gradients: Any) -> None:
            if not call.has_gradient:
                call.gradients = tuple(
                    None if gradient is None else gradient.detach().clone() for gradient in gradients)
                self._pending.append((self._step, call))
                self._reached = True

        register_multi_grad_hook(nodes, arrived)
        return given

    def _reach(self, _: torch.Tensor) -> None:
        self._reached = True

    @property
    def step(self) -> int:
        """Backward passes so far."""
        return self._step + self._reached

    def _settle(self) -> None:
        """Starts the measurement of what the last backward pass left, and reads one that has ended."""
        self._step, self._reached = self.step, False
        if self._running is not None and self._running[1].has_ended:
            self._finish()
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        if not all(call.is_finite for _, call in pending):
            self._warn(pending[0][0], "its gradients are not all finite numbers")
            return
        first, self._tried = not self._tried, True
        self._finish()
        try:
            if len(pending) > 1:
                raise CannotMeasure(
                    f"{len(pending)} calls of the module got a gradient in one step, and a curve is of "
                    "one; run the whole sequence in one call")
            self._start(*pending[0])
        except (CannotMeasure, IndexError, OSError) as error:
            self._report(first, pending[0][0], error)
        if first:  # So that what never works is said at once.
            self._finish(raising=True)

    def _start(self, step: int, call: Call) -> None:
        folder = tempfile.TemporaryDirectory(prefix="unroll-")
        try:
            line = prepare(call, Path(folder.name) / GIVEN, rows=self._rows, check=self._check and call.exact)
            child = Child([*line, f"--out={folder.name}/run", *self._words], figures=False)
        except BaseException:
            folder.cleanup()
            raise
        self._running = step, child, folder

    def _finish(self, raising: bool = False) -> None:
        """Waits for the measurement that is running, and reads it."""
        if self._running is None:
            return
        (step, child, folder), self._running = self._running, None
        with folder as path:
            try:
                finished = child.wait()
            except KeyboardInterrupt:
                child.kill()
                child.wait()
                raise
            try:
                finished.check()
            except UnrollError as error:
                self._report(raising, step, error)
                return
            # Numbers alone are kept, because a training may be measured many times: no batch, no
            # weights, and none of the scripts of figures.
            kept = {name: data for name, data in read_all(Path(path) / "run").items()
                    if name in ("config.json", "summary.json") or name.endswith(".csv")}
            self._measured.append((step, Decay(kept)))

    @staticmethod
    def _warn(step: int, reason: object) -> None:
        warnings.warn(f"step {step} was not measured: {reason}", RuntimeWarning, stacklevel=2)

    def _report(self, raising: bool, step: int, error: Exception) -> None:
        if raising:
            raise error
        self._warn(step, error)

    def close(self) -> None:
        """Stops watching, and waits for the last measurement."""
        self._handle.remove()
        self._settle()
        self._finish()
        if self._step == 0:
            warnings.warn(
                "nothing was measured: no backward pass reached the module; is it the one that is trained?",
                RuntimeWarning, stacklevel=2)

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
            return
        # What ended the loop is what has to be seen: a first measurement that fails is a warning too.
        self._handle.remove()
        self._tried = True
        self._settle()
        self._finish()

    @property
    def measurements(self) -> dict[int, Decay]:
        """Each measurement by its step. Waits for those that are not there yet."""
        self._settle()
        self._finish()
        return dict(self._measured)

    @property
    def frame(self) -> Frame:
        """The same as `curves`."""
        return self.curves

    @property
    def curves(self) -> Frame:
        """All curves: `step, layer, path, lag, norm_mean, norm_geomean`."""
        return frame(_over_training.columns_of_curves(self.measurements))

    @property
    def fits(self) -> Frame:
        """A row for each measurement: step, rate, R², verdict, half-life and horizon of `Decay.curve()`."""
        return frame(_over_training.columns_of_fits(self.measurements))

    def figure(self, path: str | None = None, layer: int = 0) -> Figure:
        """The heat map of one path's norms: lag against step, with the horizon on it.

        Args:
            path: `h`, `c`, `state`, or `h_last` and the like; by default that of `Decay.curve()`.
            layer: the layer, counted from 0.

        Raises:
            LookupError: nothing was measured, or there is no such curve.
        """
        return _over_training.heat_map_of(self.measurements, self.every, path, layer)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Writes the curves, the heat map, and each measurement in a folder `step-N`, into a folder that
        must be new or empty. `unroll.load(folder)` reads them again.

        Raises:
            FileExistsError: the folder has something in it.
        """
        return _over_training.save(self.measurements, self.every, self.step, folder)

    def _repr_svg_(self) -> str | None:
        return self.figure().svg if self.measurements else None

    def __repr__(self) -> str:
        return f"Watch: step {self.step}, {len(self.measurements)} measurements, one every {self.every} steps"
