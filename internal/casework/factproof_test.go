package casework_test

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestProofsOfFacts: an organisation brings what proves what it says of itself; whoever sees
// that sees the proof, unless tied to it, judges get a copy, and what is taken away is gone.
func TestProofsOfFacts(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	ctx, office, key := t.Context(), w.Office(), w.Organisation()
	owner := w.ApplicantOf(key)
	w.Jump(w.Now().AddDate(0, 0, 1)) // the office confirmed what it entered itself
	attach := func(by stage.Actor, section, name string, b []byte) (casework.File, error) {
		return w.Desk.AttachFactProof(ctx, by, key, section, name, bytes.NewReader(b))
	}
	for name, tt := range map[string]struct {
		by      stage.Actor
		section string
		b       []byte
		code    string
	}{
		"another organisation": {w.ApplicantOf(w.Organisation()), "regulations", play.PDF("制度"), "thing.not_found"},
		"the operator":         {w.Person("系统管理员", stage.Operator), "regulations", play.PDF("制度"), "stage.not_allowed"},
		"no such part":         {owner, "nonsense", play.PDF("制度"), "thing.not_found"},
		"a program":            {owner, "regulations", []byte("MZ\x90\x00"), "evidence.file.type"},
	} {
		if _, err := attach(tt.by, tt.section, "制度.pdf", tt.b); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", name, err, tt.code)
		}
	}
	f, err := attach(owner, "regulations", "议事规则.pdf", play.PDF("理事会议事规则"))
	ok(t, err)
	_, err = attach(owner, "regulations", "又一份.pdf", play.PDF("理事会议事规则"))
	w.Refused(err, "factproof.attach.twice")
	same, err := attach(owner, "ledgers", "又一份.pdf", play.PDF("理事会议事规则"))
	ok(t, err)
	w.Refused(w.Desk.DetachFactProof(ctx, owner, key, "regulations", same.ID), "thing.not_found")
	ok(t, w.Desk.DetachFactProof(ctx, owner, key, "ledgers", same.ID))
	wrong, err := attach(owner, "metrics", "传错了.pdf", play.PDF("传错了"))
	ok(t, err)
	ok(t, w.Desk.DetachFactProof(ctx, owner, key, "metrics", wrong.ID))
	e := w.Entries(string(key))
	if last := e[len(e)-1]; last.Act != "organisation.detach" || last.Facts["sha256"] != wrong.SHA256 || last.Facts["section"] != "metrics" || last.Facts["file"] != "" {
		t.Errorf("the record says %+v", last)
	}
	if _, err := w.Desk.TendFiles(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Desk.SweepBlobs(ctx, time.Now().Add(time.Hour)); n != 1 || err != nil { // what was uploaded by mistake
		t.Errorf("%d bytes went, %v", n, err)
	}

	v, err := w.Desk.Organisation(ctx, office.Clerk, key)
	ok(t, err)
	tied := w.Person("委员丙", stage.Member)
	ok(t, declare(w, tied, casework.NewTie{Organisation: v.Organisation.Name(), Kind: "kin", Reason: "配偶任副会长"}))
	for name, tt := range map[string]struct {
		by   stage.Actor
		sees bool
		copy string
	}{
		"its own":              {owner, true, ""},
		"the office":           {office.Clerk, true, ""},
		"an assessor":          {w.Person("考核组成员丁", stage.Assessor), true, file.Copied},
		"a tied member":        {tied, false, ""},
		"the operator":         {w.Person("系统管理员乙", stage.Operator), false, ""},
		"another organisation": {w.ApplicantOf(w.Organisation()), false, ""},
	} {
		v, err := w.Desk.Organisation(ctx, tt.by, key)
		if (err == nil) != (name != "another organisation") {
			t.Fatalf("%s: %v", name, err)
		}
		if got := v.Proofs["regulations"]; (len(got) == 1) != tt.sees || tt.sees && (got[0].ID != f.ID || got[0].Copy != tt.copy) {
			t.Errorf("%s: %+v", name, got)
		}
		opens(t, w, tt.by, f.ID, name, tt.sees)
	}
	said := v.Organisation.Facts
	said.Regulations = append(slices.Clone(said.Regulations), fact.Regulation{Title: "理事会议事规则", AdoptedOn: calendar.MustDate("2020-03-01")})
	ok(t, w.Desk.EditFacts(ctx, owner, key, 0, said))
	ok(t, w.Desk.ConfirmOrganisation(ctx, office.Clerk, key, 0))
	w.Refused(w.Desk.DetachFactProof(ctx, owner, key, "regulations", f.ID), "factproof.detach.confirmed")
	ok(t, w.Desk.DetachFactProof(ctx, office.Clerk, key, "regulations", f.ID))
}

// opens checks whether somebody can open a file.
func opens(t *testing.T, w *testkit.World, by stage.Actor, which id.File, name string, want bool) {
	t.Helper()
	_, _, r, err := w.Desk.OpenFile(t.Context(), by, which)
	if (err == nil) != want || err != nil && fault.KindOf(err) != fault.NotFound {
		t.Errorf("%s opens it: %v", name, err)
	}
	if err == nil {
		if b, err := io.ReadAll(r); err != nil || len(b) == 0 {
			t.Errorf("%s reads %d bytes: %v", name, len(b), err)
		}
		r.Close()
	}
}
