"""Webhooks: one signed POST of JSON, tried again until the receiver answers 2xx.

What a receiver gets:

    POST <its address>
    Content-Type: application/json
    Idempotency-Key: <the key of the action, the same in every try; its SHA-256 where it is not plain ASCII of at most
                      200 characters>
    Frontdesk-Signature: t=1772445600,v1=<hex>

    {"id": "<the same key>", "type": "rule.acted", "at": "2026-03-02T10:00:00.000Z", "workspace": "wsp_…",
     "rule": {"id": "rul_…", "name": {"en": "…", "zh": "…"}}, "decision": "dec_…",
     "person": {"id": "con_…", "user_id": "42"}, "conversation": "cnv_…" or null,
     "fields": {"contact.plan": "pro"}}          # those that the rule includes; null where nothing is known

`v1` is the HMAC-SHA256 of `<t>.<body as received>` under the workspace's webhook secret. While the installation changes
its own secret there are two `v1`, and one that fits is enough. A receiver refuses a `t` that is long ago. Redirects are
not followed; every answer but 2xx is a failure, and 410 the end of it.
"""

import hmac
import ssl
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Final, cast

import orjson

from frontdesk import __version__
from frontdesk.channels import addresses
from frontdesk.channels.addresses import AddressRefused, Target
from frontdesk.channels.connecting import Deadline, Network, Told
from frontdesk.channels.outbox import Claimed, NotSent, Parcel
from frontdesk.core.clock import Clock
from frontdesk.core.config import Settings
from frontdesk.core.ids import derived_secret

CHANNEL: Final = "webhook"
SECONDS: Final = 15.0  # for all of it
_GONE: Final = 410
_LONGEST_KEY: Final = 200
_FINE: Final = range(200, 300)


def parcel(workspace_id: str, url: str, key: str, body: dict[str, Any]) -> Parcel:
    """To POST `body` to `url`. AddressRefused where that is no web address."""
    endpoint = addresses.read(url, _ANY).origin
    return Parcel(workspace_id, CHANNEL, endpoint, key, {"url": url, "body": body})


class _Any:
    """Every host: whether it is open is asked when we connect, by the settings of then."""

    def __contains__(self, _host: object) -> bool:
        return True


_ANY: Final[Any] = _Any()


def secrets_of(settings: Settings, workspace_id: str) -> list[str]:
    """What this workspace's webhooks are signed with: `whsec_…`; while the secret changes, the former one, too."""
    keys = [settings.secret, *([settings.former_secret] if settings.former_secret else [])]
    return [derived_secret("whsec", key, f"webhooks of {workspace_id}") for key in keys]


def plain_key(key: str) -> str:
    """The key as a header may say it: a browser has a hand in some keys, and a header takes no line break.

    >>> plain_key("rul_1:vis_1:0"), plain_key("订单")[:12]
    ('rul_1:vis_1:0', 'sha256:3d543')
    """
    if len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable() and key == key.strip():
        return key
    return f"sha256:{sha256(key.encode(errors='surrogatepass')).hexdigest()}"


def signature(secrets: Sequence[str], body: bytes, at: datetime) -> str:
    """The header `Frontdesk-Signature`.

    >>> from datetime import UTC
    >>> signature(["whsec_1"], b"{}", datetime(2026, 1, 1, tzinfo=UTC))[:22]
    't=1767225600,v1=849017'
    """
    moment = int(at.timestamp())
    signed = [hmac.new(secret.encode(), b"%d.%b" % (moment, body), sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={each}" for each in signed)])


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The channel."""

    settings: Settings
    clock: Clock
    network: Network
    seconds: float = SECONDS

    def __call__(self, one: Claimed) -> NotSent | None:
        """POST it; None where the receiver took it."""
        body = orjson.dumps(one.parcel.payload["body"])
        try:
            target = addresses.read(one.parcel.payload["url"], self.network.private_hosts)
            status = self._post(target, body, self._headers(one.parcel, body))
        except AddressRefused as error:
            return NotSent(str(error))  # not final: a name may be mended, a private host be opened
        except ssl.SSLError as error:
            return NotSent(f"no TLS with it: {error.reason or error}")
        except TimeoutError:
            return NotSent(f"no answer within {self.seconds:.0f} s")
        except (OSError, HTTPException) as error:
            return NotSent(f"no answer: {error or type(error).__name__}")
        return None if status in _FINE else NotSent(f"answered {status}", final=status == _GONE)

    def _headers(self, what: Parcel, body: bytes) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": f"Frontdesk/{__version__}",
            "Idempotency-Key": plain_key(what.key),
            "Frontdesk-Signature": signature(secrets_of(self.settings, what.workspace_id), body, self.clock()),
            "Connection": "close",
        }

    def _post(self, target: Target, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer; what else it says is not read."""
        deadline = Deadline.after(self.seconds)
        with closing(self.network.connect(target, deadline)) as peer:
            connection = HTTPConnection(target.host, target.port)
            connection.sock = peer
            peer.settimeout(deadline.left())
            connection.request("POST", target.path, body, {"Host": _host(target), **headers})
            with closing(HTTPResponse(cast(Any, Told(peer, deadline)), method="POST")) as answer:
                answer.begin()
                return answer.status


def _host(target: Target) -> str:
    usual = {"http": 80, "https": 443}[target.scheme] == target.port
    return target.netloc.rpartition(":")[0] if usual else target.netloc
