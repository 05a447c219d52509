package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"shifan/internal/backup"
	"shifan/internal/store"
)

const backupUsage = "backup FILE [--force] [--passphrase-file FILE] [--json] [--data DIR] [--database-url URL] [--blob-url URL]"

// backupWork is what trying a backup's passphrase costs. Tests take less.
var backupWork = backup.Work

// backupFile says in the data folder when it was last backed up, for the operator's page.
const backupFile = "backup.json"

// lastBackup is what stands in it.
type lastBackup struct {
	At      time.Time `json:"at"`
	File    string    `json:"file"`
	Bytes   int64     `json:"bytes"` // of the file
	Rows    int64     `json:"rows"`
	Files   int64     `json:"files"`
	Entries int64     `json:"entries"`
	Missing int       `json:"missing"`
}

// runBackup writes everything, keys included, into one encrypted file.
func runBackup(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	flags.StringVar(&d.blobs, "blob-url", "", "where uploaded files are, as the server was told")
	force := flags.Bool("force", false, "take the place of a FILE that is there")
	from := flags.String("passphrase-file", "", "`file` with the passphrase; else "+secretVar+", else the terminal is asked")
	asJSON := flags.Bool("json", false, "print one JSON document")
	words, err := interspersed(flags, args)
	if err != nil || len(words) != 1 || words[0] == "" {
		fmt.Fprintln(stderr, "usage: shifan "+backupUsage)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	m, last, err := d.backUp(ctx, words[0], *force, *from, stderr)
	if err != nil {
		return wrong(stderr, err)
	}
	status := exitDone
	if len(m.Missing) > 0 {
		fmt.Fprintf(stderr, "备份里缺少%d个上传的文件，存放文件的地方没有它们或者内容不对，例如SHA-256为%s的。其余的都已备份；核对 --blob-url 和磁盘。\n", len(m.Missing), m.Missing[0])
		status = exitNot
	}
	if *asJSON {
		return printJSON(struct {
			File     string          `json:"file"`
			Bytes    int64           `json:"bytes"`
			Manifest backup.Manifest `json:"manifest"`
		}{last.File, last.Bytes, m}, status, stdout, stderr)
	}
	fmt.Fprintf(stdout, "备份已写入 %s（%d字节）：%d张表%d行，上传的文件%d个，数据文件夹%d个文件，存证日志%d条。\n",
		words[0], last.Bytes, len(m.Tables), m.Rows, m.Files, len(m.Folder), m.Entries)
	return status
}

var (
	errBackupThere = errors.New("已有这个文件，没有覆盖。换一个文件名，或者加上 --force")
	errOtherBackup = errors.New("另一个备份正在写同一个文件，这次没有写成。稍后再试，或者换一个文件名")
	errTooNew      = errors.New("数据库是用更新版本的程序升级过的，这个版本不认识它的结构。用新版本的程序")
)

// backUp writes the backup beside its place first, so that there is a whole one or none.
func (d *data) backUp(ctx context.Context, file string, force bool, passphraseFile string, stderr io.Writer) (m backup.Manifest, last lastBackup, err error) {
	if err := free(file, force); err != nil {
		return m, last, err
	}
	s, err := d.asIs(ctx)
	if err != nil {
		return m, last, err
	}
	defer s.Close() //nolint:errcheck // the process ends
	passphrase, err := secret(passphraseFile, true, stderr)
	if err != nil {
		return m, last, err
	}
	blobs, err := d.blobsIn(ctx, d.dir)
	if err != nil {
		return m, last, err
	}
	part := file + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) { // of one that was killed
		return m, last, err
	}
	w, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, last, fmt.Errorf("备份文件写不了：%w", err)
	}
	now := time.Now()
	m, err = backup.Write(ctx, w, backup.Source{
		Store: s, Blobs: blobs, Folder: os.DirFS(d.dir), Leave: d.leaves(file), Now: now.UTC(), Work: backupWork,
		Named: func(ctx context.Context, sum string) bool { return names(ctx, s, sum) },
	}, passphrase)
	var size int64
	if err == nil {
		size, err = w.Seek(0, io.SeekEnd)
	}
	if err == nil {
		err = w.Sync()
	}
	if err == nil {
		err = inPlace(w, part, file, force)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return m, last, errors.Join(err, removed(w, part))
	}
	last = lastBackup{At: now.UTC(), File: absolute(file), Bytes: size, Rows: m.Rows, Files: m.Files, Entries: m.Entries, Missing: len(m.Missing)}
	text, err := json.Marshal(last)
	if err == nil {
		err = whole(filepath.Join(d.dir, backupFile), string(text)+"\n")
	}
	if err != nil { // the backup is there all the same
		fmt.Fprintln(stderr, "shifan backup:", err)
	}
	return m, last, nil
}

// free refuses a place that is taken.
func free(file string, force bool) error {
	i, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case i.IsDir():
		return fmt.Errorf("%s：%w", file, syscall.EISDIR)
	case !force:
		return fmt.Errorf("%s：%w", file, errBackupThere)
	}
	return nil
}

// inPlace gives what was written its name. Nobody else may have begun to write the same
// file meanwhile.
func inPlace(w *os.File, part, file string, force bool) error {
	if !same(w, part) {
		return errOtherBackup
	}
	if err := free(file, force); err != nil {
		return err
	}
	if err := os.Rename(part, file); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(file))
}

// same reports whether a name is that of an open file.
func same(w *os.File, name string) bool {
	ours, err := w.Stat()
	there, gone := os.Lstat(name)
	return err == nil && gone == nil && os.SameFile(ours, there)
}

// removed takes away what was not finished, unless it is somebody else's by now.
func removed(w *os.File, part string) error {
	i, err := os.Lstat(part)
	ours, closed := os.Stat(w.Name())
	if err != nil || closed != nil || !os.SameFile(i, ours) {
		return nil
	}
	return os.Remove(part)
}

// syncFolder waits until the names in a folder are on the disk.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func absolute(file string) string {
	if a, err := filepath.Abs(file); err == nil {
		return a
	}
	return file
}

// asIs opens the data for reading it out: in the form that it has, so that a backup can
// be made before an upgrade, with every entry of the record in its place.
func (d *data) asIs(ctx context.Context) (*store.Store, error) {
	if err := d.there(); err != nil {
		return nil, err
	}
	key, err := d.key()
	if err != nil {
		return nil, err
	}
	place := d.url
	if place == "" {
		place = d.file()
		if _, err := os.Stat(place); err != nil {
			return nil, errNothing
		}
	}
	s, err := store.OpenAsIs(ctx, place)
	if err != nil {
		return nil, err
	}
	has, err := s.Schema(ctx)
	if err == nil && has > store.Newest() {
		err = errTooNew
	}
	if err == nil {
		err = s.UseKey(ctx, key)
	}
	if errors.Is(err, store.ErrOtherKey) {
		err = fmt.Errorf("%w（%w）", errOtherKey, err)
	}
	if err == nil {
		err = d.extends(ctx, s, key.Verifier)
	}
	if err == nil {
		err = d.sequence(ctx, s)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// names reports whether a row of today names bytes. One that cannot be asked does.
func names(ctx context.Context, s *store.Store, sum string) bool {
	var named map[string]bool
	err := s.View(ctx, func(tx *store.Tx) (err error) {
		named, err = tx.NamesBlobs([]string{sum})
		return err
	})
	return err != nil || named[sum]
}

// apart are the names in a data folder that are not copied as files: the database and
// the uploaded files, which a backup holds in another form, what can be made again, and
// what says when the last backup was made.
var apart = []string{"shifan.db", "shifan.db-wal", "shifan.db-shm", "shifan.db-journal", filesDir, "uploads", "cache", backupFile, restoring, "lost+found"}

// leaves says what of the data folder a backup leaves out: besides those, backups.
func (d *data) leaves(file string) func(name string, e fs.DirEntry) bool {
	out := []string{absolute(file), absolute(file) + ".part"}
	if dir, local := strings.CutPrefix(d.blobs, "file://"); local {
		out = append(out, absolute(dir))
	}
	return func(name string, e fs.DirEntry) bool {
		at := filepath.Join(d.dir, filepath.FromSlash(name))
		return slices.Contains(apart, name) || slices.Contains(out, absolute(at)) || e.Type().IsRegular() && isBackup(at)
	}
}

// isBackup reports whether a file is encrypted as backups are.
func isBackup(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // it was only read
	begins := []byte("age-encryption.org/")
	has := make([]byte, len(begins))
	_, err = io.ReadFull(f, has)
	return err == nil && bytes.Equal(has, begins)
}

// secretVar holds the passphrase of backups.
const secretVar = "SHIFAN_PASSPHRASE"

var (
	errNoSecret = errors.New("没有口令。把口令放在环境变量 " + secretVar + " 里，或者用 --passphrase-file 指明只含口令的文件，或者在终端里运行")
	errTwoWords = errors.New("两次输入的口令不同，什么都没有写")
	errWeak     = "口令少于12个字，别人拿到备份文件就可能试出来。备份里有全部数据和密钥，换一个长一些的。"
)

// secret takes a passphrase from a file, the environment or the terminal, which is
// asked twice for a new one.
func secret(file string, fresh bool, stderr io.Writer) (p string, err error) {
	switch {
	case file != "":
		var text []byte
		text, err = readFile(file)
		p = strings.TrimRight(string(text), "\r\n")
	case os.Getenv(secretVar) != "":
		p = os.Getenv(secretVar)
	case term.IsTerminal(int(os.Stdin.Fd())):
		p, err = askSecret("口令：", stderr)
		if err == nil && fresh {
			var again string
			if again, err = askSecret("再输一次：", stderr); err == nil && again != p {
				err = errTwoWords
			}
		}
	}
	if err == nil && p == "" {
		err = errNoSecret
	}
	if err == nil && fresh && len([]rune(p)) < 12 {
		fmt.Fprintln(stderr, errWeak)
	}
	return p, err
}

func askSecret(prompt string, stderr io.Writer) (string, error) {
	fmt.Fprint(stderr, prompt)
	text, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(stderr)
	return string(text), err
}
