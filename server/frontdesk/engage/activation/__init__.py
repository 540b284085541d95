"""A rule that goes live is asked about everybody who was there before it."""
