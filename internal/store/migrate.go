package store

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database to the newest form. Two nodes that start at once
// do it one after the other.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.migrations()
	if err == nil {
		_, err = p.Up(ctx)
	}
	return err
}

// migrateTo brings the database to the form that a migration made.
func (s *Store) migrateTo(ctx context.Context, number int64) error {
	p, err := s.migrations()
	if err == nil {
		_, err = p.UpTo(ctx, number)
	}
	return err
}

// migrations is what brings this database from form to form.
func (s *Store) migrations() (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.dialect == &postgresDialect {
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(l))
	}
	return goose.NewProvider(s.dialect.goose, s.writes, migrationsFor(s.dialect.name), options...)
}

// Newest is the number of the newest migration that this program has, of either
// engine.
func Newest() (newest int64) {
	all, _ := migrations.ReadDir("migrations") //nolint:errcheck // it is part of the program
	for _, e := range all {
		newest = max(newest, numberOf(e))
	}
	return newest
}

// numberOf is the number that a migration's name begins with.
func numberOf(e fs.DirEntry) int64 {
	number, _, _ := strings.Cut(e.Name(), "_")
	n, _ := strconv.ParseInt(number, 10, 64) //nolint:errcheck // goose has read it
	return n
}

// Schema is the number of the newest migration that the database has.
func (s *Store) Schema(ctx context.Context) (int64, error) { return version(ctx, s.reads) }

// What a store that is not ready may lack.
var (
	errOldForm = errors.New("store: the database has another form than this program")
	errNoKey   = errors.New("store: the record's key is not loaded")
)

// Ready reports whether the store can serve: the database answers, has the form that
// this program made or expects, and the record's key is loaded.
func (s *Store) Ready(ctx context.Context) error {
	newest := int64(0)
	all, err := migrationsFor(s.dialect.name).ReadDir(".")
	for _, e := range all {
		newest = max(newest, numberOf(e))
	}
	if err != nil {
		return err
	}
	var has int64
	if err := s.reads.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&has); err != nil {
		return err
	}
	if has != newest {
		return fmt.Errorf("%w: %d, not %d", errOldForm, has, newest)
	}
	if s.key == nil {
		return errNoKey
	}
	return nil
}

// migrationsFor is the folder of the migrations as one engine needs them. A
// migration is one text for both, NNNN_word.sql; only where the engines must
// differ there are NNNN_word.sqlite.sql and NNNN_word.postgres.sql. The files
// are plain SQL; what goose wants to be told is added on the way.
type migrationsFor string

// Open implements fs.FS.
func (engine migrationsFor) Open(name string) (fs.File, error) {
	if name == "." {
		return migrations.Open("migrations")
	}
	text, err := migrations.ReadFile(path.Join("migrations", name))
	if err != nil {
		return nil, err
	}
	f, err := migrations.Open(path.Join("migrations", name))
	if err != nil {
		return nil, err
	}
	return migration{f, bytes.NewReader(append([]byte("-- +goose Up\n"), text...))}, nil
}

// ReadDir implements fs.ReadDirFS: without what is for the other engine.
func (engine migrationsFor) ReadDir(string) ([]fs.DirEntry, error) {
	all, err := migrations.ReadDir("migrations")
	var ours []fs.DirEntry
	for _, e := range all {
		middle := strings.Split(e.Name(), ".")[1]
		if middle == "sql" || middle == string(engine) {
			ours = append(ours, e)
		}
	}
	return ours, err
}

// migration is one file, read with goose's mark in front.
type migration struct {
	fs.File
	text *bytes.Reader
}

// Read implements fs.File.
func (m migration) Read(p []byte) (int, error) { return m.text.Read(p) }
