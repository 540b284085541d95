"""Rules on a fake clock."""
