"""The rules: pure functions over frozen values, the standard library alone."""
