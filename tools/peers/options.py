"""The options of tools/bench-peers. Run by itself it only checks them."""

import argparse
import os
import sys

CELLS = ("rnn", "lstm", "gru")
SWEEP_CELLS = ("rnn", "lstm")
CORES = len(os.sched_getaffinity(0))


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tools/bench-peers", allow_abbrev=False,
        description="Compares training steps of Unroll, PyTorch and JAX on this machine's CPU, and "
        "the time to learn the adding problem. Prints Markdown.",
        epilog="A full run takes about a quarter of an hour on two cores, and needs the machine for "
        "itself; each large point makes at least five steps, whatever the budget. "
        "UNROLL_PEERS_PYTHON in the environment names a Python that has PyTorch and JAX; without it, .peers/ is made with those of tools/peers/requirements.txt.")
    parser.add_argument(
        "--budget", type=positive, default=0.5, metavar="SECONDS",
        help="how long each program measures a point in a round (default: 0.5)")
    parser.add_argument(
        "--rounds", type=count, metavar="N",
        help="rounds over all programs at each point, of which the best counts (default: 3)")
    parser.add_argument(
        "--cells", type=cells, metavar="LIST",
        help="cells to compare, between commas (default: rnn,lstm,gru; with --sweep rnn,lstm)")
    parser.add_argument(
        "--threads", type=count, metavar="N",
        help=f"threads of each program (default: {CORES}, the cores this process may "
        "use); the peers also run on one")
    parser.add_argument(
        "--sweep", action="store_true",
        help="compare instead many small models that are trained at once: 32 runs of unroll clip, JAX "
        "with vmap, a PyTorch process a core, all on every core; ten budgets a program and point")
    parser.add_argument("--skip-job", action="store_true", help="leave the adding problem out")
    parser.add_argument(
        "--updates", type=count, metavar="N",
        help="updates after which the adding problem is given up (default: 8000)")
    parser.add_argument("--out", metavar="FILE", help="write all figures as JSON too")
    options = parser.parse_args(words)
    if options.sweep:
        for name in ("rounds", "threads", "updates", "skip_job"):
            if getattr(options, name):
                parser.error(f"--{name.replace('_', '-')} has no effect with --sweep: leave one out")
        others = [cell for cell in options.cells or () if cell not in SWEEP_CELLS]
        if others:
            parser.error(
                f"--cells {','.join(others)} with --sweep: must be some of {','.join(SWEEP_CELLS)}")
    defaults = {
        "rounds": 3, "threads": CORES, "updates": 8000,
        "cells": SWEEP_CELLS if options.sweep else CELLS,
    }
    for name, value in defaults.items():
        setattr(options, name, getattr(options, name) or value)
    if options.out and not os.access(os.path.dirname(options.out) or ".", os.W_OK):
        parser.error(f"--out {options.out}: its folder is not there or cannot be written to")
    return options


def positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= 3600:
        raise ValueError
    return value


def count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def cells(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if not set(names) <= set(CELLS):
        raise argparse.ArgumentTypeError(f"{text}: must be some of {','.join(CELLS)}")
    return names


positive.__name__ = "number from 0 to 3600"
count.__name__ = "whole number of at least 1"

if __name__ == "__main__":
    parse(sys.argv[1:])
