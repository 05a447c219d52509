package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"shifan/internal/blob"
	"shifan/internal/store"
)

// pieceMost is how large a piece of a table grows, compressed.
const pieceMost = 1 << 20

// Source is what is backed up.
type Source struct {
	Store  *store.Store
	Blobs  Blobs
	Folder fs.FS                                      // the data folder
	Leave  func(name string, e fs.DirEntry) bool      // what of it is left out: the database, and what can be made again
	Named  func(ctx context.Context, sum string) bool // whether a row of today names bytes; for those that went meanwhile
	Now    time.Time
	Work   int // see Work; tests take less
}

// writing is a backup under way.
type writing struct {
	Source
	tar   *tar.Writer
	m     Manifest
	files [][32]byte
	parts [][32]byte

	table string // whose rows are coming
	piece int
	rows  int64
	plain hash.Hash
	buf   bytes.Buffer
	gz    *gzip.Writer
	line  *json.Encoder
}

// Write backs everything up to w, encrypted, and says what it wrote. The server may run
// meanwhile: what is in the backup is what was committed at one instant.
func Write(ctx context.Context, w io.Writer, from Source, passphrase string) (Manifest, error) {
	recipient, err := scrypt(passphrase, from.Work)
	if err != nil {
		return Manifest{}, err
	}
	sealed, err := age.Encrypt(w, recipient)
	if err != nil {
		return Manifest{}, err
	}
	b := &writing{Source: from, tar: tar.NewWriter(sealed)}
	b.m.Missing = []string{}
	if err := b.database(ctx); err != nil {
		return b.m, err
	}
	if err := b.folder(); err != nil {
		return b.m, err
	}
	for _, some := range []struct {
		dir  string
		from blob.Store
		sums [][32]byte
	}{{filesDir, b.Blobs.Files, b.files}, {partsDir, b.Blobs.Parts, b.parts}} {
		if err := b.bytes(ctx, some.dir, some.from, some.sums); err != nil {
			return b.m, err
		}
	}
	if err := b.document(manifestName, b.m); err != nil {
		return b.m, err
	}
	if err := b.tar.Close(); err != nil {
		return b.m, err
	}
	return b.m, sealed.Close()
}

// document writes one JSON document.
func (b *writing) document(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return b.whole(name, append(text, '\n'))
}

// whole writes a file that is in memory.
func (b *writing) whole(name string, text []byte) error {
	if err := b.tar.WriteHeader(header(name, int64(len(text)), b.Now)); err != nil {
		return err
	}
	_, err := b.tar.Write(text)
	return err
}

// database writes all rows, and notes which bytes they name.
func (b *writing) database(ctx context.Context) error {
	err := b.Store.Dump(ctx, store.Dumped{
		Begin: func(s store.Snapshot) error {
			b.m.Format, b.m.Schema, b.m.MadeAt = Format, s.Schema, b.Now
			b.m.Entries, b.m.Checkpoint, b.m.Verifier = s.Head.Size, s.Head.Checkpoint, s.Head.Verifier
			return b.document(openingName, Opening{Format: Format, Schema: s.Schema, MadeAt: b.Now, Engine: b.Store.Engine(), Tables: s.Tables})
		},
		Row: func(f store.Form, row []any) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return b.row(f.Name, row)
		},
		Blob: func(sum [32]byte, part bool) error {
			if part {
				b.parts = append(b.parts, sum)
			} else {
				b.files = append(b.files, sum)
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	return b.ended()
}

// row writes a row, and a piece when it is large enough.
func (b *writing) row(table string, row []any) error {
	if table != b.table {
		if err := b.ended(); err != nil {
			return err
		}
		b.table, b.piece, b.rows, b.plain = table, 0, 0, sha256.New()
	}
	if b.gz == nil {
		b.buf.Reset()
		b.gz = gzip.NewWriter(&b.buf)
		b.line = json.NewEncoder(io.MultiWriter(b.gz, b.plain))
		b.line.SetEscapeHTML(false)
	}
	if err := b.line.Encode(row); err != nil {
		return err
	}
	b.rows++
	if b.buf.Len() < pieceMost {
		return nil
	}
	return b.pieceEnds()
}

func (b *writing) pieceEnds() error {
	if b.gz == nil {
		return nil
	}
	if err := b.gz.Close(); err != nil {
		return err
	}
	b.gz = nil
	b.piece++
	return b.whole(fmt.Sprintf("%s%s/%06d.jsonl.gz", tablesDir, b.table, b.piece), b.buf.Bytes())
}

// ended closes the table whose rows came; one without rows has no piece.
func (b *writing) ended() error {
	if b.table == "" {
		return nil
	}
	if err := b.pieceEnds(); err != nil {
		return err
	}
	b.m.Rows += b.rows
	b.m.Tables = append(b.m.Tables, TableSum{b.table, b.rows, hex.EncodeToString(b.plain.Sum(nil))})
	b.table = ""
	return nil
}

// folder writes the data folder.
func (b *writing) folder() error {
	err := fs.WalkDir(b.Folder, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case name == CheckpointFile || b.Leave(name, e):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !e.Type().IsRegular():
			return nil
		}
		f, err := b.Folder.Open(name)
		if errors.Is(err, fs.ErrNotExist) { // a temporary file
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // it was only read
		i, err := f.Stat()
		if err != nil {
			return err
		}
		return b.kept(name, i.Size(), f)
	})
	if err == nil && b.m.Checkpoint != "" {
		err = b.kept(CheckpointFile, int64(len(b.m.Checkpoint)), strings.NewReader(b.m.Checkpoint))
	}
	return err
}

// kept writes one file of the data folder.
func (b *writing) kept(name string, size int64, r io.Reader) error {
	if err := b.tar.WriteHeader(header(folderDir+name, size, b.Now)); err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(b.tar, h), r, size); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.m.Folder = append(b.m.Folder, FileSum{name, size, hex.EncodeToString(h.Sum(nil))})
	return nil
}

// bytes writes what rows name, each once.
func (b *writing) bytes(ctx context.Context, dir string, from blob.Store, sums [][32]byte) error {
	slices.SortFunc(sums, func(x, y [32]byte) int { return bytes.Compare(x[:], y[:]) })
	for _, sum := range slices.Compact(sums) {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := hex.EncodeToString(sum[:])
		n, err := b.blob(ctx, dir+name, from, name)
		switch {
		case errors.Is(err, blob.ErrAbsent), errors.Is(err, blob.ErrDiffers):
			if dir == filesDir && b.Named(ctx, name) { // else it went with its row since
				b.m.Missing = append(b.m.Missing, name)
			}
		case err != nil:
			return fmt.Errorf("%s%s: %w", dir, name, err)
		case dir == filesDir:
			b.m.Files++
			b.m.Bytes += n
		}
	}
	return nil
}

// blob writes one. What turns out to be other bytes than its name says is in the tar
// nevertheless, and whoever reads it sees that too.
func (b *writing) blob(ctx context.Context, name string, from blob.Store, sum string) (n int64, err error) {
	if from == nil {
		return 0, blob.ErrAbsent
	}
	f, err := from.Open(ctx, sum)
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	if n, err = f.Seek(0, io.SeekEnd); err != nil {
		return 0, err
	}
	if _, err = f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	if err := b.tar.WriteHeader(header(name, n, b.Now)); err != nil {
		return 0, err
	}
	h := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(b.tar, h), f, n); err != nil {
		return 0, err
	}
	if hex.EncodeToString(h.Sum(nil)) != sum {
		return 0, blob.ErrDiffers
	}
	return n, nil
}
