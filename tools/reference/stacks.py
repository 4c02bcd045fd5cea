"""Outputs and gradients of PyTorch's feed-forward stacks.

B rows, I input size, N width, D layers, O output size.

    layers.I.weight …, norms.I.…, head.…   parameters, PyTorch's names and shapes
    x                    [B, I]            inputs
    y                    [B, O]            targets
    hidden.I             [B, N]            outputs of layer I
    output               [B, O]            head(hidden)
    loss                 [1]               mean squared error
    grad.NAME            as NAME           gradient of loss by the parameter NAME, by x and hidden.I
"""

import torch
from torch import nn

import golden_file

B, I, N, D, O = 6, 5, 5, 4, 2

# name: (activation, batch normalization, residual connections, seed)
CASES = {
    "sigmoid": (torch.sigmoid, False, False, 401),
    "relu-residual": (torch.relu, False, True, 402),
    "tanh-batch-norm": (torch.tanh, True, False, 403),
}


def write_goldens():
    for name, (activation, normalized, residual, seed) in CASES.items():
        golden_file.write(
            f"FeedForwardTests/Goldens/{name}.safetensors",
            one_pass(activation, normalized, residual, seed),
            seed,
        )


def one_pass(activation, normalized, residual, seed):
    random = torch.Generator().manual_seed(seed)
    net = nn.Module()
    net.layers = nn.ModuleList(
        nn.Linear(I if i == 0 else N, N, bias=not normalized) for i in range(D)
    )
    if normalized:
        net.norms = nn.ModuleList(nn.BatchNorm1d(N) for _ in range(D))
    net.head = nn.Linear(N, O)
    parameters = dict(net.named_parameters())
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.uniform_(-1, 1, generator=random)
            if name.startswith("norms") and name.endswith("weight"):
                parameter += 1.5

    x = torch.randn(B, I, generator=random, requires_grad=True)
    y = torch.randn(B, O, generator=random)
    h, hidden = x, {}
    for i, layer in enumerate(net.layers):
        z = layer(h)
        if normalized:
            z = net.norms[i](z)
        h = activation(z) + (h if residual and h.shape == z.shape else 0)
        hidden[f"hidden.{i}"] = h
    output = net.head(h)
    loss = ((output - y) ** 2).mean()
    sources = parameters | {"x": x} | hidden
    gradients = torch.autograd.grad(loss, list(sources.values()))
    record = sources | {"y": y, "output": output, "loss": loss.reshape(1)}
    record |= {f"grad.{name}": g for name, g in zip(sources, gradients, strict=True)}
    if normalized:
        record |= {name: value for name, value in net.named_buffers() if "num_batches" not in name}
    return record
