"""Both ends of the wire: HTTP requests to the server under test, and ears on its sockets."""

import json
import queue
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import socketio

_numbers = count(1)
PATIENCE = 10  # seconds until a push counts as lost


class Ear:
    """A connected client that notes every push, in order."""

    def __init__(self, url: str, namespace: str, origin: str, **how: Any) -> None:
        self._namespace = namespace
        self._heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._client = socketio.Client(reconnection=False, websocket_extra_options={"origin": origin})
        self._client.on("*", lambda event, *said: self._heard.put((event, said[0] if said else None)), namespace)
        self._client.on("disconnect", lambda *_: self._heard.put(("disconnect", None)), namespace)
        self._client.connect(url, transports=["websocket"], namespaces=[namespace], wait_timeout=PATIENCE, **how)

    def until(self, event: str, **having: Any) -> list[tuple[str, Any]]:
        """All pushes up to the first `event` whose payload has these values; fails when it does not come."""
        heard = []
        while True:
            heard.append(self._heard.get(timeout=PATIENCE))
            name, payload = heard[-1]
            if name == event and all((payload or {}).get(key) == value for key, value in having.items()):
                return heard

    def next(self, event: str, **having: Any) -> Any:
        """The payload of that push."""
        return self.until(event, **having)[-1][1]

    def says(self, event: str, *said: Any) -> None:
        self._client.emit(event, said if len(said) != 1 else said[0], namespace=self._namespace)

    def close(self) -> None:
        self._client.disconnect()


@dataclass
class Server:
    """The server under test at `url`."""

    url: str
    ears: list[Ear]

    def hang_up(self) -> None:
        """Close every ear."""
        while self.ears:
            self.ears.pop().close()

    def messenger(self, as_: str = "a_1") -> Ear:
        return self.messenger_with({"token": f"vt_{as_}"})

    def messenger_with(self, auth: Any) -> Ear:
        return self._ear("/messenger", "https://shop.example", auth=auth)

    def console(self, as_: str = "lina_1", origin: str | None = None) -> Ear:
        cookie = {"Cookie": f"frontdesk_session=ls_{as_}"}
        return self._ear("/console", origin or self.url, headers=cookie)

    def _ear(self, namespace: str, origin: str, **how: Any) -> Ear:
        ear = Ear(self.url, namespace, origin, **how)
        self.ears.append(ear)
        return ear

    def visitor(self, path: str, body: Any, as_: str = "a_1") -> Any:
        return self._post("/messenger/v1" + path, body, {"Authorization": f"Bearer vt_{as_}"})

    def teammate(self, path: str, body: Any, as_: str = "lina_1", method: str = "POST") -> Any:
        headers = {"Cookie": f"frontdesk_session=ls_{as_}", "Sec-Fetch-Site": "same-origin"}
        return self._post("/api/v1" + path, body, headers, method)

    def started(self, words: str = "Hello", as_: str = "a_1") -> str:
        """The id of a new conversation of a visitor."""
        body = {"client_id": f"c{next(_numbers)}", "body": words}
        conversation_id: str = self.visitor("/conversations", body, as_)["conversation"]["id"]
        return conversation_id

    def says(self, conversation_id: str, words: str, as_: str = "a_1") -> Any:
        body = {"client_id": f"c{next(_numbers)}", "body": words}
        return self.visitor(f"/conversations/{conversation_id}/parts", body, as_)

    def replies(self, conversation_id: str, words: str, as_: str = "lina_1", kind: str = "message") -> Any:
        body = {"client_id": f"c{next(_numbers)}", "body": words, "kind": kind}
        return self.teammate(f"/conversations/{conversation_id}/parts", body, as_)

    def status(self, path: str) -> int:
        try:
            with urlopen(self.url + path) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code

    def _post(self, path: str, body: Any, headers: dict[str, str], method: str = "POST") -> Any:
        headers = headers | {"Content-Type": "application/json"}
        request = Request(self.url + path, json.dumps(body).encode(), headers, method=method)
        with urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None
