// Package cite says what a move rests on in a programme's own words. The tables of
// moves cite the notice of 2021 that they were made from; a programme says under
// clauses which of its own clauses stand in their place.
package cite

import (
	"regexp"
	"strings"

	"shifan/internal/lifecycle/programme"
)

// clauseOfNotice is a clause of the notice of 2021 at the beginning of what a move
// rests on: 办法(五), 五(二), 三, 通知.
var clauseOfNotice = regexp.MustCompile(`^(办法(?:\([一二三四五六]\))+|[一二三四五]\([一二三四]\)|三|通知)(?: |：|$)`)

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

func one(p *programme.Programme, part string) string {
	found := clauseOfNotice.FindStringSubmatch(part)
	if found == nil {
		return part
	}
	heads := []string{found[1]}
	if first, rest, several := strings.Cut(found[1], ")("); several { // 办法(四)(六)
		heads = []string{first + ")", "办法(" + rest}
	}
	same, own := true, []string{}
	for _, h := range heads {
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
