package programme_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	operator = stage.Actor{Account: "op", Role: stage.Operator}
	chair    = stage.Actor{Account: "chair", Role: stage.Chair}
	then     = time.Date(2021, 6, 1, 1, 0, 0, 0, time.UTC)
	decision = programme.Decision{Document: "关于清理创建示范活动的通知（吉办发〔2022〕9号）", Reason: "按要求清理，𠮷林。"}
)

func TestLoadCountsUp(t *testing.T) {
	t.Parallel()
	version := func(n int) *programme.Programme { return &programme.Programme{Name: "base", Version: n} }
	if s, _, err := programme.First(operator, version(3), then); err != nil || s.Current != 3 {
		t.Errorf("a programme that ran elsewhere before: %+v, %v", s, err)
	}
	if _, _, err := programme.First(chair, version(1), then); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
	s, m, err := programme.First(operator, version(1), then)
	if err != nil || m.From != "" || m.To != programme.Active || s.Current != 1 {
		t.Fatal(s, m, err)
	}
	for _, tt := range []struct {
		version int
		same    bool
		code    string
	}{
		{1, true, "programme.load.same"},
		{1, false, "programme.load.frozen"},
		{3, false, "programme.load.version"},
		{0, false, "programme.load.version"},
		{2, false, ""},
		{1, false, "programme.load.version"},
		{1, true, "programme.load.same"},
	} {
		_, err := s.Load(operator, version(tt.version), tt.same)
		if got := fault.CodeOf(err); tt.code != "" && got != tt.code || tt.code == "" && err != nil {
			t.Errorf("version %d, same %v: got %v, want %s", tt.version, tt.same, err, tt.code)
		}
	}
	if s.Current != 2 {
		t.Errorf("version %d holds now", s.Current)
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	s := programme.Standing{Name: "base", State: programme.Active, Current: 1}
	other := programme.Standing{Name: "other", State: programme.Active}
	elsewhere := chair
	elsewhere.Programme = "other"
	for name, err := range map[string]error{
		"programme.act.document": second(s.Suspend(chair, programme.Decision{Reason: "x"}, then)),
		"programme.act.reason":   second(s.Abolish(chair, programme.Decision{Document: "x", Reason: strings.Repeat("长", 1001)}, then)),
		"input.several":          second(s.Suspend(chair, programme.Decision{Document: "\x00"}, then)),
		"stage.not_allowed":      second(s.Suspend(operator, decision, then)),
		"thing.not_found":        second(s.Suspend(elsewhere, decision, then)),
		"programme.merge.into":   second(s.Merge(chair, s, decision, then)),
		"programme.merge.ended":  second(s.Merge(chair, programme.Standing{Name: "gone", State: programme.Abolished}, decision, then)),
	} {
		if fault.CodeOf(err) != name {
			t.Errorf("got %v, want %s", err, name)
		}
	}
	if s.State != programme.Active || s.Document != "" {
		t.Fatalf("a refused act changed it: %+v", s)
	}
	for _, err := range []error{
		second(s.Suspend(chair, decision, then)), second(s.Resume(chair, decision, then)),
		second(s.Suspend(chair, decision, then)), second(s.Merge(chair, other, decision, then)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if s.State != programme.Merged || s.Into != "other" || s.Since != then {
		t.Errorf("%+v", s)
	}
	if _, err := s.Resume(chair, decision, then); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
}

func second(_ stage.Move, err error) error { return err }

func TestEndsTitles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		state  stage.State
		policy string
		want   bool
	}{
		{programme.Active, "end_at_once", false},
		{programme.Merged, "end_at_once", false},
		{programme.Abolished, "end_at_once", true},
		{programme.Abolished, "keep_until_expiry", false},
	} {
		p := programme.Programme{Abolition: tt.policy}
		if p.EndsTitles(tt.state) != tt.want {
			t.Errorf("%s, %s: want %v", tt.state, tt.policy, tt.want)
		}
	}
}
