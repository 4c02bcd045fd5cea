"""Measuring leaves a model, its gradients, random numbers and the disk as they were."""

from __future__ import annotations

import pickle
import random
import tempfile

import numpy as np
import pytest
import torch
from torch import nn

import unroll


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 8)
        self.norm, self.drop, self.fc = nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.drop(self.norm(self.lstm(x)[0][-1])))


@pytest.fixture
def model():
    torch.manual_seed(1)
    return Model()


x = torch.randn(12, 5, 3, generator=torch.Generator().manual_seed(2))


def loss_of(model):
    random.random(), np.random.rand()
    return model(x).pow(2).mean()


def hooks_of(model):
    return [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules()]


def test_gradients_hooks_modes_and_buffers(model):
    model.fc.eval()
    loss_of(model).backward()
    model.fc.weight.grad = None
    before = {name: None if p.grad is None else p.grad.clone() for name, p in model.named_parameters()}
    state = {name: value.clone() for name, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    hooks = hooks_of(model)
    unroll.decay(model, lambda: loss_of(model), figures=False)
    for name, parameter in model.named_parameters():
        if before[name] is None:
            assert parameter.grad is None
        else:
            assert torch.equal(parameter.grad, before[name])
    for name, value in model.state_dict().items():
        assert torch.equal(value, state[name]), name
    assert modes == [module.training for module in model.modules()]
    assert hooks == hooks_of(model)
    assert not nn.modules.module._global_forward_pre_hooks


def test_random_states(model):
    def draw():
        return torch.rand(3).tolist(), random.random(), np.random.rand()

    states = torch.get_rng_state(), random.getstate(), np.random.get_state()
    wanted = draw()
    torch.set_rng_state(states[0])
    random.setstate(states[1])
    np.random.set_state(states[2])
    unroll.decay(model, lambda: loss_of(model), figures=False)
    assert draw() == wanted


def test_after_an_error(model):
    hooks = hooks_of(model)

    def fail():
        model(x)
        raise KeyError("the user's own")

    state = model.norm.running_mean.clone()
    with pytest.raises(KeyError, match="the user's own"):
        unroll.decay(model, fail)
    assert hooks == hooks_of(model)
    assert not nn.modules.module._global_forward_pre_hooks
    assert torch.equal(model.norm.running_mean, state)


def test_under_no_grad(model):
    model.eval()
    with torch.no_grad():
        inside = unroll.decay(model, lambda: loss_of(model), figures=False)
        assert not torch.is_grad_enabled()
    outside = unroll.decay(model, lambda: loss_of(model), figures=False)
    assert inside.summary["curves"] == outside.summary["curves"]


def test_hooks_of_the_user_see_and_change_what_they_did(model):
    """A user's hook that halves the outputs belongs to what comes behind the module."""
    model.eval()
    seen = []

    def halve(module, args, result):
        seen.append(result[0].shape)
        return result[0] / 2, result[1]

    model.lstm.register_forward_hook(halve)
    halved = unroll.decay(model, lambda: loss_of(model), figures=False)
    assert seen == [(12, 5, 8)]
    with torch.no_grad():
        model.norm.running_mean *= 2
        model.norm.running_var = model.norm.running_var * 4
    model.norm.eps *= 4
    model.lstm._forward_hooks.clear()
    plain = unroll.decay(model, lambda: loss_of(model), figures=False)
    # The same head of outputs twice as large: half the gradient at each.
    assert plain.curve("h").norm == pytest.approx(halved.curve("h").norm, rel=1e-4)


def test_nothing_stays_in_the_temporary_folder(model, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    unroll.decay(model, lambda: loss_of(model))
    with pytest.raises(unroll.UnrollError):
        unroll.decay(model, lambda: loss_of(model), no_such_option=1)
    with unroll.Watch(model) as watch:
        loss_of(model).backward()
    assert len(watch.measurements) == 1
    assert not list(tmp_path.iterdir())


def test_result(model, tmp_path):
    result = unroll.decay(model, lambda: loss_of(model.eval()), truncation=[1, 3], exponents=True)
    assert result.loss == pytest.approx(loss_of(model).item())
    assert set(result.tables) == {
        "contributions", "decay", "exponents", "exponents-convergence", "formats", "gates",
        "singular-values", "truncation"}
    for name in ("curves", "fits", "contributions", "gates", "formats", "truncation", "exponents",
                 "singular_values"):
        assert len(getattr(result, name)) > 0, name
    curve = result.curve("h")
    assert curve.lags.tolist() == list(range(12)) and curve.norm.dtype == np.float64
    assert (curve.p10 <= curve.median).all() and (curve.median <= curve.p90).all()
    main = result.curve()
    assert main.path == "c"
    assert (result.rate, result.half_life, result.horizon, result.verdict) == (
        main.rate, main.half_life, main.horizon, main.verdict)
    assert result.summary["curves"][1]["norms"] == main.norm.tolist()
    assert result._repr_svg_().startswith("<?xml") and "data:image/svg+xml" in result._repr_html_()
    with pytest.raises(LookupError, match="no curve 'x' of layer 0; there are: lstm layer 0 h,"):
        result.curve("x")
    with pytest.raises(LookupError, match="no figure 'x'"):
        result.figure("x")
    assert pickle.loads(pickle.dumps(result)).rate == result.rate

    result.notes = ("left out",)
    saved = result.save(tmp_path / "saved")
    loaded = unroll.load(saved)
    assert isinstance(loaded, unroll.Decay)
    assert loaded.summary["curves"] == result.summary["curves"] and loaded.loss == result.loss
    assert loaded.notes == ("left out",) and unroll.load(loaded.save(tmp_path / "copy")).notes == loaded.notes
    with pytest.raises(FileExistsError, match="not empty"):
        result.save(saved)
    # The saved folder is a run's folder to the program.
    again = unroll._program.run(["decay", "--config", str(saved / "config.json"), "--out", "again", "--json"])
    again.check()
    assert unroll.load("again").summary["curves"] == result.summary["curves"]


def test_remedies_are_measured_with_the_loss_of_pytorch(model):
    result = unroll.decay(
        model, lambda: loss_of(model), figures=False, remedies=True, needs=8, threads=1)
    changes = [entry["change"] for entry in result.summary["remedies"]]
    assert changes[:2] == ["as given", "fresh weights"] and "forget bias 3" in changes
    assert len(result.remedies) == len(changes)
    (finding,) = result.summary["findings"]
    assert finding.startswith("lstm: reach ") and ", needed 8; " in finding
    with pytest.raises(unroll.UnrollError, match="joined by --needs K"):
        unroll.decay(model, lambda: loss_of(model), figures=False, remedies=True)


def test_what_was_not_measured_says_how(model):
    result = unroll.decay(model, lambda: loss_of(model), figures=False)
    with pytest.raises(LookupError, match=r"pass truncation=\[1, 2, 5\]"):
        result.truncation
    with pytest.raises(LookupError, match="pass exponents=True"):
        result.exponents
    with pytest.raises(LookupError, match="pass remedies=True, needs=50"):
        result.remedies
    with pytest.raises(LookupError, match="gnuplot"):
        result.figure()
    assert result._repr_svg_() is None and "<table" in result._repr_html_()
    rnn = nn.RNN(3, 4)
    with pytest.raises(LookupError, match="no gates"):
        unroll.decay(rnn, lambda: rnn(x)[0].sum(), figures=False).gates
