package check

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/programme"
)

// TestTeam: what a draw takes from the strata makes a team with one leader.
func TestTeam(t *testing.T) {
	t.Parallel()
	inner := programme.Stratum{Code: "inner", Seats: 1, Lead: true}
	outer := programme.Stratum{Code: "outer", Seats: 2}
	led := outer
	led.Lead = true
	for name, tt := range map[string]struct {
		strata []programme.Stratum
		least  int
		want   []string // what each message says, in order
	}{
		"no strata":        {nil, 3, nil},
		"enough":           {[]programme.Stratum{inner, outer}, 3, nil},
		"more than enough": {[]programme.Stratum{inner, outer}, 2, nil},
		"too few":          {[]programme.Stratum{inner, outer}, 4, []string{"加起来3人，比考核组人数（team_min）4人少"}},
		"no leader":        {[]programme.Stratum{outer}, 2, []string{"没有一层出组长"}},
		"two leaders":      {[]programme.Stratum{inner, led}, 3, []string{"组长只有一人"}},
		"one code twice":   {[]programme.Stratum{inner, outer, outer}, 5, []string{"“outer”写了两次"}},
		"all at once":      {[]programme.Stratum{outer, outer}, 5, []string{"写了两次", "没有一层出组长", "加起来4人"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := programme.Programme{}
			p.Visit.Strata, p.Visit.TeamMin = tt.strata, tt.least
			got := team(&p)
			if len(got) != len(tt.want) {
				t.Fatalf("%d wrong: %+v", len(got), got)
			}
			for i, w := range got {
				if !strings.Contains(w.Say, tt.want[i]) {
					t.Errorf("%q does not say %q", w.Say, tt.want[i])
				}
			}
		})
	}
}
