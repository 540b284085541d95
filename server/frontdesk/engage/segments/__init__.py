"""Saved conditions over people, and who is in them."""
