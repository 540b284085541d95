"""Conditions as SQL: never misses one whom the rules accept."""
