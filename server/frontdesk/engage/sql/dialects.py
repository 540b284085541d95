"""What SQLite and PostgreSQL spell differently, a row each: JSON values by their type, and text compared bytewise.

Each yields NULL for a value of another type than it is made for, as an operator of rules then knows nothing: SQL's own
three-valued logic is that of conditions.
"""

from typing import Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, Double, Integer, ScalarSelect, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Spelled(FunctionElement[Any]):
    """`{a}`, `{b}`, … stand for what it is made of; a part that a spelling does not name is not sent."""

    sqlite: ClassVar[str]
    postgresql: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.inherit_cache = True  # a spelling is all that a subclass adds
        super().__init_subclass__()


class _Parts(dict[str, str]):
    """The parts as SQL, each compiled only when it is named."""

    def __init__(self, element: Spelled, compiler: Any, options: dict[str, Any]) -> None:
        super().__init__()
        self._parts = dict(zip("abcd", element.clauses, strict=False))
        self._compiler, self._options = compiler, options

    def __missing__(self, name: str) -> str:
        part = self._parts[name]
        text = self._compiler.process(part, **self._options)
        self[name] = text if isinstance(part, ScalarSelect) else f"({text})"
        return self[name]


@compiles(Spelled, "sqlite")
def _on_sqlite(element: Spelled, compiler: Any, **options: Any) -> str:
    return element.sqlite.format_map(_Parts(element, compiler, options))


@compiles(Spelled, "postgresql")
def _on_postgresql(element: Spelled, compiler: Any, **options: Any) -> str:
    return element.postgresql.format_map(_Parts(element, compiler, options))


class _Member(Spelled):
    name = "member"
    sqlite = "json_extract({a}, {b})"
    postgresql = "({a} -> {c})"


def at(document: Any, key: str | None) -> tuple[ColumnElement[Any], ...]:
    """The parts of a JSON value: of a key of an object, or (None) the document itself."""
    if key is None:
        return document, literal("$"), document
    path = literal(f'$."{key}"')
    return document, path, _Member(document, path, literal(key))


def sayable(key: str) -> bool:
    """Whether both databases find this key by a path."""
    return not any(char in '"\\' or char < " " for char in key)


class HasKey(Spelled):
    name, type = "has_key", Boolean()
    sqlite = "(json_type({a}, {b}) IS NOT NULL)"
    postgresql = "({c} IS NOT NULL)"


class Known(Spelled):
    """There is a value, and no object."""

    name, type = "known", Boolean()
    sqlite = "(coalesce(json_type({a}, {b}), 'null') NOT IN ('null', 'object'))"
    postgresql = "(coalesce(jsonb_typeof({c}), 'null') NOT IN ('null', 'object'))"


class Present(Spelled):
    """There is a value of any type."""

    name, type = "present", Boolean()
    sqlite = "(coalesce(json_type({a}, {b}), 'null') <> 'null')"
    postgresql = "(coalesce(jsonb_typeof({c}), 'null') <> 'null')"


class TextOf(Spelled):
    name, type = "text_of", String()
    sqlite = "CASE WHEN json_type({a}, {b}) = 'text' THEN json_extract({a}, {b}) END"
    postgresql = "CASE WHEN jsonb_typeof({c}) = 'string' THEN {c} #>> '{{}}' END"


class NumberOf(Spelled):
    name, type = "number_of", Double()
    sqlite = "CASE WHEN json_type({a}, {b}) IN ('integer', 'real') THEN json_extract({a}, {b}) END"
    postgresql = "CASE WHEN jsonb_typeof({c}) = 'number' THEN CAST({c} AS DOUBLE PRECISION) END"


class FlagOf(Spelled):
    name, type = "flag_of", Boolean()
    sqlite = "CASE json_type({a}, {b}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    postgresql = "CASE WHEN jsonb_typeof({c}) = 'boolean' THEN CAST({c} AS BOOLEAN) END"


class SizeOf(Spelled):
    name, type = "size_of", Integer()
    sqlite = "CASE WHEN json_type({a}, {b}) = 'array' THEN json_array_length({a}, {b}) END"
    postgresql = "CASE WHEN jsonb_typeof({c}) = 'array' THEN jsonb_array_length({c}) END"


class HasItem(Spelled):
    """A list has this value; `d` is a list of it alone, as JSON."""

    name, type = "has_item", Boolean()
    sqlite = (
        "CASE WHEN json_type({a}, {b}) = 'array' THEN EXISTS (SELECT 1 FROM json_each({a}, {b}) AS item"
        " JOIN json_each({d}) AS asked ON item.atom = asked.atom"
        " AND replace(item.type, 'real', 'integer') = replace(asked.type, 'real', 'integer')) END"
    )
    postgresql = "CASE WHEN jsonb_typeof({c}) = 'array' THEN {c} @> CAST({d} AS JSONB) END"


class Contains(Spelled):
    name, type = "contains", Boolean()
    sqlite = "(instr({a}, {b}) > 0)"
    postgresql = "(strpos({a}, {b}) > 0)"


class Ascii(Spelled):
    """No character beyond ASCII: then the databases make small what Python folds."""

    name, type = "ascii", Boolean()
    sqlite = "(length(CAST({a} AS BLOB)) = length({a}))"
    postgresql = "(octet_length({a}) = length({a}))"


class Small(Spelled):
    """ASCII letters made small, and no others."""

    name, type = "small", String()
    sqlite = "lower({a})"
    postgresql = 'lower({a} COLLATE "C")'


class Globs(Spelled):
    """`a` looks like the pattern, which is `b` in the words of SQLite and `c` in those of PostgreSQL."""

    name, type = "globs", Boolean()
    sqlite = "({a} GLOB {b})"
    postgresql = "({a} LIKE {c})"


class Dated(Spelled):
    """The text begins with a day of the calendar."""

    name, type = "dated", Boolean()
    sqlite = "({a} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*')"
    postgresql = "({a} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"


class Day(Spelled):
    """That day, as text in the order of the calendar."""

    name, type = "day", String()
    sqlite = "substr({a}, 1, 10)"
    postgresql = '(substr({a}, 1, 10) COLLATE "C")'


class Among(Spelled):
    """`a` is one of the ids that the query `b` finds: looked up in an index one by one, on both databases.

    Of no type: a boolean would be compared with 1 on SQLite, and then no index serves.
    """

    name = "among"
    sqlite = "({a} IN {b})"
    postgresql = "({a} = ANY (ARRAY{b}))"


class Unindexed(Spelled):
    """The column, of which no index is to be used: SQLite takes equality for the best there is."""

    name, type = "unindexed", String()
    sqlite = "+{a}"
    postgresql = "{a}"


class Bytewise(Spelled):
    """The text, in the order of its bytes."""

    name, type = "bytewise", String()
    sqlite = "{a}"
    postgresql = '({a} COLLATE "C")'
