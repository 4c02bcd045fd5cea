"""Commands as functions, and run folders."""

from __future__ import annotations

import csv
import json
import pathlib
import sys

import numpy as np
import pytest
import safetensors.numpy

import unroll
from unroll import _frames, _program

SMALL = dict(length=10, hidden=8, batch=5, steps=60, progress=False)


def test_train(capfd):
    run = unroll.train("adding", cell="lstm/forget-bias=2", watch_decay=30, out="t", **SMALL)
    assert isinstance(run, unroll.Train) and run.folder.name == "t"
    assert (run.command, run.outcome) == ("train", "finished")
    assert run.config["options"]["length"] == 10 and run.summary["cell"] == "lstm/forget-bias=2"
    assert list(run.metrics["step"]) == list(range(1, 61))
    with open("t/metrics.csv") as file:
        rows = list(csv.DictReader(file))
    assert list(run.metrics["loss"]) == [float(row["loss"]) for row in rows]
    assert np.isnan(run.metrics["validation_loss"][0])  # blank
    assert sorted(set(run.decay_over_training["step"])) == [0, 30, 60]
    assert run.weights()["weight_hh_l0"].shape == (32, 8)
    assert run.weights("best").keys() == run.weights().keys()
    with pytest.raises(LookupError, match="no other.safetensors"):
        run.weights("other")
    assert run.figures == ["decay-over-training", "loss"]
    assert "lstm/forget-bias=2 on adding, 60 updates, train loss" in repr(run)
    assert "data:image/svg+xml" in run._repr_html_()
    assert capfd.readouterr() == ("", "")


def test_folder_of_its_own():
    first = unroll.train("adding", **SMALL)
    second = unroll.train("adding", seed=2, **SMALL)
    assert first.folder != second.folder and first.folder.parent.name == "runs"
    assert first.config["options"]["seed"] == 1 and second.config["options"]["seed"] == 2


def test_progress_lines(capfd):
    unroll.train("adding", **SMALL | {"progress": True, "steps": 600})
    out, err = capfd.readouterr()
    assert out == "" and "600/600  100%" in err and "\r" not in err


def test_nonfinite_training():
    with pytest.raises(unroll.UnrollError, match="non-finite at update 1") as caught:
        unroll.train("adding", cell="rnn/activation=relu/init=identity:5", clip="none", **SMALL | {"length": 300})
    assert caught.value.status == 3
    assert caught.value.run.outcome == "nonfinite" and caught.value.run.metrics is not None


def test_sweep():
    sweep = unroll.sweep(
        "adding", vary={"cell": ["rnn", "lstm"], "learning_rate": [1e-3, 3e-3]}, seeds=2, out="s",
        against="cell=rnn", **SMALL)
    assert len(sweep.runs) == 8 and len(sweep.groups) == 4 and len(sweep.pairs) == 2
    assert sorted(set(sweep.groups["learning-rate"])) == [0.001, 0.003]
    assert repr(sweep) == "Sweep: 4 settings, finished in s"
    assert "<table" in sweep._repr_html_()
    with pytest.raises(TypeError, match="expected a list of values"):
        unroll.sweep(vary={"cell": "rnn"})


def test_clip():
    clip = unroll.clip("adding", cells=["rnn"], thresholds=["none", 1], seeds=2, out="c", **SMALL)
    assert list(clip.groups["threshold"]) == ["none", "norm:1"] and len(clip.runs) == 4
    surface = unroll.clip(surface=True, thresholds=["none", 0.1], out="cs", progress=False)
    assert {"w", "b", "error", "gradient_norm"} == set(surface.surface.columns)
    assert set(surface.path["threshold"]) == {"none", "norm:0.1"}
    assert "surface, finished" in repr(surface) and "<img" in surface._repr_html_()
    # The figure of a clip's own is not there; asked for and shown is the first.
    assert "clip" not in surface.figures
    assert surface.figure().svg == surface.figure(surface.figures[0]).svg == surface._repr_svg_()


@pytest.mark.parametrize("words, kind, table", [
    (["decay", "--length", "10", "--hidden", "8", "--seeds", "2"], unroll.Decay, "decay-seeds"),
    (["depth", "--layers", "3", "--width", "4"], unroll.Depth, "depth"),
    (["lesson", "chain"], unroll.Run, "lesson"),
    (["train", "adding", "--length", "10", "--steps", "5"], unroll.Train, "metrics"),
])
def test_load(words, kind, table):
    _program.run([*words, "--out", "run"]).check()
    run = unroll.load("run")
    assert type(run) is kind and run.command == words[0] and run.outcome == "finished"
    assert set(run.frames) == set(run.tables) and table in run.tables
    for name in run.tables:
        with open(f"run/{name}.csv") as file:
            rows = list(csv.DictReader(file))
        assert len(run.frame(name)) == len(rows) > 0
        for column, values in run.columns(name).items():
            texts = [row[column] for row in rows]
            if values.dtype == object:
                assert list(values) == texts
            else:
                wanted = [float(text) if text else np.nan for text in texts]
                np.testing.assert_array_equal(values.astype(float), wanted)
    with pytest.raises(LookupError, match="no table 'x'; it has "):
        run.frame("x")
    assert run.save("copy") and unroll.load("copy").summary == run.summary


def test_load_of_predict_and_merge():
    np.savez("data.npz", x=np.random.default_rng(1).normal(size=(10, 6, 2)).astype(np.float32),
             y=np.zeros((6, 1), np.float32))
    unroll.train("arrays", inputs="data.npz", steps=3, batch=2, hidden=4, out="t", progress=False)
    _program.run(["predict", "--model", "t/model.safetensors", "--inputs", "data.npz", "--out", "p"]).check()
    predicted = unroll.load("p")
    assert isinstance(predicted, unroll.Predict) and "output_0" in predicted.outputs.columns
    shards = [
        unroll.sweep("adding", vary={"cell": ["rnn", "gru"]}, seeds=1, shard=f"{i}/2", out=f"s{i}", **SMALL)
        for i in (1, 2)]
    _program.run(["merge", "s1", "s2", "--out", "m"]).check()
    merged = unroll.load("m")
    assert sum(len(shard.runs) for shard in shards) == len(merged.frame("runs")) == 2


def test_decay_of_several_labels_and_seeds():
    _program.run(["decay", "--cells", "rnn,lstm", "--length", "10", "--hidden", "8", "--layers", "2",
                  "--seeds", "2", "--out", "d"]).check()
    run = unroll.load("d")
    assert run.curve().label == "rnn" and run.curve(label="lstm").path == "c"
    for seed in (1, 2):
        curve = run.curve("h", layer=1, label="lstm", seed=seed)
        assert curve.lags.tolist() == list(range(10))
    assert len(run.fits) == len(run.summary["curves"]) == 2 * (2 + 3)


def test_arrays_of_decay():
    words = ["decay", "--length", "10", "--hidden", "8", "--seeds", "2", "--batch", "3", "--exponents"]
    _program.run([*words, "--npz", "--out", "d"]).check()
    run = unroll.load("d")
    arrays = run.arrays
    for table in run.tables:
        for column, values in run.columns(table).items():
            array = arrays.pop(f"{table}/{column}")
            assert array.shape == values.shape
            if values.dtype == object:
                assert array.tolist() == values.tolist()
            else:
                np.testing.assert_array_equal(array, values)
    assert list(arrays) == ["decay/norms"]
    for path, layer in (("h", 0), ("c", 0)):
        curve = run.curve(path, label="lstm", seed=2)
        assert curve.norms is not None and curve.norms.shape == (10, 3)
        np.testing.assert_allclose(curve.norms.mean(axis=1), curve.norm, rtol=1e-15)
        np.testing.assert_allclose(np.median(curve.norms, axis=1), curve.median, rtol=1e-15)
    _program.run([*words, "--out", "without"]).check()
    without = unroll.load("without")
    assert without.curve().norms is None
    with pytest.raises(LookupError, match="pass npz=True"):
        without.arrays


def test_a_curve_reads_its_norms_alone(monkeypatch):
    _program.run(["decay", "--length", "5", "--hidden", "4", "--npz", "--out", "d"]).check()
    run, read, member = unroll.load("d"), [], np.lib.npyio.NpzFile.__getitem__
    monkeypatch.setattr(
        np.lib.npyio.NpzFile, "__getitem__", lambda self, key: read.append(key) or member(self, key))
    for _ in range(2):
        assert run.curve().norms.shape == (5, 20)
    assert read == ["decay/norms"]


def test_what_a_run_has_set_aside_is_not_saved():
    for seed in (1, 2):
        unroll.train("adding", seed=seed, tensorboard=True, out="t", **SMALL | {"steps": 2})
    aside = [path.name for path in pathlib.Path("t").iterdir() if path.is_dir()]
    assert len(aside) == 1 and aside[0].startswith("earlier-")
    saved = unroll.load("t").save("copy")
    files = [path.name for path in pathlib.Path("t").iterdir() if path.is_file()]
    assert sorted(path.name for path in saved.iterdir()) == sorted(files)
    # A folder below such a name is the run's own place.
    assert unroll.load(f"t/{aside[0]}").save("first") and unroll.load("first").config["options"]["seed"] == 1


@pytest.mark.parametrize("task", ["adding", "copy", "temporal-order"])
def test_export(task):
    words = [task, "--length", "12", "--sequences", "4"]
    for name in ("batch.npz", "batch.safetensors"):
        _program.run(["export", *words, "--out", name]).check()
    batch = np.load("batch.npz")
    saved = safetensors.numpy.load_file("batch.safetensors")
    assert set(batch.files) == set(saved) == {"x", "y"} | ({"classes"} if task != "adding" else set())
    for name in batch.files:
        assert batch[name].dtype == saved[name].dtype and batch[name].tobytes() == saved[name].tobytes()
        assert batch[name].shape == saved[name].shape
    x, y = batch["x"], batch["y"]
    assert x.dtype == np.float64 and x.shape[1] == 4
    if task == "adding":
        assert (x[..., 1].sum(axis=0) == 2).all()
        np.testing.assert_array_equal((x[..., 0] * x[..., 1]).sum(axis=0), y[:, 0])
    else:
        assert (x.sum(axis=2) == 1).all() and y.dtype == np.int64 and y.max() < batch["classes"]
    if task == "copy":
        np.testing.assert_array_equal(x.argmax(axis=2)[:10], y[-10:])


@pytest.mark.parametrize("prepare, error, message", [
    (lambda path: None, FileNotFoundError, "no such folder"),
    (lambda path: path.mkdir(), FileNotFoundError, "not the folder of a run: it has no config.json"),
    (lambda path: (path.mkdir(), (path / "config.json").write_text("{")), ValueError, "config.json: not JSON"),
    (lambda path: (path.mkdir(), (path / "config.json").write_text("[]")), ValueError, "expected a JSON object"),
])
def test_load_of_what_is_no_run(tmp_path, prepare, error, message):
    prepare(tmp_path / "x")
    with pytest.raises(error, match=message):
        unroll.load(tmp_path / "x")


def test_run_that_did_not_end(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"command": "train"}))
    (tmp_path / "metrics.csv").write_text("step,loss\n1,0.5\n2\n")
    (tmp_path / "decay-over-training.csv.partial").write_text("step,lag\n0,1\n10,")
    run = unroll.load(tmp_path)
    assert run.outcome == "unfinished" and run.tables == ["decay-over-training", "metrics"]
    # A log that is still written: its last line is not whole.
    assert list(run.decay_over_training["step"]) == [0]
    with pytest.raises(ValueError, match="metrics.csv: "):
        run.metrics


def test_columns():
    columns = _frames.read_csv('a,b,c,d,e\n1,0.1,,x,nan\n-2,1e-310,3,"y, ""z""",inf\n')
    assert columns["a"].tolist() == [1, -2] and columns["a"].dtype == np.int64
    assert columns["b"].tolist() == [0.1, 1e-310]
    assert np.isnan(columns["c"][0]) and columns["c"][1] == 3
    assert columns["d"].tolist() == ["x", 'y, "z"']
    assert np.isnan(columns["e"][0]) and columns["e"][1] == np.inf
    assert _frames.read_csv("") == {}
    assert {n: len(c) for n, c in _frames.read_csv("a,b\n").items()} == {"a": 0, "b": 0}


def test_columns_of_text_that_looks_like_numbers():
    names = ["run", "data_hash", "pass", "a", "b", "c", "d", "e", "f"]
    rows = [["012345678901", "1", "2", "01234e567890", "1_000", "1.", " 1", "0x1", "+1"],
            ["112345678901", "", "3", "1", "2", "3", "4", "5", "6"]]
    columns = _frames.read_csv("\n".join(",".join(row) for row in [names, *rows]) + "\n")
    for name, *values in zip(names, *rows, strict=True):
        assert columns[name].dtype == object and list(columns[name]) == values, name
    # All that the program writes as numbers.
    columns = _frames.read_csv("a,b\n0,-0.5\n-0.0,5e-324\n1e-05,1.7976931348623157e+308\n,-inf\n")
    np.testing.assert_array_equal(columns["a"], [0, 0, 1e-5, np.nan])
    np.testing.assert_array_equal(columns["b"], [-0.5, 5e-324, 1.7976931348623157e308, -np.inf])
    assert _frames.read_csv("a\n9223372036854775808\n")["a"].tolist() == [2.0**63]


def test_files_are_read_once(monkeypatch):
    unroll.train("adding", **SMALL, out="t")
    read, original = [], pathlib.Path.read_bytes

    def read_bytes(path):
        read.append(path.name)
        return original(path)

    monkeypatch.setattr(pathlib.Path, "read_bytes", read_bytes)
    run = unroll.load("t")
    assert sorted(read) == ["config.json", "summary.json"]
    assert "metrics.csv" in run.files and "no such file" not in run.files and 1 not in run.files
    assert "../t/metrics.csv" not in run.files and ".." not in run.files and "" not in run.files
    assert len(read) == 2


def test_save_keeps_subfolders():
    sweep = unroll.sweep("adding", vary={"cell": ["rnn", "gru"]}, keep="metrics", seeds=1, out="s", **SMALL)
    sweep.save("copy")
    sweep.save("s/within")  # In the folder that is copied.
    names = {path.relative_to("s") for path in pathlib.Path("s").rglob("*.csv") if "within" not in path.parts}
    assert sum(len(name.parts) > 1 for name in names) == 2
    for copy in ("copy", "s/within"):
        found = {path.relative_to(copy): path.read_bytes() for path in pathlib.Path(copy).rglob("*.csv")}
        assert found == {name: ("s" / name).read_bytes() for name in names}
    with pytest.raises(FileExistsError, match="not empty"):
        sweep.save("copy")


def test_without_pandas(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    run = unroll.train("adding", **SMALL)
    table = run.metrics
    assert isinstance(table, unroll.Table) and len(table) == 60
    assert table.columns == list(table) and "loss" in table and table["step"].tolist() == list(range(1, 61))
    assert table.where(step=3)["loss"] == table["loss"][2]
    with pytest.raises(ValueError, match="read-only"):
        table["loss"][0] = 1
    assert "… 60 rows" in repr(table) and "<th>loss</th>" in table._repr_html_()
    table = unroll.Table({"a": np.array(["<b>"], dtype=object)})
    assert "&lt;b&gt;" in table._repr_html_()


def test_with_pandas():
    pandas = pytest.importorskip("pandas")
    run = unroll.train("adding", **SMALL)
    assert isinstance(run.metrics, pandas.DataFrame)
    frame = run.metrics
    frame["loss"] = 0.0  # A copy of one's own.
    assert run.metrics["loss"].min() > 0
