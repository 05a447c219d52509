package ballot

import (
	"errors"
	"math/big"
	"strings"
)

// Proof is a proof of knowledge: a challenge and a response, both scalars.
type Proof struct {
	Challenge Number `json:"challenge"`
	Response  Number `json:"response"`
}

var errProof = errors.New("ballot: a proof does not hold")

func (g *Group) scalars(p Proof) (c, r *big.Int, err error) {
	if c, err = g.Scalar(p.Challenge); err != nil {
		return nil, nil, err
	}
	r, err = g.Scalar(p.Response)
	return c, r, err
}

// prove makes a proof of knowledge of x with g^x for a text that hash completes
// with the commitment.
func (g *Group) prove(x *big.Int, text func(commitment *big.Int) string, random Random) (Proof, error) {
	w, err := random(g)
	if err != nil {
		return Proof{}, err
	}
	c := g.Hash(text(g.fixed(g.G, w)))
	return Proof{number(c), number(g.answer(w, x, c))}, nil
}

// answer is w − x·c modulo Q.
func (g *Group) answer(w, x, c *big.Int) *big.Int {
	return new(big.Int).Mod(new(big.Int).Sub(w, new(big.Int).Mul(x, c)), g.Q)
}

// knows checks a proof of knowledge of the exponent of X = g^x: with
// A = g^r·X^c the text hashes to c.
func (g *Group) knows(x *big.Int, p Proof, text func(commitment *big.Int) string) error {
	c, r, err := g.scalars(p)
	if err != nil {
		return err
	}
	a := g.mul(g.fixed(g.G, r), g.power(x, c))
	if g.Hash(text(a)).Cmp(c) != 0 {
		return errProof
	}
	return nil
}

// Pair is a ciphertext.
type Pair struct {
	Alpha Number `json:"alpha"`
	Beta  Number `json:"beta"`
}

// cipher is a ciphertext, read.
type cipher struct{ alpha, beta *big.Int }

func (c cipher) text() string { return c.alpha.String() + "," + c.beta.String() }

func (g *Group) readPair(p Pair) (c cipher, err error) {
	if c.alpha, err = g.Element(p.Alpha); err != nil {
		return c, err
	}
	c.beta, err = g.Element(p.Beta)
	return c, err
}

// product multiplies ciphertexts, which adds what they hide. Of none it is (1, 1).
func (g *Group) product(all []cipher) cipher {
	p := cipher{one, one}
	for _, c := range all {
		p = cipher{g.mul(p.alpha, c.alpha), g.mul(p.beta, c.beta)}
	}
	return p
}

// branch is one possibility of a disjunctive proof: the ciphertext hides value.
type branch struct {
	cipher
	value int
}

// commit returns the commitments that a challenge and a response of a branch
// stand for: A = g^r·alpha^c, B = y^r·(beta/g^value)^c.
func (p *poll) commit(b branch, c, r *big.Int) (string, string) {
	g := p.group
	beta := b.beta
	if b.value != 0 {
		beta = g.mul(beta, g.inverse(g.fixed(g.G, big.NewInt(int64(b.value)))))
	}
	x := g.mul(g.fixed(g.G, r), g.power(b.alpha, c))
	y := g.mul(g.fixed(p.key, r), g.power(beta, c))
	return x.String(), y.String()
}

// oneOf checks a disjunctive proof: one of the branches is true, and nobody can
// tell which.
func (p *poll) oneOf(prefix string, branches []branch, proofs []Proof) error {
	if len(proofs) != len(branches) {
		return errProof
	}
	sum := new(big.Int)
	commitments := make([]string, 0, 2*len(branches))
	for i, b := range branches {
		c, r, err := p.group.scalars(proofs[i])
		if err != nil {
			return err
		}
		x, y := p.commit(b, c, r)
		commitments = append(commitments, x, y)
		sum.Add(sum, c)
	}
	if p.group.Hash(prefix+strings.Join(commitments, ",")).Cmp(sum.Mod(sum, p.group.Q)) != 0 {
		return errProof
	}
	return nil
}

// proveOneOf makes a disjunctive proof whose branch at is the true one, with the
// randomness r of its ciphertext. The others are simulated.
func (p *poll) proveOneOf(prefix string, branches []branch, at int, secret *big.Int, random Random) ([]Proof, error) {
	g := p.group
	proofs := make([]Proof, len(branches))
	commitments := make([]string, 2*len(branches))
	sum := new(big.Int)
	for i, b := range branches {
		if i == at {
			continue
		}
		c, err := random(g)
		if err != nil {
			return nil, err
		}
		r, err := random(g)
		if err != nil {
			return nil, err
		}
		commitments[2*i], commitments[2*i+1] = p.commit(b, c, r)
		proofs[i] = Proof{number(c), number(r)}
		sum.Add(sum, c)
	}
	w, err := random(g)
	if err != nil {
		return nil, err
	}
	commitments[2*at], commitments[2*at+1] = g.fixed(g.G, w).String(), g.fixed(p.key, w).String()
	c := g.Hash(prefix + strings.Join(commitments, ","))
	c.Mod(c.Sub(c, sum), g.Q)
	proofs[at] = Proof{number(c), number(g.answer(w, secret, c))}
	return proofs, nil
}
