package casework_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// signedOf returns what was signed of a sort about a thing, the first first.
func signedOf(t *testing.T, w *testkit.World, subject, sort string) []document.Document {
	t.Helper()
	return read(t, w, func(tx *store.Tx) ([]document.Document, error) { return tx.DocumentsAbout(subject, sort) })
}

// same holds a paper against what was signed, byte for byte, and that against the record.
func same(t *testing.T, w *testkit.World, p casework.Paper, d document.Document) {
	t.Helper()
	docx, err := p.DOCX()
	ok(t, err)
	digest := func(b []byte) document.Bytes {
		sum := sha256.Sum256(b)
		return document.Bytes{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(b))}
	}
	if digest(p.PDF) != d.PDF || digest(docx) != d.DOCX || p.Name != d.Name || p.Signed.ID != d.ID {
		t.Errorf("%s is not what was signed: %+v", p.Name, d)
	}
	for _, e := range w.Entries(string(d.ID)) {
		if e.Facts["pdf"] != d.PDF.SHA256 || e.Facts["docx"] != d.DOCX.SHA256 || e.Facts["doc_number"] != d.Number {
			t.Errorf("the record says %v", e.Facts)
		}
	}
}

// TestTheCallIsSignedAsItIsPublished: with the number from the register, or the one that the
// office gave; from then on everybody gets those bytes, whatever becomes of the templates;
// what an extension changes supersedes it, and both stay.
func TestTheCallIsSignedAsItIsPublished(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signs()
	ctx, office := t.Context(), w.Office()
	key := w.OpenRound()
	all := signedOf(t, w, string(key), "call")
	if len(all) != 1 || all[0].Number != "吉社联党发〔2021〕4号" || !all[0].InForce() || all[0].SignedBy != office.Director.Account || all[0].On != testkit.Plan2021().DatedOn {
		t.Fatalf("%+v", all)
	}
	first := all[0]
	paper := func(by stage.Actor) casework.Paper {
		t.Helper()
		p, err := w.Desk.CallDocument(ctx, by, key)
		ok(t, err)
		return p
	}
	for _, by := range []stage.Actor{stage.Anyone, office.Clerk} {
		same(t, w, paper(by), first)
	}
	before := paper(stage.Anyone)
	if want := []string{"document.sign prepared→signed director"}; w.Record(string(first.ID))[0] != want[0] {
		t.Error(w.Record(string(first.ID)))
	}
	register, err := w.Desk.Register(ctx, office.Clerk, w.Programme().Name, 2021)
	if err != nil || len(register.Lines) != 4 || register.Lines[0].Use != document.ForDocument || register.Lines[0].Thing != string(key) || register.Lines[1].Use != document.Outside {
		t.Errorf("the number given by hand: %+v %v", register.Lines, err)
	}

	// It is swept away by nobody.
	w.Jump(w.Now().AddDate(0, 0, 3))
	if _, err := w.Desk.SweepBlobs(ctx, w.Now()); err != nil {
		t.Fatal(err)
	}
	same(t, w, paper(stage.Anyone), first)

	r := read(t, w, func(tx *store.Tx) (calendar.Date, error) {
		r, err := tx.Round(key)
		return r.LastDay, err
	})
	ok(t, w.Desk.ExtendRound(ctx, office.Director, key, r.AddDays(14), "", "平台故障一天"))
	all = signedOf(t, w, string(key), "call")
	if len(all) != 2 || all[0].State != document.Superseded || all[0].SupersededBy != all[1].ID || all[1].Supersedes != first.ID || all[1].Number != first.Number || all[0].Reason == "" {
		t.Fatalf("after the extension: %+v", all)
	}
	now := paper(stage.Anyone)
	same(t, w, now, all[1])
	if !strings.Contains(w.Read(now.PDF), "平台故障一天") || bytes.Equal(now.PDF, before.PDF) {
		t.Error("the call in force does not say that it was extended")
	}
	old, err := w.Desk.SignedPaper(ctx, office.Clerk, first.ID)
	ok(t, err)
	same(t, w, old, all[0])
	_, err = w.Desk.SignedPaper(ctx, stage.Anyone, first.ID)
	w.Refused(err, "thing.not_found")

	_, err = w.Desk.SignDocument(ctx, office.Director, "call", string(key))
	w.Refused(err, "document.sign.again")
	_, err = w.Desk.SupersedeDocument(ctx, office.Chair, all[1].ID, "核对")
	w.Refused(err, "document.supersede.same")
	_, err = w.Desk.SupersedeDocument(ctx, office.Chair, first.ID, "核对")
	w.Refused(err, "stage.not_allowed")
	w.Refused(w.Desk.VoidDocument(ctx, office.Director, all[1].ID, "不要了"), "document.void.stands")

	plan := testkit.Plan2021()
	plan.Year, plan.DatedOn, plan.DeadlineDate, plan.DocNumber, plan.Special, plan.Reason = 2021, calendar.DateOf(w.Now()), calendar.DateOf(w.Now()).AddDays(60), "", true, "增设"
	second, err := w.Desk.DraftRound(ctx, office.Clerk, w.Programme().Name, plan)
	ok(t, err)
	ok(t, w.Desk.PublishRound(ctx, office.Director, second, []string{"filing_days", "provisional"}))
	if v, err := w.Desk.Round(ctx, stage.Anyone, second); err != nil || v.Round.DocNumber != "吉社联党发〔2021〕5号" {
		t.Errorf("a call without a number took %q %v", v.Round.DocNumber, err)
	}
	if p, err := w.Desk.CallDocument(ctx, stage.Anyone, second); err != nil || !strings.Contains(w.Read(p.PDF), "吉社联党发〔2021〕5号") {
		t.Errorf("its document does not bear it: %v", err)
	}

	// A number that is used is not used again, a gap stops the next, and so does a sign that no
	// font has.
	plan.DatedOn = calendar.DateOf(w.Now())
	draft := func(number, title string) id.Round {
		t.Helper()
		plan.DocNumber, plan.Title = number, title
		key, err := w.Desk.DraftRound(ctx, office.Clerk, w.Programme().Name, plan)
		ok(t, err)
		return key
	}
	publish := func(key id.Round) error {
		return w.Desk.PublishRound(ctx, office.Director, key, []string{"filing_days", "provisional"})
	}
	w.Refused(publish(draft("吉社联党发〔2021〕5号", "另一份通知")), "document.number.used")
	odd := draft("", "关于\U0001D7D8的通知")
	if err := publish(odd); fault.CodeOf(err) != "paper.characters" || !strings.Contains(err.Error(), "U+1D7D8") {
		t.Errorf("a sign that no font has: %v", err)
	}
	if v, err := w.Desk.Round(ctx, office.Clerk, odd); err != nil || v.Round.Published() {
		t.Errorf("the call is out without its document: %v", err)
	}
	ok(t, w.Desk.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		n := document.Number{Word: "吉社联党发", Year: 2021, Seq: 9, Use: document.Outside, Title: "导入", State: document.Taken, At: w.Now(), Key: "吉社联党发〔2021〕9号"}
		return record.Entry{At: w.Now(), Role: string(stage.Operator), Act: "number.enter", Thing: n.Key}, tx.AddNumber(&n)
	}))
	next := draft("", "又一份通知")
	w.Refused(publish(next), "document.number.gap")
	for _, seq := range []int{6, 7, 8} {
		ok(t, w.Desk.EnterNumbers(ctx, office.Clerk, w.Programme().Name, 2021, seq, "补登"))
	}
	ok(t, publish(next))
	if all := signedOf(t, w, string(next), "call"); len(all) != 1 || all[0].Number != "吉社联党发〔2021〕10号" {
		t.Errorf("after the gap was filled: %+v", all)
	}
}

// TestWhatBecomesOfATitleIsSigned: a recheck's result bears a number of the register; one
// that was made void stays in it, and its number is not given again.
func TestWhatBecomesOfATitleIsSigned(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signs()
	ctx, office := t.Context(), w.Office()
	d, key, looks := reportedRecheck(t, w)
	_, err := w.Desk.SignDocument(ctx, office.Director, "recheck", string(key))
	w.Refused(err, "document.sign.early")
	ok(t, w.Desk.PassRecheck(ctx, office.Chair, key, "保持良好", 0))
	all := signedOf(t, w, string(key), "recheck")
	if len(all) != 1 || all[0].Number != "吉社联党发〔2024〕1号" || all[0].Role != stage.Chair || all[0].To != d.Name {
		t.Fatalf("%+v", all)
	}
	var text string
	for _, by := range []stage.Actor{holderOf(w, d), office.Clerk, looks} {
		p, err := w.Desk.RecheckPaper(ctx, by, key, casework.RecheckResult)
		ok(t, err)
		same(t, w, p, all[0])
		text = w.Read(p.PDF)
	}
	wants(w, text, "文件", "吉社联党发〔2024〕1号", "复查合格", "印发")
	_, err = w.Desk.RecheckPaper(ctx, w.ApplicantOf(w.Organisation()), key, casework.RecheckResult)
	w.Refused(err, "thing.not_found")

	w.Refused(w.Desk.VoidDocument(ctx, office.Clerk, all[0].ID, "发错了"), "stage.not_allowed")
	w.Refused(w.Desk.VoidDocument(ctx, office.Director, all[0].ID, " "), "document.reason")
	w.Refused(w.Desk.VoidNumber(ctx, office.Director, w.Programme().Name, all[0].Number, "不要了"), "document.number.in_force")
	ok(t, w.Desk.VoidDocument(ctx, office.Director, all[0].ID, "印错了单位"))
	p, err := w.Desk.RecheckPaper(ctx, office.Clerk, key, casework.RecheckResult)
	if err != nil || p.Signed.ID != "" || !strings.HasSuffix(p.Name, "（稿）") || strings.Contains(w.Read(p.PDF), "〔2024〕") {
		t.Errorf("after it was made void: %q %v", p.Name, err)
	}
	_, err = w.Desk.SignDocument(ctx, office.Clerk, "recheck", string(key))
	w.Refused(err, "stage.not_allowed")
	_, err = w.Desk.SignDocument(ctx, office.Director, "objection_answer", string(key))
	w.Refused(err, "document.sign.sort")
	elsewhere := office.Director
	elsewhere.Programme = "another"
	_, err = w.Desk.SignDocument(ctx, elsewhere, "recheck", string(key))
	w.Refused(err, "thing.not_found")
	again, err := w.Desk.SignDocument(ctx, office.Director, "recheck", string(key))
	ok(t, err)
	if v, err := w.Desk.Document(ctx, office.Clerk, again); err != nil || v.Document.Number != "吉社联党发〔2024〕2号" || len(v.All) != 2 || v.All[0].State != document.Voided || v.By == "" {
		t.Errorf("signed again: %+v %v", v, err)
	}
	register, err := w.Desk.Register(ctx, office.Clerk, w.Programme().Name, 2024)
	if err != nil || len(register.Lines) != 2 || register.Lines[1].State != document.Void || register.Lines[1].Why != "印错了单位" {
		t.Errorf("%+v %v", register.Lines, err)
	}

	order, err := w.Desk.OrderRectification(ctx, office.Chair, casework.RectificationOrder{Designation: d.ID, Items: []string{"恢复活动场所"}})
	ok(t, err)
	letters := signedOf(t, w, string(order), "rectification")
	if len(letters) != 1 || letters[0].Number != "" {
		t.Fatalf("%+v", letters)
	}
	for _, by := range []stage.Actor{office.Clerk, office.Chair} {
		p, err := w.Desk.RectificationPaper(ctx, by, order)
		ok(t, err)
		same(t, w, p, letters[0])
	}
	ok(t, w.Desk.ServeRectification(ctx, office.Clerk, order, calendar.DateOf(w.Now()), 0))
	p, err = w.Desk.RectificationPaper(ctx, holderOf(w, d), order)
	ok(t, err)
	same(t, w, p, letters[0]) // what was served is what was signed
}

// TestTheNamingIsSigned: with the number that its issue took.
func TestTheNamingIsSigned(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	_, apps := cleared(w, 1)
	w.Signs()
	titles := w.Named(apps...)
	v, err := w.Desk.Designation(t.Context(), stage.Anyone, titles[0])
	ok(t, err)
	key := v.Designation.Naming
	all := signedOf(t, w, string(key), "naming")
	if len(all) != 1 || all[0].Number != v.Naming.DocNumber || all[0].Role != stage.Director {
		t.Fatalf("%+v", all)
	}
	p, err := w.Desk.NamingPaper(t.Context(), stage.Anyone, key)
	ok(t, err)
	same(t, w, p, all[0])
	wants(w, w.Read(p.PDF), v.Naming.DocNumber, v.Designation.Number)
	lines := read(t, w, func(tx *store.Tx) ([]document.Number, error) { return tx.NumbersOf(w.Programme().Naming.Numbers) })
	if lines[0].Use != document.ForNaming || lines[0].Thing != string(key) || document.Gaps(lines[0].Word, 2021, lines) != nil {
		t.Errorf("%+v", lines)
	}
}

// TestAWithdrawalIsSigned: the notice before it is served, by who may; the decision by the
// committee's act, with a number.
func TestAWithdrawalIsSigned(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signs()
	ctx, office := t.Context(), w.Office()
	d := w.TitleNamed("2024-03-01")
	w.At("2024-09-13")
	key, err := w.Desk.ProposeRevocation(ctx, office.Clerk, d.ID, revocation.Untrue, "2023年年检结论系伪造。")
	ok(t, err)
	if all := signedOf(t, w, string(key), ""); len(all) != 0 {
		t.Fatalf("a clerk's proposal signs %+v", all)
	}
	_, err = w.Desk.SignDocument(ctx, office.Director, "revocation", string(key))
	w.Refused(err, "document.sign.early")
	_, err = w.Desk.SignDocument(ctx, office.Director, casework.HearingPaper, string(key))
	ok(t, err)
	ok(t, w.Desk.NotifyRevocation(ctx, office.Clerk, key, calendar.DateOf(w.Now()), 0))
	all := signedOf(t, w, string(key), casework.HearingPaper)
	if len(all) != 1 || !all[0].InForce() || all[0].Role != stage.Director {
		t.Fatalf("what was served is not what was signed: %+v", all)
	}
	w.At("2024-10-08")
	w.Resolve(true, item.Subject{Kind: "revocation", ID: string(key)})
	decided := signedOf(t, w, string(key), "revocation")
	if len(decided) != 1 || decided[0].Number != "吉社联党发〔2024〕1号" || decided[0].Role != stage.Chair {
		t.Fatalf("%+v", decided)
	}
	p, err := w.Desk.RevocationPaper(ctx, holderOf(w, d), key, casework.RevokedPaper)
	ok(t, err)
	same(t, w, p, decided[0])
	wants(w, w.Read(p.PDF), "吉社联党发〔2024〕1号", "收回牌匾")
}
