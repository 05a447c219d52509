package ballot

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Report is what a verified archive says.
type Report struct {
	UUID        string     `json:"uuid"`
	Name        string     `json:"name"`
	Group       string     `json:"group"`
	Fingerprint string     `json:"fingerprint"` // of the election object
	Voters      int        `json:"voters"`      // public credentials
	Cast        []string   `json:"cast"`        // trackers of all ballots, in the order of the archive
	Counted     []string   `json:"counted"`     // trackers of those that count: the last of each credential
	Questions   []Question `json:"questions"`
	Complete    bool       `json:"complete"`         // there is a result
	Result      [][]int    `json:"result,omitempty"` // when complete
}

// state is a verification in progress.
type state struct {
	*Archive
	poll    *poll
	board   board
	known   map[Number]*big.Int
	last    map[Number][][]cipher
	tracker map[Number]string
	tally   [][]cipher
	parts   map[int][][]*big.Int
	report  Report
	at      string // the last kind of event
}

// follows says which kind of event may come after which: one order, so that no
// ballot comes after the end and no tally is left out.
var follows = map[string][]string{
	"": {Setup}, Setup: {Cast, EndBallots}, Cast: {Cast, EndBallots}, EndBallots: {EncryptedTally},
	EncryptedTally: {PartialDecryption}, PartialDecryption: {PartialDecryption, Outcome}, Outcome: {},
}

// Verify recomputes a whole archive. It holds when err is nil: then every ballot
// is of a credential, well-formed and signed, none twice; and if the election is
// complete, the result is that of the last ballot of each credential. An archive
// whose election still runs can be verified too; then Complete is false.
func Verify(file []byte) (Report, error) {
	s, err := load(file)
	if err != nil {
		return Report{}, err
	}
	for _, t := range s.report.Cast {
		for _, l := range s.tracker {
			if l == t {
				s.report.Counted = append(s.report.Counted, t)
			}
		}
	}
	return s.report, nil
}

// load reads an archive and checks everything in it.
func load(file []byte) (*state, error) {
	a, err := ReadArchive(file)
	if err != nil {
		return nil, err
	}
	s := &state{Archive: a, last: map[Number][][]cipher{}, tracker: map[Number]string{}, parts: map[int][][]*big.Int{}}
	used := map[string]bool{}
	for _, e := range a.events {
		if !slices.Contains(follows[s.at], e.Type) {
			return nil, fmt.Errorf("ballot: %s at height %d cannot follow %q", e.Type, e.Height, s.at)
		}
		if err := s.event(e, used); err != nil {
			return nil, fmt.Errorf("height %d, %s: %w", e.Height, e.Type, err)
		}
		s.at = e.Type
	}
	if s.poll == nil {
		return nil, errors.New("ballot: the archive holds no election")
	}
	if n := len(used) + len(a.events); n != len(a.order) {
		return nil, fmt.Errorf("ballot: %d members that no event refers to", len(a.order)-n)
	}
	return s, nil
}

func (s *state) event(e Event, used map[string]bool) error {
	body := s.data[e.Payload]
	if (e.Type == EndBallots) != (e.Payload == "") {
		return errors.New("ballot: a payload is missing, or one too many")
	}
	if e.Payload != "" {
		used[e.Payload] = true
	}
	switch e.Type {
	case Setup:
		return s.setup(body, used)
	case Cast:
		return s.ballot(body)
	case EndBallots:
		s.tally = s.poll.count(s.last)
		return nil
	case EncryptedTally:
		return s.encryptedTally(body, used)
	case PartialDecryption:
		return s.decryption(body, used)
	}
	return s.result(body)
}

// object returns a data object that another one names.
func (s *state) object(hash string, used map[string]bool) ([]byte, error) {
	if s.data[hash] == nil {
		return nil, errors.New("ballot: an object is missing")
	}
	used[hash] = true
	return s.data[hash], nil
}

func (s *state) setup(body []byte, used map[string]bool) error {
	var in setup
	if err := strict(body, &in); err != nil {
		return err
	}
	var parts [3][]byte
	for i, h := range []string{in.Election, in.Trustees, in.Credentials} {
		b, err := s.object(h, used)
		if err != nil {
			return err
		}
		parts[i] = b
	}
	var err error
	if s.poll, err = readElection(parts[0]); err != nil {
		return err
	}
	if s.board, err = s.poll.group.readTrustees(parts[1]); err != nil {
		return err
	}
	if s.board.key.Cmp(s.poll.key) != 0 {
		return errors.New("ballot: the election key is not the product of the trustees' keys")
	}
	if s.known, err = s.poll.readCredentials(parts[2]); err != nil {
		return err
	}
	s.report = Report{
		UUID: s.poll.UUID, Name: s.poll.Name, Group: s.poll.Group, Fingerprint: s.poll.print,
		Voters: len(s.known), Questions: s.poll.Questions,
	}
	return nil
}

func (s *state) ballot(body []byte) error {
	t := B64(body)
	for _, other := range s.report.Cast {
		if other == t {
			return errors.New("ballot: the same ballot twice")
		}
	}
	key, answers, err := s.poll.checkBallot(body, s.known)
	if err != nil {
		return err
	}
	s.report.Cast = append(s.report.Cast, t)
	s.last[key], s.tracker[key] = answers, t
	return nil
}

func (s *state) encryptedTally(body []byte, used map[string]bool) error {
	var in sized
	if err := strict(body, &in); err != nil {
		return err
	}
	given, err := s.object(in.Tally, used)
	if err != nil {
		return err
	}
	again, err := writeTally(s.tally)
	if err != nil {
		return err
	}
	if !bytes.Equal(given, again) || in.Tallied != len(s.last) || in.Weight != len(s.last) {
		return errors.New("ballot: the encrypted tally is not that of the ballots")
	}
	return nil
}

func (s *state) decryption(body []byte, used map[string]bool) error {
	var in owned
	if err := strict(body, &in); err != nil {
		return err
	}
	if in.Owner < 1 || in.Owner > len(s.board.trustees) || s.parts[in.Owner] != nil {
		return errors.New("ballot: a decryption by nobody, or the second of one trustee")
	}
	object, err := s.object(in.Payload, used)
	if err != nil {
		return err
	}
	var d Decryption
	if err := strict(object, &d); err != nil {
		return err
	}
	s.parts[in.Owner], err = s.poll.checkDecryption(s.tally, s.board.trustees[in.Owner-1], d)
	return err
}

func (s *state) result(body []byte) error {
	out, err := s.poll.combine(s.board, s.tally, s.parts, len(s.last))
	if err != nil {
		return err
	}
	again, err := compact(out)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, body) {
		return fmt.Errorf("ballot: the result is not that of the ballots; recomputed: %v", out.Result)
	}
	for i, q := range s.poll.Questions {
		sum := 0
		for _, v := range out.Result[i] {
			sum += v
		}
		if q.Min == 1 && q.Max == 1 && !q.Blank && sum != len(s.last) {
			return errors.New("ballot: the answers do not add up to the ballots")
		}
	}
	s.report.Complete, s.report.Result = true, out.Result
	return nil
}
