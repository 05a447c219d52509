package ballot

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The kinds of events, in the one order that makes a whole election.
const (
	Setup             = "Setup"
	Cast              = "Ballot"
	EndBallots        = "EndBallots"
	EncryptedTally    = "EncryptedTally"
	PartialDecryption = "PartialDecryption"
	Outcome           = "Result"
)

// Event is one line of an archive's chain: it names the hash of the event before
// and of the data object that it brings.
type Event struct {
	Parent  string `json:"parent,omitempty"` // SHA-256 of the event before, in hex; absent in the first
	Height  int    `json:"height"`           // from 0
	Type    string `json:"type"`
	Payload string `json:"payload,omitempty"` // SHA-256 of a data object; absent for EndBallots
}

// Archive is UUID.bel: the whole public record of one election, which only grows.
type Archive struct {
	stamp  string // the time of its making, Unix seconds
	data   map[string][]byte
	order  []string // every member after the header, as it stands: the hashes of data and events
	events []Event
	last   string // hash of the last event
}

const block = 512

// NewArchive begins an archive at a time in Unix seconds.
func NewArchive(seconds int64) *Archive {
	return &Archive{stamp: strconv.FormatInt(seconds, 10), data: map[string][]byte{}}
}

func hexOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// B64 is the short form of a digest that people compare: SHA-256 in base64
// without padding, 43 signs. Of an election it is the fingerprint, of a ballot
// the tracker (票据码).
func B64(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// Events lists the events in order.
func (a *Archive) Events() []Event { return a.events }

// Data returns the data object with the given hash, or nil.
func (a *Archive) Data(hash string) []byte { return a.data[hash] }

// add keeps a data object and returns its hash.
func (a *Archive) add(body []byte) string {
	h := hexOf(body)
	if _, there := a.data[h]; !there {
		a.data[h] = body
		a.order = append(a.order, h)
	}
	return h
}

// Append adds an event with its data objects, the payload last; none for
// EndBallots. It checks nothing of what they say.
func (a *Archive) Append(kind string, objects ...[]byte) error {
	e := Event{Parent: a.last, Height: len(a.events), Type: kind}
	for _, o := range objects {
		if len(o) == 0 || bytes.ContainsRune(o, '\n') {
			return errors.New("ballot: a data object is one line and not empty")
		}
		e.Payload = a.add(o)
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	h := hexOf(body)
	a.data[h] = body
	a.order = append(a.order, h)
	a.events, a.last = append(a.events, e), h
	return nil
}

// Bytes writes the archive: an old-style tar without the two blocks of zeros at
// the end.
func (a *Archive) Bytes() []byte {
	var b bytes.Buffer
	seconds, _ := strconv.ParseInt(a.stamp, 10, 64)
	a.member(&b, "BELENIOS", []byte(`{"version":1,"timestamp":"`+a.stamp+`"}`), seconds)
	height := 0
	for _, h := range a.order {
		name := h + ".data.json"
		if height < len(a.events) && a.isEvent(h, height) {
			name = h + ".event.json"
			height++
		}
		a.member(&b, name, a.data[h], seconds)
	}
	return b.Bytes()
}

func (a *Archive) isEvent(hash string, height int) bool {
	body, err := json.Marshal(a.events[height])
	return err == nil && hexOf(body) == hash
}

func (a *Archive) member(b *bytes.Buffer, name string, body []byte, seconds int64) {
	var h [block]byte
	copy(h[:100], name)
	copy(h[100:], "0000644\x00")
	copy(h[108:], "0000000\x00")
	copy(h[116:], "0000000\x00")
	copy(h[124:], fmt.Sprintf("%011o\x00", len(body)))
	copy(h[136:], fmt.Sprintf("%011o\x00", seconds))
	copy(h[148:], "        ")
	h[156] = '0'
	sum := 0
	for _, c := range h {
		sum += int(c)
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
	b.Write(h[:])
	b.Write(body)
	b.Write(make([]byte, -len(body)&(block-1)))
}

// maxArchive is far more than an election of a committee needs, in bytes.
const maxArchive = 256 << 20

// ReadArchive reads an archive strictly: every block is where and what it would
// be if this package had written it, every object has its hash, every event its
// parent and height, and there is nothing else.
func ReadArchive(file []byte) (*Archive, error) {
	if len(file) > maxArchive || len(file)%block != 0 || len(file) == 0 {
		return nil, errors.New("ballot: the archive is empty, too large or cut off")
	}
	a := &Archive{data: map[string][]byte{}}
	for rest := file; len(rest) > 0; {
		name, body, next, err := nextMember(rest)
		if err != nil {
			return nil, err
		}
		if err := a.take(name, body); err != nil {
			return nil, fmt.Errorf("ballot: member %.80q: %w", name, err)
		}
		rest = next
	}
	if a.stamp == "" || !bytes.Equal(a.Bytes(), file) {
		return nil, errors.New("ballot: the archive differs from what it would be when written anew")
	}
	return a, nil
}

func nextMember(rest []byte) (name string, body, next []byte, err error) {
	name, _, _ = strings.Cut(string(rest[:100]), "\x00")
	n, err := strconv.ParseInt(strings.TrimRight(string(rest[124:136]), "\x00"), 8, 64)
	if err != nil || n < 0 || n > int64(len(rest)-block) {
		return "", nil, nil, errors.New("ballot: a member's length is wrong")
	}
	end := block + int(n) + int(-n&(block-1))
	if end > len(rest) {
		return "", nil, nil, errors.New("ballot: the archive is cut off")
	}
	return name, rest[block : block+int(n)], rest[end:], nil
}

// take reads one member.
func (a *Archive) take(name string, body []byte) error {
	if a.stamp == "" {
		return a.header(name, body)
	}
	h, kind, ok := strings.Cut(name, ".")
	if !ok || hexOf(body) != h {
		return fmt.Errorf("hash %s found instead", hexOf(body))
	}
	if _, twice := a.data[h]; twice {
		return errors.New("it stands twice")
	}
	a.data[h] = body
	a.order = append(a.order, h)
	switch kind {
	case "data.json":
		return nil
	case "event.json":
		return a.follow(h, body)
	}
	return errors.New("unknown kind of member")
}

func (a *Archive) header(name string, body []byte) error {
	var h struct {
		Version   int    `json:"version"`
		Timestamp string `json:"timestamp"`
	}
	if name != "BELENIOS" || strict(body, &h) != nil || h.Version != 1 {
		return errors.New("the header is not that of version 1")
	}
	if _, err := Number(h.Timestamp).read(11); err != nil {
		return errors.New("the header has no timestamp")
	}
	a.stamp = h.Timestamp
	return nil
}

// follow chains one event to the one before.
func (a *Archive) follow(hash string, body []byte) error {
	var e Event
	if err := strict(body, &e); err != nil {
		return err
	}
	if again, err := json.Marshal(e); err != nil || !bytes.Equal(again, body) {
		return errors.New("the event is not in its one form")
	}
	switch {
	case e.Height != len(a.events):
		return fmt.Errorf("height %d where %d is next", e.Height, len(a.events))
	case e.Parent != a.last:
		return errors.New("the parent is not the event before")
	case e.Payload != "" && a.data[e.Payload] == nil:
		return fmt.Errorf("payload missing at height %d", e.Height)
	}
	a.events, a.last = append(a.events, e), hash
	return nil
}

// strict decodes JSON that has no fields but the known ones and nothing after.
func strict(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something follows the object")
	}
	return nil
}
