#!/usr/bin/env python3
"""Disturbs runs of unroll, and checks what is promised for each fault.

    check.py inject PROGRAM LIBRARY [SUBJECT…]   every call of a kind fails in turn (see faults.c)
    check.py power PROGRAM LIBRARY [POINTS]      the power fails at as many points of a training and a sweep
    check.py soak PROGRAM MINUTES [SEED]         runs are killed at random times and gone on with, over and over

Folders of runs that broke a promise stay where the last line says.
"""

from __future__ import annotations

import collections
import os
import random
import signal
import shutil
import subprocess
import sys
import tempfile
import time

from runs import SUBJECTS, Broken, Outcome, Subject, fresh, require_orderly, require_same, require_whole, run

KINDS = ["open", "write", "fsync", "rename", "thread", "memory"]
# Beyond so many calls of a kind, some at equal distances stand for all.
MOST = 60


def ready(subject: Subject, root: str) -> Subject:
    """The subject with the paths of the runs that it needs."""
    words = [word.replace("NEEDS", root) for word in subject.words]
    return Subject(subject.name, words, subject.resume, subject.rows, subject.steps, subject.needs)


def references(program: str, root: str) -> dict[str, str]:
    """A folder of each subject that nothing disturbed."""
    folders = {}
    for subject in SUBJECTS:
        folder = folders[subject.name] = fresh(f"{root}/{subject.name}")
        require_orderly(run(ready(subject, root).command(program, folder)), (0,))
        require_whole(folder)
    return folders


def spread(count: int, most: int) -> list[int]:
    """Numbers from 1 to count, at most so many."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(place * (count - 1) / (most - 1)) for place in range(most)})


def environment(library: str, folder: str, **more: str) -> dict[str, str]:
    return {"LD_PRELOAD": library, "FAULT_FOLDER": folder, **more}


def counts(subject: Subject, program: str, library: str, folder: str) -> dict[str, int]:
    file = folder + ".counts"
    run(subject.command(program, fresh(folder)), environment(library, folder, FAULT_COUNTS=file))
    with open(file) as opened:
        return {kind: int(count) for kind, count in (line.split() for line in opened)}


def go_on(subject: Subject, program: str, folder: str, reference: str) -> None:
    """What a user does next: the run goes on, and ends as if nothing had been."""
    resumes = subject.can_resume(folder)
    require_orderly(run(subject.command(program, folder, resumes)), (0,))
    require_same(subject, folder, reference)


def inject(program: str, library: str, names: list[str]) -> int:
    root = tempfile.mkdtemp(prefix="unroll-faults-")
    whole = references(program, root)
    bad = 0
    for subject in SUBJECTS:
        if names and subject.name not in names:
            continue
        subject = ready(subject, root)
        found = counts(subject, program, library, f"{root}/counted")
        for kind in KINDS:
            tried = collections.Counter[int]()
            for number in spread(found[kind], MOST):
                for lasting in ["", "+"] if kind in ("write", "fsync", "memory") else [""]:
                    folder = fresh(f"{root}/{subject.name}-{kind}-{number}{lasting}")
                    fault = environment(library, folder, FAULT=f"{kind}:{number}{lasting}")
                    try:
                        outcome = run(subject.command(program, folder), fault)
                        tried[outcome.status] += 1
                        require_orderly(outcome, (0, 1))
                        require_whole(folder)
                        if outcome.status == 0 and not outcome.errors:
                            require_same(subject, folder, whole[subject.name])
                        go_on(subject, program, folder, whole[subject.name])
                    except Broken as broken:
                        bad += 1
                        print(f"  {subject.name}: {kind} {number}{lasting} of {found[kind]}: {broken}; {folder}",
                              flush=True)
                    else:
                        shutil.rmtree(folder)
            ends = ", ".join(f"{count} with status {status}" for status, count in sorted(tried.items()))
            print(f"  {subject.name}: {kind}: {found[kind]} calls, {sum(tried.values())} faults: {ends or 'none'}",
                  flush=True)
    return finished(bad, root)


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
    root = tempfile.mkdtemp(prefix="unroll-power-")
    whole = references(program, root)
    bad = 0
    for subject in [ready(subject, root) for subject in SUBJECTS if subject.name in ("train", "sweep")]:
        count = counts(subject, program, library, f"{root}/counted")["power"]
        resumed = 0
        for number in spread(count, points):
            folder, kept = fresh(f"{root}/{subject.name}-{number}"), fresh(f"{root}/kept-{subject.name}-{number}")
            try:
                outcome = run(subject.command(program, folder),
                              environment(library, folder, FAULT=f"power:{number}", FAULT_DISK=kept))
                if outcome.status == -signal.SIGKILL:
                    disk(kept, folder)
                resumed += subject.can_resume(folder)
                go_on(subject, program, folder, whole[subject.name])
            except Broken as broken:
                bad += 1
                print(f"  {subject.name}: power {number} of {count}: {broken}; {folder}", flush=True)
            else:
                shutil.rmtree(folder)
                shutil.rmtree(kept)
        print(f"  {subject.name}: the power failed at {min(count, points)} of {count} points; "
              f"{resumed} had a checkpoint to go on from", flush=True)
    return finished(bad, root)


def killed(command: list[str], after: float, number: signal.Signals) -> Outcome:
    """The program, sent a signal after so many seconds; one that ends before is told its status."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
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
    root = tempfile.mkdtemp(prefix="unroll-soak-")
    whole = references(program, root)
    draw = random.Random(seed)
    subjects = [ready(subject, root) for subject in SUBJECTS]
    lengths = {}
    for subject in subjects:
        begun = time.monotonic()
        run(subject.command(program, fresh(f"{root}/timed")))
        lengths[subject.name] = time.monotonic() - begun
    ended = collections.Counter[str]()
    runs, bad, until = 0, 0, time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        runs += 1
        subject = draw.choice(subjects)
        folder = fresh(f"{root}/{subject.name}-{runs}")
        history = []
        try:
            for _ in range(draw.randint(1, 4)):
                number = draw.choices([signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT], [7, 1, 1, 1])[0]
                after = draw.uniform(0, 1.2) * lengths[subject.name]
                resumes = subject.can_resume(folder)
                outcome = killed(subject.command(program, folder, resumes), after, number)
                history.append(f"{number.name} after {after:.3f} s: {outcome.status}")
                if outcome.status == -signal.SIGKILL:
                    ended["SIGKILL"] += 1
                elif outcome.status == -number:
                    # A command that has nothing to save ends as the system has it.
                    ended[number.name] += 1
                else:
                    ended[f"status {outcome.status}"] += 1
                    require_orderly(outcome, (0, 130))
                require_whole(folder)
            go_on(subject, program, folder, whole[subject.name])
        except Broken as broken:
            bad += 1
            print(f"  {subject.name}: {broken}; {'; '.join(history)}; {folder}", flush=True)
        else:
            shutil.rmtree(folder)
        if runs % 100 == 0:
            print(f"  {runs} runs: {dict(ended)}", flush=True)
    print(f"  {runs} runs, seed {seed}: " + ", ".join(f"{count} × {end}" for end, count in ended.most_common()))
    return finished(bad, root)


def finished(bad: int, root: str) -> int:
    if bad:
        print(f"{bad} promises were broken; what was left is in {root}")
        return 1
    shutil.rmtree(root)
    return 0


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
