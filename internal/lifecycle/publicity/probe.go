package publicity

import (
	"strings"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// ProbeEvery is how often the public address of a running publicity is visited.
const ProbeEvery = 30 * time.Minute

// Probe is one visit to the public address of a publicity: whether everybody could read
// it. It decides nothing: that the list could not be read the office records (Interrupt).
type Probe struct {
	ID        id.Probe
	Publicity id.Publicity
	URL       string
	At        time.Time
	Reached   bool
	Status    int    // of the answer; 0: none came
	Digest    string // SHA-256 of what was there, in hex; empty: nothing was
	Took      int64  // milliseconds
	Say       string // why it could not be read
}

// Address is where everybody reads a running publicity, of which here is the address on
// this site; empty while it is not known (S55) and when nothing runs.
func (p *Publicity) Address(here string) string {
	switch {
	case p.State != Running:
		return ""
	case p.Elsewhere():
		return p.Posting.URL
	}
	return here
}

// Probe is the clock's line for a visit; only while the publicity runs.
func (p *Publicity) Probe(by stage.Actor) (stage.Move, error) {
	return Kind.Step(p.State, "probe", by.Role)
}

// Span is visits in a row that found the same: readable or not.
type Span struct {
	From, To time.Time // of the first and the last
	Visits   int
	Reached  bool
	Changed  bool // what was there differs from the span before
	Digest   string
	Say      string
}

// Spans puts visits in the order of time together: what was readable with one content, and
// what was not.
func Spans(all []Probe) (spans []Span) {
	for _, v := range all {
		if n := len(spans); n > 0 && spans[n-1].Reached == v.Reached && spans[n-1].Digest == v.Digest {
			spans[n-1].To, spans[n-1].Visits, spans[n-1].Say = v.At, spans[n-1].Visits+1, v.Say
			continue
		}
		s := Span{From: v.At, To: v.At, Visits: 1, Reached: v.Reached, Digest: v.Digest, Say: v.Say}
		for i := len(spans) - 1; i >= 0 && s.Reached; i-- {
			if spans[i].Reached {
				s.Changed = spans[i].Digest != v.Digest
				break
			}
		}
		spans = append(spans, s)
	}
	return spans
}

// Down reports whether the last two visits or more could not read it: one alone may be the
// network's doing.
func Down(all []Probe) bool {
	s := Spans(all)
	return len(s) > 0 && !s[len(s)-1].Reached && s[len(s)-1].Visits > 1
}

// Fits cuts what went wrong to what is kept.
func (v *Probe) Fits() {
	const most = 200
	v.Say = strings.ToValidUTF8(v.Say, "")
	if r := []rune(v.Say); len(r) > most {
		v.Say = string(r[:most])
	}
}
