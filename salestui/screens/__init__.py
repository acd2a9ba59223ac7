"""One screen a module, each with its own stylesheet; they alone call services."""
