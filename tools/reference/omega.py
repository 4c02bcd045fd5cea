"""The vanishing-gradient regularizer Ω of Pascanu et al. 2013 and its derivative: omega.safetensors.

Two layers of PyTorch's RNN on B sequences of T steps, squared error at the steps from FIRST on:
x [T, B, I], y [T − FIRST, B, O]; and for each ACTIVATION, tanh and relu:
    ACTIVATION/weight_ih_l0 …, head.bias
    ACTIVATION/omega [1]              Ω: mean over rows of the sum over steps and layers of
                                      (‖∂L/∂h_{t+1}·∂h_{t+1}/∂h_t‖ / ‖∂L/∂h_{t+1}‖ − 1)²
    ACTIVATION/grad.weight_hh_lL      ∂Ω/∂W_hh by autograd, where the states, their derivatives f′ and
                                      ∂L/∂h_{t+1} are detached
"""

import torch
from torch import nn

import golden_file

T, FIRST, B, I, H, O, LAYERS, SEED = 9, 4, 3, 2, 5, 2, 2, 501


def write_goldens():
    random = torch.Generator().manual_seed(SEED)
    x = torch.randn(T, B, I, generator=random)
    y = torch.randn(T - FIRST, B, O, generator=random)
    record = {"x": x, "y": y}
    for activation in ("tanh", "relu"):
        core, head = nn.RNN(I, H, LAYERS, nonlinearity=activation), nn.Linear(H, O)
        weights = dict(core.named_parameters())
        weights |= {f"head.{name}": p for name, p in head.named_parameters()}
        with torch.no_grad():
            for weight in weights.values():
                weight.uniform_(-1.5 / H**0.5, 1.5 / H**0.5, generator=random)
        record |= {f"{activation}/{name}": w for name, w in weights.items()}
        states, output = forward(weights, x, getattr(torch, activation))
        torch.testing.assert_close(output, core(x)[0])
        loss = ((head(output[FIRST:]) - y) ** 2).mean()
        omega = 0
        for layer, h in enumerate(states):
            recurrent = weights[f"weight_hh_l{layer}"]
            for state, by_state in zip(h, torch.autograd.grad(loss, h, retain_graph=True)):
                h_next, v = state.detach(), by_state.detach()
                slope = 1 - h_next**2 if activation == "tanh" else (h_next > 0).to(v.dtype)
                ratio = ((v * slope) @ recurrent).norm(dim=1) / v.norm(dim=1)
                omega = omega + ((ratio - 1) ** 2).mean()
        names = [f"weight_hh_l{layer}" for layer in range(LAYERS)]
        gradients = torch.autograd.grad(omega, [weights[name] for name in names])
        record[f"{activation}/omega"] = omega.reshape(1)
        record |= {f"{activation}/grad.{name}": g for name, g in zip(names, gradients)}
    golden_file.write("RecurrentCellsTests/Goldens/omega.safetensors", record, SEED)


def forward(weights, x, f):
    """The hidden states of each layer, step by step, and those of the top one together."""
    states = []
    for layer in range(LAYERS):
        w_ih, w_hh = weights[f"weight_ih_l{layer}"], weights[f"weight_hh_l{layer}"]
        b = weights[f"bias_ih_l{layer}"] + weights[f"bias_hh_l{layer}"]
        h, row = torch.zeros(B, H), []
        for x_t in x:
            h = f(x_t @ w_ih.T + h @ w_hh.T + b)
            row.append(h)
        states.append(row)
        x = row
    return states, torch.stack(row)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    write_goldens()
