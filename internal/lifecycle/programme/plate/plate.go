// Package plate says what a programme may write of its plaque (S16): how large a
// sheet is, and the fields that its lines and the certificate may hold.
package plate

import (
	"strconv"
	"strings"
)

// What a plaque measures at least and at most, in mm: larger no workshop casts in one
// piece, on a smaller one the code cannot be engraved.
const (
	WidthLeast, WidthMost   = 200, 1200
	HeightLeast, HeightMost = 140, 900
)

// The fields that a line of the plaque and the text of the certificate may hold, in braces.
var (
	Fields            = []string{"编号", "年度", "有效期至"}
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

// Fits reports whether a sheet can be made, and the code engraved on it.
func Fits(width, height int) bool {
	return width >= WidthLeast && width <= WidthMost && height >= HeightLeast && height <= HeightMost
}
