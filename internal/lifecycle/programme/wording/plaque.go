package wording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/plate"
)

var inBraces = regexp.MustCompile(`\{([^{}]*)\}`)

// plaque can be made: a sheet that a workshop makes and on which the code can be
// engraved, and words whose fields are known (S16).
func plaque(p *programme.Programme) (all []Wrong) {
	w, h, ok := plate.Sheet(p.Plaque.Size)
	switch {
	case !ok:
		all = append(all, at(fmt.Sprintf("“%s”看不出宽和高。写成600×400毫米的样子，先宽后高。", p.Plaque.Size), "plaque", "size"))
	case !plate.Fits(w, h):
		all = append(all, at(fmt.Sprintf("是宽%d、高%d毫米，做不了：宽%d到%d毫米，高%d到%d毫米，二维码才刻得清、放得下。改尺寸。", w, h,
			plate.WidthLeast, plate.WidthMost, plate.HeightLeast, plate.HeightMost), "plaque", "size"))
	}
	for i, l := range p.Plaque.Lines {
		all = append(all, fields(l, plate.Fields, "plaque", "lines", i)...)
	}
	return append(all, fields(p.Plaque.Certificate, plate.CertificateFields, "plaque", "certificate")...)
}

// fields in braces are known.
func fields(text string, known []string, path ...any) (all []Wrong) {
	for _, m := range inBraces.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(known, m[1]) {
			all = append(all, at(fmt.Sprintf("里的{%s}不是可以用的字段。可以写{%s}。", m[1], strings.Join(known, "}、{")), path...))
		}
	}
	if rest := inBraces.ReplaceAllString(text, ""); strings.ContainsAny(rest, "{}") {
		all = append(all, at("里的花括号不成对。字段写成{"+known[0]+"}的样子。", path...))
	}
	return all
}
