"""Outputs, final states and gradients of PyTorch's RNN, LSTM and GRU over two windows in a row.

An RNN with an activation that nn.RNN does not have runs step by step over the same parameters.

T time steps, B batch, I input size, H hidden size, O output size, L layers; w is the window, 0 or 1.

    weight_ih_l0 …, head.weight, head.bias      parameters, PyTorch's names and shapes
    h0, c0               [L, B, H]              states before window 0
    x.w                  [T, B, I]              inputs
    y.w                  [T, B, O]              targets ([T, B] class indices for cross-entropy)
    output.w             [T, B, H]              hidden states of the top layer
    prediction.w         [T, B, O]              head(output)
    loss.w               [1]                    mean over T, B, O (over T, B for cross-entropy)
    hn.w, cn.w           [L, B, H]              states after the window
    grad.w.NAME          as NAME                gradient of loss.w by the parameter NAME
    grad.w.x             [T, B, I]              … by x.w
    grad.w.h0, grad.w.c0 [L, B, H]              … by the states before window w

Window 1 begins from the states after window 0 taken as constants; its gradients are its own.
"""

import torch
from torch import nn

import golden_file
from activations import FUNCTIONS

T, B, I, H, O, CLASSES = 7, 3, 5, 9, 2, 5

# name: (cell, activation, layers, loss, seed)
CASES = {
    "rnn-tanh-1": ("rnn", "tanh", 1, "squared-error", 101),
    "rnn-tanh-2": ("rnn", "tanh", 2, "squared-error", 102),
    "rnn-relu-1": ("rnn", "relu", 1, "squared-error", 103),
    "rnn-relu-2": ("rnn", "relu", 2, "squared-error", 104),
    "lstm-1": ("lstm", None, 1, "squared-error", 105),
    "lstm-2": ("lstm", None, 2, "squared-error", 106),
    "cross-entropy": ("lstm", None, 1, "cross-entropy", 107),
    "gru-1": ("gru", None, 1, "squared-error", 108),
    "gru-2": ("gru", None, 2, "squared-error", 109),
    "rnn-log-sigmoid-1": ("rnn", "log-sigmoid", 1, "squared-error", 110),
    "rnn-softsign-1": ("rnn", "softsign", 1, "squared-error", 111),
    "rnn-gelu-1": ("rnn", "gelu", 1, "squared-error", 112),
    "rnn-silu-2": ("rnn", "silu", 2, "squared-error", 113),
}


def write_goldens():
    for name, (cell, activation, layers, loss, seed) in CASES.items():
        metadata = {"cell": cell, "layers": str(layers), "loss": loss}
        if activation:
            metadata["activation"] = activation
        golden_file.write(
            f"RecurrentCellsTests/Goldens/{name}.safetensors",
            two_windows(cell, activation, layers, loss, seed),
            seed,
            **metadata,
        )


class SteppedRNN(nn.RNN):
    """nn.RNN with any activation."""

    def forward(self, x, initial):
        layer_inputs, finals = list(x), []
        for layer, h in enumerate(initial):
            names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            w_ih, w_hh, b_ih, b_hh = (getattr(self, f"{name}_l{layer}") for name in names)
            outputs = []
            for value in layer_inputs:
                h = self.activation(value @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
                outputs.append(h)
            layer_inputs = outputs
            finals.append(h)
        return torch.stack(layer_inputs), torch.stack(finals)


def two_windows(cell, activation, layers, loss, seed):
    random = torch.Generator().manual_seed(seed)
    outputs = CLASSES if loss == "cross-entropy" else O
    match cell:
        case "rnn":
            if activation in ("tanh", "relu"):
                core = nn.RNN(I, H, layers, nonlinearity=activation)
            else:
                core = SteppedRNN(I, H, layers)
                core.activation = FUNCTIONS[activation]
        case "lstm":
            core = nn.LSTM(I, H, layers)
        case "gru":
            core = nn.GRU(I, H, layers)
    head = nn.Linear(H, outputs)
    parameters = dict(core.named_parameters())
    parameters |= {f"head.{name}": p for name, p in head.named_parameters()}
    with torch.no_grad():
        for parameter in parameters.values():
            # Half as wide again as PyTorch's own ±1/√H, so that the gates leave their linear range.
            parameter.uniform_(-1.5 / H**0.5, 1.5 / H**0.5, generator=random)

    record = dict(parameters)
    state_names = ["h", "c"] if cell == "lstm" else ["h"]
    states = [torch.rand(layers, B, H, generator=random) * 2 - 1 for _ in state_names]
    record |= {f"{name}0": state for name, state in zip(state_names, states, strict=True)}

    for w in range(2):
        x = torch.randn(T, B, I, generator=random, requires_grad=True)
        if loss == "cross-entropy":
            y = torch.randint(outputs, (T, B), generator=random)
        else:
            y = torch.randn(T, B, outputs, generator=random)
        before = [state.detach().clone().requires_grad_() for state in states]

        output, after = core(x, tuple(before) if cell == "lstm" else before[0])
        states = list(after) if cell == "lstm" else [after]
        prediction = head(output)
        if loss == "cross-entropy":
            value = nn.functional.cross_entropy(prediction.flatten(0, 1), y.flatten())
        else:
            value = ((prediction - y) ** 2).mean()

        record |= {f"x.{w}": x, f"y.{w}": y, f"output.{w}": output}
        record |= {f"prediction.{w}": prediction, f"loss.{w}": value.reshape(1)}
        record |= {f"{name}n.{w}": state for name, state in zip(state_names, states, strict=True)}
        sources = parameters | {"x": x}
        sources |= {f"{name}0": state for name, state in zip(state_names, before, strict=True)}
        gradients = torch.autograd.grad(value, list(sources.values()))
        record |= {f"grad.{w}.{name}": g for name, g in zip(sources, gradients, strict=True)}
    return record
