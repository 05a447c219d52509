package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is what differs between the engines. Nothing else in the store knows
// which one it is on.
type dialect struct {
	name   string // "sqlite" or "postgres": the middle of a migration's name that is for one engine only
	goose  goose.Dialect
	change *sql.TxOptions // how a Change runs: as if it were alone
	view   *sql.TxOptions // how a View runs: on one state of the database

	// grouped says that changes share transactions; see group.go.
	grouped bool

	// again reports whether a transaction that did nothing failed, in the given
	// try, only because of another one at the same time: it is run again.
	again func(err error, try int) bool

	ticket string              // gives the number of the next entry of the record
	lock   string              // keeps others from sequencing the record until the commit; "" where there is one writer anyway
	raw    func(string) string // a column as it is kept, before the driver makes a bool of it
	json   func(string) string // a column of JSON, for json_each
	schema string              // lists every column: table, column, type, its place in the primary key from 1, or 0

	references string // lists which table refers to which
	lenient    string // lets rows of a load refer to rows that come later in it; "" where they may not
	count      string // lets tickets go on after those that were loaded; "" where they do by themselves
}

// Memory is the place of a database that is kept in memory and forgotten. It has
// one connection: a View inside a Change or another View would wait for ever.
const Memory = ":memory:"

// open opens the database at a place: writes go to the first, reads to the second,
// which may be the same.
func open(ctx context.Context, place string) (writes, reads *sql.DB, d *dialect, err error) {
	if strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://") {
		writes, err = openPostgres(ctx, place)
		return writes, writes, &postgresDialect, err
	}
	writes, reads, err = openSQLite(ctx, place)
	return writes, reads, &sqliteDialect, err
}

var sqliteDialect = dialect{
	grouped: true,
	ticket:  "SELECT COALESCE(MAX(ticket), 0) + 1 FROM entries",
	raw:     func(column string) string { return "+" + column },
	json:    func(column string) string { return column },
	schema: `SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY t.name, c.cid`,
	references: `SELECT t.name, f."table" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
	lenient:    "PRAGMA defer_foreign_keys = 1",
	name:       "sqlite", goose: goose.DialectSQLite3, change: nil, view: &sql.TxOptions{ReadOnly: true},
	again: func(err error, _ int) bool {
		e, ok := errors.AsType[*sqlite.Error](err)
		return ok && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
	},
}

// openSQLite opens, and creates when absent, the SQLite database in a file. One
// connection writes, in WAL mode and with every commit forced to the disk; the
// others read what is committed and cannot write. LIKE tells upper case from
// lower, as it does in PostgreSQL. What a savepoint would restore is kept in memory.
func openSQLite(ctx context.Context, file string) (writes, reads *sql.DB, err error) {
	const common = "_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=case_sensitive_like(1)&_pragma=cache_size(-16000)&_pragma=temp_store(MEMORY)"
	const forced = "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	name := "file:" + (&url.URL{Path: file}).EscapedPath()
	if file == Memory {
		db, err := openKeeping("file::memory:?" + common)
		if err != nil {
			return nil, nil, err
		}
		db.SetMaxOpenConns(1)
		db.SetConnMaxLifetime(0)
		return db, db, db.PingContext(ctx)
	}
	if writes, err = openKeeping(name + "?" + common + forced); err != nil {
		return nil, nil, err
	}
	writes.SetMaxOpenConns(1)
	if reads, err = openKeeping(name + "?" + common + "&_txlock=deferred&_pragma=query_only(1)"); err != nil {
		return nil, nil, errors.Join(err, writes.Close())
	}
	n := max(4, runtime.NumCPU())
	reads.SetMaxOpenConns(n)
	reads.SetMaxIdleConns(n)
	// The writer comes first: it creates the file and switches it to WAL.
	for _, db := range []*sql.DB{writes, reads} {
		if err := db.PingContext(ctx); err != nil {
			return nil, nil, errors.Join(err, writes.Close(), reads.Close())
		}
	}
	return writes, reads, nil
}

// A change on PostgreSQL is serializable, so that its rules may rest on anything
// that they read, as on SQLite, where changes run one at a time.
var postgresDialect = dialect{
	ticket: "SELECT nextval('entries_ticket')",
	lock:   "SELECT pg_advisory_xact_lock(20211124)",
	raw:    func(column string) string { return column },
	json:   func(column string) string { return "CAST(" + column + " AS json)" },
	schema: `SELECT t.relname, c.attname, UPPER(format_type(c.atttypid, NULL)),
			COALESCE((SELECT k.place FROM unnest(p.indkey) WITH ORDINALITY AS k (number, place) WHERE k.number = c.attnum), 0)
		FROM pg_class t
		JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
		LEFT JOIN pg_index p ON p.indrelid = t.oid AND p.indisprimary
		WHERE t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, c.attnum`,
	references: `SELECT f.relname, t.relname FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
		WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace`,
	count: "SELECT setval('entries_ticket', (SELECT COALESCE(MAX(ticket), 0) + 1 FROM entries), false)",
	name:  "postgres", goose: goose.DialectPostgres,
	change: &sql.TxOptions{Isolation: sql.LevelSerializable},
	view:   &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	again: func(err error, try int) bool {
		e, ok := errors.AsType[*pgconn.PgError](err)
		if !ok {
			return false
		}
		switch e.Code {
		case "40001", "40P01": // serialization failure, deadlock
			return true
		case "23505": // a double: when it was added at the same time, the next try sees it and the rules refuse
			return try < 3
		}
		return false
	},
}

// openPostgres opens the PostgreSQL database that a URL names. It must exist and
// keep text as UTF-8.
func openPostgres(ctx context.Context, place string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(place)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["application_name"] = "shifan"
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(10)
	var encoding string
	err = db.QueryRowContext(ctx, "SELECT current_setting('server_encoding')").Scan(&encoding)
	if err == nil && encoding != "UTF8" {
		err = fmt.Errorf("the database keeps text as %s; it must be UTF8", encoding)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
