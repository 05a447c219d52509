package figure_test

import (
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/figure"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
)

// moment is an organisation that trained so often in the year before a day.
func moment(day string, trainings int) figure.Moment {
	d := calendar.MustDate(day)
	return figure.Moment{Day: d, Profile: eligibility.Profile{Organisation: &organisation.Organisation{
		Facts: fact.Facts{Ledgers: []fact.Ledger{{Year: d.Year - 1, Trainings: trainings, Meetings: [4]int{1, 1, 1, 1}}}},
	}}}
}

// asks is a programme that asks for so many trainings a year, under a code.
func asks(code, expr string) *programme.Programme {
	return &programme.Programme{Eligibility: []programme.Rule{{Code: code, Title: "培训", Expr: expr, Window: programme.Window{Kind: "complete_years", Length: 1}}}}
}

func figureOf(t *testing.T, all []figure.Figure, code string) figure.Figure {
	t.Helper()
	for _, f := range all {
		if f.Code == code {
			return f
		}
	}
	t.Fatalf("no %s in %+v", code, all)
	return figure.Figure{}
}

// TestCompare: what was known then and what is known now, each by the standard of then and
// by today's, and in words how they differ.
func TestCompare(t *testing.T) {
	t.Parallel()
	then, now := moment("2021-07-10", 2), moment("2024-07-10", 2)
	const one, three = "all(org.每年培训次数, # >= 1)", "all(org.每年培训次数, # >= 3)"
	for name, c := range map[string]struct {
		naming, current *programme.Programme
		code            string
		then, now       figure.Moment
		want            [4]programme.Verdict // then by naming, then by now, now by naming, now by now
		says            string
	}{
		"the same":          {asks("train", one), asks("train", one), "train", then, now, [4]programme.Verdict{"meets", "meets", "meets", "meets"}, "没有变化"},
		"it fell":           {asks("train", one), asks("train", one), "train", then, moment("2024-07-10", 0), [4]programme.Verdict{"meets", "meets", "fails", "fails"}, "变为"},
		"the standard rose": {asks("train", one), asks("train", three), "train", then, now, [4]programme.Verdict{"meets", "fails", "meets", "fails"}, "按两个标准结论不同"},
		"no longer asked":   {asks("train", one), asks("other", one), "train", then, now, [4]programme.Verdict{"meets", "", "meets", ""}, "不再要求"},
		"asked since":       {asks("train", one), asks("other", one), "other", then, now, [4]programme.Verdict{"", "meets", "", "meets"}, "没有要求"},
	} {
		f := figureOf(t, figure.Compare(c.naming, c.current, c.then, c.now), c.code)
		got := [4]programme.Verdict{f.Then.ByNaming, f.Then.ByNow, f.Now.ByNaming, f.Now.ByNow}
		if got != c.want || !strings.Contains(f.Change(), c.says) {
			t.Errorf("%s: %v %s", name, got, f.Change())
		}
	}
}

// TestNumbers compares the ledgers of the years before, and says where one is missing.
func TestNumbers(t *testing.T) {
	t.Parallel()
	none := moment("2024-07-10", 1)
	none.Profile.Organisation.Facts.Ledgers = nil
	for name, c := range map[string]struct {
		then, now figure.Moment
		says      string
	}{
		"more":    {moment("2021-07-10", 2), moment("2024-07-10", 5), "增加3次"},
		"less":    {moment("2021-07-10", 2), moment("2024-07-10", 1), "减少1次"},
		"as many": {moment("2021-07-10", 2), moment("2024-07-10", 2), "持平"},
		"missing": {moment("2021-07-10", 2), none, "不能比较"},
	} {
		said := ""
		for _, n := range figure.Numbers(c.then, c.now) {
			if n.Word == "教育培训" {
				said = n.Change()
			}
		}
		if said != c.says {
			t.Errorf("%s: %s", name, said)
		}
	}
	if all := figure.Numbers(none, none); all != nil {
		t.Errorf("out of nothing: %+v", all)
	}
}
