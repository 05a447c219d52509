// Package probe (访问公示网页) is what the clock finds when it visits the public address of
// a publicity that runs: whether everybody could read it, and what was there. It decides
// nothing and moves no day: that a list could not be read the office records
// (publicity.Publicity.Interrupt), and is told after the second visit in vain.
package probe

import (
	"strings"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/publicity"
)

// Every is how often the public address of a running publicity is visited.
const Every = 30 * time.Minute

// Probe is one visit to the public address of a publicity: whether everybody could read
// it. Nothing of it is a person's.
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
func Address(p *publicity.Publicity, here string) string {
	switch {
	case p.State != publicity.Running:
		return ""
	case p.Elsewhere():
		return p.Posting.URL
	}
	return here
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

// Summary is what everybody is told of the visits: how many, how many found the list, and
// how the last went.
type Summary struct {
	Visits, Reached int
	Last            time.Time
	Up              bool
}

// Sum sums up visits in the order of time.
func Sum(all []Probe) (s Summary) {
	for _, v := range all {
		s.Visits++
		if v.Reached {
			s.Reached++
		}
		s.Last, s.Up = v.At, v.Reached
	}
	return s
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
