"""The memory: SQLite behind the store ports. Only this room knows SQL; `sqlite.SqliteStore` is its front door."""
