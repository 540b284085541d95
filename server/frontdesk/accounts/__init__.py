"""Workspaces, teammates, teams, keys and log-ins: who works here."""
