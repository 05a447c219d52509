// Package blob keeps the bytes of documents by their SHA-256: a folder or S3. What
// is kept never changes: the same name is always the same bytes, so keeping
// something twice is keeping it once.
//
// A blob is there before the row that names it (trust.md §8): whoever writes a
// row first calls Put and has its answer. What no row names is an orphan: bytes whose
// row went, or never came because the process ended. List finds it, and Remove takes it
// away when nobody kept it for a grace period. Put makes a blob young again when it is
// there already, and the two agree however they meet: what Put has answered for, no
// Remove takes away that was asked for what is older.
package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Store keeps blobs. Its methods may be called by many at once.
type Store interface {
	// Put keeps size bytes of r under their SHA-256, which the caller has computed.
	// When it returns nil they are on the disk, and kept since now. It checks both and
	// returns ErrDiffers when they are not what was said.
	Put(ctx context.Context, sum string, size int64, r io.Reader) error
	// Open reads a blob; ErrAbsent when there is none.
	Open(ctx context.Context, sum string) (File, error)
	// Stat tells what is known of a blob; ErrAbsent when there is none.
	Stat(ctx context.Context, sum string) (Info, error)
	// Remove takes a blob away, unless somebody kept it since an instant, which must lie
	// longer ago than Grace where anybody may keep the same bytes again. It reports
	// whether it took it.
	Remove(ctx context.Context, sum string, before time.Time) (gone bool, err error)
	// Tidy takes away what writes that were interrupted before an instant, longer ago
	// than Grace, left. List tells nothing of that.
	Tidy(ctx context.Context, before time.Time) error
	// List tells each blob, in no order, until tell returns an error.
	List(ctx context.Context, tell func(Info) error) error
}

// Within opens a store of its own in the place of another: what is kept in one is
// neither found nor listed in the other. part is a plain word.
func Within(s Store, part string) (Store, error) {
	switch s := s.(type) {
	case folder:
		return s.within(part)
	case *s3:
		return &s3{client: s.client, bucket: s.bucket, prefix: s.prefix + part + "/"}, nil
	case *memory:
		return Memory(s.now), nil
	}
	return nil, fmt.Errorf("blob: a %T has no room for another store", s)
}

// Expire takes away what was kept before an instant: for stores in which nothing is
// to stay.
func Expire(ctx context.Context, s Store, before time.Time) error {
	var old []string
	err := s.List(ctx, func(i Info) error {
		if i.Since.Before(before) {
			old = append(old, i.Sum)
		}
		return nil
	})
	for _, sum := range old {
		_, failed := s.Remove(ctx, sum, before)
		err = errors.Join(err, failed)
	}
	return errors.Join(err, s.Tidy(ctx, before))
}

// File is a blob that is being read, from any place in it.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Closer
}

// Info is what Stat and List tell of a blob.
type Info struct {
	Sum   string    // SHA-256 in hex
	Size  int64     // bytes
	Since time.Time // when it was last kept, by the clock of where it lies
}

// Grace is the shortest time for which an orphan is left alone: much longer than any
// caller takes from Put to its row.
const Grace = 2 * time.Hour

// Whenever is the instant for Remove of a blob that only its remover ever keeps.
var Whenever = time.Unix(1<<36, 0)

var (
	// ErrAbsent says that no blob has this name.
	ErrAbsent = errors.New("blob: absent")
	// ErrDiffers says that the bytes are not those that were announced.
	ErrDiffers = errors.New("blob: the bytes differ from their size or SHA-256")
	// ErrTaken says that the blob was being taken away just when it was kept again. The
	// caller tries once more.
	ErrTaken = errors.New("blob: it was being taken away; try again")
	// ErrPlace says that an address is neither file:// nor s3://.
	ErrPlace = errors.New("blob: the address is neither file:///FOLDER nor s3://KEY:SECRET@HOST/BUCKET")
)

// Open opens the store at an address: file:///FOLDER, a folder of its own that is
// made when absent, or s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX], with ?tls=off
// where the host speaks plain HTTP and ?region=NAME where it wants one. The
// secret may also stand in the environment, as AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY.
func Open(ctx context.Context, address string) (Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, ErrPlace // the error of Parse would quote the secret
	}
	switch u.Scheme {
	case "file":
		if u.Host != "" || u.Path == "" {
			return nil, ErrPlace
		}
		return Folder(filepath.FromSlash(u.Path))
	case "s3":
		return openS3(ctx, u)
	}
	return nil, ErrPlace
}

// name checks that sum is a SHA-256 in lower-case hex, so that no name ever leads
// out of the store, and returns its two parts: the first two signs are a folder.
func name(sum string) (dir, file string, err error) {
	b, err := hex.DecodeString(sum)
	if err != nil || len(b) != 32 || sum != strings.ToLower(sum) {
		return "", "", fmt.Errorf("blob: %q is no SHA-256", sum)
	}
	return sum[:2], sum[2:], nil
}
