"""What no route should have to think of: text that no database can hold, JSON that nobody can read."""

import json
from typing import Any, NoReturn

from flask import Flask, Request, request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import missing
from webargs.flaskparser import FlaskParser, is_json_request

from frontdesk.core.errors import Invalid, Malformed, NotFound


class SoundParser(FlaskParser):
    """Reads JSON bodies. NUL and lone surrogates are left out: a title that a page cut through an emoji, or a stray
    byte from a clipboard, must not cost anybody their message. Malformed where it is no JSON or too deep."""

    def _raw_load_json(self, req: Request) -> Any:
        if not is_json_request(req):
            return missing
        raw = req.get_data(cache=True)
        if not raw:
            return missing
        try:
            return _sound_tree(json.loads(raw, parse_constant=_refuse_constant))
        except RecursionError:
            raise Malformed("The body is nested too deeply.") from None
        except ValueError:  # not JSON, not UTF-8, or a number of thousands of digits
            raise Malformed("The body is not JSON.") from None


class Blueprint(SmorestBlueprint):  # type: ignore[misc]  # flask-smorest carries no types
    """A blueprint of our API: its bodies are read by `SoundParser`."""

    ARGUMENTS_PARSER = SoundParser()


def install(app: Flask) -> None:
    """Refuse, before any route, paths and queries with text that no database can hold."""
    app.before_request(refuse_unsound_address)


def refuse_unsound_address() -> None:
    """NotFound for such a path, Invalid with its field for such a value of the query."""
    if not _is_sound(request.path):
        raise NotFound("There is no such page.")
    for name, value in request.args.items(multi=True):
        if not _is_sound(name) or not _is_sound(value):
            raise Invalid("This holds a character that no text has.", field=_sound(name))


def _is_sound(text: str) -> bool:
    return _sound(text) == text


def _sound(text: str) -> str:
    kept = text if text.isascii() else text.encode("utf-8", "ignore").decode()
    return kept.replace("\x00", "")


def _sound_tree(value: Any) -> Any:
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, list):
        return [_sound_tree(item) for item in value]
    if isinstance(value, dict):
        return {_sound(key): _sound_tree(item) for key, item in value.items()}
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON does not have
