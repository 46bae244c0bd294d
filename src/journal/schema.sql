-- The journal of a station, version 1 of its layout.
--
-- Times are microseconds since 1970-01-01T00:00:00Z, spans are nanoseconds, both signed 64-bit integers. Words
-- (`outcome`, `reason`, `kind`, `priority`) are those of src/core/airing.rs. The file is in WAL mode; copy it with
-- `VACUUM INTO` or SQLite's backup, never with cp while the station runs.
--
-- 1. The chain. Only this is the record; everything else can be made anew from it, or does not matter.

CREATE TABLE entry (
    seq  INTEGER PRIMARY KEY,   -- 1, 2, 3 … without a gap
    at   INTEGER NOT NULL,      -- when it was written, by the station's clock, which may have been set back
    -- SHA-256 of: one byte 0, the hash of the entry before (32 bytes 0 before the first), seq and at as 8 bytes each
    -- (big endian, two's complement), and the bytes of body.
    hash BLOB    NOT NULL CHECK (length(hash) = 32),
    body TEXT    NOT NULL       -- JSON, as src/core/record.rs has it: {"entry": "finish", "airing": 7, …}
) STRICT;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;

CREATE TRIGGER entry_comes_in_sequence BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'entries are numbered without a gap'); END;

-- 2. What follows from the chain, written in the same transaction as the entry that it follows from.
--    `loa verify` derives it a second time and compares.

-- The as-run log: one row an airing, at most one a cue. A row that a `reopened` took back is gone.
CREATE TABLE airing (
    id                 INTEGER PRIMARY KEY,
    kind               TEXT    NOT NULL,
    schedule           TEXT,             -- the cue: all three or none
    slot               TEXT,
    due                INTEGER,
    title              TEXT    NOT NULL,
    priority           TEXT    NOT NULL,
    placed             INTEGER NOT NULL, -- where it stands in the log: due, else started, else when it was written
    started            INTEGER,          -- its first frame at the loudspeaker
    ended              INTEGER,          -- the frame after its last
    paused             INTEGER,          -- since when, while it is paused
    outcome            TEXT,             -- none between begin and the first frame
    reason             TEXT,
    planned            INTEGER,
    frames             INTEGER NOT NULL,
    aired              INTEGER NOT NULL,
    device             TEXT,
    level              REAL,             -- dBFS, RMS
    clock_synchronised INTEGER,          -- 0, 1 or not known
    by                 TEXT,
    approved_by        TEXT,
    begun              INTEGER NOT NULL, -- the entry that began it, or that says it was missed
    settled            INTEGER NOT NULL, -- the last entry that says how it stands
    CHECK ((schedule IS NULL) = (slot IS NULL) AND (slot IS NULL) = (due IS NULL))
) STRICT;

CREATE UNIQUE INDEX airing_cue ON airing (schedule, slot, due) WHERE due IS NOT NULL;
CREATE INDEX airing_placed  ON airing (placed);
CREATE INDEX airing_slot    ON airing (slot, placed);
CREATE INDEX airing_outcome ON airing (outcome, placed);
CREATE INDEX airing_sounded ON airing (schedule, slot, started) WHERE started IS NOT NULL;

-- Its recordings, in order.
CREATE TABLE airing_cart (
    airing   INTEGER NOT NULL REFERENCES airing (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,  -- from 0
    file     TEXT    NOT NULL,
    title    TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    topic    TEXT,
    source   TEXT,
    sha256   BLOB,
    aired    INTEGER NOT NULL,
    PRIMARY KEY (airing, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX airing_cart_topic ON airing_cart (topic, airing) WHERE topic IS NOT NULL;

-- Numbers of airings that had a row and lost it: never given to another.
CREATE TABLE airing_spent (
    id INTEGER PRIMARY KEY
) STRICT;

-- The versions of schedules; file and text stand in the entry.
CREATE TABLE version (
    seq      INTEGER PRIMARY KEY, -- the entry `live`
    schedule TEXT    NOT NULL,
    since    INTEGER NOT NULL,    -- it answers for cues due after this
    until    INTEGER              -- and up to this; none: it is live
) STRICT;

CREATE UNIQUE INDEX version_live ON version (schedule) WHERE until IS NULL;
CREATE INDEX version_until ON version (until);

-- The orders that outlive their moment and were not refused: to skip, emergencies and their ends; the order stands in
-- the entry. The table is called by the first of them.
CREATE TABLE skip (
    seq INTEGER PRIMARY KEY,      -- the entry `ordered`
    at  INTEGER NOT NULL
) STRICT;

CREATE INDEX skip_at ON skip (at);

-- How far all this has been derived.
CREATE TABLE mark (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    seq    INTEGER NOT NULL,      -- the last entry taken in
    airing INTEGER NOT NULL       -- the highest number of an airing so far
) STRICT;

INSERT INTO mark VALUES (1, 0, 0);

-- 3. What is overwritten and proves nothing.

-- A sign of life, every few seconds: JSON, as `Pulse` in src/core/record.rs has it.
CREATE TABLE pulse (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    body TEXT    NOT NULL
) STRICT;

-- What measuring the recordings found, so that a start need not measure them again. Good only while size and
-- modification time of the file are still these.
CREATE TABLE cart (
    name        TEXT    PRIMARY KEY,
    size        INTEGER NOT NULL,  -- bytes
    mtime_ns    INTEGER NOT NULL,  -- nanoseconds since 1970
    measurement TEXT,              -- JSON, as `Measurement` in src/core/cart.rs has it
    fault       TEXT,              -- JSON, as `CartFault` has it; a damaged recording has both
    CHECK (measurement IS NOT NULL OR fault IS NOT NULL)
) STRICT, WITHOUT ROWID;
