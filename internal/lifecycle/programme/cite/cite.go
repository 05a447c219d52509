// Package cite says what a move or a refusal rests on in a programme's own words. The
// tables of moves and the rules cite the notice of 2021 that they were made from; a
// programme says under clauses which of its own clauses stand in their place.
package cite

import (
	"regexp"
	"strings"

	"shifan/internal/lifecycle/programme"
)

// clauseOfNotice is a clause of the notice of 2021 at the beginning of what a move
// rests on: 办法(五), 五(二), 三, 通知.
var clauseOfNotice = regexp.MustCompile(`^(办法(?:\([一二三四五六]\))+|[一二三四五](?:\([一二三四]\))?|通知)(?: |：|$)`)

// ofItsOwn is what a move rests on in a programme that does not say which clause.
const ofItsOwn = "本方案"

// For returns what a move rests on in a programme. What rests on a law, or on how
// offices work anyway (制度), is the same for all.
func For(p *programme.Programme, basis string) string {
	var all []string
	for part := range strings.SplitSeq(basis, "；") {
		if cited := one(p, part); len(all) == 0 || all[len(all)-1] != cited {
			all = append(all, cited)
		}
	}
	return strings.Join(all, "；")
}

// General returns what a rule rests on where it is asked of no programme: the parts that
// are the same for all.
func General(basis string) string {
	var all []string
	for part := range strings.SplitSeq(basis, "；") {
		if !clauseOfNotice.MatchString(part) {
			all = append(all, part)
		}
	}
	return strings.Join(all, "；")
}

// Heads returns the clauses of the notice that a rule rests on, as a programme names
// them under clauses: 办法(五) and 办法(六) for 办法(五)(六).
func Heads(basis string) (all []string) {
	for part := range strings.SplitSeq(basis, "；") {
		all = append(all, heads(part)...)
	}
	return all
}

func heads(part string) []string {
	found := clauseOfNotice.FindStringSubmatch(part)
	if found == nil {
		return nil
	}
	if first, rest, several := strings.Cut(found[1], ")("); several { // 办法(四)(六)
		return []string{first + ")", "办法(" + rest}
	}
	return found[1:]
}

func one(p *programme.Programme, part string) string {
	cited := heads(part)
	if cited == nil {
		return part
	}
	same, own := true, []string{}
	for _, h := range cited {
		clause := p.Clauses[h]
		same = same && clause == h
		if clause != "" {
			own = append(own, clause)
		}
	}
	switch {
	case same:
		return part
	case len(own) == 0:
		return ofItsOwn
	}
	return strings.Join(own, "、")
}
