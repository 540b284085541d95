"""What rules do, would do and did: explained, simulated, counted."""
