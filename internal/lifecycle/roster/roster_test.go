package roster_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
)

// codeOf is the code of a refusal; "" when there is none.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func uploaded(t *testing.T) *roster.Roster {
	t.Helper()
	r := &roster.Roster{List: "organisations", File: "名册.csv", Content: []byte("x")}
	if m, err := roster.Upload(clerk, r, now); err != nil || m.Act != "upload" || r.State != roster.Uploaded || r.By != clerk.Account {
		t.Fatalf("got %v %v", m, err)
	}
	return r
}

// TestUpload: the office brings lists in, and a list of facts has a day.
func TestUpload(t *testing.T) {
	t.Parallel()
	uploaded(t)
	for name, tt := range map[string]struct {
		role stage.Role
		in   roster.Roster
		code string
		path string
	}{
		"an applicant":          {stage.Applicant, roster.Roster{List: "organisations"}, "roster.upload.role", ""},
		"the director":          {stage.Director, roster.Roster{List: "organisations"}, "roster.upload.role", ""},
		"no list":               {stage.Clerk, roster.Roster{List: "members", AsOf: date("2021-06-01")}, "", "list"},
		"facts of no day":       {stage.Clerk, roster.Roster{List: "grades"}, "", "as_of"},
		"facts of tomorrow":     {stage.Clerk, roster.Roster{List: "grades", AsOf: date("2021-06-02")}, "", "as_of"},
		"a bell in a file name": {stage.Clerk, roster.Roster{List: "organisations", File: "名\a册"}, "", "file"},
	} {
		_, err := roster.Upload(stage.Actor{Account: "acc_x", Role: tt.role}, &tt.in, now)
		f, ok := err.(*fault.Fault)
		if !ok || tt.code != "" && f.Code != tt.code || tt.path != "" && (len(f.Fields) != 1 || f.Fields[0].Path != tt.path) || tt.in.State != "" {
			t.Errorf("%s: %v %+v", name, err, tt.in)
		}
	}
	facts := roster.Roster{List: "grades", AsOf: date("2021-06-01"), Title: "评估结果公告"}
	if _, err := roster.Upload(clerk, &facts, now); err != nil {
		t.Errorf("facts of today: %v", err)
	}
	if src := facts.SourceOf(clerk, now); !src.Confirmed || src.On != facts.AsOf || src.Of != facts.Title || src.By != clerk.Account {
		t.Errorf("their source is %+v", src)
	}
	if src := (&roster.Roster{}).SourceOf(clerk, now); src.On != calendar.DateOf(now) {
		t.Errorf("of no day: %+v", src)
	}
}

// TestApply: all of it or nothing; wrong rows are left out on purpose only; what the
// clerk saw is what is done; afterwards the file is gone.
func TestApply(t *testing.T) {
	t.Parallel()
	wrong := make([]roster.Outcome, 600)
	for name, tt := range map[string]struct {
		tally, seen roster.Tally
		skip        bool
		by          stage.Role
		code        string
	}{
		"all right":               {roster.Tally{Added: 2}, roster.Tally{Added: 2}, false, stage.Clerk, ""},
		"nobody looked":           {roster.Tally{Added: 2}, roster.Tally{}, false, stage.Clerk, ""},
		"nothing new":             {roster.Tally{Same: 2}, roster.Tally{}, false, stage.Clerk, ""},
		"one is wrong":            {roster.Tally{Added: 2, Wrong: 1}, roster.Tally{Added: 2, Wrong: 1}, false, stage.Clerk, "roster.apply.wrong"},
		"one is left out":         {roster.Tally{Added: 2, Wrong: 1}, roster.Tally{Added: 2, Wrong: 1}, true, stage.Clerk, ""},
		"all are wrong":           {roster.Tally{Wrong: 3}, roster.Tally{Wrong: 3}, true, stage.Clerk, "roster.apply.none"},
		"no row":                  {roster.Tally{}, roster.Tally{}, true, stage.Clerk, "roster.apply.none"},
		"it moved meanwhile":      {roster.Tally{Added: 1, Same: 1}, roster.Tally{Added: 2}, false, stage.Clerk, "roster.apply.moved"},
		"moved, one is wrong now": {roster.Tally{Added: 1, Wrong: 1}, roster.Tally{Added: 2}, true, stage.Clerk, "roster.apply.moved"},
		"the clock":               {roster.Tally{Added: 2}, roster.Tally{}, false, stage.Clock, "stage.not_allowed"},
		"the director":            {roster.Tally{Added: 2}, roster.Tally{}, false, stage.Director, "stage.not_allowed"},
	} {
		r := uploaded(t)
		m, err := r.Apply(stage.Actor{Account: "acc_x", Role: tt.by}, tt.tally, tt.seen, wrong[:tt.tally.Wrong], tt.skip, now.Add(time.Hour))
		if codeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
		if done := r.State == roster.Applied; done != (tt.code == "") || done != (r.Content == nil) || done && (m.Act != "apply" || len(r.Left) != tt.tally.Wrong || r.Tally != tt.tally) {
			t.Errorf("%s: %v %+v", name, m, r)
		}
		if _, err := r.Apply(clerk, tt.tally, roster.Tally{}, nil, true, now); tt.code == "" && codeOf(err) != "stage.not_allowed" {
			t.Errorf("%s, and again: %v", name, err)
		}
	}
	r := uploaded(t)
	if _, err := r.Apply(clerk, roster.Tally{Added: 1, Wrong: 600}, roster.Tally{}, wrong, true, now); err != nil || len(r.Left) != 500 {
		t.Errorf("of 600 wrong rows %d are kept: %v", len(r.Left), err)
	}
}

// TestDiscard: who does not need it gives it up, and the clock after a day; the file
// goes with it.
func TestDiscard(t *testing.T) {
	t.Parallel()
	for role, code := range map[stage.Role]string{stage.Clerk: "", stage.Clock: "", stage.Director: "stage.not_allowed", stage.Applicant: "stage.not_allowed"} {
		r := uploaded(t)
		if _, err := r.Discard(stage.Actor{Account: "acc_x", Role: role}, now); codeOf(err) != code || (r.State == roster.Discarded) != (code == "") || (r.Content == nil) != (code == "") {
			t.Errorf("%s: %v %+v", role, err, r)
		}
		if _, err := r.Discard(clerk, now); code == "" && codeOf(err) != "stage.not_allowed" {
			t.Errorf("%s, and again: %v", role, err)
		}
	}
	r := uploaded(t)
	if until := r.KeptUntil(); until != now.Add(24*time.Hour) || roster.KeptFrom(until) != r.At {
		t.Errorf("it is kept until %s", until)
	}
}
