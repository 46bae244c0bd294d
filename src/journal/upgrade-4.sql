-- From version 3 of the layout to 4: what people write into the record by hand, and the calendars of holidays. No journal of
-- version 3 holds an entry from which the first two tables would have a row; the third is filled here.

-- Notes on airings; the text stands in the entry.
CREATE TABLE note (
    seq    INTEGER PRIMARY KEY, -- the entry `noted`
    airing INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE INDEX note_airing ON note (airing, seq);

-- Periods that were reviewed; the remark stands in the entry. Days as they are written: 2026-11-01.
CREATE TABLE review (
    seq   INTEGER PRIMARY KEY,  -- the entry `reviewed`
    first TEXT    NOT NULL,
    last  TEXT    NOT NULL,
    at    INTEGER NOT NULL
) STRICT;

CREATE INDEX review_last ON review (last);

-- The calendars of holidays that cues went by; the text stands in the entry.
CREATE TABLE holidays (
    seq INTEGER PRIMARY KEY,    -- the entry `holidays`
    at  INTEGER NOT NULL
) STRICT;

INSERT INTO holidays SELECT seq, at FROM entry WHERE body LIKE '{"entry":"holidays",%';
