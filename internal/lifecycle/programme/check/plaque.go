package check

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/lifecycle/programme"
)

// What a plaque measures at least and at most, in mm.
const (
	plaqueWidthLeast, plaqueWidthMost   = 200, 1200
	plaqueHeightLeast, plaqueHeightMost = 140, 900
)

var inBraces = regexp.MustCompile(`\{([^{}]*)\}`)

// The fields that a line of the plaque and the text of the certificate may hold, in braces.
var (
	PlaqueFields      = []string{"编号", "年度", "有效期至"}
	CertificateFields = []string{"单位", "称号", "文号", "编号", "命名日期", "有效期"}
)

// Sheet reads how wide and high a plaque is in mm, as 600×400毫米: 600 by 400 where nothing
// is said; ok is false where something else is.
func Sheet(size string) (width, height int, ok bool) {
	if size == "" {
		return 600, 400, true
	}
	w, h, _ := strings.Cut(strings.TrimSuffix(size, "毫米"), "×")
	width, errW := strconv.Atoi(w)
	height, errH := strconv.Atoi(h)
	return width, height, errW == nil && errH == nil
}

// plaque can be made: a sheet that a workshop makes and on which the code can be
// engraved, and words whose fields are known (S16).
func plaque(p *programme.Programme) (all []Wrong) {
	w, h, ok := Sheet(p.Plaque.Size)
	switch {
	case !ok:
		all = append(all, at(fmt.Sprintf("“%s”看不出宽和高。写成600×400毫米的样子，先宽后高。", p.Plaque.Size), "plaque", "size"))
	case w < plaqueWidthLeast || w > plaqueWidthMost || h < plaqueHeightLeast || h > plaqueHeightMost:
		all = append(all, at(fmt.Sprintf("是宽%d、高%d毫米，做不了：宽%d到%d毫米，高%d到%d毫米，二维码才刻得清、放得下。改尺寸。", w, h,
			plaqueWidthLeast, plaqueWidthMost, plaqueHeightLeast, plaqueHeightMost), "plaque", "size"))
	}
	for i, l := range p.Plaque.Lines {
		all = append(all, fields(l, PlaqueFields, "plaque", "lines", i)...)
	}
	return append(all, fields(p.Plaque.Certificate, CertificateFields, "plaque", "certificate")...)
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
