"""Run the tutorial's notebook and keep what its cells show: ``python docs/tutorial_outputs.py``.

Needs the extra ``notebook``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).with_name("tutorial.ipynb")


def executed(file: Path = NOTEBOOK) -> Any:
    """Return the notebook with outputs that are the same each time."""
    import nbclient
    import nbformat

    notebook = nbformat.read(file, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    notebook.metadata = {
        "kernelspec": notebook.metadata["kernelspec"],
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if len(data) > 1:  # beside what is for people, a text with times and addresses
                data.pop("text/plain", None)
    return notebook


if __name__ == "__main__":
    import nbformat

    nbformat.write(executed(), NOTEBOOK)
