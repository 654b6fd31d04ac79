"""Finding certificates that the checker accepts, and writing them; nothing here is trusted."""
