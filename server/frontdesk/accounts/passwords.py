"""Passwords: argon2id with the library's current parameters."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from frontdesk.core.errors import Invalid

SHORTEST = 10
_hasher = PasswordHasher()
# verified against when the e-mail is unknown, so that both answers take as long
_NOBODY = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The argon2id hash to store; Invalid when the password is too short."""
    if len(password) < SHORTEST:
        raise Invalid(f"A password has at least {SHORTEST} characters.", field="password")
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one; takes as long when nothing is stored."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except VerificationError:
        return False
