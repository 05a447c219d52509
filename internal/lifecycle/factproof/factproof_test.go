package factproof_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/factproof"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
)

// TestAttach: what proves a part of what is known of an organisation, by whom, how much of
// it, and each once.
func TestAttach(t *testing.T) {
	t.Parallel()
	owner, clerk := stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, stage.Actor{Role: stage.Clerk}
	room := file.Room{File: 10, Application: 20, Files: 2}
	fresh := file.File{ID: "fil_9", Name: "制度.pdf", SHA256: "nine", Size: 8, Programme: "p", Round: "r", Application: "a"}
	one := file.File{ID: "fil_1", SHA256: "nine", Size: 8, Section: "metrics"}
	for _, tt := range []struct {
		name, section string
		by            stage.Actor
		state         stage.State
		kept          []file.File
		code          string
	}{
		{"the first", "regulations", owner, organisation.Registered, nil, ""},
		{"the office", "ledgers", clerk, organisation.Registered, nil, ""},
		{"the same bytes to another part", "regulations", owner, organisation.Registered, []file.File{one}, ""},
		{"the same bytes again", "metrics", owner, organisation.Registered, []file.File{one}, "factproof.attach.twice"},
		{"one too many", "metrics", owner, organisation.Registered, []file.File{{SHA256: "1", Section: "metrics"}, {SHA256: "2", Section: "metrics"}}, "factproof.attach.many"},
		{"as many of another part", "metrics", owner, organisation.Registered, []file.File{{SHA256: "1", Section: "charter"}, {SHA256: "2", Section: "charter"}}, ""},
		{"no room", "metrics", owner, organisation.Registered, []file.File{{SHA256: "1", Size: 13, Section: "charter"}}, "factproof.attach.full"},
		{"just room", "metrics", owner, organisation.Registered, []file.File{{SHA256: "1", Size: 12, Section: "charter"}}, ""},
		{"no such part", "party", owner, organisation.Registered, nil, "thing.not_found"},
		{"the chair", "metrics", stage.Actor{Role: stage.Chair}, organisation.Registered, nil, "stage.not_allowed"},
		{"deregistered", "metrics", clerk, organisation.Deregistered, nil, "stage.not_allowed"},
	} {
		o := &organisation.Organisation{ID: "org_1", State: tt.state}
		put, m, err := factproof.Attach(o, tt.by, tt.section, fresh, tt.kept, room)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		} else if err == nil && (m.Act != "attach" || put.Section != tt.section || put.Organisation != "org_1" || put.Application != "" || put.Round != "" || put.Programme != "") {
			t.Errorf("%s: %s, kept as %+v", tt.name, m.Act, put)
		}
	}
}

// TestDetach: what the office may have relied on when it confirmed stays.
func TestDetach(t *testing.T) {
	t.Parallel()
	owner, clerk := stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, stage.Actor{Role: stage.Clerk}
	o := &organisation.Organisation{ID: "org_1", State: organisation.Registered, Facts: fact.Facts{
		Regulations: []fact.Regulation{{Title: "议事规则", Source: fact.Source{Confirmed: true, On: calendar.MustDate("2021-05-10")}}, {Title: "印章制度"}},
		Metrics:     []fact.Metric{{Name: "收入", Source: fact.Source{On: calendar.MustDate("2021-05-20")}}},
	}}
	f := func(section, day string) *file.File {
		return &file.File{Organisation: "org_1", Section: section, UploadedAt: calendar.MustDate(day).Start().Add(9 * time.Hour)}
	}
	for _, tt := range []struct {
		name string
		by   stage.Actor
		f    *file.File
		code string
	}{
		{"of the day of the confirmation", owner, f("regulations", "2021-05-10"), "factproof.detach.confirmed"},
		{"of before", owner, f("regulations", "2021-05-01"), "factproof.detach.confirmed"},
		{"of after", owner, f("regulations", "2021-05-11"), ""},
		{"the office", clerk, f("regulations", "2021-05-01"), ""},
		{"nothing was confirmed", owner, f("metrics", "2021-05-01"), ""},
		{"another organisation's", clerk, &file.File{Organisation: "org_2", Section: "metrics"}, "thing.not_found"},
		{"no proof of a fact", clerk, &file.File{Organisation: "org_1"}, "thing.not_found"},
	} {
		if m, err := factproof.Detach(o, tt.by, tt.f); (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code || err == nil && m.Act != "detach" {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
	}
}
