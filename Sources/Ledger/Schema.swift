import GRDB

/// The tables of `ledger.sqlite`, and how older ones become these.
///
/// Addresses are text of 64 hexadecimal digits, dates are seconds since 1970, and everything that
/// only its writer understands is JSON. A migration that was released is never changed; a new one is
/// added after it.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: version1)
    }
    migrator.registerMigration("readings") { database in
      try database.execute(
        sql: """
          CREATE TABLE reading (
            weights TEXT NOT NULL, reference TEXT NOT NULL, content TEXT NOT NULL,
            PRIMARY KEY (weights, reference)
          ) WITHOUT ROWID
          """)
    }
    migrator.registerMigration("bounds") { database in
      try database.execute(
        sql: """
          CREATE TABLE bound (
            weights TEXT NOT NULL, split TEXT NOT NULL, evaluator TEXT NOT NULL,
            correct INTEGER NOT NULL, seen INTEGER NOT NULL, n INTEGER NOT NULL, date REAL NOT NULL,
            PRIMARY KEY (weights, split, evaluator)
          ) WITHOUT ROWID
          """)
    }
    migrator.registerMigration("gradients") { database in
      try database.execute(
        sql: """
          CREATE TABLE gradient (
            number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
            bytes INTEGER NOT NULL, content BLOB NOT NULL
          )
          """)
    }
    migrator.registerMigration("described splits") { database in
      try database.execute(
        sql: """
          CREATE TABLE described_split (
            evaluator TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
            PRIMARY KEY (evaluator, name)
          ) WITHOUT ROWID
          """)
    }
    return migrator
  }

  private static let version1 = """
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
    """
}
