"""PyTorch's activations: their values and derivatives at points of both signs.

    x                    [N]            points, the kinks of the activations among them
    FORM.value           [N]            f(x), where FORM is the text of an activation: leaky-relu:0.1
    FORM.derivative      [N]            f′(x), by autograd
"""

import math

import torch
from torch.nn import functional as F

import golden_file

SEED = 501

# The text of an activation: the function. Those that PyTorch lacks are written as their papers have them.
# F.hardsigmoid takes 1/6 rounded to float32, in float64 too.
FUNCTIONS = {
    "identity": lambda x: x * 1,
    "sigmoid": torch.sigmoid,
    "hard-sigmoid": lambda x: F.relu6(x + 3) / 6,
    "log-sigmoid": F.logsigmoid,
    "tanh": torch.tanh,
    "hard-tanh": F.hardtanh,
    "softsign": F.softsign,
    "arctan": torch.atan,
    "scaled-tanh": lambda x: 1.7159 * torch.tanh(2 * x / 3),
    "relu": torch.relu,
    "relu6": F.relu6,
    "leaky-relu:0.1": lambda x: F.leaky_relu(x, 0.1),
    "prelu": lambda x: F.prelu(x, torch.tensor([0.25], dtype=x.dtype)),
    "rrelu": lambda x: F.rrelu(x, training=False),
    "elu:1": F.elu,
    "elu:0.5": lambda x: F.elu(x, 0.5),
    "selu": F.selu,
    "celu:1": F.celu,
    "celu:0.5": lambda x: F.celu(x, 0.5),
    "gelu": F.gelu,
    "gelu:tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus:1": F.softplus,
    "softplus:2": lambda x: F.softplus(x, beta=2),
}


def write_goldens():
    golden_file.write(
        "RecurrentCellsTests/Goldens/activations.safetensors", values_and_derivatives(), SEED
    )


def values_and_derivatives():
    random = torch.Generator().manual_seed(SEED)
    kinks = torch.tensor([-3, -1, 0, 1, 3, 6, 10, 20, math.sqrt(2), -12.5, 12.5, 30, -30])
    x = torch.cat([kinks, torch.randn(48, generator=random) * 3]).double().requires_grad_()
    record = {"x": x}
    for form, function in FUNCTIONS.items():
        value = function(x)
        record[f"{form}.value"] = value
        record[f"{form}.derivative"] = torch.autograd.grad(value.sum(), x)[0]
    return record
