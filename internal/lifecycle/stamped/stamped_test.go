package stamped_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/stamped"
)

// TestCompare holds stamped copies against an application that was corrected.
func TestCompare(t *testing.T) {
	t.Parallel()
	old, foreign := strings.Repeat("cd", 32), strings.Repeat("ab", 32)
	a := stamped.Original{Number: "2026增-018", Digest: strings.Repeat("ef", 32), Before: old}
	page := func(number, digest string, n int) *stamped.Stamp {
		s, ok := stamped.ParseStamp(stamped.Stamp{Number: number, Digest: digest, Page: n, Pages: 3}.String())
		if !ok {
			t.Fatalf("a code of ours is not read: %s %s %d", number, digest, n)
		}
		return &s
	}
	mine := func(n int) *stamped.Stamp { return page(a.Number, a.Digest, n) }
	for name, row := range map[string]struct {
		sheets []*stamped.Stamp
		same   bool
		says   []string
	}{
		"all pages":                {[]*stamped.Stamp{mine(1), mine(2), mine(3)}, true, nil},
		"in another order":         {[]*stamped.Stamp{mine(3), mine(1), mine(2)}, true, nil},
		"printed as a draft":       {[]*stamped.Stamp{page("", a.Digest, 1), page("", a.Digest, 2), page("", a.Digest, 3)}, true, nil},
		"a page is missing":        {[]*stamped.Stamp{mine(1), mine(3)}, false, []string{"缺打印版的第2页"}},
		"a page is not read":       {[]*stamped.Stamp{mine(1), nil, mine(2), mine(3)}, false, []string{"第2页没有读到"}},
		"altered after printing":   {[]*stamped.Stamp{page(a.Number, foreign, 1), mine(2), mine(3)}, false, []string{"第1页与提交的内容不一致", "缺打印版的第1页"}},
		"from before correction":   {[]*stamped.Stamp{page(a.Number, old, 1), page(a.Number, old, 2), page(a.Number, old, 3)}, false, []string{"第1、2、3页是补正以前的内容"}},
		"of another application":   {[]*stamped.Stamp{page("2026-001", foreign, 1)}, false, []string{"第1页（编号2026-001）属于另一件申报"}},
		"nothing at all":           {nil, false, []string{"没有扫描的页面"}},
		"nothing that can be read": {[]*stamped.Stamp{nil}, false, []string{"第1页没有读到"}},
	} {
		got := a.Compare(row.sheets)
		if got.Same != row.same || got.Sheets != len(row.sheets) || len(got.Say) != len(row.says) {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		for i, s := range row.says {
			if !strings.Contains(got.Say[i], s) {
				t.Errorf("%s: %q does not say %q", name, got.Say[i], s)
			}
		}
	}
	for _, code := range []string{"", "https://example.org", "SHIFAN:2026-001:AB:1/1", "SHIFAN:2026-001:" + strings.Repeat("AB", 16) + ":4/3", "SHIFAN:2026-001:" + strings.Repeat("AB", 16) + ":0/3", "shifan:2026-001:" + strings.Repeat("AB", 16) + ":1/3"} {
		if s, ok := stamped.ParseStamp(code); ok {
			t.Errorf("%q is read as %+v", code, s)
		}
	}
}
