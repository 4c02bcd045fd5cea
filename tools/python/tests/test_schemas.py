"""What the program prints against `data/schemas`, by the library that people check with."""

from __future__ import annotations

import json
import pathlib

import jsonschema
import numpy as np
import pytest

import unroll
from unroll import _program

SCHEMAS = pathlib.Path(__file__).resolve().parents[3] / "data" / "schemas"
SMALL = ["--length", "5", "--hidden", "3", "--batch", "2", "--threads", "1"]
STEPS = ["--steps", "4", "--eval-every", "2"]
SHAPE = ["--length", "4", "--batch", "2", "--input", "2", "--hidden", "3", "--budget", "0.001"]


def validator(name):
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text()))


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_schemas_are_schemas(path):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("name, words", [
    ("train", ["train", "adding", *SMALL, *STEPS, "--watch-decay", "2"]),
    ("decay", ["decay", *SMALL, "--truncation", "1,2", "--exponents", "--remedies", "--npz"]),
    ("clip", ["clip", "adding", "--cells", "rnn", "--thresholds", "none,1,2x", "--seeds", "2", *SMALL, *STEPS]),
    ("clip-surface", ["clip", "--surface"]),
    ("sweep", ["sweep", "adding", "--vary", "cell=rnn,gru", "--seeds", "2", "--against", "cell=rnn",
               *SMALL, *STEPS]),
    ("depth", ["depth", "--example", "powers"]),
    ("bench", ["bench", "--cells", "rnn", "--threads", "1", *SHAPE]),
    ("plan", ["plan", "--ranks", "2", "--bandwidth", "10Gbit/s", "--latency", "50us", *SMALL[:-2],
              "--budget", "0.001"]),
    ("info", ["info"]),
    ("export", ["export", "copy", "--length", "3", "--out", "batch.npz"]),
    ("check", ["check", "--hidden", "2", "--length", "2", "--layers", "1", "--quiet"]),
    ("cells", ["cells"]),
    ("tasks", ["tasks"]),
])
def test_output_follows_its_schema(name, words):
    makes_run = words[0] not in ("bench", "plan", "info", "export", "cells", "tasks")
    result = _program.run([*words, "--json", *(["--out", "run"] if makes_run else [])]).check()
    printed = json.loads(result.stdout)
    check = validator(name)
    check.validate(printed)
    if makes_run:
        run = unroll.load("run")
        assert run.summary == printed and pathlib.Path(printed["folder"]).resolve() == run.folder.resolve()
    # What is in no schema is refused, at the top and within.
    for place in (printed, *(value[0] for value in printed.values()
                             if isinstance(value, list) and value and isinstance(value[0], dict))):
        place["Not a key"] = 1
        assert not check.is_valid(printed)
        del place["Not a key"]
    check.validate(printed)


def test_decay_saved_from_python(tmp_path):
    torch = pytest.importorskip("torch")
    module, x = torch.nn.LSTM(2, 3), torch.ones(6, 2, 2)
    run = unroll.decay(module, lambda: module(x)[0].sum())
    for name, notes in (("plain", ()), ("noted", ("a line", "another"))):
        run.notes = notes
        run.save(tmp_path / name)
        summary = json.loads((tmp_path / name / "summary.json").read_text())
        validator("decay").validate(summary)
        assert summary.get("notes", []) == list(notes)


def test_predict_and_evaluate():
    np.savez("data.npz", x=np.ones((4, 5, 2)), y=np.array([0, 1, 0, 1, 0]))
    _program.run(["train", "arrays", "--inputs", "data.npz", "--hidden", "3", *STEPS, "--out", "t"]).check()
    model = ["--model", "t/model.safetensors"]
    for name, words in (("predict", ["--out", "p"]), ("evaluate", [])):
        result = _program.run([name, *model, *words, "--json"]).check()
        validator(name).validate(json.loads(result.stdout))


def test_report_and_sample():
    pathlib.Path("text.txt").write_text("the cat sat on the mat\n" * 8)
    _program.run(["train", "text", "--file", "text.txt", "--window", "5", "--hidden", "3", *STEPS, "--out", "t"]).check()
    for name, words in (("sample", ["--model", "t/model.safetensors", "--characters", "5"]), ("report", ["t"])):
        result = _program.run([name, *words, "--json"]).check()
        validator(name).validate(json.loads(result.stdout))
