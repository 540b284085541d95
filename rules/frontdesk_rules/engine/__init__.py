"""Rules at work: compiled, indexed, decided."""
