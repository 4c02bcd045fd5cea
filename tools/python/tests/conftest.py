"""What the tests share. They need the program; those of PyTorch need that too.

A test that needs PyTorch is skipped, with the reason in pytest's summary, only where nobody said that
it is there: with `UNROLL_TORCH_PYTHON` set, and from `tools/test --python`, its absence is a failure.
"""

from __future__ import annotations

import importlib.util
import os
import signal

import pytest

import unroll

HAS_TORCH = importlib.util.find_spec("torch") is not None

def pytest_configure(config: pytest.Config) -> None:
    try:
        # From the root, because each test runs in a folder of its own.
        os.environ["UNROLL"] = os.path.abspath(unroll.find_program())
    except unroll.UnrollNotFound as error:
        raise pytest.UsageError(str(error)) from None
    if not HAS_TORCH and os.environ.get("UNROLL_TORCH_PYTHON"):
        raise pytest.UsageError("UNROLL_TORCH_PYTHON is set, but its Python has no PyTorch")


def pytest_ignore_collect(collection_path, config):  # type: ignore[no-untyped-def]
    """Files that import PyTorch at their top are named test_torch_…"""
    return True if not HAS_TORCH and collection_path.name.startswith("test_torch_") else None


def pytest_report_header() -> str:
    return f"unroll: {unroll.find_program()}, {unroll.program_version()}" + (
        "" if HAS_TORCH else "; no PyTorch here, so its tests (test_torch_…) are left out")


@pytest.fixture(autouse=True, scope="session")
def one_thread():  # type: ignore[no-untyped-def]
    """The models are so small that threads would wait for each other more than they work."""
    if HAS_TORCH:
        import torch

        torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def signals():  # type: ignore[no-untyped-def]
    """A shell starts what runs in the background with Ctrl-C ignored; some tests send it to themselves."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    """Each test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
