package paper

import "strings"

// Balance breaks a text into lines that look well and are no wider than wide: words
// whole, no line much shorter than another, marks where they may stand, and of a bar |
// the place where a line may best end. width is how wide a character is; both are in ems.
// It gives more lines only where fewer do not fit. Where one word alone is wider than a
// line, a line is too.
func Balance(text string, width func(rune) float64, wide float64) (lines []string) {
	clean := strings.ReplaceAll(text, "|", "")
	best, n := map[int]bool{}, 0
	for _, r := range text {
		if r == '|' {
			best[n] = true
			continue
		}
		n++
	}
	all := make([]glyph, 0, n)
	for _, r := range clean {
		all = append(all, glyph{r: r, wide: width(r) * cell})
	}
	if len(all) == 0 {
		return nil
	}
	signs, from := []rune(clean), 0
	for _, to := range append(cuts(all, best, inside(signs), wide*cell), len(all)) {
		lines = append(lines, strings.Trim(string(signs[from:to]), " "))
		from = to
	}
	return lines
}

// cuts finds where to end the lines of a text that is set in the middle.
func cuts(all []glyph, best, within map[int]bool, wide float64) (chosen []int) {
	count := int((width(all)-slack)/wide) + 1
	if count == 1 {
		return nil
	}
	lowest := 1e18
	for ; ; count++ {
		found, cost := titleCuts(all, best, within, wide, count)
		if cost < lowest {
			chosen, lowest = found, cost
		}
		if cost < 1e6 || count > len(all) || cost < 1e17 && count > int(width(all)/wide)+2 {
			return chosen
		}
	}
}

// Fill breaks a text into lines of a width, the first of which begins indent in: as text
// runs, marks where they may stand. All is in ems.
func Fill(text string, width func(rune) float64, wide, indent float64) (lines []string) {
	var all []glyph
	for _, r := range text {
		all = append(all, glyph{r: r, size: 1 / point, wide: width(r)})
	}
	for room := wide - indent; len(all) > 0; room = wide {
		var line strings.Builder
		n := fit(all, room)
		for _, g := range all[:n] {
			line.WriteRune(g.r)
		}
		lines, all = append(lines, strings.TrimRight(line.String(), " ")), all[n:]
		for len(all) > 0 && all[0].r == ' ' {
			all = all[1:]
		}
	}
	return lines
}
