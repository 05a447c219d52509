package creditcode_test

import (
	"testing"
	"unicode/utf8"

	"shifan/internal/creditcode"
)

// TestAreas: the 34 and the nation, each code, name and sign once and in order.
func TestAreas(t *testing.T) {
	t.Parallel()
	all, last, seen := creditcode.Areas(), "", map[string]bool{}
	if len(all) != 35 {
		t.Errorf("%d divisions", len(all))
	}
	for _, p := range all {
		if p.Code <= last || len(p.Code) != 2 || utf8.RuneCountInString(p.Sign) != 1 || seen[p.Name] || seen[p.Sign] {
			t.Errorf("%+v", p)
		}
		last, seen[p.Name], seen[p.Sign] = p.Code, true, true
	}
	for division, name := range map[string]string{"220000": "吉林省", "220102": "吉林省", "22": "吉林省", "100000": "全国", "990000": "", "2": "", "": ""} {
		if p, known := creditcode.AreaOf(division); p.Name != name || known != (name != "") {
			t.Errorf("%q is in %+v, %v", division, p, known)
		}
	}
}
