package record

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const proofHead = "c2sp.org/tlog-proof@v1"

// Proof says that a leaf is in the tree that a checkpoint signs. Its text (C2SP
// tlog-proof) verifies with nothing but the log's verifier; the leaf travels in it
// as extra data.
type Proof struct {
	Leaf       string
	Index      int64
	Hashes     tlog.RecordProof
	Checkpoint string // as signed
}

// String returns the proof's text.
func (p Proof) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nextra %s\nindex %d\n", proofHead, base64.StdEncoding.EncodeToString([]byte(p.Leaf)), p.Index)
	for _, h := range p.Hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteString("\n" + p.Checkpoint)
	return b.String()
}

// ParseProof reads a proof's text. It checks nothing; Verify does.
func ParseProof(text string) (p Proof, err error) {
	head, checkpoint, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 3 || lines[0] != proofHead {
		return p, fmt.Errorf("record: not a %s", proofHead)
	}
	extra, ok := strings.CutPrefix(lines[1], "extra ")
	leaf, err := base64.StdEncoding.DecodeString(extra)
	if !ok || err != nil {
		return p, fmt.Errorf("record: a proof without its entry")
	}
	index, ok := strings.CutPrefix(lines[2], "index ")
	p.Index, err = strconv.ParseInt(index, 10, 64)
	if !ok || err != nil || p.Index < 0 || strconv.FormatInt(p.Index, 10) != index {
		return p, fmt.Errorf("record: a proof without an index")
	}
	for _, line := range lines[3:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return p, fmt.Errorf("record: %q is no hash: %w", line, err)
		}
		p.Hashes = append(p.Hashes, h)
	}
	p.Leaf, p.Checkpoint = string(leaf), checkpoint
	return p, nil
}

// Verify checks the proof against the log's verifier, and returns what the entry
// says and the checkpoint that holds it.
func (p Proof) Verify(verifier string) (Line, Checkpoint, error) {
	c, err := OpenCheckpoint(p.Checkpoint, verifier)
	if err != nil {
		return Line{}, c, err
	}
	if p.Index >= c.Size {
		return Line{}, c, fmt.Errorf("record: entry %d is not among %d", p.Index, c.Size)
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, Hash(p.Leaf)); err != nil {
		return Line{}, c, fmt.Errorf("record: entry %d is not in this tree: %w", p.Index, err)
	}
	l, err := ParseLeaf(p.Leaf)
	return l, c, err
}
