"""One chain of migrations for SQLite and PostgreSQL: the only way that tables come to be."""
