"""Runs of the program that the checks beside this file disturb, and what must be true of them afterwards."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import struct
import subprocess
from dataclasses import dataclass, field

LIMIT = 60
"""Seconds after which a run counts as hanging."""


class Broken(Exception):
    """A promise that was not kept."""


@dataclass
class Subject:
    """A command whose results are the same each time, in a folder that the check gives."""

    name: str
    words: list[str]
    resume: list[str] | None = None
    """What goes on from the folder's checkpoint; none: the same words again."""
    saves: bool = True
    """Whether a signal that asks it to end makes it save and end by itself."""
    table: str | None = None
    """Where each result is a row that is on disk once it is there."""
    start: list[str] | None = None
    """What has made the folder that the command goes on in."""
    reads: str = "DIR"
    """The folder whose files may fail."""

    def command(self, program: str, folder: str, resumes: bool = False) -> list[str]:
        words = self.resume if resumes and self.resume else self.words
        return [program] + [word.replace("DIR", folder) for word in words]

    def can_resume(self, folder: str) -> bool:
        return self.resume is not None and os.path.exists(f"{folder}/checkpoint.safetensors")


TRAIN = ["train", "adding", "--length", "6", "--hidden", "6", "--batch", "4", "--steps", "60", "--eval-every", "15",
         "--watch-decay", "20", "--tensorboard", "--threads", "2", "--quiet", "--out", "DIR"]
SUBJECTS = [
    Subject("train", TRAIN, ["train", "--resume", "DIR", "--quiet"]),
    Subject("resume", ["train", "--resume", "DIR", "--steps", "60", "--quiet"],
            start=[word if word != "60" else "30" for word in TRAIN]),
    Subject("clip", ["clip", "adding", "--cells", "rnn", "--thresholds", "none,1", "--seeds", "2", "--length", "5",
                     "--hidden", "4", "--steps", "20", "--threads", "2", "--quiet", "--out", "DIR"],
            table="clip.csv"),
    Subject("sweep", ["sweep", "adding", "--vary", "cell=rnn,gru", "--seeds", "2", "--length", "5", "--hidden", "4",
                      "--steps", "20", "--threads", "2", "--quiet", "--out", "DIR"],
            table="runs.csv"),
    Subject("decay", ["decay", "--length", "12", "--hidden", "6", "--batch", "4", "--threads", "2", "--npz",
                      "--quiet", "--out", "DIR"],
            saves=False),
    Subject("report", ["report", "NEEDS/train", "NEEDS/clip", "NEEDS/sweep", "NEEDS/decay", "--quiet", "--out",
                       "DIR/report.html"], saves=False, reads="NEEDS"),
]

# Columns and members that are of the time of a run rather than its result, and members that say which run it is.
PASSING = {"seconds", "evaluation_seconds", "ms_per_step", "finished"}
IDENTITY = {"folder", "run"}


@dataclass
class Outcome:
    status: int
    """Minus the signal's number where one ended it."""
    errors: list[str] = field(default_factory=list)


def run(command: list[str], environment: dict[str, str] | None = None) -> Outcome:
    try:
        done = subprocess.run(command, env={**os.environ, **(environment or {})}, timeout=LIMIT,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Broken(f"still running after {LIMIT} s") from None
    return Outcome(done.returncode, done.stderr.decode(errors="replace").splitlines())


def fresh(folder: str, like: str | None = None) -> str:
    """The folder, empty or with the files of another."""
    shutil.rmtree(folder, ignore_errors=True)
    if like:
        shutil.copytree(like, folder)
    else:
        os.makedirs(folder)
    return folder


def require_whole(folder: str) -> None:
    """Every file that has its final name is whole. What a killed process was still writing is hidden."""
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.startswith("."):
                continue
            file = f"{path}/{name}"
            try:
                require_whole_file(file, name)
            except (ValueError, struct.error, KeyError) as error:
                raise Broken(f"{os.path.relpath(file, folder)} is torn: {error}") from None


def require_whole_file(file: str, name: str) -> None:
    with open(file, "rb") as opened:
        data = opened.read()
    if name.startswith("."):
        return
    if name.endswith(".json"):
        json.loads(data)
    elif name.endswith(".safetensors"):
        length, = struct.unpack("<Q", data[:8])
        header = json.loads(data[8:8 + length])
        end = max((entry["data_offsets"][1] for key, entry in header.items() if key != "__metadata__"), default=0)
        if len(data) != 8 + length + end:
            raise ValueError(f"{len(data)} bytes, not {8 + length + end}")
    elif name.endswith(".png"):
        if not (data.startswith(b"\x89PNG") and b"IEND" in data[-12:]):
            raise ValueError("no end")
    elif name.endswith((".svg", ".html")):
        if not data.rstrip().endswith((b"</svg>", b"</html>")):
            raise ValueError("no end")
    elif name.endswith(".csv"):
        if not data.endswith(b"\n"):
            raise ValueError("the last line has no end")


def weights(file: str) -> dict[str, bytes]:
    with open(file, "rb") as opened:
        data = opened.read()
    length, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    tensors = {name: data[8 + length + entry["data_offsets"][0]:8 + length + entry["data_offsets"][1]]
               for name, entry in header.items() if name != "__metadata__"}
    # The last three numbers of a checkpoint's progress are seconds.
    if "progress" in tensors:
        tensors["progress"] = tensors["progress"][:-3 * 8]
    return tensors


def table(file: str) -> list[dict[str, str]]:
    """The rows without what passes, in an order that does not depend on which run ended first."""
    with open(file, newline="") as opened:
        rows = [{key: value for key, value in row.items() if key not in PASSING} for row in csv.DictReader(opened)]
    return sorted(rows, key=lambda row: list(row.values()))


def plain(value: object) -> object:
    """A value of a JSON file without what passes, nor which run it is of."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if key not in PASSING | IDENTITY}
    return [plain(member) for member in value] if isinstance(value, list) else value


def content(file: str) -> object:
    """What must be the same in two runs' files."""
    if file.endswith(".csv"):
        return table(file)
    if file.endswith(".safetensors"):
        return weights(file)
    with open(file, "rb") as opened:
        data = opened.read()
    return plain(json.loads(data)) if file.endswith(".json") else data


def saved_rows(subject: Subject, folder: str) -> list[str]:
    """The whole rows of the subject's table, with the time at which each was made."""
    for name in (f"{folder}/{subject.table}", f"{folder}/{subject.table}.partial"):
        if os.path.exists(name):
            with open(name) as opened:
                return [line for line in opened.readlines()[1:] if line.endswith("\n")]
    return []


def progress(folder: str) -> dict[str, int]:
    """What grows once a run has begun: the lines of each table, and the time of the checkpoint."""
    found = {}
    for name in os.listdir(folder):
        # What is hidden is not saved yet.
        if name.startswith("."):
            continue
        table = name.removesuffix(".partial")
        if table.endswith(".csv"):
            with open(f"{folder}/{name}", "rb") as opened:
                found[table] = max(found.get(table, 0), opened.read().count(b"\n"))
        elif name == "checkpoint.safetensors":
            found[name] = os.stat(f"{folder}/{name}").st_mtime_ns
    return found


def require_same(subject: Subject, folder: str, reference: str) -> None:
    """The results are those of the run that nothing disturbed, bit for bit, and so are the pictures of them."""
    require_whole(folder)
    left = [name for name in os.listdir(folder) if name.startswith(".unroll-")]
    if left:
        raise Broken(f"{left[0]} was left")
    # Settings are the caller's, and event files have the time in their names.
    names = [name for name in os.listdir(reference)
             if not name.startswith(".") and name != "config.json" and ".tfevents." not in name]
    if not names:
        raise Broken(f"the undisturbed {subject.name} wrote nothing to compare")
    for name in sorted(names):
        if not os.path.exists(f"{folder}/{name}"):
            raise Broken(f"{name} is missing")
        if content(f"{folder}/{name}") != content(f"{reference}/{name}"):
            raise Broken(f"{name} differs from that of the undisturbed run")


def require_orderly(outcome: Outcome, accepted: tuple[int, ...]) -> None:
    """The program ended by itself with a status that it has, and said in one line what failed."""
    text = " | ".join(outcome.errors[-3:])
    if outcome.status < 0:
        raise Broken(f"ended by {signal.Signals(-outcome.status).name}: {text}")
    if outcome.status not in accepted:
        raise Broken(f"status {outcome.status}: {text}")
    failures = [line for line in outcome.errors if line.startswith("unroll: ") and "warning" not in line[:16]]
    if outcome.status == 1 and len(failures) != 1:
        raise Broken(f"{len(failures)} lines of errors: {text}")
    if any("Fatal error" in line or "Swift/" in line for line in outcome.errors):
        raise Broken(f"a trap: {text}")
