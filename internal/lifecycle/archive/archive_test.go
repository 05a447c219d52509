package archive_test

import (
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/archive"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// TestPack: who puts a round into a package, and when.
func TestPack(t *testing.T) {
	t.Parallel()
	published := time.Date(2021, 6, 21, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		role  stage.Role
		state stage.State
		code  string
	}{
		{stage.Director, round.Concluded, ""},
		{stage.Operator, round.Concluded, ""},
		{stage.Operator, round.Closed, ""},
		{stage.Operator, round.Open, ""},
		{stage.Director, round.Closed, "round.archive.running"},
		{stage.Director, round.Open, "round.archive.running"},
		{stage.Operator, round.Drafted, "round.archive.drafted"},
		{stage.Director, round.Drafted, "round.archive.drafted"},
		{stage.Clerk, round.Concluded, "round.archive.role"},
		{stage.Auditor, round.Concluded, "round.archive.role"},
		{stage.Applicant, round.Concluded, "round.archive.role"},
		{stage.Clock, round.Concluded, "round.archive.role"},
	} {
		r := round.Round{State: tt.state, PublishedAt: published}
		if tt.state == round.Drafted {
			r.PublishedAt = time.Time{}
		}
		m, err := archive.Pack(stage.Actor{Role: tt.role}, &r)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code || err == nil && (m.Act != "archive" || m.From != tt.state || m.To != tt.state || m.Basis == "") {
			t.Errorf("%s of one %s: %+v %v, want %q", tt.role, tt.state, m, err, tt.code)
		}
	}
	if archive.Retention("naming") != archive.Forever || archive.Retention("notice") != archive.TenYear || archive.Retention("") != "" {
		t.Error("the terms are others")
	}
}

// TestPackFormer: who puts the titles without a round into a package, and that there are
// some.
func TestPackFormer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		role   stage.Role
		titles int
		code   string
	}{
		{stage.Director, 1, ""},
		{stage.Operator, 3, ""},
		{stage.Operator, 0, "programme.archive.none"},
		{stage.Director, 0, "programme.archive.none"},
		{stage.Clerk, 1, "round.archive.role"},
		{stage.Auditor, 1, "round.archive.role"},
		{stage.Applicant, 1, "round.archive.role"},
		{stage.Clock, 1, "round.archive.role"},
	} {
		s := programme.Standing{Name: "p", State: programme.Abolished}
		m, err := archive.PackFormer(stage.Actor{Role: tt.role}, &s, "方案", tt.titles)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code || err == nil && (m.Act != "archive" || m.From != s.State || m.To != s.State || m.Basis == "") {
			t.Errorf("%s of %d titles: %+v %v, want %q", tt.role, tt.titles, m, err, tt.code)
		}
	}
}
