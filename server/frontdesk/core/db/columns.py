"""The declarative base and the column types that read the same on SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from frontdesk.core.clock import from_ms, to_ms


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as milliseconds since 1970 in a BIGINT."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002  SQLAlchemy's signature
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's signature
        return None if value is None else from_ms(value)


JsonMap = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """All tables. Ids are prefixed text; every row of a workspace carries `workspace_id`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this off the class
        datetime: Instant,
        dict[str, Any]: JsonMap,
        list[str]: JsonMap,
        list[dict[str, Any]]: JsonMap,
        str: String,
    }
