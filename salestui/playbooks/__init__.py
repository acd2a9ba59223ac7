"""The handbooks as data: two that come with the program, the format's checks, and the loader."""
