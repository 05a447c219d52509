package file

import (
	"slices"
	"strings"
	"unicode"
)

// How the search for a sentence that a charter must have ended (S9).
const (
	Stated    = "stated"    // the very words are there
	Differing = "differing" // something like it is there: a person judges (存疑)
	Absent    = "absent"    // nothing like it is there: a person judges too
)

// Finding is where a sentence was found.
type Finding struct {
	Verdict  string
	Page     int    // from 1; 0: none
	Sentence string // the whole sentence around it, on one line
}

// Find looks for a phrase in the pages of a text. Blanks, line ends and
// punctuation do not count, since a page breaks its lines anywhere. Where the very
// words are not there, the nearest that has most of them in their order is shown.
func Find(phrase string, pages []string) Finding {
	want := signs(phrase, 0)
	var all []sign
	for n, p := range pages {
		all = append(all, signs(p, n)...)
	}
	if len(want) == 0 {
		return Finding{Verdict: Absent}
	}
	for i := range len(all) - len(want) + 1 {
		if slices.EqualFunc(all[i:i+len(want)], want, func(a, b sign) bool { return a.r == b.r }) {
			return found(Stated, pages, all[i], all[i+len(want)-1])
		}
	}
	if from, to, ok := nearest(want, all); ok {
		return found(Differing, pages, all[from], all[to])
	}
	return Finding{Verdict: Absent}
}

// sign is a letter or digit of a page.
type sign struct {
	r        rune
	page, at int // at: byte of the page
}

func signs(s string, page int) (all []sign) {
	for at, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			all = append(all, sign{unicode.ToLower(r), page, at})
		}
	}
	return all
}

// nearest finds the stretch that has at least three quarters of the wanted signs in
// their order and is at most twice as long; of several the one with most of them,
// and then the shortest.
func nearest(want, all []sign) (from, to int, ok bool) {
	best, length := (3*len(want)+3)/4-1, 0
	for i := range all {
		if !slices.ContainsFunc(want[:min(2, len(want))], func(w sign) bool { return w.r == all[i].r }) {
			continue
		}
		window := all[i:min(len(all), i+2*len(want))]
		n, end := common(want, window)
		if n > best || n == best && ok && end+1 < length {
			best, from, to, length, ok = n, i, i+end, end+1, true
		}
	}
	return from, to, ok
}

// common returns how many of the wanted signs stand in a window in their order,
// and where the last of them is.
func common(want, window []sign) (n, end int) {
	row := make([]int, len(want)+1)
	for j, s := range window {
		diagonal := 0
		for k, w := range want {
			above := row[k+1]
			if w.r == s.r {
				row[k+1] = diagonal + 1
			} else {
				row[k+1] = max(row[k+1], row[k])
			}
			diagonal = above
		}
		if row[len(want)] > n {
			n, end = row[len(want)], j
		}
	}
	return n, end
}

// sentenceMost is how many signs of a sentence are shown on each side.
const sentenceMost = 60

// found takes the whole sentence around a stretch.
func found(verdict string, pages []string, first, last sign) Finding {
	p := pages[first.page]
	end := len(p)
	if last.page == first.page {
		end = last.at + len(string(last.r))
	}
	before, after := []rune(p[:first.at]), []rune(p[min(end, len(p)):])
	stop := func(r rune) bool { return strings.ContainsRune("。；！？;!?", r) }
	for n := len(before) - 1; n >= 0; n-- {
		if stop(before[n]) || len(before)-n > sentenceMost {
			before = before[n+1:]
			break
		}
	}
	for n, r := range after {
		if stop(r) {
			after = after[:n+1]
			break
		}
		if n > sentenceMost {
			after = append(slices.Clone(after[:n]), '…')
			break
		}
	}
	s := string(before) + p[first.at:min(end, len(p))] + string(after)
	if last.page > first.page {
		s += "…"
	}
	return Finding{Verdict: verdict, Page: first.page + 1, Sentence: oneLine(s)}
}

// oneLine joins the lines of a page: Chinese without a blank, Latin with one.
func oneLine(s string) string {
	var b strings.Builder
	var was rune
	for _, w := range strings.Fields(s) {
		first := []rune(w)[0]
		if was != 0 && was < 0x2e80 && first < 0x2e80 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		all := []rune(w)
		was = all[len(all)-1]
	}
	return b.String()
}
