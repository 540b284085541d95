"""What a rule says, as frozen values with a canonical tree."""
