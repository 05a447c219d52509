package ballot

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// TrusteeKey is one trustee's public key with the proof that its secret is known.
type TrusteeKey struct {
	Pok  Proof  `json:"pok"`
	Key  Number `json:"public_key"`
	Name string `json:"name,omitempty"`
}

// signedMessage is a text with a signature over exactly that text.
type signedMessage struct {
	Message   string `json:"message"`
	Signature Proof  `json:"signature"`
}

// threshold is a group of trustees of whom any Threshold can decrypt (Pedersen).
type threshold struct {
	Threshold    int             `json:"threshold"`
	Certificates []signedMessage `json:"certs"`
	Coefficients []signedMessage `json:"coefexps"`
	Keys         []TrusteeKey    `json:"verification_keys"`
}

// trustee is one who may hold a part of the secret, numbered from 1 over all.
type trustee struct {
	item  int // which item of the trustees object
	index int // within the item, from 1
	key   *big.Int
}

// board is the trustees of an election.
type board struct {
	trustees   []trustee
	thresholds []int // by item: 0 for one mandatory key, else how many it takes
	key        *big.Int
}

func pokText(g *Group, key *big.Int) func(*big.Int) string {
	return func(commitment *big.Int) string {
		return "pok|" + g.Name + "|" + key.String() + "|" + commitment.String()
	}
}

func (g *Group) readTrusteeKey(k TrusteeKey) (*big.Int, error) {
	x, err := g.Element(k.Key)
	if err != nil {
		return nil, err
	}
	if err := g.knows(x, k.Pok, pokText(g, x)); err != nil {
		return nil, fmt.Errorf("ballot: a trustee's key: %w", err)
	}
	return x, nil
}

// NewTrusteeKey returns a mandatory trustee's secret and its public part.
func NewTrusteeKey(g *Group, name string, random Random) (*big.Int, TrusteeKey, error) {
	x, err := random(g)
	if err != nil {
		return nil, TrusteeKey{}, err
	}
	key := g.fixed(g.G, x)
	pok, err := g.prove(x, pokText(g, key), random)
	return x, TrusteeKey{Pok: pok, Key: number(key), Name: name}, err
}

// WriteTrustees returns the trustees object of mandatory keys, and the election
// key: their product.
func WriteTrustees(g *Group, keys []TrusteeKey) (object []byte, public Number, err error) {
	y, items := one, [][]any{}
	for _, k := range keys {
		x, err := g.readTrusteeKey(k)
		if err != nil {
			return nil, "", err
		}
		y = g.mul(y, x)
		items = append(items, []any{"Single", k})
	}
	object, err = compact(items)
	return object, number(y), err
}

func (g *Group) readTrustees(body []byte) (b board, err error) {
	var items [][]json.RawMessage
	if err := strict(body, &items); err != nil {
		return b, fmt.Errorf("ballot: trustees: %w", err)
	}
	b.key = one
	for i, it := range items {
		var kind string
		if len(it) != 2 || json.Unmarshal(it[0], &kind) != nil {
			return b, errors.New("ballot: trustees: an item is not a kind and an object")
		}
		switch kind {
		case "Single":
			err = b.single(g, i, it[1])
		case "Pedersen":
			err = b.pedersen(g, i, it[1])
		default:
			err = fmt.Errorf("ballot: trustees: unknown kind %.20q", kind)
		}
		if err != nil {
			return b, err
		}
	}
	if len(b.trustees) == 0 {
		return b, errors.New("ballot: there are no trustees")
	}
	return b, nil
}

func (b *board) single(g *Group, item int, body []byte) error {
	var k TrusteeKey
	if err := strict(body, &k); err != nil {
		return err
	}
	x, err := g.readTrusteeKey(k)
	if err != nil {
		return err
	}
	b.key = g.mul(b.key, x)
	b.trustees, b.thresholds = append(b.trustees, trustee{item, 1, x}), append(b.thresholds, 0)
	return nil
}

// certificate is what a threshold trustee signs first: the keys to check and to
// encrypt with.
type certificate struct {
	Verification Number `json:"verification"`
	Encryption   Number `json:"encryption"`
}

// pedersen checks a threshold group: the certificates sign themselves, each signs
// its coefficients, and each verification key is what the coefficients make of
// its index (format §5.2).
func (b *board) pedersen(g *Group, item int, body []byte) error {
	var t threshold
	if err := strict(body, &t); err != nil {
		return err
	}
	n := len(t.Certificates)
	if t.Threshold < 1 || t.Threshold > n || len(t.Coefficients) != n || len(t.Keys) != n {
		return errors.New("ballot: a threshold group is incomplete")
	}
	exps := make([][]*big.Int, n)
	for i := range n {
		var err error
		if exps[i], err = g.dealer(t, i); err != nil {
			return fmt.Errorf("ballot: threshold trustee %d: %w", i+1, err)
		}
		b.key = g.mul(b.key, exps[i][0])
	}
	for j := range n {
		x, err := g.readTrusteeKey(t.Keys[j])
		if err != nil {
			return err
		}
		if x.Cmp(g.shareKey(exps, j+1)) != 0 {
			return fmt.Errorf("ballot: threshold trustee %d: the verification key is not that of the coefficients", j+1)
		}
		b.trustees = append(b.trustees, trustee{item, j + 1, x})
	}
	b.thresholds = append(b.thresholds, t.Threshold)
	return nil
}

// dealer reads what one threshold trustee published: g to the power of each of
// its coefficients.
func (g *Group) dealer(t threshold, i int) ([]*big.Int, error) {
	var cert certificate
	if err := strict([]byte(t.Certificates[i].Message), &cert); err != nil {
		return nil, err
	}
	key, err := g.Element(cert.Verification)
	if err != nil {
		return nil, err
	}
	if _, err := g.Element(cert.Encryption); err != nil {
		return nil, err
	}
	for _, m := range []signedMessage{t.Certificates[i], t.Coefficients[i]} {
		text := func(commitment *big.Int) string { return "sigmsg|" + m.Message + "|" + commitment.String() }
		if err := g.knows(key, m.Signature, text); err != nil {
			return nil, err
		}
	}
	var c struct {
		Exps []Number `json:"coefexps"`
	}
	if err := strict([]byte(t.Coefficients[i].Message), &c); err != nil {
		return nil, err
	}
	if len(c.Exps) != t.Threshold {
		return nil, errors.New("not as many coefficients as the threshold")
	}
	exps := make([]*big.Int, len(c.Exps))
	for k, n := range c.Exps {
		if exps[k], err = g.Element(n); err != nil {
			return nil, err
		}
	}
	return exps, nil
}

// shareKey is the product of A_ik^(j^k) over all dealers i and coefficients k.
func (g *Group) shareKey(exps [][]*big.Int, j int) *big.Int {
	x, index := one, big.NewInt(int64(j))
	for _, dealer := range exps {
		e := big.NewInt(1)
		for _, a := range dealer {
			x = g.mul(x, g.power(a, e))
			e = new(big.Int).Mod(new(big.Int).Mul(e, index), g.Q)
		}
	}
	return x
}

// lagrange is the exponent that puts the part of trustee j of a threshold group
// together with those of the others present.
func (g *Group) lagrange(j int, present []int) *big.Int {
	l := big.NewInt(1)
	for _, k := range present {
		if k == j {
			continue
		}
		d := new(big.Int).ModInverse(new(big.Int).Mod(big.NewInt(int64(k-j)), g.Q), g.Q)
		l.Mod(l.Mul(l, d.Mul(d, big.NewInt(int64(k)))), g.Q)
	}
	return l
}
