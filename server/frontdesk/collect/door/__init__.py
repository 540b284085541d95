"""What can be said of an item alone: read, checked, placed in time, and asked whether its site takes it."""
