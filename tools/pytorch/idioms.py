"""Measures models of PyTorch as people write them, and compares every curve with autograd's; models
that are not measured must be refused with the reason.

    python idioms.py UNROLL

Everything is float64. The reference runs the same weights step by step, so that each state is a node of
its own: ∂L/∂h_t with c_t held fixed, and ∂L/∂c_t.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import save_file, save_model
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

T, B, I, H, O = 23, 4, 3, 7, 5
LENGTHS = [23, 5, 17, 1]
# Of a norm, 45 units of 2.2e-16: products of up to 300 Jacobians, whose rounding evens out; up to 9
# units are found.
TOLERANCE = 1e-14

cross_entropy = nn.functional.cross_entropy
labels = torch.randint(0, O, (B,), generator=torch.Generator().manual_seed(1))


def unroll(*words):
    return subprocess.run([UNROLL, *words], capture_output=True, text=True)


def save(tensors, path):
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, path)


def states_of(rnn, x):
    """h and c of each layer and step, each a node."""
    layers, inputs = [], list(x)
    for layer in range(rnn.num_layers):
        w_ih, w_hh, b_ih, b_hh = (
            getattr(rnn, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        h = c = torch.zeros(x.shape[1], rnn.hidden_size)
        steps = []
        for x_t in inputs:
            a, b = x_t @ w_ih.T + b_ih, h @ w_hh.T + b_hh
            if isinstance(rnn, nn.LSTM):
                i, f, g, o = (a + b).chunk(4, 1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                c.retain_grad()
                h = o.sigmoid() * c.tanh()
            elif isinstance(rnn, nn.GRU):
                (ar, az, an), (br, bz, bn) = a.chunk(3, 1), b.chunk(3, 1)
                z = (az + bz).sigmoid()
                h = (1 - z) * (an + (ar + br).sigmoid() * bn).tanh() + z * h
            else:
                h = (a + b).relu() if rnn.nonlinearity == "relu" else (a + b).tanh()
            h.retain_grad()
            steps.append((h, c))
        layers.append(steps)
        inputs = [h for h, _ in steps]
    return layers


def measured(rnn, x, loss, lengths):
    """The tensors of a batch file: what the module got and gave, and the gradient by that."""
    if lengths is None:
        out, state = rnn(x)
    else:
        packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
        out, state = rnn(packed)
        out, _ = pad_packed_sequence(out)
    h_n, c_n = state if isinstance(rnn, nn.LSTM) else (state, None)
    for tensor in (out, h_n, c_n):
        if tensor is not None:
            tensor.retain_grad()
    rnn.zero_grad()
    loss(out, h_n, c_n).backward()
    batch = {"x": x, "outputs": out, "g": out.grad, "g_h": h_n.grad}
    batch["g_c"] = c_n.grad if c_n is not None else None
    if lengths is not None:
        batch["lengths"] = torch.tensor(lengths)
    return {k: v for k, v in batch.items() if v is not None}


def norms(rnn, x, batch, lasts):
    """Autograd's mean norms: by layer, path and lag."""
    layers = states_of(rnn, x)
    rows = range(x.shape[1])
    loss = torch.zeros(())
    if "g" in batch:
        loss = loss + sum(
            (layers[-1][t][0][r] * batch["g"][t, r]).sum() for r in rows for t in range(lasts[r] + 1))
    for index, name in enumerate(("g_h", "g_c")):
        if name in batch:
            loss = loss + sum(
                (steps[lasts[r]][index][r] * batch[name][layer, r]).sum()
                for layer, steps in enumerate(layers) for r in rows)
    rnn.zero_grad()
    loss.backward()

    def norm(node, row):
        return 0.0 if node.grad is None else node.grad[row].norm().item()

    result = {}
    for layer, steps in enumerate(layers):
        for index, path in enumerate("hc" if isinstance(rnn, nn.LSTM) else "h"):
            for lag in range(max(lasts) + 1):
                found = [norm(steps[lasts[r] - lag][index], r) for r in rows if lasts[r] >= lag]
                result[layer, path, lag] = sum(found) / len(found)
    return result


def compare(name, rnn, x, loss, lengths=None, injected=False):
    batch = measured(rnn, x, loss, lengths)
    by_module = {k: p.grad.clone() for k, p in rnn.named_parameters()}
    save({f"rnn.{k}": v for k, v in rnn.state_dict().items()}, "m.safetensors")
    save(batch, "b.safetensors")
    activation = ["--activation", rnn.nonlinearity] if type(rnn) is nn.RNN else []
    result = unroll(
        "decay", "--model", "m.safetensors", "--inputs", "b.safetensors", "--out", "o", "--json",
        *activation)
    assert result.returncode == 0, (name, result.stderr)
    lasts = [n - 1 for n in lengths] if lengths else [len(x) - 1] * x.shape[1]
    reference = norms(rnn, x, batch, lasts)
    for k, p in rnn.named_parameters():
        torch.testing.assert_close(p.grad, by_module[k], rtol=1e-9, atol=1e-12)
    worst = 0.0
    with open("o/decay.csv") as file:
        rows = {(int(r["layer"]), r["path"], int(r["lag"])): float(r["norm_mean"])
                for r in csv.DictReader(file)}
    for key, norm in reference.items():
        error = abs(rows[key] - norm)
        worst = max(worst, error / norm if norm else error)
    summary = json.loads(result.stdout)
    assert summary["outputs_difference"] < 1e-12, name
    verdicts = {c["verdict"] for c in summary["curves"] if not c["path"].endswith("_last")}
    assert worst < TOLERANCE, (name, worst)
    assert ("injected" in verdicts) == injected, (name, verdicts)
    print(f"{name}: {worst:.1e}")


def measured_idioms():
    for kind in (nn.RNN, nn.LSTM, nn.GRU):
        for layers in (1, 2):
            rnn, fc = kind(I, H, layers), nn.Linear(H, O)
            x = torch.randn(T, B, I)
            name = f"{kind.__name__}, {layers} layers, "
            last = lambda out, h, c: cross_entropy(fc(out[-1]), labels)
            final = lambda out, h, c: cross_entropy(fc(h[-1]), labels)
            pooled = lambda out, h, c: cross_entropy(fc(out.mean(0)), labels)
            tagged = lambda out, h, c: fc(out).pow(2).mean()
            both = lambda out, h, c: cross_entropy(fc(out.amax(0) + h.sum(0)), labels)
            compare(name + "fc(out[-1])", rnn, x, last)
            compare(name + "fc(h_n[-1])", rnn, x, final)
            compare(name + "mean pooling", rnn, x, pooled, injected=True)
            compare(name + "loss at every step", rnn, x, tagged, injected=True)
            compare(name + "max pooling and final states", rnn, x, both, injected=True)
            compare(name + "packed, fc(h_n[-1])", rnn, x, final, LENGTHS)
            compare(name + "packed, mean pooling", rnn, x, pooled, LENGTHS, injected=True)
            if kind is nn.LSTM:
                cell = lambda out, h, c: cross_entropy(fc(c[-1]), labels)
                compare(name + "fc(c_n[-1])", rnn, x, cell)
                compare(name + "packed, fc(c_n[-1])", rnn, x, cell, LENGTHS)
    fc = nn.Linear(H, O)
    compare(
        "RNN with ReLU", nn.RNN(I, H, nonlinearity="relu"), torch.randn(T, B, I),
        lambda out, h, c: cross_entropy(fc(out[-1]), labels))
    compare(
        "batch first", nn.LSTM(I, H), torch.randn(B, T, I).transpose(0, 1),
        lambda out, h, c: cross_entropy(fc(out[-1]), labels))
    # Several tiles of steps, with ends on either side of their borders.
    many = torch.randint(0, O, (6,))
    compare(
        "long, several tiles", nn.LSTM(I, 16, 2), torch.randn(300, 6, I),
        lambda out, h, c: cross_entropy((out.mean(0) + c.sum(0) + h[0])[:, :O], many),
        [300, 128, 127, 129, 3, 255], injected=True)


class Net(nn.Module):
    """Layers by name, in front of and behind an LSTM."""

    def __init__(self, **modules):
        super().__init__()
        self.lstm = nn.LSTM(I, H)
        self.fc = nn.Linear(H, O)
        for name, module in modules.items():
            setattr(self, name, module)


def expect(name, status, part, *words, state=None, batch=None):
    if state is not None:
        save(state, "m.safetensors")
    save(batch or {"x": torch.randn(T, B, I), "y": labels}, "b.safetensors")
    result = unroll(
        "decay", "--model", "m.safetensors", "--inputs", "b.safetensors", "--out", "o", "--quiet",
        *words)
    lines = result.stderr.strip().splitlines()
    assert result.returncode == status, (name, result.returncode, result.stderr)
    assert not status or len(lines) == 1, (name, lines)
    assert part in result.stderr, (name, part, result.stderr)
    print(f"{name}: {lines[0] if lines else 'measured'}")


def refused_models():
    net = Net()
    x = torch.randn(T, B, I)
    given = {"x": x, "g": torch.randn(T, B, H)}
    for name in ("linear", "out", "decoder", "classifier", "hidden2tag"):
        state = {k.replace("fc.", name + "."): v for k, v in net.state_dict().items()}
        expect(f"a readout called {name}", 0, "", state=state)
    answers = net.fc(net.lstm(x)[0])
    batch = {"x": x, "y": labels, "outputs": answers[-1]}
    expect("outputs that agree", 0, "", state=net.state_dict(), batch=batch)
    expect("outputs of every step", 0, "", batch=batch | {"outputs": answers})
    expect("outputs of another model", 1, "differ from 'outputs'", batch=batch | {
        "outputs": net.fc(net.lstm(x)[0].mean(0))})
    expect("outputs after the softmax", 1, "before the softmax", batch=batch | {
        "outputs": answers.softmax(-1)})

    for name, modules, part in [
        ("LayerNorm between", {"norm": nn.LayerNorm(H)}, "'norm.bias', 'norm.weight'"),
        ("a head of two layers", {"last": nn.Linear(O, 2)}, "'last.bias', 'last.weight'"),
        ("two candidates", {"attention": nn.Linear(H, 1)}, "'attention', 'fc'; --readout NAME"),
        ("two recurrent modules", {"encoder": nn.GRU(I, H)}, "'encoder', 'lstm'; --recurrent NAME"),
        ("bidirectional", {"lstm": nn.LSTM(I, H, bidirectional=True)}, "bidirectional"),
        ("projected", {"lstm": nn.LSTM(I, H, proj_size=2)}, "proj_size"),
    ]:
        expect(name, 1, part, state=Net(**modules).state_dict())
    two = Net(encoder=nn.GRU(I, H)).state_dict()
    expect("two recurrent modules, one named", 1, "'g' (out.grad)", "--recurrent", "lstm", state=two)
    expect("one of two, by the gradient", 0, "", "--recurrent", "lstm", batch=given)
    norm = Net(norm=nn.LayerNorm(H)).state_dict()
    expect("LayerNorm, by the gradient", 0, "", state=norm, batch=given)

    weight_norm = nn.utils.parametrizations.weight_norm
    normed = Net(lstm=weight_norm(nn.LSTM(I, H), "weight_hh_l0"))
    expect("weight norm", 1, "remove_parametrizations", state=normed.state_dict())
    expect("weight norm, by the gradient", 1, "remove_parametrizations", batch=given)
    nn.utils.parametrize.remove_parametrizations(normed.lstm, "weight_hh_l0")
    expect("weight norm, removed", 0, "", state=normed.state_dict())
    head = Net(fc=weight_norm(nn.Linear(H, O))).state_dict()
    expect("weight norm of the readout", 1, "out.grad", state=head)
    expect("weight norm of the readout, by the gradient", 0, "", batch=given)
    old = dict(net.state_dict())
    old["lstm.weight_hh_l0_g"] = old["lstm.weight_hh_l0_v"] = old.pop("lstm.weight_hh_l0")
    expect("weight norm of old", 1, "remove_weight_norm", state=old)
    quantized = dict(net.state_dict()) | {"lstm.weight_hh_l0": torch.ones(4 * H, H, dtype=torch.int8)}
    expect("quantized", 1, "quantized", state=quantized)
    cell = nn.LSTMCell(I, H).state_dict() | {"fc.weight": torch.ones(O, H)}
    expect("an LSTMCell", 1, "k + '_l0'", state=cell)

    tied = Net(embedding=nn.Embedding(O, I), lstm=nn.LSTM(I, I), fc=nn.Linear(I, O))
    tied.fc.weight = tied.embedding.weight
    save_model(tied, "m.safetensors")
    expect("tied by save_model", 1, "one tensor")
    expect("tied, by the gradient", 0, "", batch={"x": x, "g": torch.randn(T, B, I)})
    expect("tied, cloned", 0, "", state=tied.state_dict())
    shared = Net(lstm=nn.LSTM(H, H, 2))
    shared.lstm.weight_hh_l1 = shared.lstm.weight_hh_l0
    save_model(shared, "m.safetensors")
    expect("layers that share weights", 1, "one tensor", batch={
        "x": torch.randn(T, B, H), "g": torch.randn(T, B, H)})

    embedded = Net(word_embeddings=nn.Embedding(50, I)).state_dict()
    tokens = {"x": torch.randint(50, (T, B)), "y": labels}
    expect("an embedding before", 0, "", state=embedded)
    expect("token ids", 1, "model.word_embeddings(tokens)", batch=tokens)
    square = {"x": torch.randn(B, B, I), "y": labels}
    expect("T = B", 0, "batch_first=True", state=net.state_dict(), batch=square)


if __name__ == "__main__":
    UNROLL = os.path.abspath(sys.argv[1])
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        measured_idioms()
        refused_models()
