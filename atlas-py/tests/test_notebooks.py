"""The notebooks run from top to bottom, and show what is kept in the files."""

from __future__ import annotations

from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples" / "notebook").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    notebook = nbformat.read(path, as_version=4)
    assert all(cell.outputs for cell in notebook.cells if _shows(cell)), "outputs are kept"
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}})
    client.execute()


def _shows(cell: object) -> bool:
    """Whether the cell's last line is an expression or prints."""
    source = getattr(cell, "source", "")
    return getattr(cell, "cell_type", "") == "code" and "print(" in source


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 3
