package fact_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
)

var date = calendar.MustDate

func TestGradeValid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ announced, revoked, from, to, version string }{
		{"2021-03-15", "", "2021-03-15", "2026-03-15", "2011"},
		{"2024-02-29", "", "2024-02-29", "2029-02-28", "2011"},
		{"2026-02-28", "", "2026-02-28", "2031-02-28", "2011"},
		{"2026-03-01", "", "2027-01-01", "2031-12-31", "2026"},
		{"2026-12-31", "", "2027-01-01", "2031-12-31", "2026"},
		{"2021-03-15", "2022-05-01", "2021-03-15", "2022-04-30", "2011"},
	} {
		g := fact.Grade{Rank: 4, AnnouncedOn: date(tt.announced)}
		if tt.revoked != "" {
			g.RevokedOn = date(tt.revoked)
		}
		from, to, version := g.Valid()
		if from != date(tt.from) || to != date(tt.to) || version != tt.version {
			t.Errorf("announced %s: got %s to %s by %s", tt.announced, from, to, version)
		}
	}
}

func TestParseGrade(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"A": 1, "AAA": 3, "3A": 3, "3A级": 3, "３Ａ级": 3, " 5a ": 5, "AAAAAA": 0, "0A": 0, "6A": 0, "B": 0, "": 0, "级": 0, "3": 0, "未评估": 0,
	} {
		if got := fact.ParseGrade(s); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

// good is a set of facts without a fault.
func good() fact.Facts {
	return fact.Facts{
		Inspections: []fact.Inspection{{Year: 2019, Conclusion: fact.Passed}, {Year: 2020, Conclusion: fact.Pending}},
		Penalties:   []fact.Penalty{{Number: "吉民罚〔2017〕1号", Authority: "吉林省民政厅", Kind: "warning", DecidedOn: date("2017-07-10")}},
		NoPenalty:   fact.Source{On: date("2021-06-01")},
		Grades:      []fact.Grade{{Rank: 4, AnnouncedOn: date("2020-03-15")}},
		Listings:    []fact.Listing{{List: fact.Abnormal, From: date("2016-01-01"), To: date("2016-06-01")}},
		Charter:     fact.Charter{Wording: "本会坚持党的全面领导", Clause: "第四条", ApprovedOn: date("2019-05-05")},
		Regulations: []fact.Regulation{{Title: "议事规则", AdoptedOn: date("2019-01-01")}},
		Metrics:     []fact.Metric{{Name: "会员企业产值", Unit: "万元", Year: 2020, Values: [3]int{1, -2, 3}, Rank: 2, Of: 9, Among: "全省同类协会"}},
		Ledgers:     []fact.Ledger{{Year: 2020, Members: 11, Appraised: [4]int{3, 8, 0, 0}, DuesMonths: 12, Seats: 3, Filled: 3}},
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	today := date("2021-06-01")
	f := good()
	if err := f.Check(today); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		with func(*fact.Facts)
		path string
	}{
		"a year to come":               {func(f *fact.Facts) { f.Inspections[0].Year = 2022 }, "inspections.0.year"},
		"a year twice":                 {func(f *fact.Facts) { f.Inspections[0].Year = 2020 }, "inspections.1.year"},
		"a ninth conclusion":           {func(f *fact.Facts) { f.Inspections[0].Conclusion = "good" }, "inspections.0.conclusion"},
		"no kind of penalty":           {func(f *fact.Facts) { f.Penalties[0].Kind = "" }, "penalties.0.kind"},
		"a penalty of tomorrow":        {func(f *fact.Facts) { f.Penalties[0].DecidedOn = date("2021-06-02") }, "penalties.0.decided_on"},
		"quashed before decided":       {func(f *fact.Facts) { f.Penalties[0].QuashedOn = date("2017-07-09") }, "penalties.0.quashed_on"},
		"six A":                        {func(f *fact.Facts) { f.Grades[0].Rank = 6 }, "grades.0.rank"},
		"off the list before on it":    {func(f *fact.Facts) { f.Listings[0].To = date("2015-12-31") }, "listings.0.to"},
		"NUL in the charter":           {func(f *fact.Facts) { f.Charter.Wording = "坚持\x00" }, "charter.wording"},
		"a charter of megabytes":       {func(f *fact.Facts) { f.Charter.Wording = strings.Repeat("𠮷", 1<<20) }, "charter.wording"},
		"a rule without a title":       {func(f *fact.Facts) { f.Regulations[0].Title = "" }, "regulations.0.title"},
		"rank beyond the total":        {func(f *fact.Facts) { f.Metrics[0].Rank = 10 }, "metrics.0.rank"},
		"a rank among nobody":          {func(f *fact.Facts) { f.Metrics[0].Among = "" }, "metrics.0.among"},
		"a metric without a unit":      {func(f *fact.Facts) { f.Metrics[0].Unit = "" }, "metrics.0.unit"},
		"fewer than none":              {func(f *fact.Facts) { f.Ledgers[0].Trainings = -1 }, "ledgers.0.trainings"},
		"a thirteenth month":           {func(f *fact.Facts) { f.Ledgers[0].DuesMonths = 13 }, "ledgers.0.dues_months"},
		"a part more than the whole":   {func(f *fact.Facts) { f.Ledgers[0].Filled = 4 }, "ledgers.0.filled"},
		"more appraised than members":  {func(f *fact.Facts) { f.Ledgers[0].Appraised[2] = 1 }, "ledgers.0.appraised_1"},
		"a ledger of next year":        {func(f *fact.Facts) { f.Ledgers[0].Year = 2022 }, "ledgers.0.year"},
		"more per cent than a hundred": {func(f *fact.Facts) { f.Ledgers[0].PlatformRate = 101 }, "ledgers.0.platform_rate"},
		"61 penalties":                 {func(f *fact.Facts) { f.Penalties = make([]fact.Penalty, 61) }, "penalties"},
	} {
		f := good()
		tt.with(&f)
		var got []string
		if e, ok := f.Check(today).(*fault.Fault); ok { //nolint:errorlint // returned bare
			for _, w := range e.Fields {
				got = append(got, w.Path)
			}
		}
		if !slices.Contains(got, tt.path) {
			t.Errorf("%s: got %v, want %s", name, got, tt.path)
		}
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	self := fact.Source{By: "acc_a", On: date("2021-05-01")}
	office := fact.Source{Confirmed: true, By: "acc_b", On: date("2021-05-02")}
	later := fact.Source{By: "acc_a", On: date("2021-06-01")}
	first, touched := good().Settle(fact.Facts{}, self)
	if len(touched) > 0 || first.Inspections[0].Source != self || first.Charter.Source != self || first.NoPenalty != self || first.NoListing != (fact.Source{}) {
		t.Fatalf("the first time: %v %v", touched, first)
	}
	confirmed := first.Confirm(office)
	if confirmed.Ledgers[0].Source != office || first.Ledgers[0].Source != self || confirmed.NoListing != (fact.Source{}) {
		t.Error("confirming changes what is declared, and only the copy")
	}
	again, touched := good().Settle(confirmed, later)
	if len(touched) > 0 || again.Penalties[0].Source != office || again.NoPenalty != office {
		t.Errorf("nothing changed, but: %v", touched)
	}
	more := good()
	more.Inspections = append(more.Inspections, fact.Inspection{Year: 2018, Conclusion: fact.Passed})
	more, touched = more.Settle(confirmed, later)
	if len(touched) > 0 || more.Inspections[2].Source != later || more.Inspections[0].Source != office {
		t.Errorf("a fact more: %v %v", touched, more.Inspections)
	}
	less := good()
	less.Penalties = nil
	if _, touched = less.Settle(confirmed, later); !slices.Contains(touched, "行政处罚") {
		t.Errorf("a confirmed penalty is gone: %v", touched)
	}
	other := good()
	other.Charter.Clause = "第五条"
	if _, touched = other.Settle(confirmed, later); !slices.Contains(touched, "章程") {
		t.Errorf("the charter changed: %v", touched)
	}
}

// TestFigures: every figure has a name of its own and reaches a place of its own.
func TestFigures(t *testing.T) {
	t.Parallel()
	names, places := map[string]bool{}, map[*int]bool{}
	var l fact.Ledger
	for _, f := range fact.Figures {
		if names[f.Name] || places[f.Of(&l)] || f.Label == "" || f.Unit == "" || f.Clause == "" {
			t.Errorf("%s is not in order", f.Name)
		}
		names[f.Name], places[f.Of(&l)] = true, true
	}
}
