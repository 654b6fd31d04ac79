"""For the site: links to files of the repository outside ``docs`` become plain text."""

from __future__ import annotations

import re
from typing import Any


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Keep the text of links that leave the folder; a test checks that their targets exist."""
    return re.sub(r"\[([^\]\[]*)\]\(\.\./[^)]*\)", r"\1", markdown)
