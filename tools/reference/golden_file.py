"""Where golden files lie and how they are written."""

import json
from pathlib import Path

import numpy
import safetensors.torch
import torch

TESTS = Path(__file__).resolve().parents[2] / "Tests"


def write(path, tensors, seed, **metadata):
    """Writes `tensors` as safetensors to Tests/`path`, the same bytes on every run."""
    metadata |= {
        "generator": "tools/reference/make_goldens.py",
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "seed": str(seed),
    }
    contiguous = {name: t.detach().clone().contiguous() for name, t in tensors.items()}
    file = TESTS / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sorted_header(safetensors.torch.save(contiguous, metadata)))
    print(f"{file.relative_to(TESTS.parent)}: {len(tensors)} tensors, {file.stat().st_size} bytes")


def sorted_header(data):
    """The same file with its header's keys sorted: safetensors writes metadata in random order."""
    length = int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8 : 8 + length]), sort_keys=True, separators=(",", ":"))
    header = header.encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + data[8 + length :]
