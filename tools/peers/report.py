"""Figures as Markdown."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from job import Run
from peer import Point


@dataclass(frozen=True)
class Measured:
    """The best milliseconds of each group of programs at a point."""

    point: Point
    pytorch: float
    pytorch_plain: float
    jax: float
    unroll: float

    @property
    def ratio(self) -> float:
        """Of the best peer's time to Unroll's; PyTorch with subnormals flushed."""
        return min(self.pytorch, self.jax) / self.unroll


def geometric_mean(values: Iterable[float]) -> float:
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms))


def steps_table(results: list[Measured]) -> str:
    lines = [
        "| cell | T, B, I, H | PyTorch | JAX | Unroll | best peer / Unroll |",
        "| --- | --- | --: | --: | --: | --: |",
    ]
    for result in results:
        lines.append(
            f"| {result.point.cell} | {result.point.shape} "
            f"| {number(result.pytorch)} ({number(result.pytorch_plain)}) | {number(result.jax)} "
            f"| {number(result.unroll)} | {result.ratio:.2f} |")
    return "\n".join(lines)


def steps_summary(results: list[Measured]) -> str:
    worst = min(results, key=lambda result: result.ratio)
    cells = dict.fromkeys(result.point.cell for result in results)
    means = ", ".join(
        f"{cell} {geometric_mean(r.ratio for r in results if r.point.cell == cell):.2f}"
        for cell in cells)
    overall = geometric_mean(result.ratio for result in results)
    return (
        f"Geometric mean of the ratios over {len(results)} points: {overall:.2f} ({means}). "
        f"Worst point: {worst.ratio:.2f} ({worst.point.cell}, {worst.point.shape}).")


def job_table(runs: list[Run]) -> str:
    lines = [
        "| seed | program | updates | test MSE | seconds | seconds per 1,000 updates |",
        "| --: | --- | --: | --: | --: | --: |",
    ]
    for run in runs:
        updates = f"{run.updates:,}" if run.solved else f"{run.updates:,}, not solved"
        lines.append(
            f"| {run.seed} | {run.program} | {updates} | {run.test_error:.4f} "
            f"| {run.seconds:.1f} | {1000 * run.seconds / run.updates:.2f} |")
    return "\n".join(lines)


def job_ratios(runs: list[Run]) -> dict[str, float | None]:
    """PyTorch's time to Unroll's, over all seeds: of an update, and until solved."""
    pytorch = [run for run in runs if run.program == "PyTorch"]
    unroll = [run for run in runs if run.program == "Unroll"]

    def seconds(runs: list[Run]) -> float:
        return sum(run.seconds for run in runs)

    def per_update(runs: list[Run]) -> float:
        return seconds(runs) / sum(run.updates for run in runs)

    solved = all(run.solved for run in runs)
    return {
        "per_update": per_update(pytorch) / per_update(unroll),
        "to_solve": seconds(pytorch) / seconds(unroll) if solved else None,
    }


def job_summary(runs: list[Run]) -> str:
    ratios = job_ratios(runs)
    imports = [run.import_seconds for run in runs if run.program == "PyTorch"]
    to_solve = ratios["to_solve"]
    return (
        f"PyTorch's time over Unroll's: {ratios['per_update']:.2f} an update, "
        + (f"{to_solve:.2f} until solved" if to_solve else "not all runs solved the task")
        + ". Data differ from program to program, so the first is the fair one. PyTorch's seconds "
        f"leave its start-up out ({sum(imports) / len(imports):.1f} s of imports); Unroll's are the "
        "whole process, its files and figure included.")


def number(x: float) -> str:
    """Three significant digits."""
    return f"{x:.{max(0, 2 - math.floor(math.log10(x)))}f}"
