-- description: journal, sales, points, members, cashiers, shifts, print jobs and the outbox
-- min_compatible: 1

-- Small facts by name: which till this is, the programme in force, enrolment, cursors. Secrets are sealed.
CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The chain: hash = SHA-256(hash of seq - 1 || body). `body` is the exact text that was hashed, never made again.
CREATE TABLE journal(
  seq INTEGER PRIMARY KEY,
  event_id BLOB NOT NULL CHECK (length(event_id) = 16),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  body TEXT NOT NULL
) STRICT;

-- Salt and free text of an event, sealed. Outside the chain (the body holds only a salted digest), so that erasing a
-- person's words leaves the chain whole: no trigger protects this table.
CREATE TABLE journal_side(
  seq INTEGER PRIMARY KEY,
  sealed BLOB NOT NULL
) STRICT;

-- Ed25519 over the hash of `seq`, which vouches for everything up to it. Made later than the event, hence apart.
CREATE TABLE journal_signature(
  seq INTEGER PRIMARY KEY,
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

-- What head office has not acknowledged.
CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY,
  is_sale INTEGER NOT NULL
) STRICT;

-- Amounts are minor units of the till's currency. `number` is the counter in the receipt number. No foreign keys and no
-- second index on the tables below: one connection writes them in one place, and each index costs every sale a page.
CREATE TABLE sale(
  number INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  cashier BLOB NOT NULL,
  shift BLOB NOT NULL,
  member INTEGER,
  lines INTEGER NOT NULL,
  subtotal INTEGER NOT NULL,
  savings INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  total INTEGER NOT NULL,
  rounding INTEGER NOT NULL,
  change INTEGER NOT NULL,
  points_earned INTEGER NOT NULL,
  points_spent INTEGER NOT NULL,
  training INTEGER NOT NULL
) STRICT;

-- One integer key, sale * 1024 + line (a basket holds at most 1000): rows are appended, which costs SQLite a third of
-- what a key of two columns does. `sale` and `line` are read from it.
CREATE TABLE sale_line(
  id INTEGER PRIMARY KEY,
  barcode TEXT NOT NULL,
  sku TEXT NOT NULL,
  quantity_micro INTEGER NOT NULL,
  unit_price INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  total INTEGER NOT NULL,
  tax_code TEXT NOT NULL,
  tax INTEGER NOT NULL,
  sale INTEGER GENERATED ALWAYS AS (id >> 10) VIRTUAL,
  line INTEGER GENERATED ALWAYS AS (id & 1023) VIRTUAL
) STRICT;

CREATE TABLE sale_tender(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  amount INTEGER NOT NULL,
  given INTEGER NOT NULL,
  sale INTEGER GENERATED ALWAYS AS (id >> 10) VIRTUAL,
  tender INTEGER GENERATED ALWAYS AS (id & 1023) VIRTUAL
) STRICT;

-- Double entry: the rows of one event add up to zero. Both sides stand under the member, so that a balance is one
-- stretch of this table. member 0: an event of nobody.
CREATE TABLE ledger(
  member INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  account TEXT NOT NULL,
  source TEXT NOT NULL,
  lot TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (member, seq, entry)
) STRICT, WITHOUT ROWID;

-- `sealed`: name, phone, card, language and consents as JSON under AES-GCM, bound to the row. Looked up by keyed hashes.
-- hq_*: what head office last said; a balance is hq_points plus ledger entries after hq_seq.
CREATE TABLE member(
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  card_key BLOB,
  phone_key BLOB,
  sealed BLOB,
  hq_points INTEGER NOT NULL DEFAULT 0,
  hq_seq INTEGER NOT NULL DEFAULT 0,
  hq_at_ms INTEGER NOT NULL DEFAULT 0,
  erased INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Not UNIQUE: two tills may enrol one phone while offline, and both members must be kept until they are merged.
CREATE INDEX member_card ON member(card_key) WHERE card_key IS NOT NULL;
CREATE INDEX member_phone ON member(phone_key) WHERE phone_key IS NOT NULL;

CREATE TABLE cashier(
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'manager')),
  pin_hash TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE shift(
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  opened_by BLOB NOT NULL,
  opening_float INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL,
  closed_ms INTEGER
) STRICT;

-- Receipts without paper so far, and those with. Two tables, so that asking what waits is short after years of sales
-- without an index that each sale would pay for.
CREATE TABLE print_job(
  number INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('queued', 'failed')),
  detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE print_done(
  number INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('sent', 'confirmed', 'unknown')),
  detail TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER sale_no_update BEFORE UPDATE ON sale
  BEGIN SELECT raise(ABORT, 'sales are append-only'); END;
CREATE TRIGGER sale_no_delete BEFORE DELETE ON sale
  BEGIN SELECT raise(ABORT, 'sales are append-only'); END;
CREATE TRIGGER sale_line_no_update BEFORE UPDATE ON sale_line
  BEGIN SELECT raise(ABORT, 'sales are append-only'); END;
CREATE TRIGGER sale_line_no_delete BEFORE DELETE ON sale_line
  BEGIN SELECT raise(ABORT, 'sales are append-only'); END;
CREATE TRIGGER sale_tender_no_update BEFORE UPDATE ON sale_tender
  BEGIN SELECT raise(ABORT, 'sales are append-only'); END;
CREATE TRIGGER sale_tender_no_delete BEFORE DELETE ON sale_tender
  BEGIN SELECT raise(ABORT, 'sales are append-only'); END;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
  BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
  BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
