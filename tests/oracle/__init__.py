"""A second reading of docs/model-files.md and the paper's definitions, by brute force.

Nothing here imports ``spi_verify``: what these modules and the package get wrong, they do not get
wrong together. Written for small games, and for being read beside the text of the definitions.
"""
