"""What would be measured wrongly is refused by name."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import unroll

x = torch.randn(6, 2, 3)
plain = nn.LSTM(3, 4)


@pytest.mark.parametrize("module, message", [
    (nn.LSTM(3, 4, bidirectional=True), "bidirectional=True is not measured"),
    (nn.LSTM(3, 4, proj_size=2), "proj_size=2 is not measured"),
    (nn.GRU(3, 4, 2, dropout=0.1), "dropout=0.1 between layers.*training mode.*eval"),
    (nn.LSTMCell(3, 4), "LSTMCell is no nn.RNN, nn.LSTM or nn.GRU, and has none inside"),
    ("model.lstm", "the first argument is a str: expected an nn.RNN"),
    (lambda: 1, "the first argument is a function"),
    (nn.Sequential(nn.GRU(3, 4), nn.RNN(4, 4)), "has 0, 1: give one of them"),
    (nn.Sequential(nn.Linear(3, 4), nn.LSTM(4, 4, bidirectional=True)), "bidirectional"),
])
def test_modules(module, message):
    with pytest.raises(unroll.CannotMeasure, match=message):
        unroll.decay(module, lambda: pytest.fail("must be refused before the loss runs"))
    with pytest.raises(unroll.CannotMeasure, match=message):
        unroll.Watch(module)


def test_dropout_that_is_turned_on_in_the_loss():
    module = nn.GRU(3, 4, 2, dropout=0.1).eval()
    with pytest.raises(unroll.CannotMeasure, match="dropout"):
        unroll.decay(module, lambda: module.train()(x)[0].sum())


def under_no_grad():
    with torch.no_grad():
        return plain(x)[0].sum()


def backward_inside():
    loss = plain(x)[0].pow(2).sum()
    loss.backward()
    return loss


def two_calls():
    return plain(x)[0].sum() + plain(x + 1)[0].sum()


def step_by_step():
    state, loss = None, 0.0
    for x_t in x:
        out, state = plain(x_t[None], state)
        loss = loss + out.pow(2).sum()
    return loss


def windows_whose_states_are_detached():
    state, loss = None, 0.0
    for part in x.split(3):
        out, state = plain(part, state)
        state = tuple(s.detach() for s in state)
        loss = loss + out.pow(2).sum()
    return loss


@pytest.mark.parametrize("loss, message", [
    (lambda: plain(x)[0], r"shape \(6, 2, 4\): expected one number"),
    (torch.ones(()), "loss is a Tensor: expected a function"),
    (lambda: 1.5, "returned float: expected the loss"),
    (lambda: (plain(x)[0].sum(), 3), "returned tuple"),
    (lambda: plain(x)[0].sum().detach(), "the loss has no gradient"),
    (lambda: plain(x)[0].sum() * float("nan"), "the loss is nan"),
    (lambda: (plain(x)[0] * 0).sum().sqrt(), "gradients are not all finite"),
    (lambda: torch.ones((), requires_grad=True) * 2, "did not call this nn.LSTM"),
    (lambda: under_no_grad() + torch.ones((), requires_grad=True), "no_grad"),
    (lambda: (plain(x), torch.ones((), requires_grad=True) * 2)[1], "does not depend on what the nn.LSTM"),
    (backward_inside, r"called backward\(\)"),
    (two_calls, "depends on 2 calls of the nn.LSTM.*call=0"),
    (step_by_step, "depends on 6 calls"),
    (windows_whose_states_are_detached, "depends on 2 calls"),
])
def test_losses(loss, message):
    with pytest.raises(unroll.CannotMeasure, match=message):
        unroll.decay(plain, loss)


def test_one_call_of_several():
    """A call's own states act on the loss through what it gave alone, so its curve is exact."""
    whole = unroll.decay(plain, lambda: plain(x)[0][-1].pow(2).sum(), figures=False)

    def loss():
        first, state = plain(x[:4])
        return plain(x[4:], state)[0][-1].pow(2).sum()

    part = unroll.decay(plain, loss, call=0, figures=False)
    # The four steps that are the first of six: float32 went through the two behind.
    assert part.curve("state").norm == pytest.approx(whole.curve("state").norm[2:], rel=1e-5)
    with pytest.raises(IndexError, match="call=2: the loss called the nn.LSTM 2 times"):
        unroll.decay(plain, loss, call=2)


def test_calls_that_the_loss_does_not_depend_on_do_not_count():
    def loss():
        plain(x + 1)
        with torch.no_grad():
            plain(x + 2)
        return plain(x)[0][-1].pow(2).sum()

    alone = unroll.decay(plain, lambda: plain(x)[0][-1].pow(2).sum(), figures=False)
    assert unroll.decay(plain, loss, figures=False).summary["curves"] == alone.summary["curves"]


def test_outputs_that_are_not_the_module_s():
    """A module that does something else than PyTorch's is not measured as if it did not."""
    class Scaled(nn.LSTM):
        def forward(self, *args):
            out, state = super().forward(*args)
            return out * 2, state

    module = Scaled(3, 4)
    with pytest.raises(unroll.UnrollError, match="differ from 'outputs'") as caught:
        unroll.decay(module, lambda: module(x)[0].sum())
    assert caught.value.status == 1
    unroll.decay(module, lambda: module(x)[0].sum(), check=False, figures=False)


def test_error_of_the_program():
    with pytest.raises(unroll.UnrollError, match="unknown option '--truncaton'.*--truncation") as caught:
        unroll.decay(plain, lambda: plain(x)[0].sum(), truncaton=[1])
    assert caught.value.status == 2
    for figures in (True, False):
        with pytest.raises(unroll.UnrollError) as caught:
            unroll.decay(plain, lambda: (plain(x)[0] * 0).sum(), figures=figures)
        assert caught.value.status == 1 and "\n" not in str(caught.value)
    assert unroll.decay(plain, lambda: plain(x)[0].sum(), figures=False).notes == ()
