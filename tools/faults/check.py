#!/usr/bin/env python3
"""Disturbs runs of unroll, and checks what is promised for each fault.

    check.py inject PROGRAM LIBRARY [--every] [SUBJECT…]
                                                 the calls of a kind fail in turn (see faults.c)
    check.py power PROGRAM LIBRARY [POINTS]      the power fails at as many points of a training and a sweep
    check.py soak PROGRAM MINUTES [SEED]         runs are killed at random times and gone on with, over and over

Folders of runs that broke a promise stay where the last line says.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from runs import (
    SUBJECTS, Broken, Outcome, Subject, fresh, progress, require_orderly, require_same, require_whole, run, saved_rows)

KINDS = ["open", "write", "fsync", "rename", "thread", "memory"]
# Beyond so many calls of a kind, some at equal distances stand for all.
MOST = 60


class Trial:
    """Runs in a folder of their own, each compared with one that nothing disturbed."""

    def __init__(self, program: str, name: str) -> None:
        self.program = program
        self.root = tempfile.mkdtemp(prefix=f"unroll-{name}-")
        self.subjects = [
            dataclasses.replace(subject, words=[word.replace("NEEDS", self.root) for word in subject.words],
                                reads=subject.reads.replace("NEEDS", self.root))
            for subject in SUBJECTS]
        self.broken = 0
        for subject in self.subjects:
            if subject.start:
                begun = fresh(self.begun(subject))
                require_orderly(run([program] + [word.replace("DIR", begun) for word in subject.start]), (0,))
            whole = self.fresh(subject, self.whole(subject))
            require_orderly(run(subject.command(program, whole)), (0,))
            require_whole(whole)

    def whole(self, subject: Subject) -> str:
        return f"{self.root}/{subject.name}"

    def begun(self, subject: Subject) -> str:
        return f"{self.root}/{subject.name}-begun"

    def fresh(self, subject: Subject, folder: str) -> str:
        """The folder as the subject's command finds it."""
        return fresh(folder, self.begun(subject) if subject.start else None)

    @contextlib.contextmanager
    def promise(self, what: str, *folders: str) -> Iterator[None]:
        """A run whose folders go when it kept what is promised, and stay, with a line, when it did not."""
        try:
            yield
        except Broken as broken:
            self.broken += 1
            print(f"  {'; '.join([f'{what}: {broken}', *folders[:1]])}", flush=True)
        else:
            for folder in folders:
                shutil.rmtree(folder)

    def go_on(self, subject: Subject, folder: str) -> None:
        """What a user does next: the run goes on, and ends as if nothing had been. Runs that a table has are not
        made again."""
        rows = saved_rows(subject, folder)
        require_orderly(run(subject.command(self.program, folder, subject.can_resume(folder))), (0,))
        require_same(subject, folder, self.whole(subject))
        if not set(rows) <= set(saved_rows(subject, folder)):
            raise Broken(f"rows of {subject.table} were made again")

    def end(self) -> int:
        if self.broken:
            print(f"{self.broken} promises were broken; what was left is in {self.root}")
            return 1
        shutil.rmtree(self.root)
        return 0


def spread(count: int, most: int) -> list[int]:
    """Numbers from 1 to count, at most so many."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(place * (count - 1) / (most - 1)) for place in range(most)})


def environment(library: str, subject: Subject, folder: str, **more: str) -> dict[str, str]:
    return {"LD_PRELOAD": library, "FAULT_FOLDER": subject.reads.replace("DIR", folder), **more}


def counts(trial: Trial, subject: Subject, library: str) -> dict[str, int]:
    """How many calls of each kind a run makes."""
    folder = trial.fresh(subject, f"{trial.root}/counted")
    file = folder + ".counts"
    run(subject.command(trial.program, folder), environment(library, subject, folder, FAULT_COUNTS=file))
    with open(file) as opened:
        found = {kind: int(count) for kind, count in (line.split() for line in opened)}
    if not found["open"] or not found["write"]:
        raise Broken(f"{subject.name}: no call was seen")
    return found


def inject(program: str, library: str, names: list[str]) -> int:
    most = MOST
    if "--every" in names:
        names = [name for name in names if name != "--every"]
        most = sys.maxsize
    unknown = set(names) - {subject.name for subject in SUBJECTS}
    if unknown:
        print(f"{', '.join(sorted(unknown))}: must be of {', '.join(subject.name for subject in SUBJECTS)}",
              file=sys.stderr)
        return 2
    trial = Trial(program, "faults")
    for subject in trial.subjects:
        if names and subject.name not in names:
            continue
        found = counts(trial, subject, library)
        for kind in KINDS:
            tried = collections.Counter[int]()
            for number in spread(found[kind], most):
                for lasting in ["", "+"]:
                    folder = trial.fresh(subject, f"{trial.root}/{subject.name}-{kind}-{number}{lasting}")
                    fault = environment(library, subject, folder, FAULT=f"{kind}:{number}{lasting}")
                    with trial.promise(f"{subject.name}: {kind} {number}{lasting} of {found[kind]}", folder):
                        outcome = run(subject.command(program, folder), fault)
                        tried[outcome.status] += 1
                        require_orderly(outcome, (0, 1))
                        require_whole(folder)
                        if outcome.status == 0 and not outcome.errors:
                            require_same(subject, folder, trial.whole(subject))
                        trial.go_on(subject, folder)
            ends = ", ".join(f"{count} with status {status}" for status, count in sorted(tried.items()))
            print(f"  {subject.name}: {kind}: {found[kind]} calls, {sum(tried.values())} faults: {ends or 'none'}",
                  flush=True)
    return trial.end()


def disk(kept: str, folder: str) -> None:
    """Makes the folder what a disk has of it after the power failed."""
    names = []
    for name in os.listdir(kept):
        if name.startswith("folder-"):
            with open(f"{kept}/{name}") as opened:
                path, *lines = opened.read().splitlines()
            names += [(path, *line.split(" ", 1)) for line in lines]
    fresh(folder)
    for path, inode, name in names:
        os.makedirs(path, exist_ok=True)
        source = f"{kept}/inode-{inode}"
        if os.path.exists(source):
            shutil.copy(source, f"{path}/{name}")
        else:
            open(f"{path}/{name}", "w").close()


def power(program: str, library: str, points: int) -> int:
    trial = Trial(program, "power")
    for subject in trial.subjects:
        # What was on the disk before is not recorded.
        if not subject.saves or subject.start:
            continue
        count = counts(trial, subject, library)["power"]
        resumed = 0
        for number in spread(count, points):
            folder = fresh(f"{trial.root}/{subject.name}-{number}")
            kept = fresh(f"{trial.root}/kept-{subject.name}-{number}")
            with trial.promise(f"{subject.name}: power {number} of {count}", folder, kept):
                outcome = run(subject.command(program, folder),
                              environment(library, subject, folder, FAULT=f"power:{number}", FAULT_DISK=kept))
                if outcome.status != -signal.SIGKILL:
                    raise Broken(f"the power did not fail: status {outcome.status}")
                disk(kept, folder)
                resumed += subject.can_resume(folder) or bool(saved_rows(subject, folder))
                trial.go_on(subject, folder)
        print(f"  {subject.name}: the power failed at {min(count, points)} of {count} points; "
              f"{resumed} had a {'row' if subject.table else 'checkpoint'} to go on from", flush=True)
        with trial.promise(subject.name):
            if not resumed:
                raise Broken("each began anew, which proves nothing")
    return trial.end()


def heed_signals() -> None:
    """Also where this check runs under nohup or in the background, whose children would ignore them."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def killed(command: list[str], after: float, number: signal.Signals) -> Outcome:
    """The program, sent a signal after so many seconds; one that ends before is told its status."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                               preexec_fn=heed_signals)
    try:
        _, errors = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        try:
            _, errors = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Broken(f"still running 60 s after {number.name}") from None
    return Outcome(process.returncode, errors.decode(errors="replace").splitlines())


def soak(program: str, minutes: float, seed: int) -> int:
    trial = Trial(program, "soak")
    draw = random.Random(seed)
    lengths = {}
    for subject in trial.subjects:
        begun = time.monotonic()
        run(subject.command(program, trial.fresh(subject, f"{trial.root}/timed")))
        lengths[subject.name] = time.monotonic() - begun
    ended = collections.Counter[str]()
    runs, until = 0, time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        runs += 1
        subject = draw.choice(trial.subjects)
        folder = trial.fresh(subject, f"{trial.root}/{subject.name}-{runs}")
        with trial.promise(f"{subject.name}, run {runs} of seed {seed}", folder):
            for _ in range(draw.randint(1, 4)):
                number = draw.choices([signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT], [7, 1, 1, 1])[0]
                after = draw.uniform(0, 1.2) * lengths[subject.name]
                before = progress(folder)
                outcome = killed(subject.command(program, folder, subject.can_resume(folder)), after, number)
                # A command that has nothing to save, or has not begun, ends as the system has it.
                if outcome.status == -number:
                    ended[number.name] += 1
                    # A table that is only opened has a line.
                    grown = [name for name, count in progress(folder).items() if count > max(before.get(name, 0), 1)]
                    if number != signal.SIGKILL and subject.saves and grown:
                        raise Broken(f"{number.name} ended it without saving what {grown[0]} has")
                else:
                    ended[f"status {outcome.status}"] += 1
                    require_orderly(outcome, (0, 130))
                require_whole(folder)
            trial.go_on(subject, folder)
        if runs % 100 == 0:
            print(f"  {runs} runs: {dict(ended)}", flush=True)
    print(f"  {runs} runs, seed {seed}: " + ", ".join(f"{count} × {end}" for end, count in ended.most_common()))
    return trial.end()


def main(words: list[str]) -> int:
    match words:
        case ["inject", program, library, *names]:
            return inject(os.path.abspath(program), os.path.abspath(library), names)
        case ["power", program, library, *rest]:
            return power(os.path.abspath(program), os.path.abspath(library), int(rest[0]) if rest else 100)
        case ["soak", program, minutes, *rest]:
            return soak(os.path.abspath(program), float(minutes), int(rest[0]) if rest else time.time_ns() % 10**6)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
