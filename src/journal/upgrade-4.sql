-- From version 3 of the layout to 4: what people write into the record by hand. No journal of version 3 holds an entry from
-- which these tables would have a row, so nothing is derived anew.

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
