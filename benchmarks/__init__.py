"""What salestui costs, measured from outside: `make bench`, `make bench-cli`; how to read it is in docs/speed.md."""
