"""Event files, read by TensorBoard itself."""

from __future__ import annotations

import pathlib
import struct

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import (
    EventAccumulator as PluginEventAccumulator,
)
from tensorboard.plugins.hparams import metadata as hparams

import unroll
from unroll import _program

SMALL = ["--length", "12", "--hidden", "8", "--batch", "5", "--threads", "1", "--validation-sequences", "20",
         "--test-sequences", "20", "--eval-every", "20"]
ALL = {"scalars": 0, "histograms": 0, "images": 0, "tensors": 0}


def train(*words, out="t"):
    _program.run(["train", "adding", *SMALL, "--tensorboard", *words, "--out", out]).check()
    return unroll.load(out)


def read(folder):
    events = EventAccumulator(str(folder), size_guidance=ALL)
    events.Reload()
    return events


def scalars(events, tag):
    return {event.step: event.value for event in events.Scalars(tag)}


def event_files(folder="t"):
    return sorted(pathlib.Path(folder).glob("events.out.tfevents.*"))


def test_scalars_are_those_of_the_tables():
    run = train("--steps", "60", "--watch-decay", "20")
    events = read("t")
    metrics = run.columns("metrics")
    for tag, column in [("loss/train", "loss"), ("gradient/norm", "gradient_norm"),
                        ("gradient/clipped", "clipped"), ("learning_rate", "learning_rate")]:
        found = scalars(events, tag)
        assert list(found) == list(range(1, 61))
        np.testing.assert_array_equal(np.float32(list(found.values())), metrics[column].astype(np.float32))
    losses = metrics["validation_loss"]
    assert scalars(events, "loss/validation") == {
        step: np.float32(losses[step - 1]) for step in (20, 40, 60)}
    assert scalars(events, "loss/test") == {60: np.float32(run.summary["test_loss"])}
    assert scalars(events, "loss/test_best") == {60: np.float32(run.summary["best_test_loss"])}
    decay = run.summary["gradient_decay"]
    rates = scalars(events, "decay/rate")
    assert list(rates) == [0, 20, 40, 60]
    assert rates[0] == np.float32(decay["start"]["rate"]) and rates[60] == np.float32(decay["end"]["rate"])
    assert set(scalars(events, "decay/half_life")) <= {0, 20, 40, 60}
    assert events.FirstEventTimestamp() > 1.6e9


def test_histograms_and_heat_map():
    run = train("--steps", "40", "--watch-decay", "20")
    events = read("t")
    weights = run.weights()
    assert set(events.Tags()["histograms"]) == {
        f"{kind}/{name}" for kind in ("weights", "gradients") for name in weights}
    for name, values in weights.items():
        for kind in ("weights", "gradients"):
            assert [event.step for event in events.Histograms(f"{kind}/{name}")] == [20, 40]
        histogram = events.Histograms(f"weights/{name}")[-1].histogram_value
        assert histogram.num == values.size == sum(histogram.bucket)
        assert histogram.min == values.min() and histogram.max == values.max()
        np.testing.assert_allclose(histogram.sum, values.astype(float).sum(), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(histogram.sum_squares, (values.astype(float) ** 2).sum(), rtol=1e-12)
        limits = np.array(histogram.bucket_limit)
        assert (np.diff(limits) > 0).all()
        below = [(values.astype(float) <= limit).sum() for limit in limits]
        np.testing.assert_array_equal(below, np.cumsum(histogram.bucket))
    pictures = pathlib.Path("t/decay-over-training.png")
    if not pictures.exists():
        pytest.skip("gnuplot is not installed")
    (image,) = events.Images("decay/heat_map")
    assert image.encoded_image_string == pictures.read_bytes() and image.step == 40
    assert (image.width, image.height) == struct.unpack(">II", pictures.read_bytes()[16:24])


def test_resumed_runs_have_every_step_once():
    whole = train("--steps", "60", "--watch-decay", "20", out="whole")
    train("--steps", "30", "--watch-decay", "20")
    first = event_files()
    resume = ["train", "--resume", "t/checkpoint.safetensors", "--steps"]
    _program.run([*resume, "60"]).check()
    assert len(event_files()) == 2 and event_files()[:1] == first
    for _ in range(2):  # Nothing is left to do, and nothing is recorded again.
        _program.run([*resume, "60"]).check()
        events, expected = read("t"), read("whole")
        assert events.Tags()["histograms"] == expected.Tags()["histograms"]
        for tag in expected.Tags()["scalars"]:
            steps = [event.step for event in events.Scalars(tag)]
            assert steps == sorted(set(steps)), tag
            if tag.startswith("loss/test") or tag == "loss/validation":
                continue  # Also taken where the first part ended.
            assert scalars(events, tag) == scalars(expected, tag), tag
        for name in whole.weights():
            steps = [event.step for event in events.Histograms(f"weights/{name}")]
            assert steps == [20, 30, 40, 60]
    # To another folder, the files so far come along.
    _program.run([*resume, "80", "--out", "u"]).check()
    assert list(scalars(read("u"), "loss/train")) == list(range(1, 81))
    assert list(scalars(read("t"), "loss/train")) == list(range(1, 61))


def test_steps_after_the_checkpoint_are_void():
    """A run that was killed has recorded more than its checkpoint knows of."""
    train("--steps", "40")
    (file,) = event_files()
    checkpoint = pathlib.Path("t/checkpoint.safetensors").read_bytes()
    records = file.read_bytes()
    _program.run(["train", "--resume", "t/checkpoint.safetensors", "--steps", "60"]).check()
    # The checkpoint of update 40 again, beside records up to 60.
    pathlib.Path("t/checkpoint.safetensors").write_bytes(checkpoint)
    metrics = pathlib.Path("t/metrics.csv")
    metrics.write_text("".join(metrics.read_text().splitlines(keepends=True)[:41]))
    _program.run(["train", "--resume", "t/checkpoint.safetensors", "--steps", "50"]).check()
    assert len(event_files()) == 3 and file.read_bytes() == records
    assert list(scalars(read("t"), "loss/train")) == list(range(1, 51))


def test_torn_last_record():
    train("--steps", "40")
    (file,) = event_files()
    content = file.read_bytes()
    for cut in (1, 5, 30, 200):
        file.write_bytes(content[:-cut])
        steps = list(scalars(read("t"), "loss/train"))
        assert steps == list(range(1, len(steps) + 1)) and len(steps) >= 38
    # A run that goes on leaves it as it is.
    _program.run(["train", "--resume", "t/checkpoint.safetensors", "--steps", "60"]).check()
    found = list(scalars(read("t"), "loss/train"))
    assert found[-20:] == list(range(41, 61)) and found == sorted(set(found))


def test_sweep():
    _program.run(["sweep", "adding", *SMALL, "--steps", "20", "--vary", "cell=rnn,lstm/forget-bias=2",
                  "--vary", "learning-rate=1e-3,0.01", "--seeds", "2", "--tensorboard", "--out", "s"]).check()
    sweep = unroll.load("s")
    columns = sweep.columns("runs")
    assert len(columns["run"]) == 8
    groups = set()
    for index, name in enumerate(columns["run"]):
        folder = f"s/runs/{name}"
        events = read(folder)
        assert list(scalars(events, "loss/train")) == list(range(1, 21))
        for result in ("validation_loss", "best_validation_loss", "test_loss", "best_test_loss"):
            assert scalars(events, f"results/{result}") == {20: np.float32(columns[result][index])}
        assert scalars(events, "results/solved") == {20: float(columns["outcome"][index] == "solved")}

        plugin = PluginEventAccumulator(folder)
        plugin.Reload()
        content = plugin.PluginTagToContent("hparams")
        assert set(content) == {hparams.EXPERIMENT_TAG, hparams.SESSION_START_INFO_TAG,
                                hparams.SESSION_END_INFO_TAG}
        start = hparams.parse_session_start_info_plugin_data(content[hparams.SESSION_START_INFO_TAG])
        values = {key: getattr(value, value.WhichOneof("kind")) for key, value in start.hparams.items()}
        assert values == {"cell": columns["cell"][index], "learning-rate": columns["learning-rate"][index]}
        groups.add(start.group_name)
        end = hparams.parse_session_end_info_plugin_data(content[hparams.SESSION_END_INFO_TAG])
        assert end.status == 1
        experiment = hparams.parse_experiment_plugin_data(content[hparams.EXPERIMENT_TAG])
        infos = {info.name: info for info in experiment.hparam_infos}
        assert [v.number_value for v in infos["learning-rate"].domain_discrete.values] == [0.001, 0.01]
        assert [v.string_value for v in infos["cell"].domain_discrete.values] == ["rnn", "lstm/forget-bias=2"]
        results = {tag for tag in plugin.Tags()["tensors"] if tag.startswith("results/")}
        assert {info.name.tag for info in experiment.metric_infos} == results | {"results/updates_to_solve"}
    assert len(groups) == 4


def test_hparams_dashboard():
    """The table that the dashboard shows: a row for each setting, the mean over its seeds."""
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups

    _program.run(["sweep", "adding", *SMALL, "--steps", "20", "--vary", "clip=none,norm:1", "--seeds", "2",
                  "--tensorboard", "--out", "s"]).check()
    multiplexer = plugin_event_multiplexer.EventMultiplexer(size_guidance=ALL)
    multiplexer.AddRunsFromDirectory("s")
    multiplexer.Reload()
    context = backend_context.Context(base_plugin.TBContext(
        data_provider=data_provider.MultiplexerDataProvider(multiplexer, "s")))
    request, experiment_id = RequestContext(), ""
    metadata = context.hparams_metadata(request, experiment_id)
    experiment = get_experiment.Handler(request, context, experiment_id, api_pb2.GetExperimentRequest()).run()
    assert [info.name for info in experiment.hparam_infos] == ["clip"] and metadata
    groups = list_session_groups.Handler(
        request, context, experiment_id, api_pb2.ListSessionGroupsRequest(
            slice_size=10, aggregation_type=api_pb2.AGGREGATION_AVG,
            allowed_statuses=[api_pb2.STATUS_SUCCESS, api_pb2.STATUS_UNKNOWN])).run()
    runs = unroll.load("s").columns("runs")
    assert groups.total_size == 2
    for group in groups.session_groups:
        clip = group.hparams["clip"].string_value
        metrics = {value.name.tag: value.value for value in group.metric_values}
        mean = runs["test_loss"][runs["clip"] == clip].mean()
        np.testing.assert_allclose(metrics["results/test_loss"], mean, rtol=1e-6)
