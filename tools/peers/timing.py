"""How a peer's training step is timed, and how a peer process talks to compare.py."""

import json
import statistics
import sys
import time
from collections.abc import Callable

Step = Callable[[], None]


def milliseconds(step: Step, budget: float) -> float:
    """The median time of `step` over about `budget` seconds, after a warm-up of a fifth of it."""
    step()  # Compiles, where there is something to compile.
    warm_until = time.perf_counter() + budget / 5
    while time.perf_counter() < warm_until:
        step()
    times: list[float] = []
    until = time.perf_counter() + budget
    while time.perf_counter() < until or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def serve(name: str, make_step: Callable[..., Step]) -> None:
    """Says what this peer is, then answers each line of stdin (a point as JSON) with milliseconds.

    `make_step(cell, length, batch, width, hidden)` gives a function that makes one training step.
    Steps are kept, so that a point that is asked for again is not compiled again.
    """
    steps: dict[tuple, Step] = {}
    print(json.dumps(name), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        point = tuple(request[key] for key in ("cell", "length", "batch", "input", "hidden"))
        if point not in steps:
            steps[point] = make_step(*point)
        print(json.dumps(milliseconds(steps[point], request["budget"])), flush=True)
