package statistic

import (
	"cmp"
	"slices"
)

// Line is what became of one group of applications: a category, a region, a year.
// Received are named, ended without a title, or still open.
type Line struct {
	Code, Word string
	Started    int
	Received   int
	Accepted   int
	Named      int
	Ended      int // filed, and over without a title
	Open       int // filed, and not over
}

// Permille is the share of those received that were named.
func (l Line) Permille() int { return permille(l.Named, l.Received) }

// Unnamed counts those received that hold no title: ended, or open.
func (l Line) Unnamed() int { return l.Received - l.Named }

// plus adds another line's counts.
func (l Line) plus(o Line) Line {
	l.Started, l.Received, l.Accepted = l.Started+o.Started, l.Received+o.Received, l.Accepted+o.Accepted
	l.Named, l.Ended, l.Open = l.Named+o.Named, l.Ended+o.Ended, l.Open+o.Open
	return l
}

// Lines groups tallies by a key, which word names, in the order of the keys.
func Lines(all []Tally, key func(Tally) string, word func(string) string) []Line {
	by := map[string]Line{}
	for _, t := range all {
		k := key(t)
		l := by[k].plus(t.line())
		l.Code, l.Word = k, word(k)
		by[k] = l
	}
	lines := make([]Line, 0, len(by))
	for _, l := range by {
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b Line) int { return cmp.Compare(a.Code, b.Code) })
	return lines
}

func (t Tally) line() Line {
	l := Line{Started: t.N}
	step, ended, named := t.place(nil)
	if step == Draft {
		return l
	}
	l.Received = t.N
	if step != Intake {
		l.Accepted = t.N
	}
	switch {
	case named:
		l.Named = t.N
	case ended:
		l.Ended = t.N
	default:
		l.Open = t.N
	}
	return l
}

// Total adds lines up.
func Total(lines []Line) (sum Line) {
	for _, l := range lines {
		sum = sum.plus(l)
	}
	sum.Word = "合计"
	return sum
}

// Others is the code of the line into which Public puts what would tell too much.
const Others = "others"

// least is how many applicants without a title a public line must have, if it has any.
const least = 3

// Public returns lines as everybody may read them. Who was named is public, and how
// many applied; but a group with one or two applicants that hold no title would say of
// whoever is known to have applied in it that it failed, or of a named neighbour who
// the other was. Such groups are told together; when the rest is still too small it
// takes the smallest other group with it, and when nothing could be kept apart there
// is no list at all.
func Public(lines []Line) (kept []Line) {
	rest := Line{Code: Others, Word: "其他各组"}
	merged := 0
	for _, l := range lines {
		switch {
		case l.Received == 0:
		case l.Unnamed() == 0 || l.Unnamed() >= least:
			kept = append(kept, l)
		default:
			rest = rest.plus(l)
			merged++
		}
	}
	for merged > 0 && (merged == 1 || rest.Unnamed() < least) && len(kept) > 0 {
		i := smallest(kept)
		rest = rest.plus(kept[i])
		kept = slices.Delete(kept, i, i+1)
		merged++
	}
	if len(kept) == 0 {
		return nil
	}
	if merged > 0 {
		kept = append(kept, rest)
	}
	return kept
}

// smallest finds the line with the fewest received that has some without a title, or
// the fewest received of all.
func smallest(lines []Line) (at int) {
	for i, l := range lines {
		a, b := l.Unnamed() == 0, lines[at].Unnamed() == 0
		if b && !a || a == b && l.Received < lines[at].Received {
			at = i
		}
	}
	return at
}
