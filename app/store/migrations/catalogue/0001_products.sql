-- description: products and the search by name
-- min_compatible: 1

CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- sku: NULL where it is the barcode. price: minor units of the till's currency, as the shelf shows it.
CREATE TABLE product(
  row INTEGER PRIMARY KEY,
  barcode TEXT NOT NULL,
  sku TEXT,
  name TEXT NOT NULL,
  name_en TEXT,
  name_th TEXT,
  name_vi TEXT,
  price INTEGER NOT NULL,
  price_source TEXT NOT NULL CHECK (price_source IN ('given', 'derived')),
  tax_code TEXT NOT NULL,
  category TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('each', 'kg')),
  min_age INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX product_barcode ON product(barcode);
CREATE INDEX product_sku ON product(sku) WHERE sku IS NOT NULL;

-- Words of all names, cut by search_text.cpp. Contentless: a row is taken out by giving its words again, which is why
-- meta.search_version names the rules by which they were cut.
CREATE VIRTUAL TABLE search USING fts5(
  words, content='', columnsize=0, detail=none, prefix='2 3',
  tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
