"""`frontdesk demo`: a shop, a team, live rules, and two weeks that never were."""

from frontdesk.cli.demo.command import command

__all__ = ["command"]
