"""Conversations and their parts."""
