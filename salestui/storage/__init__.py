"""The database and the file store; rows never leave this package."""
