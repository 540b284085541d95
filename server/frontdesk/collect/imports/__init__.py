"""Events and contacts from files, through the same pipeline."""

FORMATS = ("csv", "jsonl")
STDIN = "-"
