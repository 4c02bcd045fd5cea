"""A sweep of 32 small models of the adding problem: `unroll clip`, JAX and PyTorch, in updates of all
models a second. Prints Markdown.

Unroll is timed as a whole process: start, evaluations as often as by default, files and figure. The
peers only train: their start and compiling come before the clock, and they evaluate nothing.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from dataclasses import asdict, dataclass
from pathlib import Path

MODELS = 32
EVAL_EVERY = 250  # unroll's default
POINTS = [
    (cell, length, hidden)
    for cell in ("lstm", "rnn") for hidden in (16, 32, 128) for length in (30, 100)
]
FAST = (
    "--xla_cpu_prefer_vector_width=512 --xla_cpu_enable_fast_math=true "
    "--xla_cpu_fast_math_honor_nans=false --xla_cpu_fast_math_honor_infs=false "
    "--xla_cpu_fast_math_honor_division=false --xla_cpu_fast_math_honor_functions=false"
)
# The forms of JAX of which the best counts: flags, and models at once on each core.
JAX_FORMS = [("", 16), (FAST, 1), (FAST, 4), (FAST, 16)]


@dataclass(frozen=True)
class Rates:
    """Updates of all models a second."""

    cell: str
    length: int
    hidden: int
    jax: float
    jax_form: str
    pytorch: float
    unroll: float
    unroll_steps: int
    # Without start and evaluations: the difference of a long and a short sweep.
    unroll_updates_alone: float

    @property
    def ratio(self) -> float:
        return self.unroll / max(self.jax, self.pytorch)

    @property
    def ratio_alone(self) -> float:
        return self.unroll_updates_alone / max(self.jax, self.pytorch)

    @property
    def overhead(self) -> float:
        """The share of start, evaluations and files."""
        return 1 - self.unroll / self.unroll_updates_alone


def together(script: str, point: tuple, models: int, seconds: float, flags: str) -> float:
    """One process a core, from the moment that all are ready: updates a second of all."""
    here = Path(__file__).parent
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "XLA_FLAGS": flags}
    processes = [
        subprocess.Popen(
            [sys.executable, str(here / script), str(core), *map(str, point), str(models),
             str(seconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for core in sorted(os.sched_getaffinity(0))
    ]
    try:
        for process in processes:
            if process.stdout.readline().strip() != "ready":
                raise SystemExit(f"{script} ended before it was ready")
        for process in processes:
            print("go", file=process.stdin, flush=True)
        answers = [json.loads(process.stdout.readline()) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return sum(updates / spent for updates, spent in answers)


def check_jax(cell: str) -> None:
    """Ends the comparison where models that JAX trains at once are not those that it trains alone."""
    words = map(str, (min(os.sched_getaffinity(0)), cell, 20, 16, 3, 0))
    output = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("sweep_jax.py")), *words],
        stdout=subprocess.PIPE, text=True, check=True,
        env={**os.environ, "JAX_PLATFORMS": "cpu"}).stdout
    difference = json.loads(output)
    if not difference <= 1e-4:
        raise SystemExit(
            f"sweep_jax.py, {cell}: models at once are {difference:.1e} from each alone; at most 1e-4")


def unroll_seconds(unroll: str, point: tuple, steps: int, eval_every: int) -> float:
    cell, length, hidden = map(str, point)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [unroll, "clip", "adding", "--cells", cell, "--length", length, "--hidden", hidden,
             "--steps", str(steps), "--eval-every", str(eval_every), "--thresholds", "0.1,1,10,none",
             "--seeds", str(MODELS // 4), "--solve-at", "1e-9", "--out", f"{folder}/run",
             "--quiet", "--json"],
            stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start


def unroll_rates(unroll: str, point: tuple, seconds: float) -> tuple[int, float, float]:
    """Steps, and updates a second, of a whole sweep of about `seconds` or more, and of its updates
    alone."""
    short, long = (unroll_seconds(unroll, point, count, count) for count in (20, 40))
    # The difference of two short runs may be all noise.
    step = max(long - short, long / 10) / 20
    steps = EVAL_EVERY * max(1, round(seconds / step / EVAL_EVERY))

    def best(count: int, eval_every: int) -> float:
        return min(unroll_seconds(unroll, point, count, eval_every) for _ in range(2))

    # Both evaluate once, at their end.
    alone = best(steps, steps) - best(steps // 2, steps // 2)
    return (
        steps, MODELS * steps / best(steps, EVAL_EVERY), MODELS * (steps - steps // 2) / alone)


def measure(unroll: str, point: tuple, seconds: float) -> Rates:
    # Screened for a moment each, then the best at length.
    screened = [
        (together("sweep_jax.py", point, models, 0.5, flags), flags, models)
        for flags, models in JAX_FORMS
    ]
    _, flags, models = max(screened)
    jax = together("sweep_jax.py", point, models, seconds, flags)
    pytorch = together("sweep_torch.py", point, 4, seconds, "")
    steps, whole, alone = unroll_rates(unroll, point, seconds)
    form = f"{models} at once{', fast math' if flags else ''}"
    return Rates(*point, jax, form, pytorch, whole, steps, alone)


def compare_sweeps(unroll: str, options: Namespace, figures: dict[str, object]) -> None:
    """Prints the table, and adds its numbers to `figures`."""
    seconds = 10 * options.budget
    results = []
    for cell in options.cells:
        check_jax(cell)
    for point in POINTS:
        if point[0] not in options.cells:
            continue
        results.append(measure(unroll, point, seconds))
        print(f"{point}: {results[-1].ratio:.2f}", file=sys.stderr)
    print(
        f"Updates a second of {MODELS} models of the adding problem (batch 20, Adam, four thresholds), "
        f"{len(os.sched_getaffinity(0))} cores. JAX: `vmap` over the models on each core, 20 updates a "
        "compiled call. PyTorch: a process a core. Start and compiling of both are not counted, and they "
        f"evaluate nothing; Unroll is the whole `unroll clip`, with an evaluation of 1,000 sequences "
        f"every {EVAL_EVERY} updates, as by default, and beside it its updates alone.\n")
    print(
        "| cell, T, H | JAX | PyTorch | Unroll | against the best | updates alone | against the best "
        "| start, evaluations, files |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for r in results:
        print(
            f"| {r.cell}, {r.length}, {r.hidden} | {r.jax:,.0f} ({r.jax_form}) | {r.pytorch:,.0f} "
            f"| {r.unroll:,.0f} | {r.ratio:.2f} | {r.unroll_updates_alone:,.0f} | {r.ratio_alone:.2f} "
            f"| {100 * r.overhead:.0f}% |")
    whole, alone = (
        math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))
        for ratios in ([r.ratio for r in results], [r.ratio_alone for r in results]))
    print(
        f"\nGeometric mean against the best: {whole:.2f}, of the updates alone {alone:.2f}.")
    figures["sweeps"] = [
        asdict(r) | {"ratio": r.ratio, "ratio_alone": r.ratio_alone, "overhead": r.overhead}
        for r in results
    ]
