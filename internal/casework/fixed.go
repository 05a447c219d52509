package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/document"
	"shifan/internal/paper"
)

// fixed are documents that were set outside of a transaction and whose bytes are kept, so
// that the change that signs them need only name them. Setting a page takes many times as
// long as the change itself, and nobody else writes meanwhile (docs/decisions, signing).
type fixed struct {
	lock sync.Mutex
	all  map[[sha256.Size]byte]fixedBytes
}

// fixedBytes is what a document came to. Bytes that no row names may be swept away after a
// day, so what was kept a while ago is kept once more.
type fixedBytes struct {
	pdf, docx document.Bytes
	at        time.Time
	without   error // the program has no fonts: it cannot be set here at all
}

// noFonts is the code of the refusal of a program that was built without fonts. Its acts
// take place all the same, and what they issue stays a draft until somebody signs it.
const noFonts = "paper.fonts"

const (
	fixedFor  = time.Hour
	fixedMost = 200
)

// unfixed asks for a document to be set before the change that signs it runs again.
type unfixed struct {
	desk *Desk
	name string
	doc  *paper.Document
	key  [sha256.Size]byte
}

// Error implements error.
func (u *unfixed) Error() string { return "casework: " + u.name + " is not set yet" }

// Prepare implements store.Unprepared: it sets the document and keeps its bytes.
func (u *unfixed) Prepare(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "casework: fix %s", u.name)
	f := fixedBytes{at: u.desk.wall()}
	p, err := issue(u.name, u.doc)
	switch {
	case fault.CodeOf(err) == noFonts:
		f.without = err
	case err != nil:
		return err
	default:
		docx, err := p.DOCX()
		if err != nil {
			return err
		}
		if f.pdf, err = u.desk.keepBytes(ctx, p.PDF); err != nil {
			return err
		}
		if f.docx, err = u.desk.keepBytes(ctx, docx); err != nil {
			return err
		}
	}
	u.desk.fixed.lock.Lock()
	defer u.desk.fixed.lock.Unlock()
	if u.desk.fixed.all == nil || len(u.desk.fixed.all) >= fixedMost {
		u.desk.fixed.all = map[[sha256.Size]byte]fixedBytes{}
	}
	u.desk.fixed.all[u.key] = f
	return nil
}

func (d *Desk) keepBytes(ctx context.Context, b []byte) (document.Bytes, error) {
	sum := sha256.Sum256(b)
	kept := document.Bytes{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(b))}
	return kept, d.Files.Blobs.Put(ctx, kept.SHA256, kept.Size, bytes.NewReader(b))
}

// fix returns the bytes of a document as it is now, or the error that has them made first.
func (d *Desk) fix(name string, doc *paper.Document) (pdf, docx document.Bytes, err error) {
	key := likenessOf(doc)
	d.fixed.lock.Lock()
	defer d.fixed.lock.Unlock()
	if f, ok := d.fixed.all[key]; ok && d.wall().Sub(f.at).Abs() < fixedFor {
		return f.pdf, f.docx, f.without
	}
	return pdf, docx, &unfixed{desk: d, name: name, doc: doc, key: key}
}

// likenessOf is a digest of all that a document says, whichever run of an act composed it.
func likenessOf(doc *paper.Document) (key [sha256.Size]byte) {
	h, bare := sha256.New(), *doc
	if doc.Imprint != nil {
		fmt.Fprintf(h, "%#v", *doc.Imprint)
	}
	bare.Imprint, bare.Foot, bare.Files, bare.Created = nil, nil, nil, doc.Created.Truncate(time.Second)
	for _, f := range doc.Files {
		fmt.Fprintf(h, "%q %q %q %x", f.Name, f.Media, f.About, sha256.Sum256(f.Content))
	}
	fmt.Fprintf(h, "%#v", bare)
	return [sha256.Size]byte(h.Sum(nil))
}

// errAltered says that kept bytes are not those that were signed.
var errAltered = errors.New("存放的文书与签发时的摘要不符")

// signedBytes reads what was signed, and holds it against its digest.
func (d *Desk) signedBytes(ctx context.Context, of document.Bytes) ([]byte, error) {
	if d.Files.Blobs == nil {
		return nil, errNoFiles.New()
	}
	r, err := d.Files.Blobs.Open(ctx, of.SHA256)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(r)
	if sum := sha256.Sum256(b); err == nil && hex.EncodeToString(sum[:]) != of.SHA256 {
		err = fmt.Errorf("%w: %s", errAltered, of.SHA256)
	}
	return b, err
}

// signedPaper is a signed document, as the bytes that were signed.
func (d *Desk) signedPaper(ctx context.Context, of document.Document) (p Paper, err error) {
	defer fault.Wrap(&err, "casework: signed document %s", of.ID)
	p = Paper{Name: of.Name, Signed: of}
	if p.PDF, err = d.signedBytes(ctx, of.PDF); err != nil {
		return p, err
	}
	p.docx, err = d.signedBytes(ctx, of.DOCX)
	return p, err
}
