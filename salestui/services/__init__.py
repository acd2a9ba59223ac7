"""One module for each use case: load, decide, write, in one transaction."""
