"""What `unroll.Watch` adds to the time of a training step.

    python watch_overhead.py [--every 100] [--length 100] [--batch 32] [--hidden 128]
                             [--rounds 11] [--threads 1]

Blocks of `every` steps are trained in turn without and with a `Watch`, each of the latter with one
measurement in it, and the medians over rounds are compared: the time, and where it goes, as processor
time of the loop and of the program beside it, which do not depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

import torch
from torch import nn

import unroll


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("every", 100), ("length", 100), ("batch", 32), ("hidden", 128), ("rounds", 11),
                          ("threads", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    sizes = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(sizes.threads)
    # Numbers too small for full precision are slow, and would hide everything else.
    torch.set_flush_denormal(True)
    lstm, head = nn.LSTM(2, sizes.hidden), nn.Linear(sizes.hidden, 1)
    optimizer = torch.optim.Adam([*lstm.parameters(), *head.parameters()])
    x, y = torch.randn(sizes.length, sizes.batch, 2), torch.randn(sizes.batch, 1)

    def block() -> list[float]:
        """Milliseconds: by the clock, of this process, of its children."""
        start = clocks()
        for _ in range(sizes.every):
            optimizer.zero_grad()
            nn.functional.mse_loss(head(lstm(x)[0][-1]), y).backward()
            optimizer.step()
        return [(b - a) * 1e3 for a, b in zip(start, clocks(), strict=True)]

    def watched() -> list[float]:
        watch = unroll.Watch(lstm, every=sizes.every)
        # The first measurement is waited for, so that errors are seen at once.
        block()
        spent = block()
        watch.close()
        return spent

    block()
    rounds = [(block(), watched()) for _ in range(sizes.rounds)]
    step = statistics.median(plain[0] for plain, _ in rounds) / sizes.every
    wall, own, program = (
        statistics.median(watch[i] - plain[i] for plain, watch in rounds) for i in range(3))
    print(f"LSTM, T {sizes.length}, B {sizes.batch}, H {sizes.hidden}, {sizes.threads} threads: "
          f"{step:.2f} ms a step")
    print(f"a Watch every {sizes.every} steps: {wall / sizes.every / step:+.1%} by the clock; "
          f"{wall:.0f} ms a measurement, in processor time {own:.0f} ms of the loop and {program:.0f} ms "
          "of the program beside it")


def clocks() -> tuple[float, float, float]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), time.process_time(), children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
