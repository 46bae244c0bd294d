-- From version 2 of the layout to 3: a journal that was damaged. It goes on with an entry `restored`, which follows the
-- last intact one in the chain (its hash covers that one's hash) and has a number above every number known to have been
-- given. So the numbers have a gap there, and nowhere else.

DROP TRIGGER entry_comes_in_sequence;

CREATE TRIGGER entry_comes_in_sequence BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
 AND NOT (NEW.body LIKE '{"entry":"restored",%' AND NEW.seq > (SELECT coalesce(max(seq), 0) FROM entry))
BEGIN SELECT RAISE(ABORT, 'entries are numbered without a gap'); END;

-- The restorations; what they say stands in the entry.
CREATE TABLE restored (
    seq   INTEGER PRIMARY KEY,  -- the entry `restored`
    after INTEGER NOT NULL,     -- the last intact entry before it; 0: none
    at    INTEGER NOT NULL
) STRICT;
