"""Measures training steps of Unroll and its peers, point by point and one after the other, and the
time to learn the adding problem. Prints Markdown.

Usage: compare.py UNROLL [options of tools/bench-peers]
"""

import datetime
import json
import signal
import subprocess
import sys
from argparse import Namespace
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import job
import report
from options import parse
from peer import Peer, Point
from sweep import compare_sweeps

SHAPES = (
    (100, 32, 2, 32), (200, 20, 2, 128), (100, 32, 64, 128), (64, 64, 128, 256),
    (64, 64, 256, 512), (64, 64, 512, 1024),
)


def start_peers(unroll: str, threads: int, running: ExitStack) -> dict[str, list[Peer]]:
    """The programs in groups, of which the best counts: the peers' on one thread and on all."""
    here = Path(__file__).parent

    def start(label: str, *command: str) -> Peer:
        peer = Peer(label, list(command))
        running.callback(peer.close)
        return peer

    def python(label: str, script: str, *words: str) -> Peer:
        return start(label, sys.executable, str(here / script), *words)

    counts = [str(n) for n in sorted({1, threads})]
    return {
        "pytorch": [
            python(f"PyTorch flushing, threads: {n}", "torch_step.py", n, "flush") for n in counts
        ],
        "pytorch_plain": [
            python(f"PyTorch, threads: {n}", "torch_step.py", n, "plain") for n in counts
        ],
        "jax": [
            python("JAX, one core" if n == "1" else "JAX, all cores", "jax_step.py", n)
            for n in counts
        ],
        "unroll": [start("Unroll", unroll, "bench", "--serve", "--threads", str(threads))],
    }


def measure(
    groups: dict[str, list[Peer]], point: Point, rounds: int, budget: float
) -> tuple[report.Measured, dict[str, float]]:
    """The best of each group over all rounds, and of each program."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for peers in groups.values():
            for peer in peers:
                time = peer.milliseconds(point, budget)
                best[peer.label] = min(time, best.get(peer.label, time))
    groups_best = {
        group: min(best[peer.label] for peer in peers) for group, peers in groups.items()
    }
    return report.Measured(point, **groups_best), best


def main() -> None:
    unroll, options = sys.argv[1], parse(sys.argv[2:])
    machine = json.loads(
        subprocess.run([unroll, "info", "--json"], stdout=subprocess.PIPE, check=True).stdout)
    figures: dict[str, object] = {
        "date": datetime.date.today().isoformat(), "cpu": machine["cpu"],
        "cores": machine["threads"], "threads": options.threads, "rounds": options.rounds,
        "budget": options.budget,
    }
    if options.sweep:
        compare_sweeps(unroll, options, figures)
    else:
        with ExitStack() as running:
            compare_steps(start_peers(unroll, options.threads, running), options, figures)
        if not options.skip_job:
            compare_job(unroll, options, figures)
    if options.out:
        Path(options.out).write_text(json.dumps(figures, indent=2) + "\n")


def compare_steps(
    groups: dict[str, list[Peer]], options: Namespace, figures: dict[str, object]
) -> None:
    """Prints the table of all points, and adds its numbers to `figures`."""
    versions = list(dict.fromkeys(peer.name for peers in groups.values() for peer in peers))
    print(
        f"{figures['date']}, {figures['cpu'] or 'CPU without a name'}, {figures['cores']} cores, "
        f"{options.threads} threads; {', '.join(versions)}. Milliseconds of a training step: the "
        f"lowest of the medians of {options.rounds} x {options.budget:g} s. PyTorch and JAX on one "
        "thread or on all, whichever is faster; PyTorch with subnormals flushed, in brackets "
        "without.\n")
    results: list[report.Measured] = []
    points: list[dict[str, object]] = []
    for cell in options.cells:
        for shape in SHAPES:
            result, each = measure(groups, Point(cell, *shape), options.rounds, options.budget)
            results.append(result)
            points.append({**asdict(result), "ratio": result.ratio, "programs": each})
            print(f"{cell} {result.point.shape}: {result.ratio:.2f}", file=sys.stderr)
    print(report.steps_table(results) + "\n\n" + report.steps_summary(results))
    figures["versions"] = versions
    figures["points"] = points
    figures["geometric_mean"] = report.geometric_mean(result.ratio for result in results)


def compare_job(unroll: str, options: Namespace, figures: dict[str, object]) -> None:
    """Prints the table of the whole job, and adds its numbers to `figures`."""
    runs = job.run_all(unroll, options.threads, options.updates)
    print(
        "\nThe adding problem (T 100, LSTM 128, batch 20, Adam, clipped at norm 1) until the test "
        "MSE is under 0.01, data and evaluation included:\n\n"
        + report.job_table(runs) + "\n\n" + report.job_summary(runs))
    figures["job"] = {
        "runs": [asdict(run) for run in runs], "ratios": report.job_ratios(runs),
    }


if __name__ == "__main__":
    # Ended either way, the peers are not left behind asleep.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
