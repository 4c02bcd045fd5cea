"""Where the gradient goes in the backward pass: flow.safetensors.

Two layers of each cell on B sequences of T steps, once of numbers (`CELL/values`) and once of
classes (`CELL/classes`, one-hot rows of width I); loss ℓ_b = (prediction_b − y_b)², read at the last
step. x [T, B, I], classes [T, B], y [B, 1]; CELL/weight_ih_l0 …, CELL/head.bias; and for each
CASE = CELL/values, CELL/classes, where row k is lag k and L = mean of ℓ_b over rows:
    CASE/PATH_lL                [T, B]  ‖∂ℓ_b/∂·‖₂ for the PATHs h, c (lstm) and state
    CASE/weight_hh_lL, weight_ih_lL  [T]  ‖∂L/∂W at step T−k‖_F: each step has a copy of W of its own
    CASE/gate_lL                [T]     mean over rows and units of Σ_{j<k} ln gate_{T−j}: forget
                                        gates (lstm), update gates (gru)
    CASE/cut_K/PARAMETER        [3]     cosine, norm ratio, relative bias of ∂L/∂PARAMETER when the
                                        states that enter the last K steps are constants; `all` too
"""

import torch
from torch import nn

import golden_file

T, B, I, H, LAYERS, SEED = 12, 3, 4, 5, 2, 401
CUTS = (1, 2, 5, 12)


def write_goldens():
    torch.manual_seed(SEED)
    classes = torch.randint(0, I, (T, B))
    x, y = torch.randn(T, B, I), torch.randn(B, 1)
    record = {"x": x, "classes": classes.to(torch.float64), "y": y}
    for cell, layer in {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}.items():
        core, head = layer(I, H, LAYERS), nn.Linear(H, 1)
        weights = {k: v.detach() for k, v in core.state_dict().items()}
        weights |= {"head.weight": head.weight.detach(), "head.bias": head.bias.detach()}
        record |= {f"{cell}/{k}": v for k, v in weights.items()}
        one_hot = nn.functional.one_hot(classes, I).to(torch.float64)
        for name, inputs in {"values": x, "classes": one_hot}.items():
            torch.testing.assert_close(
                head(core(inputs)[0][-1]), Pass(cell, weights, inputs).prediction)
            result = flow(cell, weights, inputs, y) | truncation(cell, weights, inputs, y)
            record |= {f"{cell}/{name}/{k}": v for k, v in result.items()}
    golden_file.write("GradientFlowTests/Goldens/flow.safetensors", record, SEED)


class Pass:
    """A forward pass in which every step has its own copies of the weights.

    `handed` are h and c as the next step receives them, which is what autograd takes as independent.
    """

    def __init__(self, cell, weights, inputs, cut=None):
        self.copies = [
            {k: v.clone().requires_grad_() for k, v in weights.items()} for _ in range(T)
        ]
        self.h, self.c, self.c_handed = ([[] for _ in range(LAYERS)] for _ in range(3))
        self.gates = [[] for _ in range(LAYERS)]
        state = [(torch.zeros(B, H), torch.zeros(B, H)) for _ in range(LAYERS)]
        for t, x in enumerate(inputs):
            if cut is not None and t == T - cut:
                state = [(h.detach(), c.detach()) for h, c in state]
            for layer in range(LAYERS):
                h, c = self.step(cell, layer, self.copies[t], x, *state[layer])
                handed = c + 0
                state[layer] = (h, handed)
                self.h[layer].append(h)
                self.c[layer].append(c)
                self.c_handed[layer].append(handed)
                x = h
        last = self.copies[-1]
        self.prediction = h @ last["head.weight"].T + last["head.bias"]

    def step(self, cell, layer, w, x, h, c):
        a = x @ w[f"weight_ih_l{layer}"].T + w[f"bias_ih_l{layer}"]
        b = h @ w[f"weight_hh_l{layer}"].T + w[f"bias_hh_l{layer}"]
        match cell:
            case "rnn":
                return (a + b).tanh(), c
            case "lstm":
                i, f, g, o = (a + b).chunk(4, dim=1)
                self.gates[layer].append(f.sigmoid())
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                return o.sigmoid() * c.tanh(), c
            case "gru":
                (ar, az, an), (br, bz, bn) = a.chunk(3, dim=1), b.chunk(3, dim=1)
                z = (az + bz).sigmoid()
                self.gates[layer].append(z)
                n = (an + (ar + br).sigmoid() * bn).tanh()
                return (1 - z) * n + z * h, c


def gradients(loss, nodes):
    found = torch.autograd.grad(loss, nodes, retain_graph=True, allow_unused=True)
    return [torch.zeros_like(n) if g is None else g for g, n in zip(found, nodes)]


def flow(cell, weights, inputs, y):
    run = Pass(cell, weights, inputs)
    total = ((run.prediction - y) ** 2).sum()
    result = {}
    for layer in range(LAYERS):
        h = torch.stack(gradients(total, run.h[layer]))
        paths = {"h": h, "state": h}
        if cell == "lstm":
            handed = torch.stack(gradients(total, run.c_handed[layer]))
            paths |= {
                "c": torch.stack(gradients(total, run.c[layer])),
                "state": torch.cat([h, handed], dim=2),
            }
        for path, gradient in paths.items():
            result[f"{path}_l{layer}"] = gradient.norm(dim=2).flip(0)
        for name in (f"weight_hh_l{layer}", f"weight_ih_l{layer}"):
            steps = gradients(total / B, [copy[name] for copy in run.copies])
            result[name] = torch.stack([g.norm() for g in steps]).flip(0)
        if run.gates[layer]:
            logs = torch.stack(run.gates[layer]).log().mean(dim=(1, 2)).flip(0)
            result[f"gate_l{layer}"] = torch.cat([torch.zeros(1), logs.cumsum(0)[:-1]])
    return result


def parameter_gradients(cell, weights, inputs, y, cut):
    run = Pass(cell, weights, inputs, cut)
    loss = ((run.prediction - y) ** 2).mean()
    start = T - cut
    result = {}
    for name in weights:
        result[name] = sum(gradients(loss, [copy[name] for copy in run.copies[start:]]))
    return result | {"all": torch.cat([g.flatten() for g in result.values()])}


def truncation(cell, weights, inputs, y):
    whole = parameter_gradients(cell, weights, inputs, y, T)
    result = {}
    for cut in CUTS:
        for name, short in parameter_gradients(cell, weights, inputs, y, cut).items():
            full = whole[name]
            result[f"cut_{cut}/{name}"] = torch.stack([
                (short * full).sum() / (short.norm() * full.norm()),
                short.norm() / full.norm(),
                (short - full).norm() / full.norm(),
            ])
    return result


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    write_goldens()
