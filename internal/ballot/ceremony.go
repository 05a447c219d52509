package ballot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
)

// The ceremony of threshold trustees: n trustees make one key of which any so many
// can decrypt, and nobody, the server included, ever holds the whole. Three things
// are sent, one after another, by each: a certificate, a dealing, an acceptance.
// What the server can check of them, it checks at once.

// dealing is what a trustee sends second: shares of a secret of its own to each,
// and commitments by which each can check its share.
type dealing struct {
	Polynomial   string        `json:"polynomial"` // to itself: the coefficients
	Secrets      []string      `json:"secrets"`    // to each, in the order of the certificates
	Coefficients signedMessage `json:"coefexps"`
}

// shares is what a trustee gets before it sends the third: its share of each.
type shares struct {
	Polynomial   string          `json:"polynomial"`
	Secrets      []string        `json:"secrets"`
	Coefficients []signedMessage `json:"coefexps"`
}

// acceptance is what a trustee sends third: its part of the secret, encrypted to
// itself, and the public key that belongs to it.
type acceptance struct {
	Private string     `json:"private_key"`
	Public  TrusteeKey `json:"public_key"`
}

// Ceremony is what the trustees sent so far, each in the agreed order: that of the
// certificates, which fixes who is number 1, 2, ….
type Ceremony struct {
	Group        *Group
	Threshold    int
	Certificates [][]byte
	Dealings     [][]byte
	Acceptances  [][]byte
}

var errCeremony = errors.New("ballot: a trustee's message does not fit the ceremony")

// certificateKeys reads a certificate, which signs itself.
func (g *Group) certificateKeys(text []byte) (verify, encrypt *big.Int, err error) {
	var s signedMessage
	var c certificate
	if strict(text, &s) != nil || strict([]byte(s.Message), &c) != nil {
		return nil, nil, errCeremony
	}
	if verify, err = g.Element(c.Verification); err != nil {
		return nil, nil, err
	}
	if encrypt, err = g.Element(c.Encryption); err != nil {
		return nil, nil, err
	}
	return verify, encrypt, g.knows(verify, s.Signature, messageText(s.Message))
}

// CheckCertificate checks a certificate and returns its fingerprint, which the
// trustees read aloud to one another.
func (g *Group) CheckCertificate(text []byte) (string, error) {
	if _, _, err := g.certificateKeys(text); err != nil {
		return "", err
	}
	return B64(text), nil
}

// exponents reads the commitments of a dealing.
func (c Ceremony) exponents(who int, s signedMessage) ([]*big.Int, error) {
	verify, _, err := c.Group.certificateKeys(c.Certificates[who])
	if err != nil {
		return nil, err
	}
	if err := c.Group.knows(verify, s.Signature, messageText(s.Message)); err != nil {
		return nil, err
	}
	var m struct {
		Exps []Number `json:"coefexps"`
	}
	if strict([]byte(s.Message), &m) != nil || len(m.Exps) != c.Threshold {
		return nil, errCeremony
	}
	exps := make([]*big.Int, len(m.Exps))
	for k, n := range m.Exps {
		if exps[k], err = c.Group.Element(n); err != nil {
			return nil, err
		}
	}
	return exps, nil
}

// CheckDealing checks what the server can see of a dealing: its form and the
// signature. Whether a share is right, only its receiver can tell.
func (c Ceremony) CheckDealing(who int, text []byte) error {
	var d dealing
	if err := strict(text, &d); err != nil {
		return err
	}
	if who >= len(c.Certificates) || len(d.Secrets) != len(c.Certificates) || c.Threshold < 1 || c.Threshold > len(c.Certificates) {
		return errCeremony
	}
	for _, m := range append([]string{d.Polynomial}, d.Secrets...) {
		var e encrypted
		if err := strict([]byte(m), &e); err != nil {
			return err
		}
	}
	_, err := c.exponents(who, d.Coefficients)
	return err
}

// SharesFor puts together what all dealt to one trustee.
func (c Ceremony) SharesFor(who int) ([]byte, error) {
	var out shares
	for i, text := range c.Dealings {
		var d dealing
		if err := strict(text, &d); err != nil {
			return nil, err
		}
		if i == who {
			out.Polynomial = d.Polynomial
		}
		out.Secrets, out.Coefficients = append(out.Secrets, d.Secrets[who]), append(out.Coefficients, d.Coefficients)
	}
	return compact(out)
}

// CheckAcceptance checks that a trustee's public key is what all commitments make of
// its number, and that it knows the secret of it.
func (c Ceremony) CheckAcceptance(who int, text []byte) error {
	var a acceptance
	var e encrypted
	if err := strict(text, &a); err != nil {
		return err
	}
	if err := strict([]byte(a.Private), &e); err != nil {
		return err
	}
	key, err := c.Group.readTrusteeKey(a.Public)
	if err != nil {
		return err
	}
	all := make([][]*big.Int, len(c.Dealings))
	for i, text := range c.Dealings {
		var d dealing
		if err := strict(text, &d); err != nil {
			return err
		}
		if all[i], err = c.exponents(i, d.Coefficients); err != nil {
			return err
		}
	}
	if len(all) != len(c.Certificates) || key.Cmp(c.Group.shareKey(all, who+1)) != 0 {
		return errCeremony
	}
	return nil
}

// Trustees returns the trustees object of a ceremony that is over, and the
// election key.
func (c Ceremony) Trustees() (object []byte, public Number, err error) {
	t := threshold{Threshold: c.Threshold}
	for i := range c.Acceptances {
		var cert signedMessage
		var d dealing
		var a acceptance
		if err := errors.Join(strict(c.Certificates[i], &cert), strict(c.Dealings[i], &d), strict(c.Acceptances[i], &a)); err != nil {
			return nil, "", err
		}
		t.Certificates, t.Coefficients, t.Keys = append(t.Certificates, cert), append(t.Coefficients, d.Coefficients), append(t.Keys, a.Public)
	}
	if object, err = compact([]any{[]any{"Pedersen", t}}); err != nil {
		return nil, "", err
	}
	b, err := c.Group.readTrustees(object)
	if err != nil {
		return nil, "", err
	}
	return object, number(b.key), nil
}

// PrivateKey returns what a trustee sent of its own secret, encrypted to itself.
func PrivateKey(acceptanceText []byte) (string, error) {
	a, err := inside[acceptance](string(acceptanceText))
	return a.Private, err
}

// NewSeed returns the one thing that a threshold trustee keeps: 22 signs.
func NewSeed(random io.Reader) (string, error) { return digits(random, 22) }

// Certify makes a trustee's certificate of its seed.
func Certify(g *Group, seed string, random Random) ([]byte, error) {
	own := secretsOf(seed)
	inner, err := compact(certificate{number(g.fixed(g.G, own.sign)), number(g.fixed(g.G, own.read))})
	if err != nil {
		return nil, err
	}
	s, err := g.sign(own.sign, string(inner), random)
	if err != nil {
		return nil, err
	}
	return compact(s)
}

// Deal makes a trustee's dealing.
func (c Ceremony) Deal(who int, seed string, random Random) ([]byte, error) {
	g, own := c.Group, secretsOf(seed)
	f := make([]*big.Int, c.Threshold)
	coefficients, exps := make([]Number, c.Threshold), make([]Number, c.Threshold)
	for k := range f {
		a, err := random(g)
		if err != nil {
			return nil, err
		}
		f[k], coefficients[k], exps[k] = a, number(a), number(g.fixed(g.G, a))
	}
	to := make([]*big.Int, len(c.Certificates))
	for j, text := range c.Certificates {
		var err error
		if _, to[j], err = g.certificateKeys(text); err != nil {
			return nil, err
		}
	}
	var d dealing
	var err error
	if d.Polynomial, err = c.message(own, to[who], "polynomial", coefficients, random); err != nil {
		return nil, err
	}
	for j := range to {
		share, err := c.message(own, to[j], "secret", number(g.at(f, j+1)), random)
		if err != nil {
			return nil, err
		}
		d.Secrets = append(d.Secrets, share)
	}
	inner, err := compact(map[string]any{"coefexps": exps})
	if err != nil {
		return nil, err
	}
	if d.Coefficients, err = g.sign(own.sign, string(inner), random); err != nil {
		return nil, err
	}
	return compact(d)
}

func (c Ceremony) message(own trusteeSecrets, to *big.Int, name string, what any, random Random) (string, error) {
	text, err := compact(map[string]any{name: what})
	if err != nil {
		return "", err
	}
	return c.Group.send(own, to, string(text), random)
}

// at is a polynomial's value modulo Q.
func (g *Group) at(f []*big.Int, x int) *big.Int {
	y := new(big.Int)
	for k := len(f) - 1; k >= 0; k-- {
		y.Mod(y.Add(y.Mul(y, big.NewInt(int64(x))), f[k]), g.Q)
	}
	return y
}

// Accept checks what all dealt to a trustee and makes its acceptance. It names the
// dealer whose share is wrong.
func (c Ceremony) Accept(who int, seed string, dealt []byte, random Random) ([]byte, error) {
	g, own := c.Group, secretsOf(seed)
	var in shares
	if err := strict(dealt, &in); err != nil {
		return nil, err
	}
	if len(in.Secrets) != len(c.Certificates) || len(in.Coefficients) != len(c.Certificates) {
		return nil, errCeremony
	}
	secret := new(big.Int)
	for i, text := range in.Secrets {
		s, err := c.shareFrom(i, who, own, text, in.Coefficients[i])
		if err != nil {
			return nil, fmt.Errorf("ballot: trustee %d dealt wrongly: %w", i+1, err)
		}
		secret.Add(secret, s)
	}
	secret.Mod(secret, g.Q)
	key := g.fixed(g.G, secret)
	pok, err := g.prove(secret, pokText(g, key), random)
	if err != nil {
		return nil, err
	}
	to := g.fixed(g.G, own.read)
	private, err := c.message(own, to, "decryption_key", number(secret), random)
	if err != nil {
		return nil, err
	}
	return compact(acceptance{private, TrusteeKey{Pok: pok, Key: number(key)}})
}

func (c Ceremony) shareFrom(dealer, who int, own trusteeSecrets, text string, commitments signedMessage) (*big.Int, error) {
	g := c.Group
	from, _, err := g.certificateKeys(c.Certificates[dealer])
	if err != nil {
		return nil, err
	}
	plain, err := g.receive(own, from, text)
	if err != nil {
		return nil, err
	}
	exps, err := c.exponents(dealer, commitments)
	if err != nil {
		return nil, err
	}
	s, err := readSecret(g, plain, "secret")
	if err != nil {
		return nil, err
	}
	if g.fixed(g.G, s).Cmp(g.shareKey([][]*big.Int{exps}, who+1)) != 0 {
		return nil, errProof
	}
	return s, nil
}

// readSecret reads the one number of a message; the program does not reduce it.
func readSecret(g *Group, text, name string) (*big.Int, error) {
	var m map[string]Number
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return nil, err
	}
	n, err := m[name].read(2 * g.size)
	if err != nil {
		return nil, err
	}
	return n.Mod(n, g.Q), nil
}

// ShareOf opens a trustee's part of the secret with its seed.
func ShareOf(g *Group, seed, private string) (*big.Int, error) {
	own := secretsOf(seed)
	plain, err := g.receive(own, g.fixed(g.G, own.sign), private)
	if err != nil {
		return nil, err
	}
	return readSecret(g, plain, "decryption_key")
}
