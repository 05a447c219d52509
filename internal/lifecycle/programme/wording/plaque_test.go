package wording

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/programme"
)

// TestPlaque: a workshop can make it, and its words have fields that are known.
func TestPlaque(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		plaque programme.Plaque
		says   string
	}{
		"nothing said":      {programme.Plaque{}, ""},
		"as shipped":        {programme.Plaque{Size: "600×400毫米", Lines: []string{"（{年度}年度，编号{编号}）"}, Certificate: "命名{单位}为“{称号}”。"}, ""},
		"the least":         {programme.Plaque{Size: "200×140毫米"}, ""},
		"a millimetre less": {programme.Plaque{Size: "199×140毫米"}, "宽199、高140毫米"},
		"the most":          {programme.Plaque{Size: "1200×900毫米"}, ""},
		"higher":            {programme.Plaque{Size: "1200×901毫米"}, "宽1200、高901毫米"},
		"in words":          {programme.Plaque{Size: "大号"}, "看不出宽和高"},
		"an unknown field":  {programme.Plaque{Lines: []string{"{单位}"}}, "{单位}不是可以用的字段"},
		"half a field":      {programme.Plaque{Certificate: "命名{单位为示范基地"}, "不成对"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := plaque(&programme.Programme{Plaque: tt.plaque})
			if tt.says == "" && len(got) > 0 || tt.says != "" && (len(got) != 1 || !strings.Contains(got[0].Say, tt.says)) {
				t.Errorf("got %+v", got)
			}
		})
	}
}
