"""A whole paper: both readings of its statements, and results checked again."""
