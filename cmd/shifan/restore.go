package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"shifan/internal/backup"
	"shifan/internal/store"
)

const restoreUsage = "restore FILE [--passphrase-file FILE] [--unverified] [--json] [--data DIR] [--database-url URL] [--blob-url URL]"

// restoring is the folder in which a restore is until it is whole: this name in a data
// folder that is there, or the ending of its name beside it.
const restoring = ".restore"

// runRestore makes an installation of a backup.
func runRestore(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	flags.StringVar(&d.blobs, "blob-url", "", "where uploaded files go; a folder in --data when empty")
	from := flags.String("passphrase-file", "", "`file` with the passphrase; else "+secretVar+", else the terminal is asked")
	whatever := flags.Bool("unverified", false, "restore even what the record says is not so")
	asJSON := flags.Bool("json", false, "print one JSON document")
	words, err := interspersed(flags, args)
	if err != nil || len(words) != 1 {
		fmt.Fprintln(stderr, "usage: shifan "+restoreUsage)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	m, v, err := d.restore(ctx, words[0], *from, *whatever, stderr)
	if err != nil {
		return wrong(stderr, err)
	}
	status := exitDone
	if !v.Holds() {
		status = exitNot
	}
	if len(m.Missing) > 0 {
		fmt.Fprintf(stderr, "做备份时就缺少%d个上传的文件，例如SHA-256为%s的。\n", len(m.Missing), m.Missing[0])
	}
	if *asJSON {
		return printJSON(struct {
			Holds    bool            `json:"holds"`
			Manifest backup.Manifest `json:"manifest"`
			Verdict  store.Verdict   `json:"verdict"`
		}{v.Holds(), m, v}, status, stdout, stderr)
	}
	fmt.Fprintf(stdout, "已恢复%s的备份：%d张表%d行，上传的文件%d个，数据文件夹%d个文件。\n",
		m.MadeAt.Local().Format("2006-01-02 15:04:05"), len(m.Tables), m.Rows, m.Files, len(m.Folder))
	sayVerdict(v, stdout)
	return status
}

// errFull says that a data folder is in use.
var errFull = errors.New("这个数据文件夹里已有内容，不能恢复到上面。换一个空文件夹或者还没有的文件夹。什么都没有写入")

// room is where a restore is until it is whole.
type room struct {
	dir, temp string
	inside    bool // temp is in dir, which is there: perhaps it cannot be renamed
}

// room finds room for a restore, and makes nothing yet.
func (d *data) room() (r room, err error) {
	r = room{dir: filepath.Clean(d.dir), temp: filepath.Clean(d.dir) + restoring}
	all, err := os.ReadDir(r.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	for _, e := range all {
		if e.Name() != restoring && e.Name() != "lost+found" {
			return r, errFull
		}
	}
	r.temp, r.inside = filepath.Join(r.dir, restoring), true
	return r, err
}

// open makes the room anew: what is in it a killed restore left.
func (r room) open() (*os.Root, error) {
	if err := os.RemoveAll(r.temp); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(r.temp, 0o700); err != nil {
		return nil, err
	}
	return os.OpenRoot(r.temp)
}

// close shows what is whole. Where the folder itself was there its files are moved one
// by one: the database first and its key last, so that no server takes half of them for
// an installation.
func (r room) close() error {
	if !r.inside {
		if err := errors.Join(syncFolder(r.temp), os.Rename(r.temp, r.dir)); err != nil {
			return err
		}
		return syncFolder(filepath.Dir(r.dir))
	}
	all, err := os.ReadDir(r.temp)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b fs.DirEntry) int { return turn(b.Name()) - turn(a.Name()) })
	for _, e := range all {
		if err := os.Rename(filepath.Join(r.temp, e.Name()), filepath.Join(r.dir, e.Name())); err != nil {
			return err
		}
	}
	return errors.Join(os.Remove(r.temp), syncFolder(r.dir))
}

// turn orders what is moved into its place: the highest first.
func turn(name string) int {
	switch name {
	case "shifan.db":
		return 1
	case keyFile:
		return -1
	}
	return 0
}

// restore restores a backup, all of it or nothing.
func (d *data) restore(ctx context.Context, file, passphraseFile string, whatever bool, stderr io.Writer) (m backup.Manifest, v store.Verdict, err error) {
	room, err := d.room()
	if err != nil {
		return m, v, err
	}
	from, err := os.Open(file)
	if err != nil {
		return m, v, unreadable(file, err)
	}
	defer from.Close() //nolint:errcheck // it was only read
	passphrase, err := secret(passphraseFile, false, stderr)
	if err != nil {
		return m, v, err
	}
	into := backup.Target{
		Unverified: whatever,
		Folder:     func() (*os.Root, error) { return os.OpenRoot(room.temp) },
		Blobs:      func(ctx context.Context) (backup.Blobs, error) { return d.blobsIn(ctx, room.temp) },
		Open: func(ctx context.Context, schema int64) (s *store.Store, err error) {
			if d.url != "" {
				if s, err = store.OpenEmpty(ctx, d.url, schema); err != nil {
					return nil, err
				}
			}
			root, err := room.open()
			if err == nil {
				err = root.Close()
			}
			switch {
			case err == nil && s == nil:
				return store.OpenEmpty(ctx, filepath.Join(room.temp, filepath.Base(d.file())), schema)
			case err != nil && s != nil:
				err = errors.Join(err, s.Close())
			}
			return s, err
		},
	}
	if m, v, err = backup.Read(ctx, from, passphrase, into); err != nil {
		return m, v, errors.Join(err, os.RemoveAll(room.temp))
	}
	if err := room.close(); err != nil { // nothing is taken away: the database may be in its place
		return m, v, fmt.Errorf("数据已经全部读出，但不能放到位：把 %s 里剩下的内容移到 %s（%w）", room.temp, room.dir, err)
	}
	return m, v, nil
}
