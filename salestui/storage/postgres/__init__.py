"""A database on a PostgreSQL server: everything about it that differs from a file of SQLite."""
