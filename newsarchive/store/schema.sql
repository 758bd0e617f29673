-- The catalogue: an index of captures, revisions and outcomes. Instants are whole seconds since 1970, UTC.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- How much of each append-only file is committed; names are relative to the collection's folder.
CREATE TABLE files (name TEXT PRIMARY KEY, length INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

CREATE TABLE urls (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    via TEXT,                          -- canonical URL of the page that first named it
    depth INTEGER NOT NULL,            -- links from a seed
    deep INTEGER NOT NULL DEFAULT 0,   -- 1: a list page reached through a pager
    kind TEXT NOT NULL DEFAULT 'unknown',
    class TEXT NOT NULL DEFAULT 'pending',
    reason TEXT,
    target TEXT,
    priority INTEGER,                  -- queue: 0 robots, 1 every run, 2 new and retried, 3 rechecks
    due_at INTEGER,                    -- null: never again
    found_at INTEGER NOT NULL,
    first_seen_at INTEGER,             -- first capture that gave content
    visited_at INTEGER,                -- last answer
    changed_at INTEGER,                -- last revision
    tries INTEGER NOT NULL DEFAULT 0,  -- failures, or gone-answers, in a row
    gone_at INTEGER,                   -- first of the gone-answers in a row
    etag TEXT,
    last_modified TEXT,
    payload_digest TEXT,
    article TEXT,                      -- id of the article
    warc TEXT,                         -- last capture with a payload
    "offset" INTEGER,
    record_id TEXT
);
CREATE INDEX urls_due ON urls (host, priority, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX urls_target ON urls (target) WHERE target IS NOT NULL;

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    content_digest TEXT NOT NULL,      -- as read by `parser`
    parser TEXT NOT NULL,
    shown_date TEXT,
    first_seen_at INTEGER NOT NULL,
    checked_at INTEGER NOT NULL,       -- last answer that showed it, changed or not
    log_offset INTEGER NOT NULL,       -- where its last line begins in revisions.jsonl
    log_length INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX articles_content ON articles (content_digest, first_seen_at, id);

-- The digest of every committed piece of every append-only file: what `verify` compares the bytes with.
CREATE TABLE pieces (
    name TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (name, start)
) WITHOUT ROWID;

-- The first whole response with each payload: what a revisit refers to.
CREATE TABLE payloads (
    digest TEXT PRIMARY KEY, warc TEXT NOT NULL, "offset" INTEGER NOT NULL, record_id TEXT NOT NULL,
    url TEXT NOT NULL, captured_at INTEGER NOT NULL
) WITHOUT ROWID;

-- What an attachment was, each time that it was another file than before.
CREATE TABLE file_versions (
    url TEXT NOT NULL,
    at INTEGER NOT NULL,               -- instant of the outcome
    bytes INTEGER NOT NULL,            -- of the file, content coding undone
    media_type TEXT,                   -- as the server said
    sha256 TEXT NOT NULL,              -- of the file, hex
    PRIMARY KEY (url, at)
) WITHOUT ROWID;

-- What list-like pages of one shape have shown: a shape that goes on without showing anything new is a trap.
CREATE TABLE shapes (shape TEXT PRIMARY KEY, pages INTEGER NOT NULL, barren INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE shape_links (shape TEXT NOT NULL, link TEXT NOT NULL, PRIMARY KEY (shape, link)) WITHOUT ROWID;
