"""What is decided about programs by running them and by reading their code."""
