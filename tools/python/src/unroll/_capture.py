"""What enters a recurrent module of PyTorch, what it gives, and the gradient by that.

T time steps, B batch, I input size, H hidden size, D layers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from ._errors import CannotMeasure

Rows: TypeAlias = int | Sequence[int] | None

#: Arithmetic of fewer digits than the program compares outputs by.
_EXACT_ENOUGH = (torch.float32, torch.float64)


def recurrent_module(module: nn.Module) -> nn.RNNBase:
    """The `nn.RNN`, `nn.LSTM` or `nn.GRU` that `module` is, or the only one inside it.

    Raises:
        CannotMeasure: there is none, there are several, or it has a part that is not measured.
    """
    if not isinstance(module, nn.Module):
        raise CannotMeasure(
            f"the first argument is a {type(module).__name__}: expected an nn.RNN, nn.LSTM or nn.GRU, or a "
            "model with one of these inside")
    if isinstance(module, nn.RNNBase):
        chosen = module
    else:
        found = {name: part for name, part in module.named_modules() if isinstance(part, nn.RNNBase)}
        if len(found) != 1:
            name = type(module).__name__
            has = f"has {', '.join(found)}: give one of them" if found else "has none inside"
            raise CannotMeasure(f"{name} is no nn.RNN, nn.LSTM or nn.GRU, and {has}")
        chosen = next(iter(found.values()))
    _refuse_parts(chosen)
    return chosen


def _refuse_parts(module: nn.RNNBase) -> None:
    if not isinstance(module, (nn.RNN, nn.LSTM, nn.GRU)):
        raise CannotMeasure(f"{type(module).__name__}: expected an nn.RNN, nn.LSTM or nn.GRU")
    if module.bidirectional:
        raise CannotMeasure("bidirectional=True is not measured: its states come from both directions")
    if module.proj_size:
        raise CannotMeasure(f"proj_size={module.proj_size} is not measured")
    _refuse_dropout(module)


def _refuse_dropout(module: nn.RNNBase) -> None:
    if module.training and module.dropout and module.num_layers > 1:
        raise CannotMeasure(
            f"dropout={module.dropout} between layers is not measured in training mode; call eval() of "
            "the model, or set the module's dropout to 0, while you measure")


@dataclass
class Call:
    """One call of a module: its values, and the gradients by what it gave once they are there.

    Values are detached, and gradients None where the loss does not depend on an output.
    """

    module: nn.RNNBase
    x: Tensor
    out: Tensor
    initial: tuple[Tensor, ...]
    weights: dict[str, Tensor]
    #: How a packed sequence was packed, without its data.
    packing: PackedSequence | None
    #: Whether it was computed with the digits of Float32 at least.
    exact: bool
    #: The outputs as the graph has them: out (of a packed sequence its data), h_n, and an LSTM's c_n.
    nodes: tuple[Tensor, ...] = ()
    gradients: tuple[Tensor | None, ...] = field(default=(None, None, None))

    @property
    def has_gradient(self) -> bool:
        """Whether the loss depends on any output."""
        return any(gradient is not None for gradient in self.gradients)

    @property
    def is_finite(self) -> bool:
        """Whether all gradients are finite numbers."""
        return all(bool(gradient.isfinite().all()) for gradient in self.gradients if gradient is not None)


def intercept(
    module: nn.RNNBase, args: tuple[Any, ...], kwargs: Mapping[str, Any], result: Any, *, snapshot: bool,
) -> tuple[Call, Any]:
    """The call that gave `result`, and what its caller gets in place of it.

    That is a copy, so that what the caller does in place changes neither the values kept nor which
    gradient is taken. With `snapshot` weights are copied too, for reading after an update.
    """
    _refuse_dropout(module)
    x = args[0] if args else kwargs["input"]
    state = args[1] if len(args) > 1 else kwargs.get("hx")
    outputs, packed = outputs_of(module, result)
    nodes = tuple(_node(tensor) for tensor in outputs)
    given = [node.clone() for node in nodes]
    given_out = packed._replace(data=given[0]) if packed else given[0]
    given_final = tuple(given[1:]) if isinstance(module, nn.LSTM) else given[1]

    data = nodes[0]
    call = Call(
        module=module,
        x=(x.data if packed else x).detach().clone(),
        out=data.detach().clone(),
        initial=tuple(
            tensor.detach().clone()
            for tensor in (() if state is None else state if isinstance(state, tuple) else (state,))),
        # What the forward pass multiplied by, which weight normalization or dropout may have made.
        weights={
            name: weight.detach().clone() if snapshot else weight.detach()
            for name, weight in zip(module._flat_weights_names, module._flat_weights, strict=True)
            if weight is not None},
        packing=packed._replace(data=torch.empty(0)) if packed else None,
        exact=data.dtype in _EXACT_ENOUGH
        and not (data.is_cuda and torch.backends.cudnn.allow_tf32),
        nodes=nodes)
    return call, (given_out, given_final)


def outputs_of(
    module: nn.RNNBase, result: tuple[Any, Any],
) -> tuple[tuple[Tensor, ...], PackedSequence | None]:
    """What the module gave: out (of a packed sequence its data), h_n, and an LSTM's c_n; and that packed
    sequence."""
    out, final = result
    packed = out if isinstance(out, PackedSequence) else None
    return (packed.data if packed else out, *(final if isinstance(module, nn.LSTM) else (final,))), packed


def _node(tensor: Tensor) -> Tensor:
    """The tensor, as one that gradients can be asked of also where the module is frozen."""
    return tensor if tensor.requires_grad else tensor.detach().requires_grad_()


def model_of(call: Call) -> tuple[dict[str, NDArray[np.float64]], dict[str, str]]:
    """The tensors of a file of weights, and its metadata."""
    weights = {name: _array(weight) for name, weight in call.weights.items()}
    metadata = {"activation": str(call.module.nonlinearity)} if isinstance(call.module, nn.RNN) else {}
    return weights, metadata


def batch_of(call: Call, rows: Rows = None, check: bool = True) -> dict[str, NDArray[Any]]:
    """The tensors of a batch: x [T, B, I], the gradients g [T, B, H], g_h and g_c [D, B, H], the states
    h_0 and c_0 [D, B, H] that were given, lengths [B] of a packed sequence, and the outputs, which the
    program's own must agree with.

    All are Float64, which holds every type of PyTorch exactly.
    """
    tensors: dict[str, NDArray[Any]] = {}
    sequences = {"x": call.x, "g": call.gradients[0], "outputs": call.out if check else None}
    for name, tensor in sequences.items():
        if tensor is not None:
            steps, lengths = _time_major(tensor, call)
            tensors[name] = _array(_choose(steps, rows))
            if lengths is not None:
                tensors["lengths"] = _choose(lengths[None], rows)[0].numpy()
    states = (*zip(("g_h", "g_c"), call.gradients[1:]), *zip(("h_0", "c_0"), call.initial))
    for name, state in states:
        if state is not None:
            tensors[name] = _array(_choose(_batched(state, call), rows))
    if "lengths" in tensors:  # The rows chosen may all be shorter than the batch.
        longest = int(tensors["lengths"].max())
        tensors.update({name: np.ascontiguousarray(tensors[name][:longest])
                        for name in sequences if name in tensors})
    return tensors


def _time_major(tensor: Tensor, call: Call) -> tuple[Tensor, Tensor | None]:
    """[T, B, …], padded, and the lengths of a packed sequence."""
    if call.packing is not None:
        padded, lengths = pad_packed_sequence(call.packing._replace(data=tensor))
        return padded, lengths
    tensor = _batched(tensor, call)
    return (tensor.transpose(0, 1) if call.module.batch_first and call.x.dim() == 3 else tensor), None


def _batched(tensor: Tensor, call: Call) -> Tensor:
    """With a batch of one where the module was called without."""
    without = call.packing is None and call.x.dim() == 2
    return tensor.unsqueeze(1) if without else tensor


def _choose(tensor: Tensor, rows: Rows) -> Tensor:
    if rows is None:
        return tensor
    chosen = [int(rows)] if isinstance(rows, (int, np.integer)) else [int(row) for row in rows]
    count = tensor.shape[1]
    for row in chosen:
        if not -count <= row < count:
            raise IndexError(f"rows={rows}: the batch has {count} rows, counted from 0")
    if not chosen:
        raise IndexError("rows=[]: expected a row or more")
    return tensor[:, chosen]


def _array(tensor: Tensor) -> NDArray[np.float64]:
    return np.ascontiguousarray(tensor.detach().to("cpu", torch.float64).numpy())


def _kind(call: Call) -> str:
    return next(kind.__name__ for kind in (nn.LSTM, nn.GRU, nn.RNN) if isinstance(call.module, kind))


def differentiate(
    module: nn.RNNBase, loss: Callable[[], Tensor], which: int | None,
) -> tuple[Call, float]:
    """Runs `loss` once, and takes its gradient by what the module gave in the call `which`, counted
    from 0; by default in the only call that the loss depends on.

    No gradient goes into a parameter, and hooks, buffers, random numbers and modes are left as they
    were.

    Raises:
        CannotMeasure: the loss is no scalar with a gradient, or does not say which call.
    """
    if not callable(loss):
        raise CannotMeasure(
            f"loss is a {type(loss).__name__}: expected a function that runs the model and returns its "
            "loss, such as lambda: criterion(model(x), y)")
    calls: list[Call] = []

    def hook(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> Any:
        if not torch.is_grad_enabled():
            return None
        call, given = intercept(module, args, kwargs, result, snapshot=False)
        calls.append(call)
        return given

    # First, before hooks of others, so that it sees what the module itself gave.
    handle = module.register_forward_hook(hook, prepend=True, with_kwargs=True)
    try:
        with undisturbed(), torch.enable_grad():
            try:
                value = loss()
            finally:
                handle.remove()
            _check_loss(value)
            if not calls:
                raise CannotMeasure(
                    f"the loss did not call this nn.{type(module).__name__}, or only under "
                    "torch.no_grad(); of a model of torch.compile, measure the model before it")
            _take_gradients(value, calls)
            call = _choose_call(calls, which)
            if not call.is_finite:
                raise CannotMeasure("the loss's gradients are not all finite numbers")
            return call, float(value.detach())
    finally:
        for call in calls:
            call.nodes = ()


def _check_loss(value: object) -> None:
    if not isinstance(value, Tensor):
        raise CannotMeasure(
            f"the loss function returned {type(value).__name__}: expected the loss, a tensor of one number")
    if value.numel() != 1:
        raise CannotMeasure(
            f"the loss function returned a tensor of shape {tuple(value.shape)}: expected one number")
    if not value.requires_grad:
        raise CannotMeasure(
            "the loss has no gradient: it was detached, or does not depend on the recurrent module")
    if not value.isfinite():
        raise CannotMeasure(f"the loss is {value.item()}: expected a finite number")


def _take_gradients(value: Tensor, calls: list[Call]) -> None:
    nodes = [node for call in calls for node in call.nodes]
    try:
        gradients = iter(torch.autograd.grad(value.sum(), nodes, allow_unused=True))
    except RuntimeError as error:
        if "second time" in str(error):
            raise CannotMeasure(
                "the loss function called backward(): expected it to return the loss alone") from None
        raise
    for call in calls:
        call.gradients = tuple(next(gradients) for _ in call.nodes)


def _choose_call(calls: list[Call], which: int | None) -> Call:
    name = f"nn.{_kind(calls[0])}"
    if which is not None:
        if not -len(calls) <= which < len(calls):
            raise IndexError(f"call={which}: the loss called the {name} {len(calls)} times")
        calls = [calls[which]]
    reached = [call for call in calls if call.has_gradient]
    if not reached:
        raise CannotMeasure(f"the loss does not depend on what the {name} gave")
    if len(reached) > 1:
        raise CannotMeasure(
            f"the loss depends on {len(reached)} calls of the {name}, and a curve is of one; run the whole "
            "sequence in one call, or choose one: call=0 is the first")
    return reached[0]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Puts back random states, and the buffers of the modules that ran, as those of batch normalization."""
    buffers: dict[tuple[int, str], tuple[nn.Module, str, Tensor, Tensor]] = {}

    def keep(module: nn.Module, _: Any) -> None:
        for name, buffer in module._buffers.items():
            if buffer is not None and (id(module), name) not in buffers:
                buffers[id(module), name] = (module, name, buffer, buffer.detach().clone())

    states = random.getstate(), np.random.get_state()
    devices = range(torch.cuda.device_count()) if _uses_cuda() else ()
    handle = nn.modules.module.register_module_forward_pre_hook(keep)
    try:
        with torch.random.fork_rng(devices=devices):
            yield
    finally:
        handle.remove()
        random.setstate(states[0])
        np.random.set_state(states[1])
        with torch.no_grad():
            for module, name, buffer, copy in buffers.values():
                module._buffers[name] = buffer
                # Not where nothing changed: a graph of the caller's may hold the buffer as it is.
                if not torch.equal(buffer, copy):
                    buffer.copy_(copy)


def _uses_cuda() -> bool:
    return bool(torch.cuda.is_initialized())  # type: ignore[no-untyped-call]
