package store_test

import (
	"testing"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// TestWhoSeesAMisuse: who reported is for the handler by name alone, what was written for
// the office; the holder, the committee and the public see nothing.
func TestWhoSeesAMisuse(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	d := fullDesignation("dsg_1")
	if err := addDesignation(t, s, d); err != nil {
		t.Fatal(err)
	}
	want := misuse.Report{
		ID: "mis_a", Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, Name: d.Name, Code: "7K3DM8QWXJ", Year: 2022, Number: 3,
		About: "profit", Place: "某街", Text: "收费。", ArrivedAt: time.Unix(5, 0).UTC(), State: misuse.Founded, Handler: "acc_clerk",
		Notes: []misuse.Note{{At: time.Unix(6, 0).UTC(), By: "acc_clerk", Text: "看了。"}}, ByHolder: true, Finding: "属实", To: "某局", Answer: "已核查", EndedAt: time.Unix(7, 0).UTC(),
		Channel: "letter", RegisteredBy: "acc_clerk",
	}
	whole(t, want)
	who := misuse.Reporter{Misuse: "mis_a", Source: inquiry.Source{Name: "柳某", Contact: "0431"}, CodeHash: "h", Fingerprint: "f"}
	if err := written(t, s, func(tx *store.Tx) error {
		r, w := want, who
		if err := tx.AddMisuse(&r); err != nil {
			return err
		}
		return tx.AddMisuseReporter(&w)
	}); err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	tie(t, s, "acc_tied", d.Organisation)
	for name, tt := range map[string]struct {
		viewer          stage.Actor
		sees, text, who bool
	}{
		"the handler":             {stage.Actor{Account: "acc_clerk", Role: stage.Clerk}, true, true, true},
		"a clerk with a tie":      {stage.Actor{Account: "acc_tied", Role: stage.Clerk}, false, false, false},
		"another clerk":           {stage.Actor{Account: "acc_other", Role: stage.Clerk}, true, true, false},
		"the director":            {stage.Actor{Account: "acc_dir", Role: stage.Director, Programme: d.Programme}, true, true, false},
		"another's director":      {stage.Actor{Account: "acc_dir", Role: stage.Director, Programme: "other"}, false, false, false},
		"the handler elsewhere":   {stage.Actor{Account: "acc_clerk", Role: stage.Clerk, Programme: "other"}, false, false, false},
		"the handler as a member": {stage.Actor{Account: "acc_clerk", Role: stage.Member}, false, false, false},
		"an auditor":              {stage.Actor{Account: "acc_aud", Role: stage.Auditor}, true, false, false},
		"the chair":               {stage.Actor{Account: "acc_chair", Role: stage.Chair}, false, false, false},
		"the holder":              {stage.Actor{Account: "acc_app", Role: stage.Applicant, Organisation: d.Organisation}, false, false, false},
		"the operator":            {stage.Actor{Account: "acc_op", Role: stage.Operator}, false, false, false},
		"anyone":                  {stage.Anyone, false, false, false},
	} {
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			r, err := tx.MisuseFor(tt.viewer, "mis_a")
			if (err == nil) != tt.sees || (r.Text+r.Place+r.Answer != "") != tt.text {
				t.Errorf("%s: %+v %v", name, r, err)
			}
			all, err := tx.Misuses(tt.viewer, store.MisuseFilter{States: []stage.State{misuse.Founded}})
			if err != nil || (len(all) == 1) != tt.sees {
				t.Errorf("%s lists %d, %v", name, len(all), err)
			}
			got, err := tx.MisuseReporterFor(tt.viewer, "mis_a")
			if (err == nil) != tt.who || tt.who && got != who {
				t.Errorf("%s, who reported: %+v %v", name, got, err)
			}
			if diff := cmp.Diff(want, r); tt.who && diff != "" {
				t.Error(diff)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		r, err := tx.MisuseByCode("h")
		if err != nil || r.ID != "mis_a" || r.Handler != "" || r.Finding != "" || r.Notes != nil || r.Answer == "" {
			t.Errorf("by code: %+v %v", r, err)
		}
		if _, err := tx.MisuseByCode(""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("by no code: %v", err)
		}
		if like, err := tx.MisuseLike("f"); err != nil || like.ID != "mis_a" {
			t.Errorf("%v", err)
		}
		this, err := tx.NextMisuse(d.Programme, 2022)
		next, err2 := tx.NextMisuse(d.Programme, 2023)
		if this != 4 || next != 1 || err != nil || err2 != nil {
			t.Errorf("the next numbers: %d %v, %d %v", this, err, next, err2)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := written(t, s, func(tx *store.Tx) error {
		r := want
		r.ID = "mis_b"
		return tx.AddMisuse(&r)
	}); err == nil {
		t.Error("two reports of one number are kept")
	}
}
