"""Whole training runs: 50 updates under each optimiser, weight decay and clipping.

inputs.safetensors: x [T, N, I], y [N, O]; the loss is squared error at the last step, mean over the
batch and outputs. Batch n takes the sequences (4n … 4n+3) mod N; every sequence starts from a zero
state.

runs.safetensors: initial weights under `init/` (LSTM) and `rnn-init/` (tanh RNN);
runs-gru.safetensors: under `gru-init/`. And for each case
    CASE/weight_ih_l0 …, CASE/head.weight, CASE/head.bias   weights after the last update
    CASE/losses          [50]    the loss of each update, before it
    CASE/gradient_norms  [50]    the global gradient norm of each update, before clipping
The metadata holds each case's settings as JSON under the case's name. Weight decay comes after
clipping; it is decoupled in adamw and coupled elsewhere.
"""

import json

import torch
from torch import nn

import golden_file

T, N, I, H, O = 6, 15, 3, 7, 2
BATCH, UPDATES, SEED = 4, 50, 201

SGD = {"optimizer": "sgd", "learning_rate": 0.1}
MOMENTUM = {"optimizer": "momentum", "learning_rate": 0.1, "momentum": 0.9}
RMSPROP = {"optimizer": "rmsprop", "learning_rate": 0.01, "alpha": 0.99, "epsilon": 1e-8}
ADAM = {"optimizer": "adam", "learning_rate": 0.01}
ADAM |= {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}

# Settings left out are the defaults below.
DEFAULTS = {"cell": "lstm", "weight_decay": 0.0, "clip": "none"}
CASES = {
    "sgd": SGD,
    "sgd-weight-decay": SGD | {"weight_decay": 0.1},
    "momentum": MOMENTUM,
    "momentum-weight-decay": MOMENTUM | {"weight_decay": 0.1},
    "rmsprop": RMSPROP,
    "adam": ADAM,
    "adam-weight-decay": ADAM | {"weight_decay": 0.1},
    "adamw": ADAM | {"optimizer": "adamw", "weight_decay": 0.1},
    "sgd-clip-norm": SGD | {"clip": "norm:0.05"},
    "sgd-clip-norm-sometimes": SGD | {"clip": "norm:0.5"},
    "sgd-clip-norm-weight-decay": SGD | {"clip": "norm:0.05", "weight_decay": 0.1},
    "adam-clip-norm": ADAM | {"clip": "norm:0.05"},
    "sgd-clip-value": SGD | {"clip": "value:0.01"},
    "adam-clip-value": ADAM | {"clip": "value:0.01"},
    "rnn-adam": ADAM | {"cell": "rnn"},
    "torch-clip-norm": SGD | {"clip": "torch-norm:0.05"},
}
GRU_CASES = {
    "gru-adam": ADAM | {"cell": "gru"},
    "gru-adamw-clip-norm": ADAM
    | {"cell": "gru", "optimizer": "adamw", "weight_decay": 0.1, "clip": "norm:0.05"},
    "gru-momentum-clip-value": MOMENTUM | {"cell": "gru", "clip": "value:0.01"},
}
# What a file's cases start from, by its prefix there.
FILES = {
    "runs": (CASES, {"init": "lstm", "rnn-init": "rnn"}),
    "runs-gru": (GRU_CASES, {"gru-init": "gru"}),
}


def write_goldens():
    random = torch.Generator().manual_seed(SEED)
    x = torch.randn(T, N, I, generator=random)
    y = torch.randn(N, O, generator=random)
    initial = {cell: initial_weights(cell, random) for cell in ("lstm", "rnn", "gru")}

    folder = "TrainingTests/Goldens"
    golden_file.write(f"{folder}/inputs.safetensors", {"x": x, "y": y}, SEED)
    for file, (cases, starts) in FILES.items():
        record = {
            f"{prefix}/{name}": weight
            for prefix, cell in starts.items()
            for name, weight in initial[cell].items()
        }
        settings = {name: DEFAULTS | case for name, case in cases.items()}
        for name, case in settings.items():
            result = train(case, initial[case["cell"]], x, y)
            record |= {f"{name}/{key}": tensor for key, tensor in result.items()}
        metadata = {name: json.dumps(case) for name, case in settings.items()}
        golden_file.write(f"{folder}/{file}.safetensors", record, SEED, **metadata)


def make_model(cell):
    core = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](I, H)
    return nn.ModuleDict({"core": core, "head": nn.Linear(H, O)})


def named_parameters(model):
    return {name.removeprefix("core."): p for name, p in model.named_parameters()}


def initial_weights(cell, random):
    """PyTorch's own distribution, U(−1/√H, 1/√H), from our generator."""
    parameters = named_parameters(make_model(cell))
    return {
        name: (torch.rand(p.shape, generator=random) * 2 - 1) / H**0.5
        for name, p in parameters.items()
    }


def train(case, initial, x, y):
    model = make_model(case["cell"])
    parameters = named_parameters(model)
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(initial[name])
    optimizer = make_optimizer(case, list(parameters.values()))

    losses, norms = [], []
    for n in range(UPDATES):
        rows = [(BATCH * n + b) % N for b in range(BATCH)]
        output, _ = model["core"](x[:, rows])
        loss = ((model["head"](output[-1]) - y[rows]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.detach())
        norms.append(clip(case["clip"], list(parameters.values())))
        optimizer.step()
    return parameters | {"losses": torch.stack(losses), "gradient_norms": torch.stack(norms)}


def make_optimizer(case, parameters):
    common = {"lr": case["learning_rate"], "weight_decay": case["weight_decay"]}
    match case["optimizer"]:
        case "sgd":
            return torch.optim.SGD(parameters, **common)
        case "momentum":
            return torch.optim.SGD(parameters, momentum=case["momentum"], **common)
        case "rmsprop":
            return torch.optim.RMSprop(
                parameters, alpha=case["alpha"], eps=case["epsilon"], **common
            )
        case "adam" | "adamw" as name:
            kind = torch.optim.AdamW if name == "adamw" else torch.optim.Adam
            betas = (case["beta1"], case["beta2"])
            return kind(parameters, betas=betas, eps=case["epsilon"], **common)


def clip(rule, parameters):
    """Clips the gradients in place; returns their global norm before that."""
    kind, _, threshold = rule.partition(":")
    norm = torch.cat([p.grad.flatten() for p in parameters]).norm()
    match kind:
        case "norm" if norm > float(threshold):
            for p in parameters:
                p.grad.mul_(float(threshold) / norm)
        case "value":
            nn.utils.clip_grad_value_(parameters, float(threshold))
        case "torch-norm":
            nn.utils.clip_grad_norm_(parameters, float(threshold))
    return norm
