"""What is known of the people whom rules are asked about, gathered for a whole group at once."""
