-- Domains that count as one server, whatever names their servers have, since several of these refused to be asked.
CREATE TABLE one_server (
    domain TEXT PRIMARY KEY,
    refused_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
