"""Programs of those who work on salestui; nothing here is installed."""
