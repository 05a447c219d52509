package ballot

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Ballot is one voter's vote, encrypted, proved and signed.
type Ballot struct {
	UUID        string     `json:"election_uuid"`
	Fingerprint string     `json:"election_hash"`
	Credential  Number     `json:"credential"`
	Answers     []Answer   `json:"answers"`
	Signature   *Signature `json:"signature,omitempty"`
}

// Answer is the answer to one question: a ciphertext for each choice with its
// proof of being 0 or 1, and a proof about their number.
type Answer struct {
	Choices    []Pair    `json:"choices"`
	Individual [][]Proof `json:"individual_proofs"`
	Overall    []Proof   `json:"overall_proof"`
	Blank      []Proof   `json:"blank_proof,omitempty"`
}

// Signature binds a ballot to its credential.
type Signature struct {
	Hash  string `json:"hash"`
	Proof Proof  `json:"proof"`
}

// scope is what every proof of a ballot is bound to: election and credential.
func (p *poll) scope(credential Number) string { return p.print + "|" + string(credential) }

func pairBranches(c cipher) []branch { return []branch{{c, 0}, {c, 1}} }

// overallBranches are the possibilities for the number of choices.
func (q Question) overallBranches(sum cipher) (all []branch) {
	for m := q.Min; m <= q.Max; m++ {
		all = append(all, branch{sum, m})
	}
	return all
}

func joined(all []cipher) string {
	parts := make([]string, len(all))
	for i, c := range all {
		parts[i] = c.text()
	}
	return strings.Join(parts, ",")
}

// checkAnswer checks the answer to one question.
func (p *poll) checkAnswer(q Question, a Answer, scope string) ([]cipher, error) {
	if len(a.Choices) != q.choices() || len(a.Individual) != len(a.Choices) || q.Blank != (a.Blank != nil) {
		return nil, errors.New("ballot: the number of choices is wrong")
	}
	all := make([]cipher, len(a.Choices))
	for i, pair := range a.Choices {
		c, err := p.group.readPair(pair)
		if err != nil {
			return nil, err
		}
		all[i] = c
		if err := p.oneOf("prove|"+scope+"|"+c.text()+"|", pairBranches(c), a.Individual[i]); err != nil {
			return nil, fmt.Errorf("individual proof: %w", err)
		}
	}
	whole := scope + "|" + joined(all)
	if !q.Blank {
		sum := p.group.product(all)
		if err := p.oneOf("prove|"+whole+"|"+sum.text()+"|", q.overallBranches(sum), a.Overall); err != nil {
			return nil, fmt.Errorf("overall proof: %w", err)
		}
		return all, nil
	}
	sum := p.group.product(all[1:])
	if err := p.oneOf("bproof0|"+whole+"|", []branch{{all[0], 0}, {sum, 0}}, a.Blank); err != nil {
		return nil, fmt.Errorf("blank proof: %w", err)
	}
	branches := append([]branch{{all[0], 1}}, q.overallBranches(sum)...)
	if err := p.oneOf("bproof1|"+whole+"|", branches, a.Overall); err != nil {
		return nil, fmt.Errorf("overall proof: %w", err)
	}
	return all, nil
}

// checkBallot checks one ballot in its canonical form and returns what it hides,
// by question. known are the public credentials.
func (p *poll) checkBallot(body []byte, known map[Number]*big.Int) (Number, [][]cipher, error) {
	var b Ballot
	if err := strict(body, &b); err != nil {
		return "", nil, err
	}
	if again, err := compact(b); err != nil || !bytes.Equal(again, body) {
		return "", nil, errors.New("ballot: not in canonical form")
	}
	key := known[b.Credential]
	switch {
	case b.UUID != p.UUID || b.Fingerprint != p.print:
		return "", nil, errors.New("ballot: of another election")
	case key == nil:
		return "", nil, errors.New("ballot: invalid credential")
	case b.Signature == nil || len(b.Answers) != len(p.Questions):
		return "", nil, errors.New("ballot: unsigned, or not an answer to each question")
	}
	if err := p.checkSignature(b, key); err != nil {
		return "", nil, err
	}
	var all [][]cipher
	for i, q := range p.Questions {
		c, err := p.checkAnswer(q, b.Answers[i], p.scope(b.Credential))
		if err != nil {
			return "", nil, fmt.Errorf("question %d: %w", i+1, err)
		}
		all = append(all, c)
	}
	return b.Credential, all, nil
}

func (b Ballot) unsigned() ([]byte, error) {
	b.Signature = nil
	return compact(b)
}

func (p *poll) checkSignature(b Ballot, key *big.Int) error {
	body, err := b.unsigned()
	if err != nil {
		return err
	}
	if h := B64(body); h != b.Signature.Hash {
		return errors.New("ballot: the signature is of another ballot")
	}
	if err := p.group.knows(key, b.Signature.Proof, signed(b.Signature.Hash)); err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	return nil
}

func signed(hash string) func(*big.Int) string {
	return func(commitment *big.Int) string { return "sig|" + hash + "|" + commitment.String() }
}

// Vote encrypts, proves and signs a ballot. votes holds a 0 or 1 for each answer
// of each question. Randomness is used in the order of the format: for each
// question the ciphertexts, then the individual proofs, then the overall proof;
// the signature last.
func Vote(election []byte, credential string, votes [][]int, random Random) ([]byte, error) {
	p, err := readElection(election)
	if err != nil {
		return nil, err
	}
	secret, err := SecretOf(credential, p.UUID, p.group)
	if err != nil {
		return nil, err
	}
	if len(votes) != len(p.Questions) {
		return nil, errors.New("ballot: not a vote for each question")
	}
	b := Ballot{UUID: p.UUID, Fingerprint: p.print, Credential: number(PublicOf(secret, p.group))}
	for i, q := range p.Questions {
		a, err := p.answer(q, votes[i], p.scope(b.Credential), random)
		if err != nil {
			return nil, fmt.Errorf("question %d: %w", i+1, err)
		}
		b.Answers = append(b.Answers, a)
	}
	body, err := b.unsigned()
	if err != nil {
		return nil, err
	}
	h := B64(body)
	proof, err := p.group.prove(secret, signed(h), random)
	if err != nil {
		return nil, err
	}
	b.Signature = &Signature{Hash: h, Proof: proof}
	return compact(b)
}

func (p *poll) answer(q Question, vote []int, scope string, random Random) (a Answer, err error) {
	if q.Blank {
		return a, errors.New("ballot: questions with a blank answer are read and never written here")
	}
	all, nonces, chosen, err := p.encrypt(q, vote, random)
	if err != nil {
		return a, err
	}
	total := new(big.Int)
	for i, c := range all {
		proofs, err := p.proveOneOf("prove|"+scope+"|"+c.text()+"|", pairBranches(c), vote[i], nonces[i], random)
		if err != nil {
			return a, err
		}
		a.Choices = append(a.Choices, Pair{number(c.alpha), number(c.beta)})
		a.Individual = append(a.Individual, proofs)
		total.Add(total, nonces[i])
	}
	sum := p.group.product(all)
	a.Overall, err = p.proveOneOf("prove|"+scope+"|"+joined(all)+"|"+sum.text()+"|", q.overallBranches(sum), chosen-q.Min, total.Mod(total, p.group.Q), random)
	return a, err
}

// encrypt hides each 0 or 1 of a vote, and counts the ones.
func (p *poll) encrypt(q Question, vote []int, random Random) (all []cipher, nonces []*big.Int, chosen int, err error) {
	if len(vote) != len(q.Answers) {
		return nil, nil, 0, errors.New("ballot: not a 0 or 1 for each answer")
	}
	g := p.group
	for _, m := range vote {
		if m != 0 && m != 1 {
			return nil, nil, 0, errors.New("ballot: not a 0 or 1 for each answer")
		}
		r, err := random(g)
		if err != nil {
			return nil, nil, 0, err
		}
		beta := g.fixed(p.key, r)
		if m == 1 {
			beta = g.mul(beta, g.G)
		}
		all, nonces = append(all, cipher{g.fixed(g.G, r), beta}), append(nonces, r)
		chosen += m
	}
	if chosen < q.Min || chosen > q.Max {
		return nil, nil, 0, fmt.Errorf("ballot: %d chosen, from %d to %d allowed", chosen, q.Min, q.Max)
	}
	return all, nonces, chosen, nil
}
