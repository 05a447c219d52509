package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"shifan/internal/blob"
	"shifan/internal/store"
)

// Target is where a backup is restored to. Nothing of it is touched before the
// passphrase, the format and the schema were found to be right.
type Target struct {
	// Open opens the database, which is empty, in the form of a schema.
	Open func(ctx context.Context, schema int64) (*store.Store, error)
	// Blobs opens where uploaded files go.
	Blobs func(ctx context.Context) (Blobs, error)
	// Folder opens the data folder, which is empty.
	Folder func() (*os.Root, error)
	// Unverified takes data that is not what the record says.
	Unverified bool
}

// reading is a restore under way.
type reading struct {
	tar     *tar.Reader
	from    *honest
	opening Opening
	blobs   Blobs
	root    *os.Root
	forms   map[string]store.Form
	tables  map[string]*TableSum
	plain   map[string]hash.Hash
	folder  []FileSum
	files   int64
	differ  []string // blobs that are not what their name says
}

// honest notes when what is read is not what was sealed.
type honest struct {
	r    io.Reader
	read int64
	err  error
}

// Read implements io.Reader.
func (h *honest) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		h.err = errDamaged.New(fmt.Sprintf("解开%d字节之后：%v", h.read, err))
		err = h.err
	}
	return n, err
}

// Read restores a backup and verifies it, and says what it held and what verifying
// found. The database is filled in one transaction, and the rest is the caller's to
// take away when an error is returned.
func Read(ctx context.Context, from io.Reader, passphrase string, into Target) (m Manifest, v store.Verdict, err error) {
	r, err := opened(from, passphrase)
	if err != nil {
		return m, v, err
	}
	s, err := into.Open(ctx, r.opening.Schema)
	if errors.Is(err, store.ErrOccupied) {
		err = errOccupied.New(err.Error())
	}
	if err != nil {
		return m, v, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if r.root, err = into.Folder(); err != nil {
		return m, v, err
	}
	defer r.root.Close() //nolint:errcheck // what it wrote is synced
	if r.blobs, err = into.Blobs(ctx); err != nil {
		return m, v, err
	}
	err = s.Load(ctx, r.opening.Tables, func(put func(string, []any) error) error {
		m, err = r.rest(ctx, put)
		if err != nil && r.from.err != nil { // the cause, whatever it led to
			return r.from.err
		}
		return err
	})
	if err != nil {
		return m, v, err
	}
	v, err = verified(ctx, s, m, into.Unverified)
	if err != nil {
		err = errors.Join(err, s.Empty(context.WithoutCancel(ctx)))
	}
	return m, v, err
}

// verified brings what was loaded to the newest form and compares it with the record.
func verified(ctx context.Context, s *store.Store, m Manifest, whatever bool) (v store.Verdict, err error) {
	if err := s.Upgrade(ctx); err != nil {
		return v, err
	}
	if v, err = s.Verify(ctx, m.Verifier); err != nil || v.Holds() || whatever {
		return v, err
	}
	d := v.Differences[0]
	return v, errRecord.New(len(v.Differences)+v.More, d.Table, d.Key, d.What)
}

// opened opens a backup as far as it says what it is of.
func opened(from io.Reader, passphrase string) (*reading, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, errPassphrase.New()
	}
	plain, err := age.Decrypt(from, identity)
	if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
		return nil, errPassphrase.New()
	}
	if err != nil {
		return nil, errForeign.New()
	}
	h := &honest{r: plain}
	r := &reading{tar: tar.NewReader(h), from: h, forms: map[string]store.Form{}, tables: map[string]*TableSum{}, plain: map[string]hash.Hash{}}
	e, err := r.tar.Next()
	if err == nil && e.Name != openingName {
		return nil, errForeign.New()
	}
	if err == nil {
		err = json.NewDecoder(r.tar).Decode(&r.opening)
	}
	switch o := r.opening; {
	case h.err != nil:
		return nil, h.err
	case err != nil:
		return nil, errDamaged.New(err.Error())
	case o.Format > Format || o.Schema > store.Newest():
		return nil, errNewer.New(o.Format, o.Schema, Format, store.Newest())
	}
	for _, f := range r.opening.Tables {
		r.forms[f.Name] = f
	}
	return r, nil
}

// rest reads everything up to the last byte.
func (r *reading) rest(ctx context.Context, put func(string, []any) error) (m Manifest, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		e, err := r.tar.Next()
		if err != nil {
			return m, errDamaged.New("结尾缺失")
		}
		dir, name, _ := strings.Cut(e.Name, "/")
		switch dir + "/" {
		case tablesDir:
			err = r.piece(path.Dir(name), put)
		case folderDir:
			err = r.file(name)
		case filesDir:
			err = r.blob(ctx, r.blobs.Files, name, e.Size)
			r.files++
		case partsDir:
			err = r.blob(ctx, r.blobs.Parts, name, e.Size)
		default:
			if e.Name != manifestName {
				return m, errDamaged.New("多出" + e.Name)
			}
			if err := json.NewDecoder(r.tar).Decode(&m); err != nil {
				return m, errDamaged.New(err.Error())
			}
			if _, err := io.Copy(io.Discard, r.from); err != nil { // the end is sealed too
				return m, err
			}
			return m, r.agrees(&m)
		}
		if err != nil {
			return m, err
		}
	}
}

// piece reads rows of a table.
func (r *reading) piece(table string, put func(string, []any) error) error {
	t := r.tables[table]
	if t == nil {
		t = &TableSum{Name: table}
		r.tables[table], r.plain[table] = t, sha256.New()
	}
	gz, err := gzip.NewReader(r.tar)
	if err != nil {
		return errDamaged.New(err.Error())
	}
	lines := json.NewDecoder(io.TeeReader(gz, r.plain[table]))
	lines.UseNumber()
	for {
		var row []any
		err := lines.Decode(&row)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = plainRow(row, r.forms[table])
		}
		if err != nil {
			return errDamaged.New(fmt.Sprintf("%s第%d行：%v", table, t.Rows+1, err))
		}
		if err := put(table, row); err != nil {
			return err
		}
		t.Rows++
	}
}

// plainRow makes of JSON values those that a database takes.
func plainRow(row []any, f store.Form) error {
	if len(row) != len(f.Columns) {
		return fmt.Errorf("%d values for %d columns", len(row), len(f.Columns))
	}
	for i, v := range row {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return err
			}
			row[i] = whole
		}
	}
	return nil
}

// file writes a file of the data folder. No name leads out of it.
func (r *reading) file(name string) error {
	if dir := path.Dir(name); dir != "." {
		if err := r.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	w, err := r.root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), r.tar)
	if err == nil {
		err = w.Sync()
	}
	r.folder = append(r.folder, FileSum{name, n, hex.EncodeToString(h.Sum(nil))})
	return errors.Join(err, w.Close())
}

// blob keeps uploaded bytes.
func (r *reading) blob(ctx context.Context, into blob.Store, sum string, size int64) error {
	if into == nil {
		return nil
	}
	err := into.Put(ctx, sum, size, r.tar)
	if errors.Is(err, blob.ErrDiffers) && r.from.err == nil {
		r.differ = append(r.differ, sum)
		return nil
	}
	return err
}

// agrees compares what was read with what the manifest says was written.
func (r *reading) agrees(m *Manifest) error {
	var rows int64
	for _, t := range m.Tables {
		has := r.tables[t.Name]
		if has == nil || has.Rows != t.Rows || hex.EncodeToString(r.plain[t.Name].Sum(nil)) != t.SHA256 {
			return errDamaged.New(t.Name + "的行和清单不符")
		}
		rows += t.Rows
	}
	switch {
	case len(m.Tables) != len(r.tables) || rows != m.Rows:
		return errDamaged.New("表和清单不符")
	case !slices.Equal(m.Folder, r.folder):
		return errDamaged.New("数据文件夹里的文件和清单不符")
	}
	for _, sum := range r.differ {
		switch i := slices.Index(m.Missing, sum); {
		case i < 0:
			return errDamaged.New("上传的文件" + sum + "和清单不符")
		default:
			r.files--
		}
	}
	if r.files != m.Files {
		return errDamaged.New(fmt.Sprintf("上传的文件有%d个，清单写的是%d个", r.files, m.Files))
	}
	return nil
}
