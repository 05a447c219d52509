package credential

import (
	"crypto/ed25519"
	"errors"
	"math/big"
	"strings"
)

// digits are those of base58btc.
const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

var (
	errBase58   = errors.New("credential: not base58btc multibase")
	errMultikey = errors.New("credential: not an Ed25519 Multikey")
)

// base58 writes bytes as multibase base58btc: "z" and the digits.
func base58(b []byte) string {
	n, m, base := new(big.Int).SetBytes(b), new(big.Int), big.NewInt(58)
	var rev []byte
	for n.Sign() > 0 {
		n.DivMod(n, base, m)
		rev = append(rev, digits[m.Int64()])
	}
	for _, c := range b {
		if c != 0 {
			break
		}
		rev = append(rev, digits[0])
	}
	out := []byte{'z'}
	for i := len(rev) - 1; i >= 0; i-- {
		out = append(out, rev[i])
	}
	return string(out)
}

// base58Most bounds what is read: a signature is 89 signs long.
const base58Most = 128

// unbase58 reads multibase base58btc.
func unbase58(s string) ([]byte, error) {
	s, ok := strings.CutPrefix(s, "z")
	if !ok || len(s) > base58Most {
		return nil, errBase58
	}
	n, base := new(big.Int), big.NewInt(58)
	for _, r := range s {
		d := strings.IndexRune(digits, r)
		if d < 0 {
			return nil, errBase58
		}
		n.Add(n.Mul(n, base), big.NewInt(int64(d)))
	}
	zeros := len(s) - len(strings.TrimLeft(s, digits[:1]))
	return append(make([]byte, zeros), n.Bytes()...), nil
}

// The multicodec of an Ed25519 public key, as a varint.
const codec = "\xed\x01"

// Multikey writes a public key as publicKeyMultibase does.
func Multikey(public ed25519.PublicKey) string { return base58([]byte(codec + string(public))) }

// ParseMultikey reads what Multikey wrote.
func ParseMultikey(s string) (ed25519.PublicKey, error) {
	b, err := unbase58(s)
	if err != nil {
		return nil, err
	}
	key, ok := strings.CutPrefix(string(b), codec)
	if !ok || len(key) != ed25519.PublicKeySize {
		return nil, errMultikey
	}
	return ed25519.PublicKey(key), nil
}
