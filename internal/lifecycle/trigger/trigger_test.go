package trigger_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
)

var (
	on    = calendar.MustDate
	sure  = fact.Source{Confirmed: true}
	title = designation.Designation{ID: "dsg_1", Organisation: "org_1", State: designation.Valid, NamedOn: on("2021-09-15")}
	noon  = on("2023-03-01").Start().Add(12 * time.Hour)
)

// TestCauses: what was confirmed and happened since the naming asks for a recheck.
func TestCauses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts fact.Facts
		want  string // the kinds, in order
	}{
		"a penalty on the day of the naming":           {fact.Facts{Penalties: []fact.Penalty{{DecidedOn: on("2021-09-15"), Kind: "fine", Source: sure}}}, "penalty"},
		"a penalty the day before":                     {fact.Facts{Penalties: []fact.Penalty{{DecidedOn: on("2021-09-14"), Kind: "fine", Source: sure}}}, ""},
		"a penalty that it declared itself":            {fact.Facts{Penalties: []fact.Penalty{{DecidedOn: on("2022-01-01"), Kind: "fine"}}}, ""},
		"a penalty that was quashed":                   {fact.Facts{Penalties: []fact.Penalty{{DecidedOn: on("2022-01-01"), QuashedOn: on("2022-05-01"), Source: sure}}}, ""},
		"a penalty against a branch":                   {fact.Facts{Penalties: []fact.Penalty{{DecidedOn: on("2022-01-01"), Against: "branch", Source: sure}}}, ""},
		"an inspection of the year of naming, failed":  {fact.Facts{Inspections: []fact.Inspection{{Year: 2021, Conclusion: fact.Failed, Source: sure}}}, "inspection_failed"},
		"an inspection of the year before":             {fact.Facts{Inspections: []fact.Inspection{{Year: 2020, Conclusion: fact.Failed, Source: sure}}}, ""},
		"an inspection that passed barely":             {fact.Facts{Inspections: []fact.Inspection{{Year: 2022, Conclusion: fact.PassedBarely, Source: sure}}}, ""},
		"a grade that was withdrawn":                   {fact.Facts{Grades: []fact.Grade{{Rank: 4, AnnouncedOn: on("2019-01-01"), RevokedOn: on("2022-01-01"), Source: sure}}}, "grade_lost"},
		"a grade that holds":                           {fact.Facts{Grades: []fact.Grade{{Rank: 4, AnnouncedOn: on("2019-01-01"), Source: sure}}}, ""},
		"both lists, one left since":                   {fact.Facts{Listings: []fact.Listing{{List: fact.Abnormal, From: on("2022-01-01"), To: on("2022-02-01"), Source: sure}, {List: fact.Serious, From: on("2022-03-01"), Source: sure}}}, "abnormal untrustworthy"},
		"a list from before the naming and since then": {fact.Facts{Listings: []fact.Listing{{List: fact.Abnormal, From: on("2021-01-01"), Source: sure}}}, ""},
	} {
		var kinds []string
		for _, c := range trigger.Causes(c.facts, title.NamedOn) {
			kinds = append(kinds, c.Kind)
			if c.Fact == "" || c.Say == "" || trigger.Words[c.Kind] == "" {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if got := strings.Join(kinds, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestNew: only what the change brought, and only what the programme names.
func TestNew(t *testing.T) {
	t.Parallel()
	old := fact.Penalty{DecidedOn: on("2022-01-01"), Authority: "某市民政局", Number: "1号", Kind: "fine", Source: sure}
	later := fact.Penalty{DecidedOn: on("2023-01-01"), Authority: "某市民政局", Number: "2号", Kind: "warning", Source: sure}
	was := fact.Facts{Penalties: []fact.Penalty{old}}
	now := fact.Facts{Penalties: []fact.Penalty{later, old}, Listings: []fact.Listing{{List: fact.Abnormal, From: on("2022-01-01"), Source: sure}}}
	got := trigger.New(title, []string{trigger.Penalty}, was, now)
	if len(got) != 1 || !strings.Contains(got[0].Say, "2号") || !strings.Contains(got[0].Say, "警告") {
		t.Error(got)
	}
	if got := trigger.New(title, nil, was, now); len(got) != 0 {
		t.Errorf("a programme that names nothing: %v", got)
	}
	// Confirming what was declared is what makes it known.
	declared := old
	declared.Source = fact.Source{}
	if got := trigger.New(title, []string{trigger.Penalty}, fact.Facts{Penalties: []fact.Penalty{declared}}, was); len(got) != 1 {
		t.Error(got)
	}
}

// TestAnswerAndLapse: a recheck answers; nothing lapses while the title and the fact stand.
func TestAnswerAndLapse(t *testing.T) {
	t.Parallel()
	facts := fact.Facts{Inspections: []fact.Inspection{{Year: 2022, Conclusion: fact.Failed, Source: sure}}}
	raised, m := trigger.Raise(stage.Actor{Role: stage.Clerk}, "trg_1", title, trigger.Causes(facts, title.NamedOn)[0], noon)
	if m.By != stage.Clerk || raised.State != trigger.Raised || raised.Say != "2022年度年检不合格" {
		t.Error(m, raised)
	}
	code := func(_ stage.Move, err error) string { return fault.CodeOf(err) }
	c := raised
	if got := code(c.Answer(stage.TheClock, "", noon)); got != "trigger.answer.no_recheck" {
		t.Error(got)
	}
	if got := code(c.Lapse(stage.TheClock, title, facts, noon)); got != "trigger.lapse.stands" {
		t.Error(got)
	}
	if _, err := c.Answer(stage.TheClock, "rck_1", noon); err != nil || c.State != trigger.Answered || c.Recheck != "rck_1" {
		t.Error(c, err)
	}
	if got := code(c.Answer(stage.TheClock, "rck_2", noon)); got == "" {
		t.Error("answered twice")
	}
	gone := title
	gone.State = designation.Expired
	for name, lapse := range map[string]func(*trigger.Trigger) (stage.Move, error){
		"the title ended": func(c *trigger.Trigger) (stage.Move, error) { return c.Lapse(stage.TheClock, gone, facts, noon) },
		"it was withdrawn": func(c *trigger.Trigger) (stage.Move, error) {
			return c.Lapse(stage.TheClock, title, fact.Facts{}, noon)
		},
	} {
		c := raised
		if _, err := lapse(&c); err != nil || c.State != trigger.Lapsed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDissolves: only a deregistered holder loses its title by the clock, where that counts.
func TestDissolves(t *testing.T) {
	t.Parallel()
	for _, s := range organisation.Kind.States() {
		if got := trigger.Dissolves(s, []string{trigger.Penalty, trigger.Deregistered}); got != (s == organisation.Deregistered) {
			t.Errorf("%s: %v", s, got)
		}
	}
	if trigger.Dissolves(organisation.Deregistered, []string{trigger.Penalty}) {
		t.Error("a programme that does not count it")
	}
}

// TestMisuse: one that was found stands while the title does, whatever the facts say.
func TestMisuse(t *testing.T) {
	t.Parallel()
	raised, _ := trigger.Raise(stage.Actor{Role: stage.Clerk}, "trg_1", title, trigger.Cause{Kind: trigger.Misuse, Fact: "misuse|mis_1"}, noon)
	ended := title
	ended.State = designation.Revoked
	if raised.Idle(title, fact.Facts{}) || !raised.Idle(ended, fact.Facts{}) {
		t.Error("a misuse that was found lapses with the facts, or outlives the title")
	}
}
