"""What can be said against a rule that can be read: that it contradicts itself, is never reached, costs much."""
