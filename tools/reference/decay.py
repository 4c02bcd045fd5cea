"""How gradient norms fall with the lag, for each cell at PyTorch's initialization.

decay.safetensors and decay-gru.safetensors: one batch of the adding task, x [T, B, 2], y [B, 1],
and for each CELL (`lstm` and `rnn`; `gru`), where ℓ_b = (prediction_b − y_b)² is row b's loss, read
at the last step:
    CELL/weight_ih_l0 …, CELL/head.weight, CELL/head.bias
    CELL/losses   [B]      ℓ_b
    CELL/h_norms  [T, B]   ‖∂ℓ_b/∂h_{T−k}‖₂ at row k, the lag; c_t held fixed (autograd's node h_t)
    lstm/c_norms  [T, B]   ‖∂ℓ_b/∂c_{T−k}‖₂, the total derivative, through h_t and through c_{t+1}
No 1/B factor.

pytorch-lstm.safetensors and pytorch-gru.safetensors are the same LSTM and GRU as a PyTorch user's
state_dict (`lstm.…`, `fc.…`), and pytorch-batch.safetensors the same batch (x, y).
"""

import torch
from torch import nn

import golden_file

T, B, I, H, SEED = 50, 4, 2, 30, 301


class Model(nn.Module):
    """A recurrent core and a readout, named as a PyTorch user would name them."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell
        setattr(self, cell, {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](I, H))
        self.fc = nn.Linear(H, 1)

    def forward(self, x):
        return self.fc(getattr(self, self.cell)(x)[0][-1])


def write_goldens():
    torch.manual_seed(SEED)
    x, y = adding_batch()
    batch = {"x": x, "y": y}
    folder = "GradientFlowTests/Goldens"
    golden_file.write(f"{folder}/pytorch-batch.safetensors", batch, SEED)
    for file, cells in {"decay": ("lstm", "rnn"), "decay-gru": ("gru",)}.items():
        record = dict(batch)
        for cell in cells:
            model = Model(cell)
            state = model.state_dict()
            result = with_plain_names(cell, state) | gradient_norms(model, x, y)
            record |= {f"{cell}/{name}": tensor for name, tensor in result.items()}
            if cell != "rnn":
                golden_file.write(f"{folder}/pytorch-{cell}.safetensors", state, SEED)
        golden_file.write(f"{folder}/{file}.safetensors", record, SEED)


def adding_batch():
    """u ~ U[0, 1] beside a marker, one in each half; the target is the sum of the two marked u."""
    u, marker = torch.rand(T, B), torch.zeros(T, B)
    rows = torch.arange(B)
    marker[torch.randint(0, T // 2, (B,)), rows] = 1
    marker[torch.randint(T // 2, T, (B,)), rows] = 1
    return torch.stack([u, marker], dim=-1), (u * marker).sum(0).unsqueeze(-1)


def with_plain_names(cell, state):
    return {k.removeprefix(f"{cell}.").replace("fc.", "head."): v for k, v in state.items()}


def gradient_norms(model, x, y):
    core = getattr(model, model.cell)
    w_ih, w_hh = core.weight_ih_l0, core.weight_hh_l0
    b_ih, b_hh = core.bias_ih_l0, core.bias_hh_l0
    h = c = torch.zeros(B, H)
    hs, cs = [], []
    for x_t in x:
        from_input = x_t @ w_ih.T + b_ih
        match model.cell:
            case "rnn":
                h = (from_input + h @ w_hh.T + b_hh).tanh()
            case "lstm":
                i, f, g, o = (from_input + h @ w_hh.T + b_hh).chunk(4, dim=1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                h = o.sigmoid() * c.tanh()
                cs.append(c)
            case "gru":
                input_r, input_z, input_n = from_input.chunk(3, dim=1)
                state_r, state_z, state_n = (h @ w_hh.T + b_hh).chunk(3, dim=1)
                r, z = (input_r + state_r).sigmoid(), (input_z + state_z).sigmoid()
                n = (input_n + r * state_n).tanh()
                h = (1 - z) * n + z * h
        hs.append(h)
    prediction = model.fc(h)
    torch.testing.assert_close(prediction, model(x), rtol=1e-13, atol=0)

    losses = ((prediction - y) ** 2).sum(1)
    # The rows do not meet, so the gradient of the sum holds each row's own.
    gradients = torch.autograd.grad(losses.sum(), hs + cs)
    norms = torch.stack([g.norm(dim=1) for g in gradients])
    result = {"losses": losses, "h_norms": norms[:T].flip(0)}
    return result | ({"c_norms": norms[T:].flip(0)} if cs else {})
