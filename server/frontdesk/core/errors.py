"""Declined requests: one small tree. `code` is public API; status numbers stand in `core.http`."""


class Declined(Exception):  # noqa: N818  a refusal is not an error of ours
    """A request that we understand and will not do. `code` is stable, `detail` is for people."""

    code = "declined"

    def __init__(self, detail: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.field = field


class Invalid(Declined):
    """A field holds what it must not hold."""

    code = "invalid"


class Malformed(Declined):
    """The body cannot be read at all."""

    code = "malformed"


class Unauthenticated(Declined):
    """Nobody we know is asking."""

    code = "unauthenticated"


class Forbidden(Declined):
    """We know who asks; this role may not."""

    code = "forbidden"


class NotFound(Declined):
    """It does not exist, or not for this caller: the two look the same."""

    code = "not_found"


class Conflict(Declined):
    """It cannot be done in the state that it is in."""

    code = "conflict"


class TooLarge(Declined):
    """More bytes than we take."""

    code = "too_large"


class Unavailable(Declined):
    """Not now; ask again after `retry_after` seconds."""

    code = "unavailable"
    retry_after = 2


class TooMany(Declined):
    """More requests than one sender may make; ask again after `retry_after` seconds."""

    code = "too_many"

    def __init__(self, detail: str, retry_after: int, *, field: str | None = None) -> None:
        super().__init__(detail, field=field)
        self.retry_after = retry_after
