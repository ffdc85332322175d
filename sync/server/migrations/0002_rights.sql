-- description: rights to spend points: grants, holds, lots, refunds, cards; chains with branches; head office's own chain
-- min_compatible: 2

-- A chain may branch (a disk was copied or restored): an event's place is (terminal, incarnation, branch, seq), and the
-- old table allowed one event at a seq. Copied with what refers to it; LOCAL says from now on which life it is of.
CREATE TABLE events_now (
  commit_seq  INTEGER PRIMARY KEY,
  event_id    TEXT NOT NULL,
  terminal    TEXT NOT NULL,           -- HQ/MAIN: head office's own chain
  incarnation INTEGER NOT NULL,
  branch      INTEGER NOT NULL DEFAULT 0,  -- 0: the chain as it came first
  seq         INTEGER NOT NULL,
  store       TEXT NOT NULL,
  till        TEXT NOT NULL,
  kind        TEXT NOT NULL,
  member      TEXT NOT NULL,           -- '' where there is none
  receipt     TEXT NOT NULL,           -- '' where there is none
  currency    TEXT NOT NULL,
  total       INTEGER,                 -- minor units
  t_business  INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  parked      TEXT NOT NULL DEFAULT '',  -- why its postings were not made; '' when they were
  hash        BLOB NOT NULL,
  body        TEXT NOT NULL
);
INSERT INTO events_now SELECT commit_seq, event_id, terminal, incarnation, 0, seq, store, till, kind, member, receipt,
  currency, total, t_business, received_ms, parked, hash, body FROM events;

CREATE TABLE sides_now (
  commit_seq INTEGER PRIMARY KEY REFERENCES events_now(commit_seq),
  salt       BLOB NOT NULL,
  side       TEXT NOT NULL
);
INSERT INTO sides_now SELECT commit_seq, salt, side FROM sides;

CREATE TABLE entries_now (
  commit_seq INTEGER NOT NULL REFERENCES events_now(commit_seq),
  line       INTEGER NOT NULL,
  member     TEXT NOT NULL,            -- of ESCROW and HOLD: whose points they are, who may not be who spent them
  account    TEXT NOT NULL,
  source     TEXT NOT NULL,
  lot        TEXT NOT NULL,
  amount     INTEGER NOT NULL,
  PRIMARY KEY (commit_seq, line)
) WITHOUT ROWID;
INSERT INTO entries_now SELECT n.commit_seq, n.line, n.member, n.account,
  CASE WHEN n.account = 'LOCAL' AND n.source = '' THEN e.terminal || '#' || e.incarnation ELSE n.source END, n.lot,
  n.amount FROM entries n JOIN events e ON e.commit_seq = n.commit_seq;

DROP TABLE entries;
DROP TABLE sides;
DROP TABLE events;
ALTER TABLE events_now RENAME TO events;
ALTER TABLE sides_now RENAME TO sides;
ALTER TABLE entries_now RENAME TO entries;
-- Not unique: one event is posted once because ingest sees to it, and `verify` looks whether it did.
CREATE INDEX events_by_seq ON events (terminal, incarnation, seq);
CREATE INDEX events_by_id ON events (event_id);
CREATE INDEX events_by_place ON events (store, till, commit_seq);
CREATE INDEX events_by_member ON events (member, commit_seq) WHERE member <> '';
CREATE INDEX events_sales ON events (commit_seq) WHERE kind = 'sale';
CREATE INDEX events_parked ON events (commit_seq) WHERE parked <> '';
CREATE INDEX entries_by_member ON entries (member, account);
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_same BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER entries_same BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;

-- Second histories as version 1 kept them, without posting. Their tills send them again.
ALTER TABLE branches RENAME TO branches_unposted;
CREATE TABLE branches (
  terminal    TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  branch      INTEGER NOT NULL,        -- from 1
  from_branch INTEGER NOT NULL,
  from_seq    INTEGER NOT NULL,        -- the last event that it has in common with from_branch; 0: none
  from_hash   BLOB NOT NULL,
  head_seq    INTEGER NOT NULL,
  head_hash   BLOB NOT NULL,
  found_ms    INTEGER NOT NULL,
  PRIMARY KEY (terminal, incarnation, branch)
) WITHOUT ROWID;

ALTER TABLE terminals ADD COLUMN fenced TEXT NOT NULL DEFAULT '';      -- why it gets no rights; '' when it does
ALTER TABLE terminals ADD COLUMN reclaimed_ms INTEGER;                 -- its LOCAL points were taken back by force
ALTER TABLE terminals ADD COLUMN due_seq INTEGER NOT NULL DEFAULT 0;   -- rights_due that were seen to

-- One request, one life.
CREATE TABLE life_requests (
  request_id  TEXT PRIMARY KEY,
  terminal    TEXT NOT NULL,
  from_life   INTEGER NOT NULL,
  head_seq    INTEGER NOT NULL,
  head_hash   BLOB NOT NULL,
  incarnation INTEGER NOT NULL,        -- given
  at_ms       INTEGER NOT NULL
) WITHOUT ROWID;

-- Where head office's own chain stands; its incarnation is the epoch's counter.
CREATE TABLE own_chain (
  incarnation INTEGER PRIMARY KEY,
  head_seq    INTEGER NOT NULL,
  head_hash   BLOB NOT NULL,
  last_ms     INTEGER NOT NULL
) WITHOUT ROWID;

-- Copies of this database that may be restored one day: what they have is what tills may forget.
CREATE TABLE copies (
  name       TEXT PRIMARY KEY,
  commit_seq INTEGER NOT NULL,
  at_ms      INTEGER NOT NULL
) WITHOUT ROWID;

-- What entries add up to; a row of 0 is left out. `verify` computes them again.
CREATE TABLE sums (
  member  TEXT NOT NULL,
  account TEXT NOT NULL,
  source  TEXT NOT NULL,
  lot     TEXT NOT NULL,
  amount  INTEGER NOT NULL,
  PRIMARY KEY (member, account, source, lot)
) WITHOUT ROWID;
CREATE INDEX sums_by_source ON sums (account, source) WHERE source <> '';
CREATE INDEX sums_pending ON sums (lot) WHERE account = 'PENDING' AND source = '';
INSERT INTO sums SELECT member, account, source, lot, sum(amount) FROM entries GROUP BY member, account, source, lot
  HAVING sum(amount) <> 0;

-- Points that were earned together.
CREATE TABLE lots (
  lot        TEXT PRIMARY KEY,         -- event id of the sale
  member     TEXT NOT NULL,
  life       TEXT NOT NULL,            -- S01/L03#1
  earned     INTEGER NOT NULL,
  active_ms  INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,         -- 0: never
  commit_seq INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX lots_by_expiry ON lots (expires_ms) WHERE expires_ms > 0;
INSERT INTO lots SELECT e.event_id, e.member, n.source, sum(n.amount), e.t_business, 0, min(e.commit_seq)
  FROM entries n JOIN events e ON e.commit_seq = n.commit_seq WHERE n.account = 'LOCAL' AND n.lot = e.event_id
  AND n.amount > 0 GROUP BY e.event_id;

CREATE TABLE grants (
  id           TEXT PRIMARY KEY,
  member       TEXT NOT NULL,
  terminal     TEXT NOT NULL,
  incarnation  INTEGER NOT NULL,
  cap          INTEGER NOT NULL,
  not_after_ms INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'returned', 'reclaimed')),
  recalled     INTEGER NOT NULL DEFAULT 0,   -- the till is asked to give it back
  bytes        TEXT NOT NULL,
  signature    BLOB NOT NULL,
  commit_seq   INTEGER NOT NULL,
  given_ms     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX grants_open ON grants (terminal, incarnation, state) WHERE state IN ('offered', 'accepted');
CREATE INDEX grants_of ON grants (member, state) WHERE state IN ('offered', 'accepted');

CREATE TABLE permits (
  id          TEXT PRIMARY KEY,
  member      TEXT NOT NULL,
  terminal    TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  cap         INTEGER NOT NULL,
  till_cap    INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'returned')),
  recalled    INTEGER NOT NULL DEFAULT 0,
  bytes       TEXT NOT NULL,
  signature   BLOB NOT NULL,
  given_ms    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX permits_open ON permits (terminal, incarnation, state) WHERE state IN ('offered', 'accepted');
CREATE INDEX permits_of ON permits (member) WHERE state IN ('offered', 'accepted');

-- What was reserved for one redemption; a closed row keeps it from being reserved again (also where there never was one).
CREATE TABLE holds (
  event_id    TEXT PRIMARY KEY,
  member      TEXT NOT NULL,
  terminal    TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  points      INTEGER NOT NULL,
  closed      TEXT NOT NULL DEFAULT '',  -- '', or why: posted, abandoned, operator
  at_ms       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX holds_open ON holds (at_ms) WHERE closed = '';

-- A refund's lines; they wait until their sale is here.
CREATE TABLE refunds (
  refund         TEXT NOT NULL,          -- event id
  line           INTEGER NOT NULL,       -- of the sale, from 1
  sale           TEXT NOT NULL,
  member         TEXT NOT NULL,
  quantity_micro INTEGER NOT NULL,
  reversed       INTEGER NOT NULL,       -- as the till told
  restored       INTEGER NOT NULL,
  ok_reversed    INTEGER,                -- as far as the sale goes; NULL: waits for it
  ok_restored    INTEGER,
  PRIMARY KEY (refund, line)
) WITHOUT ROWID;
CREATE INDEX refunds_of_sale ON refunds (sale, line);

CREATE TABLE visits (
  member  TEXT NOT NULL,
  store   TEXT NOT NULL,
  visits  INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  PRIMARY KEY (member, store)
) WITHOUT ROWID;

-- Members whose rights at tills are to be looked at again; each life remembers how far it has come (terminals.due_seq).
CREATE TABLE rights_due (
  member  TEXT PRIMARY KEY,
  due_seq INTEGER NOT NULL UNIQUE
) WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('due', 0), ('revocations', 0);

-- Signed cards. Personal only through `member`.
CREATE TABLE cards (
  serial     TEXT PRIMARY KEY,         -- 16 hex digits
  member     TEXT NOT NULL,
  level      INTEGER NOT NULL,
  issued_ms  INTEGER NOT NULL,
  denied_ms  INTEGER,
  last_step  INTEGER NOT NULL DEFAULT 0  -- of a phone's time codes: used up to here, as far as is known
) WITHOUT ROWID;
CREATE INDEX cards_of ON cards (member);

CREATE TABLE pins (
  member     TEXT PRIMARY KEY,
  hash       TEXT NOT NULL,            -- Argon2id, peppered; '' once erased
  generation INTEGER NOT NULL,
  failures   INTEGER NOT NULL DEFAULT 0,
  locked     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

ALTER TABLE members ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN erased_ms INTEGER;
CREATE INDEX members_merged ON members (merged_into) WHERE merged_into <> '';

CREATE TABLE revocations (
  kind  TEXT NOT NULL CHECK (kind IN ('serial', 'number', 'erased')),
  value TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, value)
) WITHOUT ROWID;

-- Points of a receipt whose till's disk is lost.
CREATE TABLE claims (
  event_id TEXT PRIMARY KEY,
  hash     BLOB NOT NULL,
  member   TEXT NOT NULL,
  points   INTEGER NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('waiting', 'released', 'refused', 'consumed')),
  evidence TEXT NOT NULL,
  at_ms    INTEGER NOT NULL
) WITHOUT ROWID;

-- One-time benefits: the smallest event id of a key wins.
CREATE TABLE benefits (
  benefit  TEXT NOT NULL,
  member   TEXT NOT NULL,              -- canonical when it was given
  period   TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (benefit, member, period)
) WITHOUT ROWID;

-- What somebody should look at.
CREATE TABLE inbox (
  id      INTEGER PRIMARY KEY,
  at_ms   INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail  TEXT NOT NULL,
  done_ms INTEGER
);
CREATE INDEX inbox_open ON inbox (id) WHERE done_ms IS NULL;
