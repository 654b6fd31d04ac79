"""What regression tests import that were written before: ``refute --pytest`` made them."""

from spi_verify.counterexamples.file import confirm_saved as confirm_saved
