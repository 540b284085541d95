"""Rules at work: facts gathered, decisions made, deliveries sent."""
