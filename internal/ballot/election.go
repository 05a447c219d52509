package ballot

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Election says what is voted on and to which key. Fields are in the order in
// which they are written.
type Election struct {
	Version       int        `json:"version"` // 1
	Description   string     `json:"description"`
	Name          string     `json:"name"`
	Group         string     `json:"group"`
	PublicKey     Number     `json:"public_key"` // product of the trustees' keys
	Questions     []Question `json:"questions"`
	UUID          string     `json:"uuid"` // at least 14 signs of Base58; also the salt of credentials
	Administrator string     `json:"administrator,omitempty"`
	Registrar     string     `json:"credential_authority,omitempty"`
}

// Question is voted on by choosing from Min to Max of its answers: 1 of 3 for
// 赞成, 反对, 弃权.
type Question struct {
	Answers []string `json:"answers"`
	Blank   bool     `json:"blank,omitempty"` // one may also choose none, as an answer of its own
	Min     int      `json:"min"`
	Max     int      `json:"max"`
	Text    string   `json:"question"`
}

// choices is how many ciphertexts an answer to the question has.
func (q Question) choices() int {
	if q.Blank {
		return len(q.Answers) + 1
	}
	return len(q.Answers)
}

// poll is an election as it stands in an archive, with what the proofs need: the
// object is never written again, because its digest binds every proof.
type poll struct {
	Election
	group *Group
	key   *big.Int
	print string // fingerprint φ
}

// Bounds of what is read.
const (
	mostQuestions = 200
	mostAnswers   = 200
)

func readElection(body []byte) (*poll, error) {
	p := &poll{print: B64(body)}
	if err := strict(body, &p.Election); err != nil {
		return nil, fmt.Errorf("ballot: election: %w", err)
	}
	if p.Version != 1 || len(p.Questions) == 0 || len(p.Questions) > mostQuestions {
		return nil, errors.New("ballot: election: version or questions")
	}
	for _, q := range p.Questions {
		if len(q.Answers) == 0 || len(q.Answers) > mostAnswers || q.Min < 0 || q.Max < q.Min || q.Max > len(q.Answers) {
			return nil, errors.New("ballot: election: a question's bounds")
		}
	}
	if err := checkUUID(p.UUID); err != nil {
		return nil, err
	}
	var err error
	if p.group, err = GroupNamed(p.Group); err != nil {
		return nil, err
	}
	p.key, err = p.group.Element(p.PublicKey)
	return p, err
}

// Write returns the election object, to be kept as these bytes.
func (e Election) Write() ([]byte, error) { return compact(e) }

// compact writes JSON on one line without escaping Chinese or anything else.
func compact(v any) ([]byte, error) {
	var b buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return slices.Clone(b[:max(len(b)-1, 0)]), err
}

type buffer []byte

// Write implements io.Writer.
func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// setup is the payload of the first event: the hashes of the three objects
// before it.
type setup struct {
	Election    string `json:"election"`
	Trustees    string `json:"trustees"`
	Credentials string `json:"credentials"`
}

// readCredentials reads the public credentials: elements in ascending order of
// their numbers, so that the order says nothing about voters, and none twice.
func (p *poll) readCredentials(body []byte) (map[Number]*big.Int, error) {
	var all []Number
	if err := strict(body, &all); err != nil {
		return nil, fmt.Errorf("ballot: credentials: %w", err)
	}
	known := map[Number]*big.Int{}
	var before *big.Int
	for _, n := range all {
		x, err := p.group.Element(n)
		if err != nil {
			return nil, fmt.Errorf("ballot: credential: %w", err)
		}
		if before != nil && x.Cmp(before) <= 0 {
			return nil, errors.New("ballot: credentials are not in ascending order, or one stands twice")
		}
		known[n], before = x, x
	}
	return known, nil
}

// WriteCredentials returns the object of public credentials.
func WriteCredentials(all []*big.Int) ([]byte, error) {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, (*big.Int).Cmp)
	numbers := make([]Number, len(sorted))
	for i, x := range sorted {
		numbers[i] = number(x)
	}
	return compact(numbers)
}
