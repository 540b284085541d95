"""Rules as they are kept, and those that are live."""
