package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// TestSignedDocuments: who sees the register; of a thing one of a sort is in force; what was
// signed does not change, and its bytes are named.
func TestSignedDocuments(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	full := document.Document{
		ID: "doc_a", Programme: "base", Sort: "recheck", Subject: "rck_1", State: document.Superseded, Number: "吉社联党发〔2024〕1号", Title: "通报", Name: "通报 1", To: "甲协会",
		On: calendar.MustDate("2024-06-20"), PDF: document.Bytes{SHA256: strings.Repeat("0a", 32), Size: 7}, DOCX: document.Bytes{SHA256: strings.Repeat("0b", 32), Size: 8},
		SignedAt: time.Unix(5, 0).UTC(), SignedBy: "acc_chair", Role: stage.Chair, Supersedes: "doc_0", SupersededBy: "doc_b", Reason: "有误", EndedAt: time.Unix(6, 0).UTC(), EndedBy: "acc_dir",
	}
	whole(t, full)
	second := full
	second.ID, second.State, second.Supersedes, second.SupersededBy, second.Reason, second.SignedAt = "doc_b", document.Signed, "doc_a", "", "", time.Unix(6, 0).UTC()
	second.EndedAt, second.EndedBy = time.Time{}, ""
	if err := addDesignation(t, s, fullDesignation("dsg_1")); err != nil {
		t.Fatal(err)
	}
	if err := written(t, s, func(tx *store.Tx) error {
		a, b, about := full, second, fullRecheck("rck_1", "dsg_1")
		return errors.Join(tx.AddRecheck(&about), tx.AddDocument(&a), tx.AddDocument(&b))
	}); err != nil {
		t.Fatal(err)
	}
	full.Version, second.Version = 1, 1
	third := second
	third.ID = "doc_c"
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddDocument(&third) }); err == nil {
		t.Error("two are in force")
	}
	for name, tt := range map[string]struct {
		viewer stage.Actor
		sees   bool
	}{
		"a clerk": {stage.Actor{Role: stage.Clerk}, true}, "its director": {stage.Actor{Role: stage.Director, Programme: "base"}, true}, "an auditor": {stage.Actor{Role: stage.Auditor}, true},
		"another's chair": {stage.Actor{Role: stage.Chair, Programme: "other"}, false}, "the holder": {stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, false},
		"a member": {stage.Actor{Role: stage.Member}, false}, "anyone": {stage.Anyone, false}, "the operator": {stage.Actor{Role: stage.Operator}, false},
	} {
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			d, err := tx.DocumentFor(tt.viewer, "doc_a")
			if tt.sees && (err != nil || cmp.Diff(full, d) != "") || !tt.sees && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v %s", name, err, cmp.Diff(full, d))
			}
			all, err := tx.Documents(tt.viewer, store.DocumentFilter{Programme: "base", Year: 2024, Sort: "recheck", States: []stage.State{document.Superseded, document.Signed}})
			if err != nil || tt.sees != (len(all) == 2) || tt.sees && all[0].ID != "doc_b" {
				t.Errorf("%s lists %v %v", name, all, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		now, err := tx.DocumentInForce("rck_1", "recheck")
		if err != nil || now.ID != "doc_b" {
			t.Errorf("in force is %v %v", now.ID, err)
		}
		about, err := tx.DocumentsAbout("rck_1", "")
		if err != nil || len(about) != 2 || about[0].ID != "doc_a" {
			t.Errorf("%v %v", about, err)
		}
		for f, n := range map[int]int{2023: 0, 2024: 2, 2025: 0} {
			if all, err := tx.Documents(stage.Actor{Role: stage.Clerk}, store.DocumentFilter{Year: f}); err != nil || len(all) != n {
				t.Errorf("of %d: %d %v", f, len(all), err)
			}
		}
		if rest, err := tx.Documents(stage.Actor{Role: stage.Clerk}, store.DocumentFilter{After: "doc_b"}); err != nil || len(rest) != 1 || rest[0].ID != "doc_a" {
			t.Errorf("the next page: %v %v", rest, err)
		}
		named, err := tx.NamesBlobs([]string{full.PDF.SHA256, full.DOCX.SHA256, strings.Repeat("0c", 32)})
		if err != nil || !named[full.PDF.SHA256] || !named[full.DOCX.SHA256] || len(named) != 2 {
			t.Errorf("the rows name %v %v", named, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	changed := second
	changed.PDF.Size = 9
	if err := written(t, s, func(tx *store.Tx) error { return tx.PutDocument(&changed) }); !errors.Is(err, store.ErrFrozen) {
		t.Errorf("what was signed changes: %v", err)
	}
	if err := written(t, s, func(tx *store.Tx) error {
		second.State, second.Reason, second.EndedAt = document.Voided, "作废", time.Unix(9, 0).UTC()
		return tx.PutDocument(&second)
	}); err != nil {
		t.Errorf("what became of it does not: %v", err)
	}
}

// TestWhoSeesALetter: a letter about an application is in the register of those who see the
// application, and a list goes on to the next letter past one that is hidden.
func TestWhoSeesALetter(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	sum := document.Bytes{SHA256: strings.Repeat("0a", 32), Size: 7}
	if err := add(t, s, fullRound("rnd_a")); err != nil {
		t.Fatal(err)
	}
	for n, key := range []string{"one", "two"} {
		a := fullApplication(id.Application("app_" + key))
		if err := addApplication(t, s, a); err != nil {
			t.Fatal(err)
		}
		d := document.Document{
			ID: id.Document("doc_" + key), Programme: a.Programme, Sort: "acceptance", Subject: string(a.ID), State: document.Signed, Title: "受理通知书", Name: key,
			On: calendar.MustDate("2021-07-20"), PDF: sum, DOCX: sum, SignedAt: time.Unix(int64(5+n), 0).UTC(), SignedBy: "acc_clerk", Role: stage.Clerk,
		}
		if err := written(t, s, func(tx *store.Tx) error { return tx.AddDocument(&d) }); err != nil {
			t.Fatal(err)
		}
	}
	tie(t, s, "acc_tied", "org_app_two")
	for account, want := range map[id.Account][]id.Document{"acc_clerk": {"doc_two", "doc_one"}, "acc_tied": {"doc_one"}} {
		viewer := stage.Actor{Account: account, Role: stage.Clerk}
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			var got []id.Document
			all, err := tx.Documents(viewer, store.DocumentFilter{Limit: 1})
			for ; err == nil && len(all) == 1; all, err = tx.Documents(viewer, store.DocumentFilter{Limit: 1, After: all[0].ID}) {
				got = append(got, all[0].ID)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s lists %v %v", account, got, err)
			}
			if _, err := tx.DocumentFor(viewer, "doc_two"); (err == nil) != slices.Contains(want, "doc_two") {
				t.Errorf("%s: %v", account, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}
