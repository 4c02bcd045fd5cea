"""Whole training runs: 50 updates under each optimizer, weight decay and clipping.

inputs.safetensors: x [T, N, I], y [N, O]; the loss is squared error at the last step, mean over the
batch and outputs. Batch n takes the sequences (4n … 4n+3) mod N; every sequence starts from a zero
state.

runs.safetensors: initial weights under `init/` (LSTM) and `rnn-init/` (tanh RNN);
runs-gru.safetensors: under `gru-init/`; runs-clipping.safetensors, the rules of clipping beyond
norm and value: under all three. And for each case
    CASE/weight_ih_l0 …, CASE/head.weight, CASE/head.bias   weights after the last update
    CASE/losses          [50]    the loss of each update, before it
    CASE/gradient_norms  [50]    the global gradient norm of each update, before clipping (under
                                 `state`, of the gradient that came of it)
    CASE/factors         [50]    norm of the clipped gradient over that of the unclipped one
    CASE/angles          [50]    the angle between the two in degrees
The last two are in runs-clipping alone. `auto:p` takes numpy.percentile of all norms so far;
`agc:l` leaves out the readout, and takes a vector as one unit; `state:t` clamps the gradients of the
pre-activations by hooks, in a loop over steps.
The metadata holds each case's settings as JSON under the case's name. Weight decay comes after
clipping; it is decoupled in adamw and coupled elsewhere.
"""

import json

import numpy
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
CLIPPING_CASES = {
    "sgd-clip-tensor": SGD | {"clip": "tensor:0.05"},
    "adam-clip-tensor": ADAM | {"clip": "tensor:0.1"},
    "sgd-clip-auto": SGD | {"clip": "auto:10"},
    "adam-clip-auto": ADAM | {"clip": "auto:62.5"},
    "gru-clip-auto": ADAM | {"cell": "gru", "clip": "auto:50", "weight_decay": 0.1},
    "sgd-clip-agc": SGD | {"clip": "agc:0.02"},
    "adam-clip-agc": ADAM | {"clip": "agc:0.1"},
    "gru-clip-agc": MOMENTUM | {"cell": "gru", "clip": "agc:0.05"},
    "rnn-clip-state": SGD | {"cell": "rnn", "clip": "state:0.02"},
    "lstm-clip-state": ADAM | {"clip": "state:0.005"},
    "lstm-clip-state-sometimes": SGD | {"clip": "state:0.1"},
    "gru-clip-state": SGD | {"cell": "gru", "clip": "state:0.02"},
}
# What a file's cases start from, by its prefix there.
FILES = {
    "runs": (CASES, {"init": "lstm", "rnn-init": "rnn"}),
    "runs-gru": (GRU_CASES, {"gru-init": "gru"}),
    "runs-clipping": (CLIPPING_CASES, {"init": "lstm", "rnn-init": "rnn", "gru-init": "gru"}),
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
            if file != "runs-clipping":
                del result["factors"], result["angles"]
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

    losses, norms, factors, angles = [], [], [], []
    for n in range(UPDATES):
        rows = [(BATCH * n + b) % N for b in range(BATCH)]
        output, _ = model["core"](x[:, rows])
        loss = ((model["head"](output[-1]) - y[rows]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        unclipped = flat_gradient(parameters)
        if case["clip"].startswith("state:"):
            last = last_state(case, parameters, x[:, rows])
            optimizer.zero_grad()
            ((model["head"](last) - y[rows]) ** 2).mean().backward()
        losses.append(loss.detach())
        norms.append(clip(case["clip"], parameters, norms))
        clipped = flat_gradient(parameters)
        factors.append(clipped.norm() / unclipped.norm())
        cosine = unclipped @ clipped / (unclipped.norm() * clipped.norm())
        angles.append(cosine.clamp(-1, 1).acos().rad2deg())
        optimizer.step()
    return parameters | {
        "losses": torch.stack(losses),
        "gradient_norms": torch.stack(norms),
        "factors": torch.stack(factors),
        "angles": torch.stack(angles),
    }


def flat_gradient(parameters):
    return torch.cat([p.grad.flatten() for p in parameters.values()])


def last_state(case, parameters, x):
    """The hidden state after the last step, the gradients of every pre-activation clamped."""
    limit = float(case["clip"].partition(":")[2])

    def clamped(a):
        a.register_hook(lambda gradient: gradient.clamp(-limit, limit))
        return a

    w_ih, w_hh = parameters["weight_ih_l0"], parameters["weight_hh_l0"]
    b_ih, b_hh = parameters["bias_ih_l0"], parameters["bias_hh_l0"]
    h = torch.zeros(x.shape[1], H)
    c = torch.zeros(x.shape[1], H)
    for t in range(T):
        by_input, by_state = x[t] @ w_ih.T + b_ih, h @ w_hh.T + b_hh
        match case["cell"]:
            case "rnn":
                h = torch.tanh(clamped(by_input + by_state))
            case "lstm":
                i, f, g, o = clamped(by_input + by_state).chunk(4, dim=1)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
            case "gru":
                (input_r, input_z, input_n) = by_input.chunk(3, dim=1)
                (state_r, state_z, q) = by_state.chunk(3, dim=1)
                r = torch.sigmoid(clamped(input_r + state_r))
                z = torch.sigmoid(clamped(input_z + state_z))
                n = torch.tanh(clamped(input_n + r * q))
                h = (1 - z) * n + z * h
    return h


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


def clip(rule, parameters, earlier_norms):
    """Clips the gradients in place; returns their global norm before that."""
    kind, _, number = rule.partition(":")
    norm = flat_gradient(parameters).norm()
    match kind:
        case "norm":
            shrink([p.grad for p in parameters.values()], norm, float(number))
        case "value":
            nn.utils.clip_grad_value_(parameters.values(), float(number))
        case "torch-norm":
            nn.utils.clip_grad_norm_(parameters.values(), float(number))
        case "tensor":
            for p in parameters.values():
                shrink([p.grad], p.grad.norm(), float(number))
        case "auto":
            norms = numpy.array([n.item() for n in [*earlier_norms, norm]])
            limit = numpy.percentile(norms, float(number))
            shrink([p.grad for p in parameters.values()], norm, limit)
        case "agc":
            for name, p in parameters.items():
                if name.startswith("head."):
                    continue
                units = zip(p.grad, p.detach(), strict=True) if p.dim() == 2 else [(p.grad, p)]
                for gradient, weight in units:
                    limit = float(number) * max(weight.detach().norm(), 1e-3)
                    shrink([gradient], gradient.norm(), limit)
    return norm


def shrink(gradients, norm, limit):
    """Scales gradients whose norm together is `norm` to the norm `limit` where they are longer."""
    if norm > limit:
        for gradient in gradients:
            gradient.mul_(limit / norm)
