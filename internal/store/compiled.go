package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	"modernc.org/sqlite"
)

// compiledMost bounds the statements that a connection keeps: what the store says, with
// lists of various lengths, and not what somebody could make it say without end.
const compiledMost = 200

// openKeeping opens an SQLite database whose connections keep the statements that they
// have compiled: the store says the same few hundred all the time, and compiling one
// takes longer than running it. PostgreSQL's driver does so by itself.
func openKeeping(name string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(name)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{c}), nil
}

type keeping struct{ driver.Connector }

// sqliteConn is what the driver's connections can do; all of it is passed on.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Connect implements driver.Connector.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keeper{sqliteConn: c.(sqliteConn), all: map[string]*compiled{}}, nil
}

// keeper is a connection with the statements it keeps. database/sql lets one goroutine
// at a time use it.
type keeper struct {
	sqliteConn
	all map[string]*compiled
}

// compiled is a compiled statement. While rows of it are read it is not free.
type compiled struct {
	stmt    sqliteStatement
	reading bool
}

type sqliteStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// Unwrap gives the driver's own connection, as the driver asks of who wraps it.
func (k *keeper) Unwrap() driver.Conn { return k.sqliteConn }

// ExecContext implements driver.ExecerContext.
func (k *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := k.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return k.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.stmt.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (k *keeper) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := k.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return k.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.reading = true
	return compiledRows{rows, s}, nil
}

// compiledRows frees its statement in the end.
type compiledRows struct {
	driver.Rows
	of *compiled
}

// Close implements driver.Rows.
func (r compiledRows) Close() error {
	r.of.reading = false
	return r.Rows.Close()
}

// statement finds or compiles a statement to keep; nil for one that is not kept, or of
// which rows are being read.
func (k *keeper) statement(ctx context.Context, query string) (*compiled, error) {
	if s := k.all[query]; s != nil {
		if s.reading {
			return nil, nil
		}
		return s, nil
	}
	verb, _, _ := strings.Cut(query, " ")
	switch verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "ROLLBACK":
	default: // what makes or asks about the database is said once
		return nil, nil
	}
	if err := k.room(); err != nil {
		return nil, err
	}
	stmt, err := k.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &compiled{stmt: stmt.(sqliteStatement)}
	k.all[query] = s
	return s, nil
}

// room lets one of the statements go when there are too many: any one, since those that
// are used most come back at once.
func (k *keeper) room() error {
	if len(k.all) < compiledMost {
		return nil
	}
	for query, s := range k.all {
		if !s.reading {
			delete(k.all, query)
			return s.stmt.Close()
		}
	}
	return nil
}

// Close implements driver.Conn.
func (k *keeper) Close() error {
	for query, s := range k.all {
		delete(k.all, query)
		s.stmt.Close() //nolint:errcheck // the connection goes, and all of its statements with it
	}
	return k.sqliteConn.Close()
}
