package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shifan/internal/id"
)

// LeafMax is how many bytes a leaf may have: what the layout of tlog-tiles can
// carry.
const LeafMax = 1<<16 - 1

// leafTime is how a leaf writes an instant: UTC, to the microsecond.
const leafTime = "2006-01-02T15:04:05.000000Z"

// Line is what a leaf says: an entry as anyone may read it. Who acted is there
// only as a salted digest, and so is the account that an act on an account was
// about; the salt lies beside the database's own copy of the entry, and once it
// is deleted nobody can tell any more who it was.
type Line struct {
	V         int               `json:"v"` // the form of the leaf, 1
	N         int64             `json:"n"` // counts in the order of writing, with gaps
	At        string            `json:"at"`
	By        string            `json:"by"` // salted digest of the account, or of nothing
	Role      string            `json:"role"`
	Programme string            `json:"programme"`
	Act       string            `json:"act"`
	Thing     string            `json:"thing"` // the identifier, or "#" and a salted digest for an account
	From      string            `json:"from"`
	To        string            `json:"to"`
	Basis     string            `json:"basis"`
	Facts     map[string]string `json:"facts,omitempty"`
	Seals     string            `json:"seals,omitempty"` // digest of the list of seals of the rows that were written
}

// LineOf returns what the leaf of entry n says. The salt hides who acted; seals is
// the list of seals as it is kept, empty when no row was written.
func LineOf(n int64, e Entry, salt, seals string) Line {
	return Line{
		V: 1, N: n, At: e.At.UTC().Format(leafTime), By: Hidden(salt, e.By), Role: e.Role, Programme: string(e.Programme),
		Act: e.Act, Thing: HiddenThing(salt, e.Thing), From: e.From, To: e.To, Basis: e.Basis, Facts: e.Facts,
		Seals: SealsDigest(seals),
	}
}

// Leaf returns the bytes that are hashed into the tree: JSON with sorted keys and
// no blanks.
func (l Line) Leaf() (string, error) {
	flat := map[string]any{
		"v": l.V, "n": l.N, "at": l.At, "by": l.By, "role": l.Role, "programme": l.Programme, "act": l.Act,
		"thing": l.Thing, "from": l.From, "to": l.To, "basis": l.Basis,
	}
	if len(l.Facts) > 0 {
		flat["facts"] = l.Facts
	}
	if l.Seals != "" {
		flat["seals"] = l.Seals
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(flat); err != nil {
		return "", err
	}
	leaf := strings.TrimSuffix(out.String(), "\n")
	if len(leaf) > LeafMax {
		return "", fmt.Errorf("record: the entry %s of %s has %d bytes; at most %d", l.Act, l.Thing, len(leaf), LeafMax)
	}
	return leaf, nil
}

// ParseLeaf reads a leaf. It refuses one that Leaf would have written otherwise.
func ParseLeaf(leaf string) (Line, error) {
	var l Line
	d := json.NewDecoder(strings.NewReader(leaf))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return l, fmt.Errorf("record: not a leaf: %w", err)
	}
	if again, err := l.Leaf(); err != nil || again != leaf || l.V != 1 {
		return l, fmt.Errorf("record: a leaf that is not in its one form")
	}
	return l, nil
}

// Time returns the instant of a line.
func (l Line) Time() time.Time {
	t, _ := time.Parse(leafTime, l.At) //nolint:errcheck // ParseLeaf has seen it; a bad one is the zero time
	return t
}

// Entry returns what a line says as an entry; who acted stays hidden.
func (l Line) Entry() Entry {
	return Entry{
		At: l.Time(), Role: l.Role, Programme: id.Programme(l.Programme), Act: l.Act, Thing: l.Thing,
		From: l.From, To: l.To, Basis: l.Basis, Facts: l.Facts,
	}
}

// Hidden is the salted digest of an account, or of nobody.
func Hidden(salt string, account id.Account) string {
	return digest("by", salt, string(account))
}

// HiddenThing is a thing's identifier, or its salted digest when it is an account.
func HiddenThing(salt, thing string) string {
	if strings.HasPrefix(thing, "acc_") {
		return "#" + digest("thing", salt, thing)
	}
	return thing
}

// Hash is the hash of a leaf in the tree (RFC 6962).
func Hash(leaf string) tlog.Hash { return tlog.RecordHash([]byte(leaf)) }

// digest is SHA-256 over parts that cannot run into one another, in base64.
func digest(parts ...string) string {
	h := sha256.New()
	var line []byte
	for _, p := range parts { // as "%d:%s\n" of its length and it
		line = strconv.AppendInt(line[:0], int64(len(p)), 10)
		line = append(append(append(line, ':'), p...), '\n')
		h.Write(line)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
