"""Why a step is not proved: a structure in which it fails, or the facts that its list lacks."""
