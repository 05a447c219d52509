package play_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
)

// scenes plays every scene of a demonstration that was opened again: each moves the clock on
// and leads to a title of which it is true.
func scenes(t *testing.T, d *play.Demo) {
	t.Helper()
	if _, err := d.Play(t.Context(), "nothing"); fault.CodeOf(err) != "demo.scene.unknown" {
		t.Errorf("an unknown scene: %v", err)
	}
	for _, s := range d.Scenes() {
		before := d.Now()
		page, err := d.Play(t.Context(), s.Key)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if d.Now().Before(before) || s.Name == "" || s.Note == "" {
			t.Errorf("%s: from %s to %s", s.Name, before, d.Now())
		}
		if s.Key == "abolish" {
			p, err := d.Desk.Programme(t.Context(), d.Cast.Operator, d.Programme.Name)
			if err != nil || p.Standing.State != "abolished" {
				t.Errorf("the programme is %s, %v", p.Standing.State, err)
			}
			continue
		}
		v, err := d.Desk.Designation(t.Context(), stage.Actor{Role: stage.Auditor}, id.Designation(strings.TrimPrefix(page, "/designations/")))
		if err != nil {
			t.Fatal(err)
		}
		state, act := v.Designation.State, map[string]string{"renew": "renew", "miss": "revoke", "appeal": "reinstate", "merge": "inherit"}[s.Key]
		if want := map[bool]stage.State{true: designation.Revoked, false: designation.Valid}[s.Key == "miss"]; state != want ||
			!slices.ContainsFunc(v.Designation.History, func(c designation.Change) bool { return c.Act == act }) {
			t.Errorf("%s: it is %s: %+v", s.Name, state, v.Designation.History)
		}
	}
	if _, err := d.Play(t.Context(), "renew"); fault.KindOf(err) != fault.Refused {
		t.Errorf("after the end of the programme there is nothing to renew: %v", err)
	}
}
