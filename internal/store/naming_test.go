package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

func fullNaming(key id.Naming) naming.Naming {
	at := time.Date(2021, 9, 15, 2, 3, 4, 5000, time.UTC)
	return naming.Naming{
		ID: key, Programme: "base", Round: "rnd_1", State: naming.Issued, Title: "关于命名的通知", Addressees: "各单位", Closing: "珍惜𠮷",
		DatedOn: calendar.MustDate("2021-09-15"), DocNumber: "社联党发〔2021〕5号" + string(key), PreparedBy: "acc_a", IssuedBy: "acc_b", IssuedAt: at, Reason: "退",
		List:     []naming.Entry{{Application: "app_1", Organisation: "org_1", Name: "甲", Now: "乙", Category: "service", Number: "2021-007"}},
		Releases: []naming.Release{{By: "acc_b", At: at}},
	}
}

// TestWhoSeesANaming: before it is issued only the office does; afterwards
// everybody, without who released it.
func TestWhoSeesANaming(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	issued, draft := fullNaming("nam_a"), fullNaming("nam_b")
	draft.State, draft.DocNumber, draft.IssuedAt = naming.Drafted, "", time.Time{}
	for _, n := range []*naming.Naming{&issued, &draft} {
		if err := change(t, s, func(tx *store.Tx) error { return tx.AddNaming(n) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		viewer stage.Actor
		inside bool
	}{
		{stage.Actor{Role: stage.Clerk}, true},
		{stage.Actor{Role: stage.Director, Programme: "base"}, true},
		{stage.Actor{Role: stage.Chair, Programme: "another"}, false},
		{stage.Actor{Role: stage.Auditor}, true},
		{stage.Actor{Role: stage.Member}, false},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, false},
		{stage.Actor{Role: stage.Operator}, false},
		{stage.Anyone, false},
	} {
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.NamingFor(tt.viewer, "nam_a")
			want := issued
			if !tt.inside {
				want.PreparedBy, want.Releases, want.IssuedBy, want.Reason = "", nil, "", ""
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%+v: %v %s", tt.viewer, err, diff)
			}
			if _, err := tx.NamingFor(tt.viewer, "nam_b"); (err == nil) != tt.inside || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%+v: the draft: %v", tt.viewer, err)
			}
			all, err := tx.Namings(tt.viewer, store.NamingFilter{Round: "rnd_1"})
			if err != nil || (len(all) == 2) != tt.inside || len(all) == 0 {
				t.Errorf("%+v lists %d, %v", tt.viewer, len(all), err)
			}
			for _, n := range all {
				if (n.PreparedBy != "") != tt.inside {
					t.Errorf("%+v reads who prepared it", tt.viewer)
				}
			}
			return nil
		})
	}
}

func TestNumbersAreTakenOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	n := document.Number{Word: "社联党发", Year: 2021, Seq: 5, Use: document.Outside, Title: "通知", State: document.Taken, Why: "w", By: "acc", At: time.Unix(9, 0).UTC()}
	n.Key = n.String()
	if err := change(t, s, func(tx *store.Tx) error { return tx.AddNumber(&n) }); err != nil {
		t.Fatal(err)
	}
	again := n
	again.Key = "another key"
	if err := change(t, s, func(tx *store.Tx) error { return tx.AddNumber(&again) }); err == nil {
		t.Error("a number is taken twice")
	}
	view(t, s, func(tx *store.Tx) error {
		got, err := tx.NumberFor(stage.Actor{Role: stage.Clerk}, n.Key)
		if diff := cmp.Diff(n, got); diff != "" {
			t.Error(diff)
		}
		if _, err := tx.NumberFor(stage.Anyone, n.Key); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the public reads the register: %v", err)
		}
		if _, err := tx.Numbers(stage.Actor{Role: stage.Applicant}, "社联党发", 2021); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an applicant reads the register: %v", err)
		}
		all, err2 := tx.NumbersOf("社联党发")
		if len(all) != 1 || err2 != nil {
			t.Error(all, err2)
		}
		return err
	})
}

func fullPlaque(key id.Plaque, code string) plaque.Plaque {
	day := calendar.MustDate
	return plaque.Plaque{
		ID: key, Programme: "base", Designation: "dsg_a", Organisation: "org_1", Number: "2021-007", Code: code, Text: "𠮷", Size: "s", Material: "m",
		Copy: 1, Replaces: "plq_0", State: plaque.Returned, OrderedOn: day("2021-09-15"), HandedOn: day("2021-10-18"), Receiver: "秘书长",
		LostOn: day("2021-10-19"), RecalledOn: day("2021-10-20"), ReturnedOn: day("2021-10-21"), Reason: "理由",
	}
}

// TestWhoSeesAPlaque: the register is the office's, a holder sees its own, and
// anybody with the code sees what is public about it.
func TestWhoSeesAPlaque(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if err := addDesignation(t, s, fullDesignation("dsg_a")); err != nil {
		t.Fatal(err)
	}
	want := fullPlaque("plq_a", "ABCDEABCDE")
	if err := change(t, s, func(tx *store.Tx) error { return tx.AddPlaque(&want) }); err != nil {
		t.Fatal(err)
	}
	second := fullPlaque("plq_b", "ABCDEABCDF")
	second.Copy = 2
	if err := change(t, s, func(tx *store.Tx) error { return tx.AddPlaque(&second) }); err != nil {
		t.Fatal(err)
	}
	same := fullPlaque("plq_c", "ABCDEABCDF")
	same.Copy = 3
	if err := change(t, s, func(tx *store.Tx) error { return tx.AddPlaque(&same) }); err == nil {
		t.Error("a code is given twice")
	}
	for _, tt := range []struct {
		viewer stage.Actor
		sees   bool
	}{
		{stage.Actor{Role: stage.Clerk}, true},
		{stage.Actor{Role: stage.Clerk, Programme: "another"}, false},
		{stage.Actor{Role: stage.Auditor}, true},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, true},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, false},
		{stage.Actor{Role: stage.Applicant}, false},
		{stage.Actor{Role: stage.Member}, false},
		{stage.Anyone, false},
	} {
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.PlaqueFor(tt.viewer, "plq_a")
			if tt.sees {
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%+v: %v %s", tt.viewer, err, diff)
				}
			} else if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%+v: %v", tt.viewer, err)
			}
			all, err := tx.Plaques(tt.viewer, store.PlaqueFilter{Query: "𠮷", States: []stage.State{plaque.Returned}})
			if err != nil || (len(all) == 2) != tt.sees || !tt.sees && len(all) > 0 {
				t.Errorf("%+v lists %d, %v", tt.viewer, len(all), err)
			}
			return nil
		})
	}
	view(t, s, func(tx *store.Tx) error {
		q, err := tx.PlaqueByCode("ABCDEABCDE")
		if err != nil || q.ID != "plq_a" || q.Receiver != "" || q.Reason != "" {
			t.Errorf("%v %+v", err, q)
		}
		if _, err := tx.PlaqueByCode("nothing"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		current, err := tx.PlaqueOf("dsg_a")
		if err != nil || current.ID != "plq_b" {
			t.Errorf("the plaque that stands for it: %v %v", current.ID, err)
		}
		every, err := tx.PlaquesOf("dsg_a")
		if len(every) != 2 || err != nil {
			t.Error(every, err)
		}
		_, err = tx.PlaqueOf("dsg_none")
		if fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		return nil
	})
}
