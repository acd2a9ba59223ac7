"""Scripting commands over the same services as the screens."""
