package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"shifan/internal/backup"
	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/evidence"
	"shifan/internal/lifecycle/upload"
	"shifan/internal/paper/font"
	"shifan/internal/record"
	"shifan/internal/store"
)

// data is where an installation keeps what it knows. Every command that needs
// it takes the same flags.
type data struct {
	dir   string // the folder: the database and the record's key
	url   string // postgres://…; empty: SQLite in the folder
	blobs string // s3://… or file://…; empty: a folder in the folder
	clamd string // address of the virus scanner; empty: none
	cache string // folder of what can be made again, such as the compiled renderer; empty: one in the folder
}

func (d *data) flags(f *flag.FlagSet) {
	f.StringVar(&d.dir, "data", "./data", "`folder` of the database and the keys")
	f.StringVar(&d.url, "database-url", "", "postgres://… in place of the folder's database")
}

// files opens where uploaded files are kept, and a folder for those on their way.
func (d *data) files(ctx context.Context) (f casework.Files, err error) {
	cache := cmp.Or(d.cache, filepath.Join(d.dir, "cache"))
	f.Folder, f.Reader = filepath.Join(d.dir, "uploads"), &evidence.Reader{Cache: cache, Fonts: font.StandIn(), Apart: readerIn(cache)}
	if d.clamd != "" {
		f.Scanner = &evidence.Scanner{Address: d.clamd}
	}
	if err := os.MkdirAll(f.Folder, 0o700); err != nil {
		return f, err
	}
	left, err := os.ReadDir(f.Folder)
	if err != nil {
		return f, err
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	for _, e := range left { // what was on its way when a process ended
		if i, err := e.Info(); err == nil && i.ModTime().Before(yesterday) {
			os.RemoveAll(filepath.Join(f.Folder, e.Name())) //nolint:errcheck // the next start tries again
		}
	}
	kept, err := d.blobsIn(ctx, d.dir)
	if f.Blobs, f.Parts = kept.Files, kept.Parts; err == nil { // what a killed process left of files on their way
		err = blob.Expire(ctx, f.Parts, time.Now().Add(-upload.Lifetime-time.Hour))
	}
	return f, err
}

// filesDir is the folder of uploaded files in the data folder.
const filesDir = "files"

// blobsIn opens where uploaded files are kept: where --blob-url says, or in a folder.
func (d *data) blobsIn(ctx context.Context, dir string) (b backup.Blobs, err error) {
	if d.blobs == "" {
		b.Files, err = blob.Folder(filepath.Join(dir, filesDir))
	} else if b.Files, err = blob.Open(ctx, d.blobs); err != nil {
		err = fmt.Errorf("--blob-url: %w", err)
	}
	if err != nil {
		return b, err
	}
	b.Parts, err = blob.Within(b.Files, "parts")
	return b, err
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
func (d *data) open(ctx context.Context) (*casework.Desk, error) { return d.openFor(ctx, realData) }

// openFor opens the data for a purpose. It refuses a database that is older than
// what this machine has seen of it.
func (d *data) openFor(ctx context.Context, purpose string) (*casework.Desk, error) {
	if err := d.claim(purpose); err != nil {
		return nil, err
	}
	s, key, err := d.store(ctx)
	if err != nil {
		return nil, err
	}
	s.Guard(store.Promises())
	err = s.UseKey(ctx, key)
	if errors.Is(err, store.ErrOtherKey) {
		err = fmt.Errorf("%w（%w）", errOtherKey, err)
	}
	if err == nil {
		err = d.extends(ctx, s, key.Verifier)
	}
	var files casework.Files
	if err == nil {
		files, err = d.files(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	desk := &casework.Desk{Store: s, Now: time.Now, Rand: rand.Reader, Files: files}
	s.Follow(desk.Followed)
	return desk, nil
}

// errOtherKey says that the record was signed with a key that is not here.
var errOtherKey = errors.New("这个数据库的存证日志是用另一把密钥签名的。把原来数据文件夹里的 record.key 放到 --data 文件夹")

// store opens the database, and reads the record's key; both are made when they are
// not there.
func (d *data) store(ctx context.Context) (*store.Store, record.Key, error) {
	key, err := d.key()
	if err != nil {
		return nil, key, err
	}
	place, name := d.url, "the database of --database-url" // a URL holds a password
	if place == "" {
		place, name = d.file(), d.file()
	}
	s, err := store.Open(ctx, place)
	if err != nil {
		err = fmt.Errorf("open %s: %w", name, err)
	}
	return s, key, err
}

// errNothing says that there is no data in the folder.
var errNothing = errors.New("这个文件夹里没有数据。用 --data 指明数据文件夹")

// there reports whether there is data to read.
func (d *data) there() error {
	_, err := os.Stat(filepath.Join(d.dir, keyFile))
	if err != nil {
		return errNothing
	}
	return nil
}
