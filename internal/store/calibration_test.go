package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// TestCalibrations: samples and marks are kept whole, marks once, and an assessor sees
// the reference and the marks of others after their own.
func TestCalibrations(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if err := add(t, s, fullRound("rnd_1")); err != nil {
		t.Fatal(err)
	}
	given := map[string]assessment.Finding{"4-3": {Rating: "partly", Score: 3, Note: "𠮷"}}
	sample := func(key id.Calibration, at stage.State) calibration.Calibration {
		return calibration.Calibration{
			ID: key, Programme: "base", Round: "rnd_1", State: at, Title: "样本一", Answers: map[string]string{"4-3": "情况"}, Reference: given,
			PreparedBy: "acc_clerk", PreparedAt: someInstant, OpenedAt: someInstant, EndedAt: someInstant, Reason: "有误",
		}
	}
	want, draft := sample("cal_1", calibration.Open), sample("cal_2", calibration.Prepared)
	mark := calibration.Marking{ID: "mkg_1", Calibration: "cal_1", Account: "acc_1", Findings: given, At: someInstant}
	for _, act := range []func(tx *store.Tx) error{
		func(tx *store.Tx) error { return tx.AddCalibration(&want) },
		func(tx *store.Tx) error { return tx.AddCalibration(&draft) },
		func(tx *store.Tx) error { return tx.AddMarking(&mark) },
	} {
		if err := written(t, s, act); err != nil {
			t.Fatal(err)
		}
	}
	twice := mark
	twice.ID = "mkg_2"
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddMarking(&twice) }); err == nil {
		t.Error("one assessor's marks are kept twice")
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Calibration("cal_1")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
		for name, tt := range map[string]struct {
			by            stage.Actor
			samples, mark int // how many samples of the round, and marks of the one that is out
			reference     bool
		}{
			"the clerk":                {stage.Actor{Account: "acc_clerk", Role: stage.Clerk}, 2, 1, true},
			"another programme's":      {stage.Actor{Account: "acc_x", Role: stage.Clerk, Programme: "other"}, 0, 0, false},
			"who marked":               {stage.Actor{Account: "acc_1", Role: stage.Assessor}, 1, 1, true},
			"who did not":              {stage.Actor{Account: "acc_2", Role: stage.Assessor}, 1, 0, false},
			"a member":                 {stage.Actor{Account: "acc_1", Role: stage.Member}, 0, 0, false},
			"the public":               {stage.Anyone, 0, 0, false},
			"an assessor from outside": {stage.Actor{Account: "acc_1", Role: stage.Assessor, Programme: "other"}, 0, 0, false},
		} {
			all, marks, err := tx.CalibrationsOf(tt.by, "rnd_1")
			if err != nil || len(all) != tt.samples || len(marks) != tt.mark {
				t.Errorf("%s: %d samples, %d marks: %v", name, len(all), len(marks), err)
			}
			open, _, err := tx.OpenCalibrations(tt.by)
			if err != nil || len(open) != min(tt.samples, 1) {
				t.Errorf("%s: %d are out: %v", name, len(open), err)
			}
			c, _, err := tx.CalibrationFor(tt.by, "cal_1")
			if (fault.KindOf(err) == fault.NotFound) != (tt.samples == 0) || (c.Reference != nil) != tt.reference {
				t.Errorf("%s: %+v %v", name, c, err)
			}
		}
		for who, left := range map[id.Account]int{"acc_1": 0, "acc_2": 1, "acc_clerk": 0} {
			if got, err := tx.CalibrationStanding("rnd_1", who); err != nil || got != (calibration.Standing{Open: 1, Left: left}) {
				t.Errorf("%s: %+v %v", who, got, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
