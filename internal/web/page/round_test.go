package page_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/web/page"
)

// TestCriteriaOfAYear: items that the notice bound to 2020 and 2021 stand in the
// call of that year and in no later one (S42).
func TestCriteriaOfAYear(t *testing.T) {
	t.Parallel()
	p := &programme.Programme{Criteria: []programme.Group{{Code: "4", Title: "业绩突出", Indicators: []programme.Indicator{
		{Code: "4-1", Title: "社会责任"}, {Code: "4-2", Title: "抗击疫情", Years: []int{2021}},
	}}, {Code: "5", Title: "仅限当年", Indicators: []programme.Indicator{{Code: "5-1", Title: "复工复产", Years: []int{2021}}}}}}
	for year, want := range map[int]bool{2021: true, 2022: false} {
		v := casework.RoundView{
			Programme: p, Calendar: calendar.Embedded(), Now: time.Unix(0, 0),
			Round: round.Round{Title: "通知", Year: year, State: round.Closed, PublishedAt: time.Unix(1, 0)},
		}
		var b strings.Builder
		if err := page.Call(page.Frame{Title: "通知"}, v).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		for _, item := range []string{"抗击疫情", "复工复产", "仅限当年"} {
			if strings.Contains(b.String(), item) != want {
				t.Errorf("the call of %d says %s: want %v", year, item, want)
			}
		}
		if !strings.Contains(b.String(), "社会责任") {
			t.Errorf("the call of %d lacks what counts every year", year)
		}
	}
}
