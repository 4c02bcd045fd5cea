"""Gradients through the layers of models of PyTorch, as their users save them.

For each case NAME, B rows, I inputs, O outputs, layers i from 0:

    NAME-model.safetensors    the state_dict of an nn.Sequential, and what metadata say of it
    NAME-batch.safetensors    x [B, I], y [B, O] or [B] or g [B, O], outputs [B, O]
    NAME.safetensors          autograd: loss [1], hidden.i and grad.hidden.i [B, N_i], and
                              grad.weight.i, grad.shift.i, of the bias or the normalization before
                              the activation (of a missing one, as if it were zero)
"""

import torch
from torch import nn
from torch.nn import functional

import golden_file

B, I = 7, 5


def write_goldens():
    for name, case in CASES.items():
        write(name, *case)


def widths():
    """Layers of different widths."""
    return nn.Sequential(
        nn.Linear(I, 8), nn.Tanh(), nn.Linear(8, 3), nn.Tanh(), nn.Linear(3, 6), nn.Tanh(),
        nn.Linear(6, 2),
    )


def normalized():
    """Batch normalization before the activation, an epsilon of its own, and dropout."""
    return nn.Sequential(
        nn.Linear(I, 6, bias=False), nn.BatchNorm1d(6, eps=1e-3), nn.ReLU(), nn.Dropout(0),
        nn.Linear(6, 4), nn.BatchNorm1d(4, eps=1e-3, affine=False), nn.ReLU(), nn.Linear(4, 3),
    )


def normalized_after():
    """Batch normalization behind the activation, below a prefix."""
    net = nn.Sequential(
        nn.Flatten(), nn.Linear(I, 4), nn.Sigmoid(), nn.BatchNorm1d(4), nn.Linear(4, 5),
        nn.Sigmoid(), nn.BatchNorm1d(5), nn.Linear(5, 3),
    )
    model = nn.Module()
    model.net = net
    return model


def slopes():
    """PReLU, layers without an activation, and no biases."""
    return nn.Sequential(
        nn.Linear(I, 6, bias=False), nn.PReLU(), nn.Linear(6, 6, bias=False),
        nn.Linear(6, 4, bias=False), nn.PReLU(), nn.Linear(4, 2, bias=False),
    )


def features():
    """No readout: the last layer has its activation too."""
    return nn.Sequential(nn.Linear(I, 4), nn.ELU(), nn.Linear(4, 3), nn.ELU())


# name: (model, its metadata, what is differentiated, whether in training mode, seed)
CASES = {
    "widths": (widths, {"activation": "tanh"}, "numbers", True, 411),
    "normalized": (
        normalized, {"activation": "relu", "batch_norm_eps": "0.001"}, "classes", True, 412),
    "normalized-running": (
        normalized, {"activation": "relu", "batch_norm_eps": "0.001"}, "classes", False, 413),
    "normalized-after": (normalized_after, {"activation": "sigmoid"}, "classes", True, 414),
    "slopes": (slopes, {}, "gradient", True, 415),
    "features": (features, {"activation": "elu"}, "numbers", True, 416),
}


def write(name, make, metadata, kind, training, seed):
    random = torch.Generator().manual_seed(seed)
    model = make()
    net = getattr(model, "net", model)
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if key.endswith("running_var"):
                value.uniform_(0.5, 2, generator=random)
            elif value.is_floating_point():
                value.uniform_(-1, 1, generator=random)
                # PReLU's slopes and the scales of normalization away from 0.
                if key.endswith("weight") and value.dim() == 1:
                    value += 1.5
    net.train(training)
    saved = {key: value.clone() for key, value in model.state_dict().items()}

    x = torch.randn(B, I, generator=random, requires_grad=True)
    tensors = run(net, x)
    outputs = tensors["outputs"]
    if kind == "numbers":
        batch = {"y": torch.randn(outputs.shape, generator=random)}
        loss = functional.mse_loss(outputs, batch["y"])
    elif kind == "classes":
        batch = {"y": torch.randint(outputs.shape[1], (B,), generator=random)}
        loss = functional.cross_entropy(outputs, batch["y"])
    else:
        weights = torch.randn(outputs.shape, generator=random)
        loss = (weights * functional.softplus(outputs)).sum() / B
        batch = {"g": torch.autograd.grad(loss, outputs, retain_graph=True)[0]}

    sources = {key: value for key, value in tensors.items() if key != "outputs"}
    gradients = torch.autograd.grad(loss, list(sources.values()))
    golden = {key: value for key, value in sources.items() if key.startswith("hidden")}
    golden |= {f"grad.{key}": g for key, g in zip(sources, gradients, strict=True)}
    folder = "FeedForwardTests/Goldens/Sequential"
    golden_file.write(f"{folder}/{name}-model.safetensors", saved, seed, **metadata)
    golden_file.write(
        f"{folder}/{name}-batch.safetensors", {"x": x, "outputs": outputs} | batch, seed)
    golden_file.write(
        f"{folder}/{name}.safetensors", golden | {"loss": loss.reshape(1)}, seed)


def run(net, x):
    """The outputs, and by layer the hidden states with the weights and shifts before them."""
    modules = list(net)
    last = max(i for i, m in enumerate(modules) if isinstance(m, nn.Linear))
    has_readout = last == len(modules) - 1
    tensors, h, layer = {}, x, -1
    for i, module in enumerate(modules):
        if isinstance(module, nn.Linear) and not (has_readout and i == last):
            layer += 1
            tensors[f"weight.{layer}"] = module.weight
            shift = module.bias
            if isinstance(modules[i + 1], nn.BatchNorm1d):
                shift = modules[i + 1].bias
            # A missing shift is a zero that is added to the pre-activations.
            missing = shift is None
            tensors[f"shift.{layer}"] = (
                torch.zeros(module.out_features, requires_grad=True) if missing else shift)
            add_at = i + isinstance(modules[i + 1], nn.BatchNorm1d) if missing else None
        h = module(h)
        if layer >= 0 and i == add_at:
            h = h + tensors[f"shift.{layer}"]
        ends = i + 1 == len(modules) or isinstance(modules[i + 1], nn.Linear)
        if layer >= 0 and ends and not (has_readout and i == last):
            tensors[f"hidden.{layer}"] = h
    return tensors | {"outputs": h}
