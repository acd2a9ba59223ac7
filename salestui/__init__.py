"""A terminal app that runs a B2B sales pipeline by the handbook."""

__version__ = "0.1.0"
