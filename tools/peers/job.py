"""The whole job: learning the adding problem, data and evaluation included."""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Run:
    program: str
    seed: int
    updates: int
    solved: bool
    test_error: float
    # PyTorch's without its imports; Unroll's from the start of the process to its end, with the
    # run's files and figure.
    seconds: float
    import_seconds: float


def run_all(unroll: str, threads: int, updates: int) -> list[Run]:
    """Each seed with PyTorch and with Unroll, one after the other."""
    runs: list[Run] = []
    for seed in SEEDS:
        for run in (run_pytorch, lambda *rest: run_unroll(unroll, *rest)):
            runs.append(run(seed, threads, updates))
            last = runs[-1]
            print(
                f"adding, seed {seed}: {last.program} {last.seconds:.1f} s, "
                f"{last.updates} updates", file=sys.stderr)
    return runs


def run_pytorch(seed: int, threads: int, updates: int) -> Run:
    script = Path(__file__).with_name("torch_adding.py")
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, str(script), str(seed), str(threads), str(updates)],
        stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        ready = time.perf_counter()
        answer = process.stdout.read()
    end = time.perf_counter()
    if process.returncode != 0:
        raise SystemExit(f"{script.name} ended with status {process.returncode}")
    result = json.loads(answer)
    return Run(
        "PyTorch", seed, result["updates"], result["solved"], result["test_error"], end - ready,
        ready - start)


def run_unroll(unroll: str, seed: int, threads: int, updates: int) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "cell": "lstm", "length": 100, "hidden": 128, "batch": 20, "forget-bias": 1,
            "optimizer": "adam", "learning-rate": 0.001, "clip": "norm:1", "eval-every": 250,
            "steps": updates, "seed": seed, "threads": threads, "out": f"{folder}/run",
        }
        words = [word for key, value in settings.items() for word in (f"--{key}", str(value))]
        start = time.perf_counter()
        output = subprocess.run(
            [unroll, "train", "adding", *words, "--stop-when-solved", "--quiet", "--json"],
            stdout=subprocess.PIPE, text=True, check=True).stdout
        seconds = time.perf_counter() - start
    result = json.loads(output)
    return Run(
        "Unroll", seed, result["steps"], result["solved"], result["validation_loss"], seconds, 0.0)
