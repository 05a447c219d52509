package ballot

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// ErrCredential says that a credential was mistyped: a sign that does not occur,
// a wrong length, or a check sign that does not fit.
var ErrCredential = errors.New("ballot: the credential is mistyped")

// NewToken returns an identifier of an election: 14 random signs of Base58.
func NewToken(random io.Reader) (string, error) { return digits(random, 14) }

func digits(random io.Reader, n int) (string, error) {
	var b strings.Builder
	for b.Len() < n {
		var one [1]byte
		if _, err := io.ReadFull(random, one[:]); err != nil {
			return "", fmt.Errorf("ballot: no randomness: %w", err)
		}
		if int(one[0]) < 232 { // 4 × 58: no sign is likelier than another
			b.WriteByte(base58[one[0]%58])
		}
	}
	return b.String(), nil
}

func checkUUID(s string) error {
	if len(s) < 14 || len(s) > 64 || strings.Trim(s, base58) != "" {
		return errors.New("ballot: the election's identifier is not at least 14 signs of Base58")
	}
	return nil
}

// NewCredential returns a fresh private credential as it is given to a voter:
// 14 random signs and a check sign, in groups of three.
func NewCredential(random io.Reader) (string, error) {
	s, err := digits(random, 14)
	if err != nil {
		return "", err
	}
	return group3(s + string(base58[checkSign(s)])), nil
}

// checkSign is 53 less the number of the 14 signs modulo 53: 1 to 53.
func checkSign(s string) int {
	c := new(big.Int)
	for _, r := range s {
		c.Add(c.Mul(c, big.NewInt(58)), big.NewInt(int64(strings.IndexRune(base58, r))))
	}
	return 53 - int(c.Mod(c, big.NewInt(53)).Int64())
}

func group3(s string) string {
	var parts []string
	for len(s) > 0 {
		parts, s = append(parts, s[:min(3, len(s))]), s[min(3, len(s)):]
	}
	return strings.Join(parts, "-")
}

// NormalCredential brings a typed credential into its one form, with hyphens, or
// reports ErrCredential. Without this a slip would make a ballot that nobody can
// tell from a right one until it is refused.
func NormalCredential(typed string) (string, error) {
	s := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, typed)
	if len(s) != 15 || strings.Trim(s, base58) != "" || strings.IndexByte(base58, s[14]) != checkSign(s[:14]) {
		return "", ErrCredential
	}
	return group3(s), nil
}

// SecretOf derives a credential's secret exponent for one election. The text goes
// in with its hyphens: without them it would be another key.
func SecretOf(credential, uuid string, g *Group) (*big.Int, error) {
	text, err := NormalCredential(credential)
	if err != nil {
		return nil, err
	}
	key, err := pbkdf2.Key(sha256.New, text, []byte(uuid), 1000, 32)
	if err != nil {
		return nil, err
	}
	return new(big.Int).Mod(new(big.Int).SetBytes(key), g.Q), nil
}

// PublicOf returns the public credential of a secret one: g^s.
func PublicOf(secret *big.Int, g *Group) *big.Int { return g.fixed(g.G, secret) }
