"""The database port: `write(job)`, `write_together(handler, item)`, `read(query)`."""

from frontdesk.core.db.columns import Base, Instant, JsonMap
from frontdesk.core.db.database import Database, open_database

__all__ = ["Base", "Database", "Instant", "JsonMap", "open_database"]
