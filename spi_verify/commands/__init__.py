"""One module for each command; each has a function of the command's name, called ``command``."""
