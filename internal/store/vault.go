package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"strings"
)

// What the program must be able to read again, and whoever reads the database must not,
// is shut up with a key that is derived from the record's, which lies in the data folder
// and in no database: AES-256-GCM (NIST SP 800-38D) under HKDF-SHA-256 (RFC 5869). What it
// is about is bound to it, so that nobody puts it in another row.

// ShutMark begins every text that is shut, and no other.
const ShutMark = "shut:1:"

// ErrShut says that a text does not open: it was shut with another record's key, or was
// changed, or belongs elsewhere.
var ErrShut = errors.New("store: a secret does not open with the record's key")

// IsShut reports whether a text is shut.
func IsShut(text string) bool { return strings.HasPrefix(text, ShutMark) }

// Shut shuts a text, which is about the thing that about names, with randomness from r.
func (s *Store) Shut(r io.Reader, about, text string) (string, error) {
	box, err := s.box()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := io.ReadFull(r, nonce); err != nil {
		return "", err
	}
	return ShutMark + base64.RawStdEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(text), []byte(about))), nil
}

// Open opens what Shut shut, or returns ErrShut. A text that is not shut is returned as it
// is: an older version of the program wrote it.
func (s *Store) Open(about, text string) (string, error) {
	if !IsShut(text) {
		return text, nil
	}
	box, err := s.box()
	if err != nil {
		return "", err
	}
	b, err := base64.RawStdEncoding.Strict().DecodeString(strings.TrimPrefix(text, ShutMark))
	if err != nil || len(b) < box.NonceSize() {
		return "", ErrShut
	}
	plain, err := box.Open(nil, b[:box.NonceSize()], b[box.NonceSize():], []byte(about))
	if err != nil {
		return "", ErrShut
	}
	return string(plain), nil
}

func (s *Store) box() (cipher.AEAD, error) {
	if s.key == nil {
		return nil, errNoKey
	}
	k, err := hkdf.Key(sha256.New, []byte(s.key.Text), nil, "shifan secrets 1", 32)
	if err != nil {
		return nil, err
	}
	b, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}
