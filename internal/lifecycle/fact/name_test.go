package fact_test

import (
	"testing"

	"shifan/internal/lifecycle/fact"
)

// TestTextOfAName: what has no shape of its own may not stand in a name; rare characters and
// their variants may.
func TestTextOfAName(t *testing.T) {
	t.Parallel()
	for s, good := range map[string]bool{
		"𠮷祥里社区居民委员会": true, "葛\U000E0100城协会": true, "a\u0301": true,
		"甲\u202e乙": false, "甲\u200b乙": false, "\ufeff甲": false, "甲\u00ad乙": false, "甲\x00乙": false, "甲\xff": false, "甲\n乙": false,
	} {
		if got := fact.Text("name", "单位名称", s, fact.NameMax, true); (got == nil) != good {
			t.Errorf("%+q: %v", s, got)
		}
	}
}
