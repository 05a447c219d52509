package ruling_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
)

var (
	day      = calendar.MustDate("2021-07-10")
	now      = day.Start()
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	director = stage.Actor{Account: "acc_director", Role: stage.Director}
)

func check(code string, v programme.Verdict, red bool) eligibility.Check {
	return eligibility.Check{
		Finding: programme.Finding{Rule: programme.Rule{Code: code, Title: "近三年未受到行政处罚", RedLine: red}, Verdict: v},
		Why:     []string{"2021年3月1日警告。"},
	}
}

func TestMake(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by            stage.Actor
		state         stage.State
		computed      programme.Verdict
		red           bool
		seen, verdict programme.Verdict
		reason, code  string
	}{
		"a doubt":                          {clerk, organisation.Registered, eligibility.Doubtful, true, eligibility.Doubtful, eligibility.Fails, "看过决定书", ""},
		"a failure that is no red line":    {clerk, organisation.Registered, eligibility.Fails, false, eligibility.Fails, eligibility.Meets, "看过决定书", ""},
		"a red line, by the director":      {director, organisation.Registered, eligibility.Fails, true, eligibility.Fails, eligibility.Meets, "看过决定书", ""},
		"a red line, by a clerk":           {clerk, organisation.Registered, eligibility.Fails, true, eligibility.Fails, eligibility.Meets, "看过决定书", "ruling.make.red_line"},
		"an applicant":                     {stage.Actor{Role: stage.Applicant}, organisation.Registered, eligibility.Doubtful, false, eligibility.Doubtful, eligibility.Meets, "看过", "stage.not_allowed"},
		"an organisation that is no more":  {clerk, organisation.Deregistered, eligibility.Doubtful, false, eligibility.Doubtful, eligibility.Meets, "看过", "stage.not_allowed"},
		"no reason":                        {clerk, organisation.Registered, eligibility.Doubtful, false, eligibility.Doubtful, eligibility.Meets, "　", "fact.text.empty"},
		"a reason of megabytes":            {clerk, organisation.Registered, eligibility.Doubtful, false, eligibility.Doubtful, eligibility.Meets, strings.Repeat("因", 2<<20), "fact.text.long"},
		"a doubt is no finding":            {clerk, organisation.Registered, eligibility.Fails, false, eligibility.Fails, eligibility.Doubtful, "看过", "ruling.make.verdict"},
		"what is found already":            {clerk, organisation.Registered, eligibility.Meets, false, eligibility.Meets, eligibility.Meets, "看过", "ruling.make.same"},
		"what changed while one was at it": {clerk, organisation.Registered, eligibility.Meets, false, eligibility.Doubtful, eligibility.Meets, "看过", "ruling.make.changed"},
	} {
		c := ruling.Check{Check: check("penalties", tt.computed, tt.red)}
		r, m, err := ruling.Make(tt.by, &organisation.Organisation{ID: "org_a", State: tt.state}, c, tt.seen, tt.verdict, tt.reason, now)
		if err == nil && tt.code != "" || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", name, err, tt.code)
		}
		if err == nil && (m.Act != "rule" || r.Computed != tt.computed || r.Verdict != tt.verdict || r.By != tt.by.Account || r.Why == "" || !r.At.Equal(now)) {
			t.Errorf("%s: got %+v", name, r)
		}
	}
}

// TestUndo: a ruling is taken back by finding what the facts say, doubt included.
func TestUndo(t *testing.T) {
	t.Parallel()
	o := &organisation.Organisation{ID: "org_a", State: organisation.Registered}
	computed := check("penalties", eligibility.Doubtful, false)
	first, _, err := ruling.Make(clerk, o, ruling.Check{Check: computed}, eligibility.Doubtful, eligibility.Meets, "看过决定书", now)
	if err != nil {
		t.Fatal(err)
	}
	first.Day = day
	ruled := ruling.Ruled([]eligibility.Check{computed}, []ruling.Ruling{first}, day)[0]
	if _, _, err := ruling.Make(clerk, o, ruled, eligibility.Meets, eligibility.Pending, "看错了", now); fault.CodeOf(err) != "ruling.make.verdict" {
		t.Error("to what nobody computed:", err)
	}
	back, _, err := ruling.Make(clerk, o, ruled, eligibility.Meets, eligibility.Doubtful, "看错了", now)
	if err != nil {
		t.Fatal(err)
	}
	back.Day = day
	if c := ruling.Ruled([]eligibility.Check{computed}, []ruling.Ruling{first, back}, day)[0]; c.Ruling != nil || c.Verdict != eligibility.Doubtful {
		t.Errorf("taken back: %+v", c)
	}
}

func TestRuled(t *testing.T) {
	t.Parallel()
	computed := []eligibility.Check{check("grade", eligibility.Meets, false), check("penalties", eligibility.Fails, true)}
	first := ruling.Ruling{Rule: "penalties", Day: day, Computed: eligibility.Fails, Why: "2021年3月1日警告。", Verdict: eligibility.Meets, At: now}
	taken := first
	taken.Verdict, taken.At = eligibility.Fails, now.Add(time.Hour)
	again := computed[1]
	again.Why = append(again.Why, "2021年5月1日罚款。")
	for name, tt := range map[string]struct {
		checks  []eligibility.Check
		rulings []ruling.Ruling
		day     calendar.Date
		want    programme.Verdict
	}{
		"nothing was found":        {computed, nil, day, eligibility.Fails},
		"found otherwise":          {computed, []ruling.Ruling{first}, day, eligibility.Meets},
		"and taken back":           {computed, []ruling.Ruling{first, taken}, day, eligibility.Fails},
		"for another deadline":     {computed, []ruling.Ruling{first}, day.AddDays(1), eligibility.Fails},
		"a second penalty is new":  {[]eligibility.Check{computed[0], again}, []ruling.Ruling{first}, day, eligibility.Fails},
		"the penalty is in doubt":  {[]eligibility.Check{check("penalties", eligibility.Doubtful, true)}, []ruling.Ruling{first}, day, eligibility.Doubtful},
		"another rule is not hers": {[]eligibility.Check{check("grade", eligibility.Fails, true)}, []ruling.Ruling{first}, day, eligibility.Fails},
	} {
		all := ruling.Ruled(tt.checks, tt.rulings, tt.day)
		if got := ruling.Overall(all); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
		for i, c := range all {
			if c.Computed() != tt.checks[i].Verdict {
				t.Errorf("%s: the computed verdict of %s is lost", name, c.Rule.Code)
			}
		}
	}
	if computed[1].Verdict != eligibility.Fails {
		t.Error("Ruled changed what it was given")
	}
}
