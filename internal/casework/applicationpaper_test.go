package casework_test

import (
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// leaf makes a document of an application and returns its text.
func leaf(w *testkit.World, by stage.Actor, key id.Application, kind string) (casework.Paper, string) {
	w.Helper()
	p, err := w.Desk.ApplicationPaper(w.Context(), by, key, kind)
	if err != nil {
		w.Fatal(err)
	}
	return p, w.Read(p.PDF)
}

func wants(w *testkit.World, text string, all ...string) {
	w.Helper()
	for _, s := range all {
		if !strings.Contains(text, s) {
			w.Errorf("it does not say %s: %s", s, text)
		}
	}
}

// TestTheReceipt: number, the second of the submission, the digest, what comes
// next; the words that the digest covers and the proof of the record travel in it.
func TestTheReceipt(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	key := w.Submitted(w.OpenRound())
	a := w.ApplicationOf(key)
	by := w.ApplicantOf(a.Organisation)
	if err := w.Desk.Store.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, text := leaf(w, by, key, casework.ReceiptPaper)
	wants(w, text, "申报提交回执", a.Number, a.Name, w.Now().Format("2006年1月2日15时04分05秒"), a.Digest[:8], a.Digest[56:], "前告知是否受理", "2021年7月10日星期六24:00")
	if p.Name != "提交回执 "+a.Number {
		t.Error(p.Name)
	}
	files := w.Judge("pdfdetach", "-list", w.Leaf(p.PDF))
	wants(w, files, "2 embedded files", "application.json", a.Number+".tlog-proof")
	wants(w, w.Judge("qpdf", "--check", w.Leaf(p.PDF)), "No syntax or stream encoding errors")
	again, _ := leaf(w, by, key, casework.ReceiptPaper)
	if string(p.PDF) != string(again.PDF) {
		t.Error("the same receipt twice has other bytes")
	}
}

// TestWhoMayHaveThePapers: whoever may see the application, and nobody else; and
// only those that there are.
func TestWhoMayHaveThePapers(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	r := w.OpenRound()
	key, draft := w.Submitted(r), w.Drafted(r)
	mine := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	ask := func(by stage.Actor, key id.Application, kind string) string {
		_, err := w.Desk.ApplicationPaper(t.Context(), by, key, kind)
		if err == nil {
			return ""
		}
		return fault.CodeOf(err)
	}
	for _, row := range []struct {
		why  string
		by   stage.Actor
		key  id.Application
		kind string
		want string
	}{
		{"its applicant", mine, key, casework.ReceiptPaper, ""},
		{"the office", w.Office().Clerk, key, casework.PrintPaper, ""},
		{"another applicant", w.ApplicantOf(w.Organisation()), key, casework.ReceiptPaper, "thing.not_found"},
		{"a visitor", stage.Anyone, key, casework.ReceiptPaper, "thing.not_found"},
		{"the office before it is filed", w.Office().Clerk, draft, casework.PrintPaper, "thing.not_found"},
		{"a receipt before it is filed", w.ApplicantOf(w.ApplicationOf(draft).Organisation), draft, casework.ReceiptPaper, "thing.not_found"},
		{"a draft may be printed", w.ApplicantOf(w.ApplicationOf(draft).Organisation), draft, casework.PrintPaper, ""},
		{"not accepted yet", mine, key, casework.AcceptancePaper, "thing.not_found"},
		{"no correction asked", mine, key, casework.CorrectionPaper, "thing.not_found"},
		{"not declined", mine, key, casework.RefusalPaper, "thing.not_found"},
		{"an unknown document", mine, key, "nothing", "thing.not_found"},
	} {
		if got := ask(row.by, row.key, row.kind); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// TestTheNotices: acceptance, correction with every defect at its place.
func TestTheNotices(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	key := w.Submitted(w.OpenRound())
	a := w.ApplicationOf(key)
	by, clerk := w.ApplicantOf(a.Organisation), w.Office().Clerk
	defects := []application.Defect{{Field: "1-2", Say: "换届批复没有文号。补上文号和日期。"}, {Field: "signatory", Say: "只写了姓名，补上职务。"}}
	if err := w.Desk.RequestCorrection(t.Context(), clerk, key, defects); err != nil {
		t.Fatal(err)
	}
	_, text := leaf(w, by, key, casework.CorrectionPaper)
	wants(w, text, "补正通知书", a.Name+"：", a.Number, "1-2", defects[0].Say, "签署人", defects[1].Say, "以上是全部问题", w.ApplicationOf(key).Correction.LastDay.Chinese()+"24时前")
	if err := w.Desk.CorrectApplication(t.Context(), by, key, 0, one("1-2", "已补上文号")); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AcceptApplication(t.Context(), clerk, key); err != nil {
		t.Fatal(err)
	}
	_, text = leaf(w, by, key, casework.AcceptancePaper)
	wants(w, text, "受理通知书", a.Name+"：", a.Number, "现予受理", "受理以后不能撤回")
}

// TestThePrintEdition holds everything that is submitted, page by page with the
// number, the digest and how many pages there are.
func TestThePrintEdition(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	key := w.Submitted(w.OpenRound())
	a := w.ApplicationOf(key)
	p, text := leaf(w, w.ApplicantOf(a.Organisation), key, casework.PrintPaper)
	for code, said := range a.Answers {
		wants(w, text, code, strings.Join(strings.Fields(said.Statement), "")[:30])
	}
	wants(w, text, "申报书", a.Name, "本单位承诺", a.Signatory[:9], "年月日")
	pages := strings.Count(w.Judge("pdftotext", w.Leaf(p.PDF), "-"), "\f")
	if pages < 2 || strings.Count(text, a.Digest[:8]) != pages || !strings.Contains(text, "第2页，共") {
		t.Errorf("%d pages, the digest stands on %d", pages, strings.Count(text, a.Digest[:8]))
	}
}
