-- From version 1 of the layout to 2: the inbox. Section 2 of schema.sql gains two tables; no journal of version 1 holds
-- an entry from which they would have a row, so nothing is derived anew.

-- What was dropped into the inbox; the decision stands in the entry.
CREATE TABLE dropped (
    seq     INTEGER PRIMARY KEY, -- the entry `dropped`
    id      TEXT    NOT NULL UNIQUE,
    at      INTEGER NOT NULL,
    verdict TEXT    NOT NULL,
    subject TEXT,                -- the recording or the schedule
    content BLOB                 -- SHA-256 of what was taken over
) STRICT;

CREATE INDEX dropped_subject ON dropped (subject, content) WHERE subject IS NOT NULL;
CREATE INDEX dropped_at ON dropped (at);

-- Approvals; what they cover stands in the entry.
CREATE TABLE approval (
    seq      INTEGER PRIMARY KEY, -- the entry `approved`
    schedule TEXT    NOT NULL
) STRICT;

CREATE INDEX approval_schedule ON approval (schedule, seq);
