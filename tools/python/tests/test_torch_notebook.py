"""The example notebook runs, and its figures are there."""

from __future__ import annotations

import base64
import re
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import nbclient
import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

import unroll

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    notebook = nbformat.read(EXAMPLES / "decay.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "commit notebooks without outputs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(unroll.__file__).parents[1]))
        folder = tmp_path_factory.mktemp("notebook")
        client = nbclient.NotebookClient(
            notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
        return client.execute()


def figures(cell):
    """The pictures that a cell shows, as SVG."""
    found = []
    for output in cell.outputs:
        data = output.get("data", {})
        found += [data["image/svg+xml"]] if "image/svg+xml" in data else []
        found += [base64.b64decode(text).decode() for text in re.findall(
            r"data:image/svg\+xml;base64,([^\"]+)", data.get("text/html", ""))]
    return found


def cell_with(notebook, text):
    return next(cell for cell in notebook.cells if cell.cell_type == "code" and text in cell.source)


@pytest.mark.parametrize("text", [
    "unroll.decay(", 'figure("gates")', "unroll.Watch(", "unroll.train(", "unroll.sweep("])
def test_figures(executed, text):
    pictures = figures(cell_with(executed, text))
    assert pictures
    for picture in pictures:
        assert ET.fromstring(picture).tag.endswith("svg")


def test_tables(executed):
    for text in ("unroll.decay(", "unroll.sweep(", "result.truncation", "watch.fits"):
        shown = [output.data.get("text/html", "") for output in cell_with(executed, text).outputs
                 if "data" in output]
        assert any("<table" in html for html in shown), text


def test_progress_is_one_live_line(executed):
    """The program's lines are not heaped up: the last one replaced those before."""
    outputs = cell_with(executed, "unroll.train(").outputs
    lines = [output.data["text/plain"] for output in outputs if output.output_type == "display_data"]
    assert len(lines) == 1 and lines[0].startswith("1,500/1,500  100%")
    assert not any(output.output_type == "stream" for output in outputs)


def test_stop_button(tmp_path, monkeypatch):
    """A notebook's stop button: the program saves, and the cell's result is what it saved."""
    monkeypatch.setenv("PYTHONPATH", str(Path(unroll.__file__).parents[1]))
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path))
    try:
        client.execute(
            "import unroll\n"
            "run = unroll.train('adding', length=20, hidden=8, steps=10**7, out='stopped')\n"
            "print(run.outcome, len(run.metrics) == run.summary['steps'] > 0)")
        texts, deadline = [], time.monotonic() + 60
        while time.monotonic() < deadline and not any("interrupted True" in text for text in texts):
            content = client.get_iopub_msg(timeout=60)["content"]
            texts.append(content.get("text", "") + content.get("data", {}).get("text/plain", ""))
            assert "traceback" not in content, content
            if len([text for text in texts if "loss" in text]) == 1 and "loss" in texts[-1]:
                manager.interrupt_kernel()
        assert any("interrupted True" in text for text in texts), texts
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
