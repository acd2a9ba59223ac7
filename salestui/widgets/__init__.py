"""Reusable parts: attributes down, messages up."""
