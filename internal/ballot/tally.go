package ballot

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Decryption is one trustee's part of the decryption of every number of the
// tally, with the proof that it is right.
type Decryption struct {
	Factors [][]Number `json:"decryption_factors"`
	Proofs  [][]Proof  `json:"decryption_proofs"`
}

// Result is the numbers: for each question, how often each answer was chosen.
type Result struct {
	Result [][]int `json:"result"`
}

// sized is the payload of the event EncryptedTally.
type sized struct {
	Tallied int    `json:"num_tallied"`
	Weight  int    `json:"total_weight"`
	Tally   string `json:"encrypted_tally"`
}

// owned is the payload of the event PartialDecryption.
type owned struct {
	Owner   int    `json:"owner"` // number of the trustee, from 1
	Payload string `json:"payload"`
}

// count multiplies the last ballot of each credential, question by question and
// choice by choice.
func (p *poll) count(last map[Number][][]cipher) [][]cipher {
	tally := make([][]cipher, len(p.Questions))
	for i, q := range p.Questions {
		tally[i] = make([]cipher, q.choices())
		for j := range tally[i] {
			all := make([]cipher, 0, len(last))
			for _, b := range last {
				all = append(all, b[i][j])
			}
			tally[i][j] = p.group.product(all)
		}
	}
	return tally
}

func writeTally(tally [][]cipher) ([]byte, error) {
	out := make([][]Pair, len(tally))
	for i, q := range tally {
		for _, c := range q {
			out[i] = append(out[i], Pair{number(c.alpha), number(c.beta)})
		}
	}
	return compact(out)
}

func (p *poll) decryptText(key *big.Int, a, b *big.Int) string {
	return "decrypt|" + p.print + "|" + key.String() + "|" + a.String() + "," + b.String()
}

// decrypt makes a trustee's part with its secret, each number with fresh
// randomness.
func (p *poll) decrypt(tally [][]cipher, secret *big.Int, random Random) (d Decryption, err error) {
	g := p.group
	key := g.fixed(g.G, new(big.Int).Mod(secret, g.Q))
	for _, q := range tally {
		var factors []Number
		var proofs []Proof
		for _, c := range q {
			w, err := random(g)
			if err != nil {
				return d, err
			}
			ch := g.Hash(p.decryptText(key, g.fixed(g.G, w), g.power(c.alpha, w)))
			factors = append(factors, number(g.power(c.alpha, secret)))
			proofs = append(proofs, Proof{number(ch), number(g.answer(w, secret, ch))})
		}
		d.Factors, d.Proofs = append(d.Factors, factors), append(d.Proofs, proofs)
	}
	return d, nil
}

// checkDecryption checks a trustee's part and returns its factors.
func (p *poll) checkDecryption(tally [][]cipher, t trustee, d Decryption) ([][]*big.Int, error) {
	if len(d.Factors) != len(tally) || len(d.Proofs) != len(tally) {
		return nil, errors.New("ballot: a decryption is not of each question")
	}
	g := p.group
	factors := make([][]*big.Int, len(tally))
	for i, q := range tally {
		if len(d.Factors[i]) != len(q) || len(d.Proofs[i]) != len(q) {
			return nil, errors.New("ballot: a decryption is not of each answer")
		}
		for j, c := range q {
			f, err := g.Element(d.Factors[i][j])
			if err != nil {
				return nil, err
			}
			ch, r, err := g.scalars(d.Proofs[i][j])
			if err != nil {
				return nil, err
			}
			a := g.mul(g.fixed(g.G, r), g.power(t.key, ch))
			b := g.mul(g.power(c.alpha, r), g.power(f, ch))
			if g.Hash(p.decryptText(t.key, a, b)).Cmp(ch) != 0 {
				return nil, fmt.Errorf("decryption proof: %w", errProof)
			}
			factors[i] = append(factors[i], f)
		}
	}
	return factors, nil
}

// present lists by item the indices of those whose parts are used: all of a
// mandatory key, the first so many of a threshold group.
func (b board) present(parts map[int][][]*big.Int) (map[int][]int, error) {
	used := map[int][]int{}
	for n, t := range b.trustees {
		if _, there := parts[n+1]; !there {
			continue
		}
		if need := b.thresholds[t.item]; need == 0 || len(used[t.item]) < need {
			used[t.item] = append(used[t.item], t.index)
		}
	}
	for item, need := range b.thresholds {
		if len(used[item]) < max(need, 1) {
			return nil, errors.New("ballot: too few trustees decrypted")
		}
	}
	return used, nil
}

// combine puts the parts together and finds each number: beta divided by all
// factors is g^v for a v from 0 to the number of ballots.
func (p *poll) combine(b board, tally [][]cipher, parts map[int][][]*big.Int, ballots int) (Result, error) {
	used, err := b.present(parts)
	if err != nil {
		return Result{}, err
	}
	g := p.group
	var out Result
	for i, q := range tally {
		var row []int
		for j, c := range q {
			x := c.beta
			for n, t := range b.trustees {
				f, there := parts[n+1]
				if !there || !slices.Contains(used[t.item], t.index) {
					continue
				}
				factor := f[i][j]
				if b.thresholds[t.item] > 0 {
					factor = g.power(factor, g.lagrange(t.index, used[t.item]))
				}
				x = g.mul(x, g.inverse(factor))
			}
			v, err := p.find(x, ballots)
			if err != nil {
				return Result{}, err
			}
			row = append(row, v)
		}
		out.Result = append(out.Result, row)
	}
	return out, nil
}

func (p *poll) find(x *big.Int, most int) (int, error) {
	for v, y := 0, one; v <= most; v, y = v+1, p.group.mul(y, p.group.G) {
		if x.Cmp(y) == 0 {
			return v, nil
		}
	}
	return 0, errors.New("ballot: a number of the result is not among those possible")
}
