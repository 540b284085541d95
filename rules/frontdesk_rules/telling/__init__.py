"""Rules and decisions in words, English and Chinese."""
