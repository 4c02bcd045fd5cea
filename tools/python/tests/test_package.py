"""The package as such: its types, and what it may import."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import unroll

PACKAGE = Path(__file__).parents[1]


def test_types():
    pytest.importorskip("mypy")
    pytest.importorskip("torch")
    result = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_every_public_name_has_a_docstring():
    for name in unroll.__all__:
        value = getattr(unroll, name)
        assert inspect.getdoc(value), name
        if inspect.isclass(value):
            for member, definition in vars(value).items():
                if not member.startswith("_") and (callable(definition) or isinstance(definition, property)):
                    assert inspect.getdoc(definition), f"{name}.{member}"


def test_needs_neither_torch_nor_pandas():
    """Only NumPy and safetensors are needed until PyTorch is used."""
    script = (
        "import sys; sys.modules.update(torch=None, pandas=None, IPython=None)\n"
        "import unroll\n"
        "print(unroll.train('adding', length=5, hidden=4, steps=2, progress=False).metrics['step'])\n"
        "try: unroll.decay(None, None)\n"
        "except ImportError as error: print(error)\n"
        "try: unroll.Watch(None)\n"
        "except ImportError as error: print(error)\n")
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={**__import__("os").environ, "PYTHONPATH": str(Path(unroll.__file__).parents[1])})
    assert result.stdout.startswith("[1 2]\nunroll.decay needs PyTorch: pip install torch")
    assert "unroll.Watch needs PyTorch" in result.stdout
