"""Measuring while a model is trained."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import unroll

T, B = 15, 6
x = torch.randn(T, B, 3, generator=torch.Generator().manual_seed(1))
y = torch.randint(4, (B,), generator=torch.Generator().manual_seed(2))


def test_a_misspelled_option_is_said_at_once():
    with pytest.raises(TypeError, match=r"evry=10: unroll decay has no option --evry; did you mean every=\?"):
        unroll.Watch(nn.LSTM(3, 4), evry=10)


class Model(nn.Module):
    def __init__(self, kind=nn.LSTM):
        super().__init__()
        torch.manual_seed(3)
        self.rnn, self.fc = kind(3, 8), nn.Linear(8, 4)

    def forward(self, x):
        return self.fc(self.rnn(x)[0].mean(0))


def loss_of(model, x=x):
    return nn.functional.cross_entropy(model(x), y)


def trained(model, steps, before_update=None):
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for step in range(steps):
        optimizer.zero_grad()
        loss_of(model).backward()
        if before_update:
            before_update(step)
        optimizer.step()


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_equals_decay_at_each_step_and_leaves_the_training_as_it_is(kind):
    alone, watched = Model(kind), Model(kind)
    wanted = {}

    def measure(step):
        if step % 4 == 0:
            wanted[step] = unroll.decay(alone.rnn, lambda: loss_of(alone), figures=False)

    trained(alone, 10, before_update=measure)
    with unroll.Watch(watched.rnn, every=4) as watch:
        trained(watched, 10)
    for name, value in alone.state_dict().items():
        assert torch.equal(value, watched.state_dict()[name]), name
    assert watch.step == 10 and list(watch.measurements) == [0, 4, 8]
    for step, decay in watch.measurements.items():
        assert decay.summary["curves"] == wanted[step].summary["curves"]
    assert not watched.rnn._forward_hooks


def test_frame_fits_and_figure():
    model = Model()
    with unroll.Watch(model, every=2) as watch:
        trained(model, 5)
    frame = watch.frame
    assert list(frame.columns) == ["step", "layer", "path", "lag", "norm_mean", "norm_geomean"]
    # Paths h, c, state, and those of what enters last.
    assert len(frame["lag"]) == 3 * 6 * T and sorted(set(frame["step"])) == [0, 2, 4]
    fits = watch.fits
    assert list(fits["step"]) == [0, 2, 4]
    assert list(fits["rate"]) == [decay.rate for decay in watch.measurements.values()]
    figure = watch.figure("h")
    root = ET.fromstring(figure.svg)
    assert root.tag.endswith("svg") and root.find(".//{*}image") is not None
    assert watch._repr_svg_() == watch.figure().svg
    with pytest.raises(LookupError, match="no curve 'z'"):
        watch.figure("z")


def test_saved_and_loaded():
    model = Model()
    with unroll.Watch(model, every=2) as watch:
        trained(model, 5)
    folder = watch.save("kept")
    with pytest.raises(FileExistsError):
        watch.save("kept")
    saved = unroll.load(folder)
    assert isinstance(saved, unroll.Watched) and saved.every == 2
    for mine, theirs in ((saved.curves, watch.curves), (saved.fits, watch.fits)):
        assert list(mine.columns) == list(theirs.columns)
        for name in mine.columns:
            assert list(mine[name]) == list(theirs[name]), name
    assert saved.figure().svg == watch.figure().svg
    assert saved.heat_map("h").svg == watch.figure("h").svg
    assert list(saved.measurements) == [0, 2, 4]
    assert saved.measurements[4].summary["curves"] == watch.measurements[4].summary["curves"]
    assert isinstance(unroll.load("kept/step-4"), unroll.Decay)
    assert "step 5, 3 measurements, one every 2 steps in kept" in repr(saved) and "<table" in saved._repr_html_()


def test_nothing_measured_is_saved_as_that():
    saved = unroll.load(unroll.Watch(Model()).save("kept"))
    assert isinstance(saved, unroll.Watched) and saved.measurements == {} and len(saved.fits) == 0


def test_validation_does_not_count():
    model = Model()
    with unroll.Watch(model, every=3) as watch:
        for _ in range(4):
            loss_of(model).backward()
            with torch.no_grad():
                loss_of(model)
            loss_of(model)  # without no_grad, and without a backward pass
    assert watch.step == 4 and list(watch.measurements) == [0, 3]


def test_lengths_that_change_leave_gaps():
    module = nn.GRU(3, 4)
    with unroll.Watch(module, every=1) as watch:
        for longest in (4, 9):
            packed = pack_padded_sequence(
                torch.randn(9, 2, 3), torch.tensor([2, longest]), enforce_sorted=False)
            module(packed)[1].pow(2).sum().backward()
    assert [len(decay.curve("h").lags) for decay in watch.measurements.values()] == [4, 9]
    assert "<image" in watch.figure().svg


def test_several_calls_in_a_step_are_refused_at_once():
    module = nn.RNN(3, 4)
    watch = unroll.Watch(module)
    (module(x)[0].sum() + module(x + 1)[0].sum()).backward()
    with pytest.raises(unroll.CannotMeasure, match="2 calls of the module got a gradient"):
        module(x)
    watch.close()


def test_what_cannot_be_measured_is_said_at_once_and_later_is_a_gap():
    model = Model()
    with unroll.Watch(model, every=1, truncation=[0]) as watch:
        loss_of(model).backward()
        with pytest.raises(unroll.UnrollError, match="--truncation"):
            loss_of(model)
    assert watch.measurements == {}

    model = Model()
    with unroll.Watch(model, every=1) as watch:
        loss_of(model).backward()
        (loss_of(model) * float("nan")).backward()
        with pytest.warns(RuntimeWarning, match="step 1 was not measured"):
            assert list(watch.measurements) == [0]
        loss_of(model).backward()
    assert list(watch.measurements) == [0, 2]


def test_gradients_that_overflow_are_a_gap_also_at_the_first_step():
    """As of the first updates under GradScaler, which lowers its scale after each."""
    model = Model()
    with unroll.Watch(model, every=1) as watch:
        for step, scale in enumerate((float("inf"), 1e38, 1.0)):
            (loss_of(model) * scale * 1e5).backward()
            if step < 2:
                with pytest.warns(RuntimeWarning, match=f"step {step} was not .*: its gradients are not all"):
                    model(x)
    assert watch.step == 3 and list(watch.measurements) == [2]
    # What then cannot be measured is still said at once.
    with unroll.Watch(model, every=1, truncation=[0]) as watch:
        (loss_of(model) * float("nan")).backward()
        with pytest.warns(RuntimeWarning, match="step 0 was not measured"):
            loss_of(model).backward()
        with pytest.raises(unroll.UnrollError, match="--truncation"):
            model(x)


def test_check():
    class Scaled(nn.LSTM):
        def forward(self, *args):
            out, state = super().forward(*args)
            return out * 2, state

    model = Model(Scaled)
    with unroll.Watch(model, every=1) as watch:
        loss_of(model).backward()
        with pytest.raises(unroll.UnrollError, match="differ from 'outputs'"):
            model(x)
    with unroll.Watch(model, every=1, check=False) as watch:
        loss_of(model).backward()
    assert list(watch.measurements) == [0]


def test_measurements_keep_numbers_alone():
    model = Model()
    with unroll.Watch(model, every=1) as watch:
        loss_of(model).backward()
    files = watch.measurements[0].files
    assert {"config.json", "summary.json", "decay.csv", "gates.csv"} <= set(files)
    assert all(name.endswith((".json", ".csv")) for name in files)


def test_an_error_of_the_loop_is_what_is_seen():
    model = Model()
    with pytest.raises(ZeroDivisionError), unroll.Watch(model, every=1) as watch:
        loss_of(model).backward()
        loss_of(model).backward()
        1 / 0
    # Also the step that the error followed.
    assert not model.rnn._forward_hooks and list(watch.measurements) == [0, 1]


def test_a_module_that_is_not_trained_is_named():
    with pytest.warns(RuntimeWarning, match="no backward pass reached the module"):
        with unroll.Watch(nn.LSTM(3, 4), every=1):
            loss_of(Model()).backward()


def test_rows_and_frozen_parameters():
    model = Model()
    model.rnn.requires_grad_(False)
    below = x.clone().requires_grad_()  # As of an embedding that is trained.
    with unroll.Watch(model, every=1, rows=[0, 2]) as watch:
        loss_of(model, below).backward()
    assert model.rnn.weight_hh_l0.grad is None and below.grad is not None
    wanted = unroll.decay(model.rnn, lambda: loss_of(model), rows=[0, 2], figures=False)
    assert watch.measurements[0].summary["curves"] == wanted.summary["curves"]
    # Where nothing is trained there is no backward pass through the module.
    with pytest.warns(RuntimeWarning, match="nothing was measured"):
        with unroll.Watch(model, every=1) as watch:
            loss_of(model).backward()
    assert watch.step == 0 and watch.measurements == {}
    for every in (0, 1.5):
        with pytest.raises(ValueError, match=f"every={every}: expected a whole number"):
            unroll.Watch(model, every=every)


def test_nothing_measured_yet():
    watch = unroll.Watch(Model())
    assert watch._repr_svg_() is None and len(watch.frame) == 0
    with pytest.raises(LookupError, match="nothing was measured yet"):
        watch.figure()


def test_colors_of_the_heat_map():
    from unroll._heatmap import _colored, _range

    grid = np.array([[1.0, 1e-3], [0.0, np.nan]])
    top, bottom = _range(grid)
    assert (top, bottom) == (0, -3)
    pixels = _colored(grid, top, bottom)
    assert pixels[0, 0].tolist() == [253, 231, 37, 255]  # largest: brightest
    assert pixels[0, 1].tolist() == pixels[1, 0].tolist() == [29, 17, 71, 255]  # smallest, and zero
    assert pixels[1, 1, 3] == 0  # nothing there: transparent
