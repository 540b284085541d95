"""Runs of activity: cut by a pure fold over a person's events, in any order of arrival."""
