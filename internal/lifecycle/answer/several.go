package answer

import (
	"maps"
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
)

// What happens to a content when it is written by several, or a second time.

var gapCarried = fault.Define(fault.Invalid, "answer.complete.carried", "指标%s的内容从%d年度带入，核对后确认。", "五(一) 实事求是")

// SealSigned is the seal of what is beside the answers.
func SealSigned(body id.PartyBody, signatory string, committed bool) string {
	return sealOf([]any{body, signatory, committed})
}

// Meet settles what several clerks of one applicant save at once, field by field.
// c holds what the writer sends (in), now what is kept, with the Party organisation
// that applies. What the writer did not touch stays as another saved it; what both
// changed, to different things, is refused, for the writer to see both.
func (c *Content) Meet(now Content, body id.PartyBody, in Part) (Part, error) {
	for code := range in.Answers {
		keep, clash := meet(in.Seen[code], now.Answers[code].Seal(), c.Answers[code].Seal())
		if clash {
			return in, fault.Stale()
		}
		if keep {
			c.Answers[code] = now.Answers[code]
		}
	}
	mine := body
	if in.Party != nil {
		mine = *in.Party
	}
	keep, clash := meet(in.Seen[Signed], SealSigned(body, now.Signatory, now.Committed), SealSigned(mine, c.Signatory, c.Committed))
	if clash {
		return in, fault.Stale()
	}
	if keep {
		c.Signatory, c.Committed, in.Party = now.Signatory, now.Committed, nil
	}
	return in, nil
}

// meet compares three seals: of what the writer's form was drawn from, of what is
// kept now, and of what the writer sends.
func meet(was, is, mine string) (keep, clash bool) {
	switch {
	case was == "" || was == is || mine == is:
		return false, false
	case mine == was:
		return true, false
	}
	return false, true
}

// Carriable returns the answers of an earlier content that may be carried over: to
// indicators of this round that nobody has begun to answer, as far as this round
// can keep them.
func (c Content) Carriable(p *programme.Programme, year int, from map[string]Answer) map[string]Answer {
	all := map[string]Answer{}
	for _, i := range p.Indicators(year) {
		w, faults := from[i.Code].Keep(i)
		if w.Started() && !c.Answers[i.Code].Started() && fault.All(faults...) == nil {
			all[i.Code] = w
		}
	}
	return all
}

// Unconfirmed lists, as gaps in the order of the form, what was carried over from
// an earlier year and nobody has confirmed for this one (五(一)): figures and years
// have to be this year's.
func Unconfirmed(p *programme.Programme, year int, carried map[string]int) (all []*fault.Fault) {
	for _, i := range p.Indicators(year) {
		if from, open := carried[i.Code]; open {
			all = append(all, gapCarried.At(i.Code+".sure", i.Code, from))
		}
	}
	return all
}

// Change is one field that changed between two contents.
type Change struct {
	Field    string // indicator code, or "signatory"
	Was, Now Answer // of an indicator
	Text     [2]string
}

// Since lists what changed since an earlier content, by field.
func (c Content) Since(was Content) (all []Change) {
	for _, code := range slices.Sorted(maps.Keys(c.Answers)) {
		if w, now := was.Answers[code], c.Answers[code]; !w.Equal(now) {
			all = append(all, Change{Field: code, Was: w, Now: now})
		}
	}
	if was.Signatory != c.Signatory {
		all = append(all, Change{Field: "signatory", Text: [2]string{was.Signatory, c.Signatory}})
	}
	return all
}
