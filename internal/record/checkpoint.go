package record

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Key signs checkpoints. It is kept as text, in a file of its own that nobody but
// the server reads.
type Key struct {
	Text     string // PRIVATE+KEY+name+hash+key
	Verifier string // name+hash+key: what everybody may know, and needs to verify
	signer   note.Signer
}

// NewKey makes a key for the log of the given name, with randomness from r.
func NewKey(r io.Reader, name string) (Key, error) {
	private, _, err := note.GenerateKey(r, name)
	if err != nil {
		return Key{}, err
	}
	return ParseKey(private)
}

// ParseKey reads a key's text.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	signer, err := note.NewSigner(text)
	if err != nil {
		return Key{}, fmt.Errorf("record: not a key: %w", err)
	}
	verifier, err := verifierOf(text)
	return Key{Text: text, Verifier: verifier, signer: signer}, err
}

// verifierOf computes the verifier of a key that NewSigner accepted.
func verifierOf(text string) (string, error) {
	parts := strings.SplitN(text, "+", 5) // PRIVATE KEY name hash key; base64 has plus signs too
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil {
		return "", err
	}
	public := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(parts[2], public)
}

// Origin returns the name of the log that a verifier's text is for.
func Origin(verifier string) string {
	name, _, _ := strings.Cut(verifier, "+")
	return name
}

// Checkpoint is the head of the tree at a size, in the form of C2SP
// tlog-checkpoint.
type Checkpoint struct {
	Origin string // the log's name
	Size   int64  // entries in the tree
	Root   tlog.Hash
}

// Sign returns the checkpoint as a signed note.
func (k Key) Sign(size int64, root tlog.Hash) (string, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", k.signer.Name(), size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	return string(signed), err
}

// OpenCheckpoint reads a signed checkpoint and checks the signature of the log's
// key.
func OpenCheckpoint(signed, verifier string) (c Checkpoint, err error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return c, fmt.Errorf("record: not a verifier: %w", err)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return c, fmt.Errorf("record: the checkpoint's signature: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != v.Name() {
		return c, fmt.Errorf("record: not a checkpoint of %s", v.Name())
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, fmt.Errorf("record: a checkpoint of %q entries", lines[1])
	}
	c.Root, err = tlog.ParseHash(lines[2])
	return c, err
}
