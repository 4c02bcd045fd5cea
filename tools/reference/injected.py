"""The gradient that enters by a model's outputs and final states: injected.safetensors.

Two layers of each cell on B sequences of T steps of numbers; L is the sum of the states times the
gradients given. x [T, B, I]; CELL/weight_ih_l0 …; CELL/g [T, B, H], CELL/g_h and (lstm) CELL/g_c
[LAYERS, B, H]; and for each CASE = CELL/final (g_h and g_c alone), CELL/pooled (g as well), where
row k is lag k:
    CASE/PATH_lL                [T, B]  ‖∂L/∂·‖₂ of each row for the PATHs h, c (lstm) and state
    CASE/PATH_last_lL           [T, B]  the same (pooled) of what enters at the last step alone
    CASE/weight_hh_lL, weight_ih_lL  [T]  ‖∂L/∂W at step T−k‖_F: each step has a copy of W of its own
    CASE/cut_K/PARAMETER        [3]     cosine, norm ratio, relative bias of ∂L/∂PARAMETER when the
                                        states that enter the last K steps are constants; `all` too
"""

import torch
from torch import nn

import golden_file
from flow import B, CUTS, H, I, LAYERS, T, Pass, gradients

SEED = 402


def write_goldens():
    torch.manual_seed(SEED)
    x = torch.randn(T, B, I)
    record = {"x": x}
    for cell, layer in {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}.items():
        weights = {k: v.detach() for k, v in layer(I, H, LAYERS).state_dict().items()}
        given = {"g": torch.randn(T, B, H), "g_h": torch.randn(LAYERS, B, H)}
        if cell == "lstm":
            given["g_c"] = torch.randn(LAYERS, B, H)
        record |= {f"{cell}/{k}": v for k, v in (weights | given).items()}
        final = {k: v for k, v in given.items() if k != "g"}
        last = final | {"g": torch.cat([torch.zeros(T - 1, B, H), given["g"][-1:]])}
        for case, entering in {"final": final, "pooled": given}.items():
            result = curves(cell, weights, x, entering) | contributions(cell, weights, x, entering)
            result |= truncation(cell, weights, x, entering)
            if case == "pooled":
                entering_last = curves(cell, weights, x, last)
                result |= {k.replace("_l", "_last_l"): v for k, v in entering_last.items()}
            record |= {f"{cell}/{case}/{k}": v for k, v in result.items()}
    golden_file.write("GradientFlowTests/Goldens/injected.safetensors", record, SEED)


def run_pass(cell, weights, x, cut=None):
    head = {"head.weight": torch.zeros(1, H), "head.bias": torch.zeros(1)}
    return Pass(cell, weights | head, x, cut)


def loss_of(run, entering):
    loss = torch.zeros(())
    if "g" in entering:
        loss = loss + (torch.stack(run.h[-1]) * entering["g"]).sum()
    loss = loss + sum((h[-1] * g).sum() for h, g in zip(run.h, entering["g_h"]))
    if "g_c" in entering:
        # What the last step hands on, so that `state` has it at lag 0.
        loss = loss + sum((c[-1] * g).sum() for c, g in zip(run.c_handed, entering["g_c"]))
    return loss


def curves(cell, weights, x, entering):
    run = run_pass(cell, weights, x)
    loss = loss_of(run, entering)
    result = {}
    for layer in range(LAYERS):
        h = torch.stack(gradients(loss, run.h[layer]))
        paths = {"h": h, "state": h}
        if cell == "lstm":
            handed = torch.stack(gradients(loss, run.c_handed[layer]))
            paths |= {
                "c": torch.stack(gradients(loss, run.c[layer])),
                "state": torch.cat([h, handed], dim=2),
            }
        for path, gradient in paths.items():
            result[f"{path}_l{layer}"] = gradient.norm(dim=2).flip(0)
    return result


def contributions(cell, weights, x, entering):
    run = run_pass(cell, weights, x)
    loss = loss_of(run, entering)
    result = {}
    for layer in range(LAYERS):
        for name in (f"weight_hh_l{layer}", f"weight_ih_l{layer}"):
            steps = gradients(loss, [copy[name] for copy in run.copies])
            result[name] = torch.stack([g.norm() for g in steps]).flip(0)
    return result


def truncation(cell, weights, x, entering):
    def parameter_gradients(cut):
        run = run_pass(cell, weights, x, cut)
        loss = loss_of(run, entering)
        result = {
            name: sum(gradients(loss, [copy[name] for copy in run.copies[T - cut:]]))
            for name in weights
        }
        return result | {"all": torch.cat([g.flatten() for g in result.values()])}

    whole = parameter_gradients(T)
    return {
        f"cut_{cut}/{name}": torch.stack([
            (short * whole[name]).sum() / (short.norm() * whole[name].norm()),
            short.norm() / whole[name].norm(),
            (short - whole[name]).norm() / whole[name].norm(),
        ])
        for cut in CUTS
        for name, short in parameter_gradients(cut).items()
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    write_goldens()
