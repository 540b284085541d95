"""What the clock brings to rules: timers armed, claimed, fired."""
