"""Curves of models as people write them, against autograd's through the same model run step by step."""

from __future__ import annotations

import math

import pytest
import torch
from reference import Stepwise, curves
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.checkpoint import checkpoint

import unroll

T, B, I, H, O = 23, 4, 3, 7, 5
LENGTHS = torch.tensor([17, 5, 23, 1])
# Relative, of products of up to 23 Jacobians in Float64: rounding is 1e-15 a step. Norms below 1e-200
# would be subnormal here and there; there are none.
TOLERANCE = 1e-10

cross_entropy = nn.functional.cross_entropy


@pytest.fixture(autouse=True)
def double_and_seeded():
    torch.manual_seed(1)
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


class Model(nn.Module):
    """A recurrent module `rnn` inside a model whose forward pass is the function `run`."""

    def __init__(self, rnn, run, **parts):
        super().__init__()
        self.rnn, self.run = rnn, run
        self.fc = nn.Linear(rnn.hidden_size, O)
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.run(self, x)


def packed(x):
    return pack_padded_sequence(x, LENGTHS, enforce_sorted=False)


def hidden(state):
    return state[0] if isinstance(state, tuple) else state


def attention(m, x):
    out, state = m.rnn(x)
    weights = (out * hidden(state)[-1]).sum(-1).softmax(0)
    return m.fc((weights[..., None] * out).sum(0))


def max_and_final(m, x):
    out, state = m.rnn(x)
    return m.fc(out.amax(0) + hidden(state).sum(0))


def hidden_and_cell(m, x):
    _, (h, c) = m.rnn(x)
    return m.fc(h[-1] + c.sum(0))


IDIOMS = {
    "fc(out[-1])": lambda m, x: m.fc(m.rnn(x)[0][-1]),
    "fc(h_n[-1])": lambda m, x: m.fc(hidden(m.rnn(x)[1])[-1]),
    "h_n of all layers": lambda m, x: m.fc(hidden(m.rnn(x)[1]).sum(0)),
    "mean pooling": lambda m, x: m.fc(m.rnn(x)[0].mean(0)),
    "max pooling and final states": max_and_final,
    "attention": attention,
    "packed, fc(h_n[-1])": lambda m, x: m.fc(hidden(m.rnn(packed(x))[1])[-1]),
    "packed, mean pooling": lambda m, x: m.fc(pad_packed_sequence(m.rnn(packed(x))[0])[0].mean(0)),
    "changed in place": lambda m, x: m.fc(m.rnn(x)[0].mul_(2).relu_()[-1]),
}
LSTM_IDIOMS = {
    "fc(c_n[-1])": lambda m, x: m.fc(m.rnn(x)[1][1][-1]),
    "packed, fc(c_n[-1])": lambda m, x: m.fc(m.rnn(packed(x))[1][1][-1]),
    "h_n and c_n": hidden_and_cell,
}
CASES = [
    pytest.param(kind, layers, run, id=f"{kind.__name__}-{layers}-{name}")
    for kind in (nn.RNN, nn.LSTM, nn.GRU) for layers in (1, 2)
    for name, run in (IDIOMS | (LSTM_IDIOMS if kind is nn.LSTM else {})).items()]


def compare(model, loss, rows=None, **options):
    """Measures `model.rnn`, and then asks autograd with a stepwise module in its place."""
    rnn = model.rnn
    result = unroll.decay(rnn, loss, figures=False, rows=rows, **options)
    assert result.summary["outputs_difference"] < 1e-12
    stepwise = Stepwise(rnn)
    del model.rnn
    model.rnn = stepwise
    value = loss()
    assert result.loss == pytest.approx(value.item(), rel=1e-12)
    expected = curves(stepwise, value, rows)
    columns = result.columns("decay")
    found = {
        (int(layer), path, int(lag)): norm for layer, path, lag, norm in zip(
            columns["layer"], columns["path"], columns["lag"], columns["norm_mean"], strict=True)}
    for key, norm in expected.items():
        assert math.isclose(found[key], norm, rel_tol=TOLERANCE, abs_tol=0), (key, found[key], norm)
    wanted = {key for key in found if key[1] in ("h", "c")}
    assert wanted == set(expected)
    return result


@pytest.mark.parametrize("kind, layers, run", CASES)
def test_idiom(kind, layers, run):
    model = Model(kind(I, H, layers), run)
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    compare(model, lambda: cross_entropy(model(x), y))


def test_loss_at_every_step():
    model = Model(nn.GRU(I, H, 2), lambda m, x: m.fc(m.rnn(x)[0]))
    x, y = torch.randn(T, B, I), torch.randn(T, B, O)
    result = compare(model, lambda: nn.functional.mse_loss(model(x), y))
    assert result.curve("h").verdict == "injected"
    assert result.verdict == result.curve("h_last").verdict != "injected"


def test_embedding_batch_first_and_two_layers_of_head():
    model = Model(
        nn.LSTM(I, H, 2, batch_first=True), lambda m, x: m.head(m.rnn(m.embedding(x))[0][:, -1]),
        embedding=nn.Embedding(11, I),
        head=nn.Sequential(nn.LayerNorm(H), nn.Linear(H, 9), nn.ReLU(), nn.Linear(9, O)))
    tokens, y = torch.randint(11, (B, T)), torch.randint(O, (B,))
    compare(model, lambda: cross_entropy(model(tokens), y))


def test_batch_first_packed():
    def run(m, x):
        sequence = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
        out, _ = pad_packed_sequence(m.rnn(sequence)[0], batch_first=True)
        return m.fc(out.sum(1))

    model = Model(nn.LSTM(I, H, batch_first=True), run)
    x, y = torch.randn(B, T, I), torch.randint(O, (B,))
    compare(model, lambda: cross_entropy(model(x), y))


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_without_bias(kind):
    model = Model(kind(I, H, 2, bias=False), IDIOMS["fc(out[-1])"])
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    compare(model, lambda: cross_entropy(model(x), y))


def test_relu():
    model = Model(nn.RNN(I, H, nonlinearity="relu"), IDIOMS["fc(out[-1])"])
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    result = compare(model, lambda: cross_entropy(model(x), y))
    assert result.curve().label == "rnn/activation=relu"


@pytest.mark.parametrize("batch_first", [False, True])
def test_without_a_batch(batch_first):
    model = Model(nn.LSTM(I, H, batch_first=batch_first), IDIOMS["fc(out[-1])"])
    x = torch.randn(T, I)
    compare(model, lambda: model(x).pow(2).sum())


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("by_keyword", [False, True])
def test_initial_state_given(kind, by_keyword):
    start = [torch.randn(2, 1, H, requires_grad=True) for _ in range(2 if kind is nn.LSTM else 1)]

    def run(m, x):
        states = tuple(s.expand(2, B, H).contiguous() for s in start)
        hx = states if kind is nn.LSTM else states[0]
        return m.fc((m.rnn(x, hx=hx) if by_keyword else m.rnn(x, hx))[0][-1])

    model = Model(kind(I, H, 2), run)
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    compare(model, lambda: cross_entropy(model(x), y))


def test_initial_state_of_zeros_is_none():
    model = Model(nn.LSTM(I, H), lambda m, x: m.fc(m.rnn(x, start)[0][-1]))
    x, y, start = torch.randn(T, B, I), torch.randint(O, (B,)), None
    without = unroll.decay(model.rnn, lambda: cross_entropy(model(x), y), figures=False)
    start = (torch.zeros(1, B, H), torch.zeros(1, B, H))
    zeros = unroll.decay(model.rnn, lambda: cross_entropy(model(x), y), figures=False)
    assert zeros.summary["curves"] == without.summary["curves"]
    # One of the two is enough to begin elsewhere.
    start = (torch.zeros(1, B, H), torch.ones(1, B, H))
    compare(model, lambda: cross_entropy(model(x), y))


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("rows", [None, [2], [3, 1]])
def test_rows_of_a_decoder_begin_in_states_of_their_own(kind, rows):
    def run(m, x):
        _, state = m.encoder(packed(x))
        return m.fc(m.rnn(packed(x), state)[1][-1] if kind is not nn.LSTM else m.rnn(x, state)[0][-1])

    model = Model(kind(I, H, 2), run, encoder=kind(I, H, 2))
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    compare(model, lambda: cross_entropy(model(x), y), rows=rows, truncation=[3], exponents=True)


def test_some_rows():
    model = Model(nn.GRU(I, H), IDIOMS["packed, fc(h_n[-1])"])
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    loss = lambda: cross_entropy(model(x), y)
    # Both are shorter than the batch.
    result = compare(model, loss, rows=[1, 0])
    assert result.curve("h").lags[-1] == 16
    for rows in (4, [-5], []):
        with pytest.raises(IndexError, match="rows="):
            unroll.decay(model.rnn.rnn, lambda: cross_entropy(
                model.fc(model.rnn.rnn(packed(x))[1][-1]), y), rows=rows)


def test_head_with_dropout_in_training_mode():
    model = Model(nn.LSTM(I, H, dropout=0.0), lambda m, x: m.fc(m.drop(m.rnn(x)[0][-1])), drop=nn.Dropout(0.5))
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))

    def loss():
        torch.manual_seed(7)
        return cross_entropy(model(x), y)

    compare(model, loss)


def test_dropout_between_layers_in_evaluation_mode():
    model = Model(nn.LSTM(I, H, 2, dropout=0.5), IDIOMS["fc(out[-1])"]).eval()
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    compare(model, lambda: cross_entropy(model(x), y))


def test_frozen_module():
    model = Model(nn.LSTM(I, H), IDIOMS["mean pooling"])
    for parameter in model.rnn.parameters():
        parameter.requires_grad_(False)
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    result = unroll.decay(model.rnn, lambda: cross_entropy(model(x), y), figures=False)
    for parameter in model.rnn.parameters():
        parameter.requires_grad_(True)
    again = unroll.decay(model.rnn, lambda: cross_entropy(model(x), y), figures=False)
    assert result.summary["curves"] == again.summary["curves"]


def test_activation_checkpointing():
    """The module runs a second time in the backward pass, which is not a second call."""
    model = Model(nn.LSTM(I, H), IDIOMS["fc(out[-1])"])
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))
    plain = unroll.decay(model.rnn, lambda: cross_entropy(model(x), y), figures=False)
    saving = unroll.decay(
        model.rnn, lambda: cross_entropy(checkpoint(model, x, use_reentrant=False), y), figures=False)
    assert plain.summary["curves"] == saving.summary["curves"]


def test_weights_that_the_forward_pass_made():
    """Weight dropout (Merity et al. 2017) sets the weights that are multiplied by."""
    rnn = nn.LSTM(I, H)
    raw = nn.Parameter(rnn.weight_hh_l0.detach().clone())
    del rnn._parameters["weight_hh_l0"]

    def run(m, x):
        rnn.weight_hh_l0 = nn.functional.dropout(raw, 0.5)
        return m.fc(m.rnn(x)[0][-1])

    model = Model(rnn, run)
    x, y = torch.randn(T, B, I), torch.randint(O, (B,))

    def loss():
        torch.manual_seed(3)
        return cross_entropy(model(x), y)

    compare(model, loss)


def test_several_tiles_of_steps():
    """Lengths on either side of the borders of the program's tiles."""
    lengths = torch.tensor([300, 128, 127, 129, 3, 255])

    def run(m, x):
        out, (h, c) = m.rnn(pack_padded_sequence(x, lengths, enforce_sorted=False))
        return m.fc(pad_packed_sequence(out)[0].mean(0) + c.sum(0) + h[0])

    model = Model(nn.LSTM(I, 16, 2), run)
    x, y = torch.randn(300, 6, I), torch.randint(O, (6,))
    compare(model, lambda: cross_entropy(model(x), y))


@pytest.mark.parametrize("dtype, digits, compared", [
    (torch.float32, 1e-4, True), (torch.bfloat16, 5e-2, False), (torch.float16, 1e-2, False)])
def test_shorter_types(dtype, digits, compared):
    """The curve is that of the weights and gradients as they are, so it differs by their rounding."""
    model = Model(nn.LSTM(I, H), IDIOMS["fc(out[-1])"]).to(dtype)
    x, y = torch.randn(T, B, I).to(dtype), torch.randint(O, (B,))
    result = unroll.decay(model.rnn, lambda: cross_entropy(model(x).float(), y), figures=False)
    assert (result.summary["outputs_difference"] is not None) == compared
    assert bool(result.notes) != compared
    exact = model.double()
    wanted = unroll.decay(exact.rnn, lambda: cross_entropy(model(x.double()), y), figures=False)
    assert result.rate == pytest.approx(wanted.rate, rel=digits)
