"""Running a file of a paper's, in which files next to it can be imported by their names."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from spi_verify.errors import InputError
from spi_verify.papers.mistakes import mistake


def run_file(file: Path) -> ModuleType:
    """Run a file.

    Raises
    ------
    InputError
        When it is no Python file, or running it fails.
    """
    directory = str(file.resolve().parent)
    before = set(sys.modules)
    sys.path.insert(0, directory)
    try:
        spec = importlib.util.spec_from_file_location(file.stem, file)
        if spec is None or spec.loader is None:
            raise InputError("this is no Python file", file=str(file))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise mistake(error, file) from error
    finally:
        sys.path.remove(directory)
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin is not None and str(Path(origin).parent) == directory:
                del sys.modules[name]
    return module
