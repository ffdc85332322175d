-- description: what head office keeps: journals, ledger, members, catalogue, tills, tokens
-- min_compatible: 1

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE stores (
  code       TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  currency   TEXT NOT NULL,            -- '' until the first till enrols
  created_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- One row for each life of a till; its head is what has been posted.
CREATE TABLE terminals (
  terminal     TEXT NOT NULL,          -- STORE/TILL
  incarnation  INTEGER NOT NULL,
  store        TEXT NOT NULL REFERENCES stores(code),
  till         TEXT NOT NULL,
  public_key   BLOB NOT NULL,
  name         TEXT NOT NULL,
  head_seq     INTEGER NOT NULL DEFAULT 0,
  head_hash    BLOB NOT NULL,
  enrolled_ms  INTEGER NOT NULL,
  last_seen_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal, incarnation)
) WITHOUT ROWID;

-- Bearer secrets, as SHA-256 only.
CREATE TABLE tokens (
  hash        BLOB PRIMARY KEY,
  role        TEXT NOT NULL CHECK (role IN ('till', 'puller', 'admin', 'auditor')),
  terminal    TEXT NOT NULL DEFAULT '',
  incarnation INTEGER NOT NULL DEFAULT 0,
  created_ms  INTEGER NOT NULL,
  revoked_ms  INTEGER
) WITHOUT ROWID;
CREATE INDEX tokens_by_terminal ON tokens (terminal, incarnation) WHERE role = 'till';

-- One-time codes, as SHA-256 only: for a till's enrolment, or for the first administrator.
CREATE TABLE codes (
  hash       BLOB PRIMARY KEY,
  purpose    TEXT NOT NULL CHECK (purpose IN ('till', 'first_admin')),
  store      TEXT NOT NULL DEFAULT '',
  till       TEXT NOT NULL DEFAULT '',
  expires_ms INTEGER NOT NULL,
  used_ms    INTEGER
) WITHOUT ROWID;

-- What tills did, in the order in which it was committed here. body is the exact text that was hashed.
CREATE TABLE events (
  commit_seq  INTEGER PRIMARY KEY,
  event_id    TEXT NOT NULL,
  terminal    TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
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
  body        TEXT NOT NULL,
  UNIQUE (terminal, incarnation, seq)
);
CREATE INDEX events_by_id ON events (event_id);
CREATE INDEX events_by_place ON events (store, till, commit_seq);
CREATE INDEX events_sales ON events (commit_seq) WHERE kind = 'sale';
CREATE INDEX events_parked ON events (commit_seq) WHERE parked <> '';

-- Free text and personal data that belong to an event but not to its hash. May be erased.
CREATE TABLE sides (
  commit_seq INTEGER PRIMARY KEY REFERENCES events(commit_seq),
  salt       BLOB NOT NULL,
  side       TEXT NOT NULL
);

-- A second history of the same place in a chain: kept, never posted.
CREATE TABLE branches (
  terminal    TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  hash        BLOB NOT NULL,
  body        TEXT NOT NULL,
  salt        BLOB NOT NULL,
  side        TEXT,
  received_ms INTEGER NOT NULL,
  PRIMARY KEY (terminal, incarnation, seq, hash)
) WITHOUT ROWID;

-- Double entry. The amounts of one event add up to zero.
CREATE TABLE entries (
  commit_seq INTEGER NOT NULL REFERENCES events(commit_seq),
  line       INTEGER NOT NULL,
  member     TEXT NOT NULL,
  account    TEXT NOT NULL,
  source     TEXT NOT NULL,
  lot        TEXT NOT NULL,
  amount     INTEGER NOT NULL,
  PRIMARY KEY (commit_seq, line)
) WITHOUT ROWID;
CREATE INDEX entries_by_member ON entries (member, account);

-- What entries add up to for a member; `verify` computes it again.
CREATE TABLE balances (member TEXT PRIMARY KEY, points INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE members (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  phone       TEXT NOT NULL,
  card        TEXT NOT NULL,
  language    TEXT NOT NULL,
  consents    TEXT NOT NULL,           -- words with a comma between
  enrolled_ms INTEGER NOT NULL,
  as_of_ms    INTEGER NOT NULL,        -- when the balance last moved, or the member was enrolled
  change_seq  INTEGER NOT NULL UNIQUE
) WITHOUT ROWID;
CREATE INDEX members_by_phone ON members (phone) WHERE phone <> '';
CREATE INDEX members_by_card ON members (card) WHERE card <> '';

CREATE TABLE products (
  barcode    TEXT NOT NULL,
  currency   TEXT NOT NULL,
  name       TEXT NOT NULL,
  price      INTEGER NOT NULL,
  deleted    INTEGER NOT NULL DEFAULT 0,
  wire       TEXT NOT NULL,            -- the whole product as tills get it (JSON)
  change_seq INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (barcode, currency)
) WITHOUT ROWID;

-- change_seq comes from here: one counter for all that tills pull.
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('change', 0);

CREATE TABLE audit (
  id     INTEGER PRIMARY KEY,
  at_ms  INTEGER NOT NULL,
  who    TEXT NOT NULL,
  what   TEXT NOT NULL,
  detail TEXT NOT NULL
);

CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_same BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER entries_same BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER audit_stay BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is never deleted'); END;
CREATE TRIGGER audit_same BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
