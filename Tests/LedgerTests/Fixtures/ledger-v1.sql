-- A ledger as its first version wrote it.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1');
CREATE TABLE file (
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL,
  changed INTEGER NOT NULL, inode INTEGER NOT NULL, address TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE evaluation (
  weights TEXT NOT NULL, split TEXT NOT NULL, evaluator TEXT NOT NULL,
  correct INTEGER NOT NULL, n INTEGER NOT NULL, nll REAL,
  seconds REAL NOT NULL, date REAL NOT NULL, metrics TEXT NOT NULL,
  PRIMARY KEY (weights, split, evaluator)
) WITHOUT ROWID;
CREATE INDEX evaluation_by_split ON evaluation (split, evaluator);

CREATE TABLE logits (
  key TEXT PRIMARY KEY, examples INTEGER NOT NULL, classes INTEGER NOT NULL,
  bytes INTEGER NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX logits_by_use ON logits (used);

CREATE TABLE pin (
  key TEXT NOT NULL, session TEXT NOT NULL, times INTEGER NOT NULL,
  PRIMARY KEY (key, session)
) WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT, recipe TEXT NOT NULL, options TEXT NOT NULL,
  members TEXT NOT NULL, status TEXT NOT NULL, session TEXT NOT NULL,
  started REAL NOT NULL, finished REAL, soup TEXT, message TEXT
);
CREATE INDEX run_by_status ON run (status);

CREATE TABLE decision (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, sequence INTEGER NOT NULL,
  candidate TEXT NOT NULL, correct INTEGER, n INTEGER, accepted INTEGER NOT NULL,
  margin INTEGER, payload TEXT NOT NULL, date REAL NOT NULL,
  PRIMARY KEY (run, sequence)
) WITHOUT ROWID;

CREATE TABLE soup (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, blend TEXT NOT NULL,
  provenance TEXT NOT NULL, date REAL NOT NULL
);
INSERT INTO file VALUES ('/sweep/a.safetensors', 10, 1, 2, 3, 'f67213b122a5d442d2b93bda8cc45c564a70ec5d2a4e0e95bb585cf199869c98');
INSERT INTO evaluation VALUES ('f67213b122a5d442d2b93bda8cc45c564a70ec5d2a4e0e95bb585cf199869c98', 'dab4ec71d610ff66d4e7454e2d5cc983dff60c9d620424a002969bcafb7a15be', '0b6319877155380c02fa4172cb8f57a2b2253d2affb273d53b6ed189b10d3eac', 542, 600, 0.5, 0.25, 1700000000, '{"top5":0.75}');
INSERT INTO logits VALUES ('f67213b122a5d442d2b93bda8cc45c564a70ec5d2a4e0e95bb585cf199869c98', 10, 10, 464, 1700000000);
INSERT INTO pin VALUES ('f67213b122a5d442d2b93bda8cc45c564a70ec5d2a4e0e95bb585cf199869c98', 'a-session-that-ended', 1);
INSERT INTO run VALUES (7, 'greedy', '{}', '["a","b"]', 'running', 'a-session-that-ended', 1700000000, NULL, NULL, NULL);
INSERT INTO decision VALUES (7, 0, 'a', 542, 600, 1, 0, '{}', 1700000001);
INSERT INTO decision VALUES (7, 1, 'b', NULL, NULL, 0, NULL, '{}', 1700000002);
INSERT INTO soup VALUES (3, 'mine', '[["a",1]]', '{}', 1700000003);
