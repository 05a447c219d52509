package designation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
)

func former(on, from, to string) designation.Former {
	f := designation.Former{Award: designation.Award{ID: "dsg_1", Organisation: "org_1", Number: "第12号", Name: "吉林省𠮷松协会", NamedOn: day(on)}, Basis: "吉社联党发〔2018〕3号"}
	if from != "" {
		f.From = day(from)
	}
	if to != "" {
		f.To = day(to)
	}
	return f
}

// TestImportRunsAsTheProgrammeSays: a title from before the system lasts, is rechecked and
// has expired as one of the system would, or as its row says; 29 February included.
func TestImportRunsAsTheProgrammeSays(t *testing.T) {
	t.Parallel()
	now := day("2021-06-01").Start().Add(9 * time.Hour)
	for _, tt := range []struct {
		name, on, from, to string
		change             func(*programme.Programme)
		want               []string // first and last day, recheck, state, end
	}{
		{"as the programme counts", "2019-09-15", "", "", nil, []string{"2019-09-15", "2022-09-15", "2022-09-14", "valid", ""}},
		{"on 29 February", "2020-02-29", "", "", nil, []string{"2020-02-29", "2023-02-28", "2023-02-27", "valid", ""}},
		{"until 29 February", "2020-02-29", "", "2024-02-29", nil, []string{"2020-02-29", "2024-02-29", "2023-02-28", "valid", ""}},
		{"over", "2018-05-31", "", "", nil, []string{"2018-05-31", "2021-05-31", "", "expired", "2021-05-31"}},
		{"on its last day", "2018-06-01", "", "", nil, []string{"2018-06-01", "2021-06-01", "", "valid", ""}},
		{"renewed before", "2015-09-15", "", "2024-09-15", nil, []string{"2015-09-15", "2024-09-15", "2021-09-15", "valid", ""}},
		{"from a day of its own", "2019-09-15", "2020-01-01", "", nil, []string{"2020-01-01", "2023-01-01", "2022-12-31", "valid", ""}},
		{"by calendar years", "2019-09-15", "", "", func(p *programme.Programme) { p.Validity.Policy = calendar.CalendarYear }, []string{"2020-01-01", "2022-12-31", "2022-12-30", "valid", ""}},
		{"without end", "2010-09-15", "", "", func(p *programme.Programme) { p.Validity.Years = 0 }, []string{"2010-09-15", "", "2022-09-15", "valid", ""}},
		{"without rechecks", "2010-09-15", "", "2025-01-01", func(p *programme.Programme) { p.Recheck.EveryYears = 0 }, []string{"2010-09-15", "2025-01-01", "", "valid", ""}},
	} {
		p := prog()
		if tt.change != nil {
			tt.change(p)
		}
		d, moves, err := designation.Import(clerk, former(tt.on, tt.from, tt.to), p, nil, now)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, []string{d.ValidFrom.String(), d.ValidTo.String(), d.RecheckDue.String(), string(d.State), d.EndedOn.String()}); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		acts := []string{"import"}
		if d.State == designation.Expired {
			acts = append(acts, "expire")
		}
		for n, m := range moves {
			if m.Act != acts[n] || d.History[n].Act != acts[n] || m.Basis == "" {
				t.Errorf("%s: %+v %+v", tt.name, moves, d.History)
			}
		}
		if len(moves) != len(acts) || d.Basis == "" || d.Application != "" || d.Naming != "" {
			t.Errorf("%s: %+v", tt.name, d)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	now := day("2021-06-01").Start().Add(9 * time.Hour)
	with := func(change func(*designation.Former)) designation.Former {
		f := former("2019-09-15", "", "")
		change(&f)
		return f
	}
	held, _, err := designation.Import(clerk, with(func(f *designation.Former) { f.Number = "2019-001" }), prog(), nil, now)
	if err != nil {
		t.Fatal(err)
	}
	ended := *held
	ended.State, ended.EndedOn = designation.Revoked, day("2020-03-01")
	for name, tt := range map[string]struct {
		f    designation.Former
		held *designation.Designation
		code string
	}{
		"no number":          {f: with(func(f *designation.Former) { f.Number = " " }), code: "fact.text.empty"},
		"no document":        {f: with(func(f *designation.Former) { f.Basis = "" }), code: "fact.text.empty"},
		"no day":             {f: with(func(f *designation.Former) { f.NamedOn = calendar.Date{} }), code: "fact.date.missing"},
		"tomorrow":           {f: with(func(f *designation.Former) { f.NamedOn = day("2021-06-02") }), code: "fact.date.future"},
		"a category":         {f: with(func(f *designation.Former) { f.Category = "x" }), code: "designation.import.category"},
		"ends too early":     {f: former("2019-09-15", "", "2019-09-14"), code: "designation.import.term"},
		"begins too early":   {f: former("2019-09-15", "2019-09-14", ""), code: "designation.import.before"},
		"the same day":       {f: former("2019-09-15", "", ""), held: held, code: "designation.import.twice"},
		"overlaps":           {f: former("2020-09-15", "", ""), held: held, code: "designation.import.holds"},
		"the day it ends":    {f: former("2016-09-15", "", "2019-09-15"), held: held, code: "designation.import.holds"},
		"the day before":     {f: former("2016-09-14", "", "2019-09-14"), held: held},
		"after a former one": {f: former("2020-09-15", "", ""), held: &ended},
	} {
		var all []designation.Designation
		if tt.held != nil {
			all = append(all, *tt.held)
		}
		_, _, err := designation.Import(clerk, tt.f, prog(), all, now)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, %q, want %q", name, err, fault.CodeOf(err), tt.code)
		}
	}
	if _, _, err := designation.Import(director, former("2019-09-15", "", ""), prog(), nil, now); fault.CodeOf(err) != "designation.import.role" {
		t.Errorf("by a director: %v", err)
	}
	if err := designation.Taken(held); fault.CodeOf(err) != "designation.import.number" {
		t.Error(err)
	}
}
