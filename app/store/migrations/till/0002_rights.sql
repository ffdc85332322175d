-- description: rights to spend points, cards, PINs, lives of a till
-- min_compatible: 2

-- A till may have had several lives (incarnations), each a chain of its own that starts at seq 1 after 32 zero bytes.
-- journal.seq, and every "seq" beside it, is a place: it counts on through all of them. An event's own seq is its place
-- less the base_place of its life.
CREATE TABLE life(
  base_place INTEGER PRIMARY KEY,
  incarnation INTEGER NOT NULL UNIQUE
) STRICT;
INSERT INTO life(base_place, incarnation)
  SELECT 0, json_extract(CAST(value AS TEXT), '$.incarnation') FROM meta
  WHERE key = 'identity' AND EXISTS (SELECT 1 FROM journal);

-- hq_available, hq_pending: of head office's figure hq_points; hq_epoch: the life of head office that said so.
-- stand_in_place: the last place that was certified with hq_available >= 0: stand-in up to there is settled.
-- hq_pin: they spend with a PIN, whether or not this till can check it.
-- merged_into: row of the member that this one is shown and served as. pseudonym: what a signed card says of the member.
ALTER TABLE member ADD COLUMN hq_available INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN hq_pending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN hq_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN stand_in_place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN hq_pin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN merged_into INTEGER;
ALTER TABLE member ADD COLUMN pseudonym BLOB;
CREATE INDEX member_merged ON member(merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX member_pseudonym ON member(pseudonym);

-- What this till may spend, by lot: account ESCROW (source: the grant) or LOCAL (source empty). Moved in the very
-- transaction that writes the event; a row that comes to nothing goes away.
CREATE TABLE right_lot(
  member INTEGER NOT NULL,
  account TEXT NOT NULL,
  source TEXT NOT NULL,
  lot TEXT NOT NULL,
  left INTEGER NOT NULL,
  active_ms INTEGER NOT NULL DEFAULT 0,
  expires_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (member, account, source, lot)
) STRICT, WITHOUT ROWID;
INSERT INTO right_lot(member, account, source, lot, left)
  SELECT member, 'LOCAL', '', lot, sum(amount) FROM ledger WHERE account = 'LOCAL' GROUP BY member, lot
  HAVING sum(amount) <> 0;

-- Every grant that was ever accepted here, so that none is accepted twice. closed: given back, or dropped with a life.
CREATE TABLE grant_held(
  id TEXT PRIMARY KEY,
  member INTEGER NOT NULL,
  not_after_ms INTEGER NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_open ON grant_held(not_after_ms) WHERE closed = 0;

CREATE TABLE permit(
  id TEXT PRIMARY KEY,
  member INTEGER NOT NULL,
  cap INTEGER NOT NULL,
  till_cap INTEGER NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX permit_member ON permit(member) WHERE closed = 0;

-- Points spent past the rights held.
CREATE TABLE stand_in(
  seq INTEGER PRIMARY KEY,
  member INTEGER NOT NULL,
  amount INTEGER NOT NULL
) STRICT;
CREATE INDEX stand_in_member ON stand_in(member, seq);

-- What baskets that are not committed yet keep for themselves. Outside the journal: a power cut may lose it.
CREATE TABLE reservation(
  sale BLOB NOT NULL CHECK (length(sale) = 16),
  entry INTEGER NOT NULL,
  member INTEGER NOT NULL,
  account TEXT NOT NULL,
  source TEXT NOT NULL,
  lot TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (sale, entry)
) STRICT, WITHOUT ROWID;
-- Baskets that asked head office to hold points (event "reserve") and are neither committed nor abandoned.
CREATE TABLE reserve_open(
  sale BLOB PRIMARY KEY CHECK (length(sale) = 16),
  member INTEGER NOT NULL,
  points INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a member spent here in the two days before their last sale, by quarter of an hour since 1970. A day of business
-- begins at some zone's midnight, which is the beginning of a quarter; the zone may change, the journal does not.
CREATE TABLE spent_lately(
  member INTEGER NOT NULL,
  quarter INTEGER NOT NULL,
  points INTEGER NOT NULL,
  PRIMARY KEY (member, quarter)
) STRICT, WITHOUT ROWID;

-- What was taken back here of each line (from 1) of a sale.
CREATE TABLE refund_line(
  sale BLOB NOT NULL,
  line INTEGER NOT NULL,
  quantity_micro INTEGER NOT NULL,
  PRIMARY KEY (sale, line)
) STRICT, WITHOUT ROWID;

-- `sealed`: the PIN's hash, bound to the row. `failures` counts the tries of one generation; a right PIN clears it.
CREATE TABLE member_pin(
  member INTEGER PRIMARY KEY,
  sealed BLOB,
  generation INTEGER NOT NULL,
  locked INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0
) STRICT;
-- `sealed`: the secret of a phone's time codes.
CREATE TABLE phone_secret(
  serial BLOB PRIMARY KEY CHECK (length(serial) = 8),
  member INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- The last time code that was used up here, by card.
CREATE TABLE card_step(
  serial BLOB PRIMARY KEY CHECK (length(serial) = 8),
  step INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE signed_card(
  serial BLOB PRIMARY KEY CHECK (length(serial) = 8),
  member INTEGER NOT NULL,
  level INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Lost cards: serials of signed ones, keyed hashes of numbers.
CREATE TABLE denied_serial(
  serial BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE denied_number(
  card_key BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Where verification begins after old events were removed: the hash of the event at `place`, and what the events up to
-- there had made of this till's rights (`state`), under this till's signature.
CREATE TABLE checkpoint(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  place INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  state TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT;
DROP TRIGGER journal_no_delete;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
  WHEN OLD.seq > (SELECT coalesce(max(place), 0) FROM checkpoint)
  BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
