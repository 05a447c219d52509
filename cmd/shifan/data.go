package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"shifan/internal/casework"
	"shifan/internal/store"
)

// data is where an installation keeps what it knows. Every command that needs
// it takes the same flags.
type data struct {
	dir string // the folder: the database and the record's key
	url string // postgres://…; empty: SQLite in the folder
}

func (d *data) flags(f *flag.FlagSet) {
	f.StringVar(&d.dir, "data", "./data", "`folder` of the database and the keys")
	f.StringVar(&d.url, "database-url", "", "postgres://… in place of the folder's database")
}

// A folder belongs either to real data or to a demonstration, and a file in it
// says which, so that a movable clock never touches real data.
const (
	realData = "serve"
	demoData = "demo"
	markFile = "kind"
)

var (
	errDemoHere = errors.New("这个文件夹里是演示数据，不能正式使用。换一个 --data 文件夹。")
	errRealHere = errors.New("这个文件夹里是正式数据，不能在上面运行演示。去掉 --data，或换一个空文件夹。")
)

// claim makes the folder and marks what it is for. It refuses a folder that
// serves the other purpose.
func (d *data) claim(purpose string) error {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	mark := filepath.Join(d.dir, markFile)
	was, err := os.ReadFile(mark)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if _, err := os.Stat(d.file()); err == nil && purpose == demoData {
			return errRealHere
		}
		return os.WriteFile(mark, []byte(purpose), 0o600)
	case err != nil:
		return err
	case string(was) == purpose:
		return nil
	case purpose == demoData:
		return errRealHere
	}
	return errDemoHere
}

func (d *data) file() string { return filepath.Join(d.dir, "shifan.db") }

// open opens the data for real use. The desk's clock is the machine's.
func (d *data) open(ctx context.Context) (*casework.Desk, error) {
	if err := d.claim(realData); err != nil {
		return nil, err
	}
	place, name := d.url, "the database of --database-url" // a URL holds a password
	if place == "" {
		place, name = d.file(), d.file()
	}
	s, err := store.Open(ctx, place)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	return &casework.Desk{Store: s, Now: time.Now, Rand: rand.Reader}, nil
}
