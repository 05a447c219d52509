package application_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
)

// TestCompare holds stamped copies against an application that was corrected.
func TestCompare(t *testing.T) {
	t.Parallel()
	a := application.Application{Number: "2026增-018", Round: "rnd_1", Signatory: "党支部书记 甲", Original: answer.Content{Round: "rnd_1", Signatory: "甲"}}
	a.Digest = a.Content().Digest()
	old, foreign := a.Original.Digest(), strings.Repeat("ab", 32)
	page := func(number, digest string, n int) *application.Stamp {
		s, ok := application.ParseStamp(application.Stamp{Number: number, Digest: digest, Page: n, Pages: 3}.String())
		if !ok {
			t.Fatalf("a code of ours is not read: %s %s %d", number, digest, n)
		}
		return &s
	}
	mine := func(n int) *application.Stamp { return page(a.Number, a.Digest, n) }
	for name, row := range map[string]struct {
		sheets []*application.Stamp
		same   bool
		says   []string
	}{
		"all pages":                {[]*application.Stamp{mine(1), mine(2), mine(3)}, true, nil},
		"in another order":         {[]*application.Stamp{mine(3), mine(1), mine(2)}, true, nil},
		"printed as a draft":       {[]*application.Stamp{page("", a.Digest, 1), page("", a.Digest, 2), page("", a.Digest, 3)}, true, nil},
		"a page is missing":        {[]*application.Stamp{mine(1), mine(3)}, false, []string{"缺打印版的第2页"}},
		"a page is not read":       {[]*application.Stamp{mine(1), nil, mine(2), mine(3)}, false, []string{"第2页没有读到"}},
		"altered after printing":   {[]*application.Stamp{page(a.Number, foreign, 1), mine(2), mine(3)}, false, []string{"第1页与提交的内容不一致", "缺打印版的第1页"}},
		"from before correction":   {[]*application.Stamp{page(a.Number, old, 1), page(a.Number, old, 2), page(a.Number, old, 3)}, false, []string{"第1、2、3页是补正以前的内容"}},
		"of another application":   {[]*application.Stamp{page("2026-001", foreign, 1)}, false, []string{"第1页（编号2026-001）属于另一件申报"}},
		"nothing at all":           {nil, false, []string{"没有扫描的页面"}},
		"nothing that can be read": {[]*application.Stamp{nil}, false, []string{"第1页没有读到"}},
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
		if s, ok := application.ParseStamp(code); ok {
			t.Errorf("%q is read as %+v", code, s)
		}
	}
}
