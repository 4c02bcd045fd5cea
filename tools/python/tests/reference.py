"""A recurrent module run step by step, so that autograd gives the gradient by each state."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


class Stepwise(nn.Module):
    """Stands in for `rnn` in its model: the same weights and calls, each h and c a node of its own.

    After a call `states[layer]` has (h, c) of each step, [B, H], and `lasts` each row's last step.
    """

    def __init__(self, rnn: nn.RNNBase) -> None:
        super().__init__()
        self.rnn = rnn
        self.states = []
        self.lasts = []

    def forward(self, x, hx=None):
        rnn, packed = self.rnn, isinstance(x, PackedSequence)
        is_lstm, lengths = isinstance(rnn, nn.LSTM), None
        if packed:
            x, lengths = pad_packed_sequence(x)
        without_batch = x.dim() == 2
        if without_batch:
            x = x.unsqueeze(1)
        elif rnn.batch_first and not packed:
            x = x.transpose(0, 1)
        steps, rows, _ = x.shape
        self.lasts = [steps - 1] * rows if lengths is None else [int(n) - 1 for n in lengths]
        given = (None, None) if hx is None else hx if is_lstm else (hx, None)
        if without_batch:
            given = tuple(None if state is None else state.unsqueeze(1) for state in given)
        zeros = x.new_zeros(rnn.num_layers, rows, rnn.hidden_size)
        h_0, c_0 = (zeros if state is None else state for state in given)

        self.states, inputs = [], list(x)
        for layer in range(rnn.num_layers):
            h, c, nodes = h_0[layer], c_0[layer], []
            for x_t in inputs:
                h, c = self.step(layer, x_t, h, c)
                nodes.append((h, c))
            self.states.append(nodes)
            inputs = [h for h, _ in nodes]
        out = torch.stack(inputs)
        finals = [
            torch.stack([torch.stack([nodes[t][i][b] for b, t in enumerate(self.lasts)])
                         for nodes in self.states]) for i in (0, 1)]
        if packed:
            out = pack_padded_sequence(out, lengths, enforce_sorted=False)
        elif without_batch:
            out, finals = out[:, 0], [state[:, 0] for state in finals]
        elif rnn.batch_first:
            out = out.transpose(0, 1)
        return out, (tuple(finals) if is_lstm else finals[0])

    def step(self, layer, x, h, c):
        w_ih, w_hh, b_ih, b_hh = (
            getattr(self.rnn, f"{name}_l{layer}", None)
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        a, b = nn.functional.linear(x, w_ih, b_ih), nn.functional.linear(h, w_hh, b_hh)
        if isinstance(self.rnn, nn.LSTM):
            i, f, g, o = (a + b).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            # A node of its own: without it h's gradient would be that of what the head reads.
            return o.sigmoid() * c.tanh(), c
        if isinstance(self.rnn, nn.GRU):
            (a_r, a_z, a_n), (b_r, b_z, b_n) = a.chunk(3, 1), b.chunk(3, 1)
            z = (a_z + b_z).sigmoid()
            return (1 - z) * (a_n + (a_r + b_r).sigmoid() * b_n).tanh() + z * h, c
        return ((a + b).relu() if self.rnn.nonlinearity == "relu" else (a + b).tanh()), c


def curves(module: Stepwise, loss: torch.Tensor, rows=None) -> dict[tuple[int, str, int], float]:
    """Autograd's mean norms over rows, by layer, path and lag."""
    paths = "hc" if isinstance(module.rnn, nn.LSTM) else "h"
    nodes = [state[i] for layer in module.states for state in layer for i in range(len(paths))]
    gradients = iter(torch.autograd.grad(loss, nodes, allow_unused=True))
    steps = len(module.states[0])
    norms = {}  # [B] by layer, path and step
    for layer in range(len(module.states)):
        for t in range(steps):
            for path in paths:
                g = next(gradients)
                norms[layer, path, t] = None if g is None else g.norm(dim=1)
    lasts = dict(enumerate(module.lasts))
    chosen = lasts if rows is None else {row: lasts[row] for row in rows}
    result = {}
    for layer in range(len(module.states)):
        for path in paths:
            for lag in range(max(chosen.values()) + 1):
                found = [norms[layer, path, last - lag] for last in chosen.values() if last >= lag]
                at = [0.0 if n is None else n[row].item() for n, row in zip(
                    found, [row for row, last in chosen.items() if last >= lag], strict=True)]
                result[layer, path, lag] = sum(at) / len(at)
    return result
