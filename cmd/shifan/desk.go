package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"time"

	"shifan/internal/casework"
	"shifan/internal/store"
)

// database is the file of the SQLite database in a data folder.
const database = "shifan.db"

// hasData reports whether a data folder holds a database.
func hasData(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, database))
	return err == nil
}

// openDesk opens the desk on a data folder, which it makes when it is absent.
// Call the returned function at the end.
func openDesk(ctx context.Context, dir string) (*casework.Desk, func() error, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, nil, err
	}
	s, err := store.OpenSQLite(ctx, filepath.Join(dir, database))
	if err != nil {
		return nil, nil, err
	}
	return &casework.Desk{Store: s, Now: time.Now, Rand: rand.Reader}, s.Close, nil
}
