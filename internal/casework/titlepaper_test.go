package casework_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestTheNamingNotice: everybody may have it once it is issued, nobody before; it
// has its number, the list with the numbers of the titles, and until when they hold.
func TestTheNamingNotice(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	round, apps := cleared(w, 2)
	draft, err := w.Desk.DraftNaming(t.Context(), w.Office().Clerk, round, naming.Plan{Title: "关于命名2021年度示范基地的通知", Addressees: "各社会组织党组织", List: apps})
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range []stage.Actor{stage.Anyone, w.Office().Clerk} {
		if _, err := w.Desk.NamingPaper(t.Context(), by, draft); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a notice before it is issued: %v", err)
		}
	}
	if err := w.Desk.CancelNaming(t.Context(), w.Office().Clerk, draft, 0, "名单重拟"); err != nil {
		t.Fatal(err)
	}
	titles := w.Named(apps...)
	v, err := w.Desk.Designation(t.Context(), stage.Anyone, titles[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Desk.NamingPaper(t.Context(), stage.Anyone, v.Designation.Naming)
	if err != nil {
		t.Fatal(err)
	}
	text := w.Read(p.PDF)
	wants(w, text, "文件", "〔2021〕", "的通知", "各社会组织党组织：", "附件所列2家单位", "附件：", v.Designation.Number, v.Designation.ValidTo.Chinese(), "印发")
	for _, a := range apps {
		wants(w, text, w.ApplicationOf(a).Name)
	}
	if _, err := w.Desk.NamingPaper(t.Context(), stage.Anyone, id.Naming("nam_0000000000000000")); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a naming that is not there: %v", err)
	}
}

// TestTheHearingNotice: the office prints it before it is served, when nobody knows the
// last day yet; the holder has it once it is served, with that day.
func TestTheHearingNotice(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	d := w.TitleNamed("2024-03-01")
	w.At("2024-09-13")
	office, holder := w.Office(), w.ApplicantOf(d.Organisation)
	key, err := w.Desk.ProposeRevocation(t.Context(), office.Clerk, d.ID, revocation.Untrue, "2023年年检结论系伪造。")
	ok(t, err)
	read := func(by stage.Actor) string {
		p, err := w.Desk.RevocationPaper(t.Context(), by, key, casework.HearingPaper)
		if err != nil {
			t.Fatal(err)
		}
		return w.Read(p.PDF)
	}
	wants(w, read(office.Clerk), "拟撤销称号告知书", "次日起5个工作日内书面提出")
	if _, err := w.Desk.RevocationPaper(t.Context(), holder, key, casework.HearingPaper); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the holder reads a notice that was not served: %v", err)
	}
	ok(t, w.Desk.NotifyRevocation(t.Context(), office.Clerk, key, calendar.DateOf(w.Now()), 0))
	v, err := w.Desk.Revocation(t.Context(), holder, key)
	ok(t, err)
	wants(w, read(holder), "请在"+v.Proceeding.HearingLast.Chinese()+"24时前书面提出")
}
