"""Moments as one writes them on a command line."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from frontdesk.core.clock import OUT_OF_REACH, system_clock, within_reach

_AGO = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Moment(click.ParamType[datetime]):
    """`7d`, `12h`, `30m` (ago), or a date, or a date and time of ISO 8601, in UTC unless it says otherwise."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        at = value if isinstance(value, datetime) else self._read(value, param, ctx)
        if at is None or not within_reach(at):
            self.fail(f"{value}: {OUT_OF_REACH}", param, ctx)
        return at

    def _read(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | None:
        """None: before any calendar begins."""
        ago = _AGO.fullmatch(value)
        if ago:
            try:
                return system_clock() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
            except OverflowError:
                return None
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is neither an age like 7d nor a date like 2026-03-01.", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
