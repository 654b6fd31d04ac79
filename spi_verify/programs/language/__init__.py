"""What programs are written in: terms, without anything that runs them."""
