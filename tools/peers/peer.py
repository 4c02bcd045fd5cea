"""A process that measures training steps when it is asked to."""

import json
import os
import signal
import subprocess
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Point:
    """A cell and the sizes T, B, I, H of a training step."""

    cell: str
    length: int
    batch: int
    input: int
    hidden: int

    @property
    def shape(self) -> str:
        return f"{self.length}, {self.batch}, {self.input}, {self.hidden}"


class Peer:
    """Prints its name, then answers points, both as JSON lines; stopped while it is not asked, so
    that none of its threads takes time from the others."""

    def __init__(self, label: str, command: list[str]):
        self.label = label
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "JAX_PLATFORMS": "cpu"})
        self.name: str = self._answer()
        self._process.send_signal(signal.SIGSTOP)

    def milliseconds(self, point: Point, budget: float) -> float:
        """The median time of a training step."""
        self._process.send_signal(signal.SIGCONT)
        print(json.dumps({**asdict(point), "budget": budget}), file=self._process.stdin, flush=True)
        answer = self._answer()
        self._process.send_signal(signal.SIGSTOP)
        return answer

    def close(self) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.stdin.close()
        self._process.wait()

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.label} ended with status {self._process.wait()}")
        return json.loads(line)
