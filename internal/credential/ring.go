package credential

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Ring is the signing keys that a machine holds, the newest last. A retired key stays
// in it, because what it signed is signed again, with the same bytes, when it is read.
type Ring struct{ keys []key }

type key struct{ private ed25519.PrivateKey }

// Public implements Signer.
func (k key) Public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

// Sign implements Signer.
func (k key) Sign(message []byte) ([]byte, error) { return ed25519.Sign(k.private, message), nil }

// Add makes a key with randomness from r and returns it as publicKeyMultibase.
func (g *Ring) Add(r io.Reader) (string, error) {
	var seed [ed25519.SeedSize]byte
	if _, err := io.ReadFull(r, seed[:]); err != nil {
		return "", err
	}
	k := key{ed25519.NewKeyFromSeed(seed[:])}
	g.keys = append(g.keys, k)
	return Multikey(k.Public()), nil
}

// Newest returns the key that was added last, or "" when there is none.
func (g *Ring) Newest() string {
	if len(g.keys) == 0 {
		return ""
	}
	return Multikey(g.keys[len(g.keys)-1].Public())
}

// Signer returns the key with a publicKeyMultibase, or nil when it is not here.
func (g *Ring) Signer(public string) Signer {
	if g != nil {
		for _, k := range g.keys {
			if Multikey(k.Public()) == public {
				return k
			}
		}
	}
	return nil
}

// sealed is a ring at rest: AES-256-GCM under a key derived from the passphrase by
// PBKDF2-HMAC-SHA-256 (both in NIST SP 800-132 and 800-38D).
type sealed struct {
	Form   string `json:"form"`
	Salt   []byte `json:"salt"`
	Rounds int    `json:"rounds"`
	Nonce  []byte `json:"nonce"`
	Box    []byte `json:"box"`
}

const (
	ringForm   = "shifan-signing-keys/1"
	saltSize   = 16
	roundsMost = 10_000_000
)

// Rounds is the work that a passphrase of a person's costs (OWASP's figure for
// PBKDF2-HMAC-SHA-256). A random passphrase of 256 bits needs none.
const Rounds = 600_000

var (
	errRing = errors.New("credential: not a file of signing keys")
	// ErrPassphrase says that a file of keys does not open with a passphrase.
	ErrPassphrase = errors.New("credential: the passphrase does not open the signing keys, or the file was changed")
)

func (s *sealed) box(passphrase string) (cipher.AEAD, error) {
	k, err := pbkdf2.Key(sha256.New, passphrase, s.Salt, s.Rounds, 32)
	if err != nil {
		return nil, err
	}
	b, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// Seal returns the ring encrypted with a passphrase, with randomness from r.
func (g *Ring) Seal(r io.Reader, passphrase string, rounds int) ([]byte, error) {
	s := sealed{Form: ringForm, Salt: make([]byte, saltSize), Rounds: rounds}
	if _, err := io.ReadFull(r, s.Salt); err != nil {
		return nil, err
	}
	box, err := s.box(passphrase)
	if err != nil {
		return nil, err
	}
	s.Nonce = make([]byte, box.NonceSize())
	if _, err := io.ReadFull(r, s.Nonce); err != nil {
		return nil, err
	}
	var seeds []byte
	for _, k := range g.keys {
		seeds = append(seeds, k.private.Seed()...)
	}
	s.Box = box.Seal(nil, s.Nonce, seeds, []byte(ringForm))
	return json.MarshalIndent(s, "", "  ")
}

// OpenRing opens what Seal sealed.
func OpenRing(text []byte, passphrase string) (*Ring, error) {
	var s sealed
	if err := json.Unmarshal(text, &s); err != nil || s.Form != ringForm || s.Rounds < 1 || s.Rounds > roundsMost {
		return nil, errRing
	}
	box, err := s.box(passphrase)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRing, err)
	}
	if len(s.Nonce) != box.NonceSize() {
		return nil, errRing
	}
	seeds, err := box.Open(nil, s.Nonce, s.Box, []byte(ringForm))
	if err != nil || len(seeds)%ed25519.SeedSize != 0 {
		return nil, ErrPassphrase
	}
	g := &Ring{}
	for ; len(seeds) > 0; seeds = seeds[ed25519.SeedSize:] {
		g.keys = append(g.keys, key{ed25519.NewKeyFromSeed(seeds[:ed25519.SeedSize])})
	}
	return g, nil
}
