package casework_test

import (
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// proceedingOf returns the only proceeding about a title.
func proceedingOf(t *testing.T, w *testkit.World, key id.Designation) revocation.Revocation {
	t.Helper()
	all := read(t, w, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsOf(key) })
	if len(all) != 1 {
		t.Fatalf("%d proceedings about %s", len(all), key)
	}
	return all[0]
}

// titles asks what the register says about an organisation.
func titles(t *testing.T, w *testkit.World, d designation.Designation) eligibility.Titles {
	t.Helper()
	return read(t, w, func(tx *store.Tx) (eligibility.Titles, error) { return tx.TitlesOf(d.Organisation, d.Programme) })
}

// TestFromNoReportToRevoked: no report fails the order by date, that proposes the
// withdrawal, the hearing closes by date, the committee decides, the holder may
// not apply for three years, and without an appeal it is final (S71, S72).
func TestFromNoReportToRevoked(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, order, _ := running(t, w)
	ctx, office, holder := t.Context(), w.Office(), holderOf(w, d)
	w.At("2024-07-24 23:59:59")
	if o := orderOf(t, w, order); o.State != rectification.Running {
		t.Errorf("in the last second it is %s", o.State)
	}
	w.At("2024-07-25 00:00:00")
	if o := orderOf(t, w, order); o.State != rectification.Failed || !strings.Contains(o.Reason, "逾期") {
		t.Errorf("%s: %s", o.State, o.Reason)
	}
	r := proceedingOf(t, w, d.ID)
	if r.State != revocation.Proposed || r.Ground != revocation.Rectification || r.Rectification != order || !strings.Contains(r.Facts, "恢复活动场所") || r.ProposedBy != "clock" {
		t.Errorf("%+v", r)
	}
	_, err := w.Desk.ProposeRevocation(ctx, office.Clerk, d.ID, revocation.Untrue, "年检结论系伪造")
	w.Refused(err, "revocation.propose.open")

	w.Refused(w.Desk.StateAgainstRevocation(ctx, holder, r.ID, "有客观原因。", 0), "thing.not_found")
	ok(t, w.Desk.NotifyRevocation(ctx, office.Clerk, r.ID, calendar.MustDate("2024-07-25"), 0))
	m := w.ConvenedOnTitles()
	_, err = w.Desk.ListItem(ctx, office.Clerk, m, item.Subject{Kind: "revocation", ID: string(r.ID)})
	w.Refused(err, "item.list.not_waiting")
	ok(t, w.Desk.CancelMeeting(ctx, office.Clerk, m, "改期"))
	w.At("2024-08-01 23:59:59") // five working days from Thursday 25 July
	if r = proceedingOf(t, w, d.ID); r.State != revocation.Notified || r.HearingLast.String() != "2024-08-01" {
		t.Errorf("%s until %s", r.State, r.HearingLast)
	}
	w.At("2024-08-02 00:00:00")
	if r = proceedingOf(t, w, d.ID); r.State != revocation.Heard || r.Statement != "" {
		t.Errorf("%+v", r)
	}
	w.Resolve(true, item.Subject{Kind: "revocation", ID: string(r.ID)})
	r, got := proceedingOf(t, w, d.ID), titleKept(t, w, d.ID)
	if r.State != revocation.Revoked || got.State != designation.Revoked || got.Reason != "整改效果不明显" || r.BarredUntil.String() != "2027-08-09" {
		t.Errorf("%s, barred until %s; the title is %s: %s", r.State, r.BarredUntil, got.State, got.Reason)
	}
	if last, barred := titles(t, w, got).BarEnds(36); !barred || last != r.BarredUntil {
		t.Errorf("the register bars until %s, the decision until %s", last, r.BarredUntil)
	}
	w.At("2024-10-08 23:59:59") // sixty days from 9 August end on 8 October
	if r = proceedingOf(t, w, d.ID); r.State != revocation.Revoked {
		t.Errorf("in the last second it is %s", r.State)
	}
	w.At("2024-10-09 00:00:00")
	if r = proceedingOf(t, w, d.ID); r.State != revocation.Final {
		t.Errorf("it is %s", r.State)
	}
	w.Refused(w.Desk.AppealRevocation(ctx, holder, r.ID, "有新证据", 0), "stage.not_allowed")
	tells(t, w, r.ID, "revocation.propose →proposed clock", "revocation.notify proposed→notified clerk", "revocation.close_hearing notified→heard clock",
		"revocation.revoke heard→revoked chair", "revocation.finalise revoked→final clock")
	if acts, err := w.Desk.Tick(ctx); acts != 0 || err != nil {
		t.Errorf("a second tick does %d acts, %v", acts, err)
	}
}

// proposed proposes to withdraw a title named on 2024-03-01 because of an untruth,
// on 2024-09-13, and announces it.
func proposed(t *testing.T, w *testkit.World) (designation.Designation, id.Revocation) {
	t.Helper()
	d := w.TitleNamed("2024-03-01")
	w.At("2024-09-13")
	key, err := w.Desk.ProposeRevocation(t.Context(), w.Office().Clerk, d.ID, revocation.Untrue, "2023年年检结论系伪造。")
	ok(t, err)
	ok(t, w.Desk.NotifyRevocation(t.Context(), w.Office().Clerk, key, calendar.MustDate("2024-09-13"), 0))
	return d, key
}

// TestAnAppealReinstates: an untruth found after the naming leads to the same
// proceeding (S64); an appeal that succeeds gives the title back, without a bar;
// one that fails makes the decision final.
func TestAnAppealReinstates(t *testing.T) {
	t.Parallel()
	for _, succeeds := range []bool{true, false} {
		w := testkit.New(t)
		d, key := proposed(t, w)
		ctx, holder := t.Context(), holderOf(w, d)
		ok(t, w.Desk.StateAgainstRevocation(ctx, holder, key, "结论由登记机关出具，并非伪造。", 0))
		w.Resolve(true, item.Subject{Kind: "revocation", ID: string(key)})
		if fraud := titles(t, w, d).FraudOn; fraud.String() != "2024-09-20" {
			t.Errorf("an untruth was found on %q", fraud)
		}
		r := proceedingOf(t, w, d.ID)
		w.Refused(w.Desk.AppealRevocation(ctx, w.ApplicantOf(w.Organisation()), key, "x", 0), "thing.not_found")
		w.Refused(w.Desk.AppealRevocation(ctx, holder, key, "", 0), "revocation.appeal.text")
		w.At(r.AppealLast.String() + " 23:59:59")
		ok(t, w.Desk.AppealRevocation(ctx, holder, key, "登记机关已出具证明。", 0))
		w.Resolve(succeeds, item.Subject{Kind: "appeal", ID: string(key)})
		r, got := proceedingOf(t, w, d.ID), titleKept(t, w, d.ID)
		if succeeds {
			if r.State != revocation.Reinstated || got.State != designation.Valid || !r.BarredUntil.IsZero() || !titles(t, w, d).FraudOn.IsZero() || got.Reason != "" {
				t.Errorf("reinstated: %s, barred until %s; the title is %s", r.State, r.BarredUntil, got.State)
			}
			tells(t, w, d.ID, "designation.name →valid director", "designation.revoke valid→revoked chair", "designation.reinstate revoked→valid chair")
		} else if r.State != revocation.Final || got.State != designation.Revoked || r.BarredUntil.IsZero() {
			t.Errorf("upheld: %s, barred until %s; the title is %s", r.State, r.BarredUntil, got.State)
		}
		if r.Decision == r.AppealItem || r.AppealItem == "" {
			t.Errorf("decided on %q, the appeal on %q", r.Decision, r.AppealItem)
		}
	}
}

// TestTheCommitteeKeepsATitle: one kept in spite of a failed order is valid again
// and runs to its last day.
func TestTheCommitteeKeepsATitle(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, order, looks := running(t, w)
	ctx, holder := t.Context(), holderOf(w, d)
	for n := range 2 {
		ok(t, w.Desk.AnswerRectification(ctx, holder, order, n+1, "已办。", "无", 0))
	}
	ok(t, w.Desk.ReportRectification(ctx, holder, order, 0))
	ok(t, w.Desk.VerifyRectification(ctx, looks, order, rectification.OnSite, []rectification.Item{{Evident: true}, {Note: "场所仍关闭"}}, "一项未见效果。", 0))
	w.Resolve(false, item.Subject{Kind: "rectification", ID: string(order)})
	r := proceedingOf(t, w, d.ID)
	if !strings.Contains(r.Facts, "场所仍关闭") || strings.Contains(r.Facts, "按期换届") {
		t.Errorf("the notice prints what did not show, and only that: %s", r.Facts)
	}
	ok(t, w.Desk.NotifyRevocation(ctx, w.Office().Clerk, r.ID, calendar.DateOf(w.Now()), 0))
	ok(t, w.Desk.StateAgainstRevocation(ctx, holder, r.ID, "房东收回场地，新场地九月交付。", 0))
	w.Resolve(false, item.Subject{Kind: "revocation", ID: string(r.ID)})
	got := titleKept(t, w, d.ID)
	if r = proceedingOf(t, w, d.ID); r.State != revocation.Kept || got.State != designation.Valid || got.ValidTo.String() != "2024-09-15" {
		t.Errorf("%s; the title is %s to %s", r.State, got.State, got.ValidTo)
	}
	if acts, err := w.Desk.Tick(ctx); acts != 0 || err != nil {
		t.Errorf("a second tick does %d acts, %v", acts, err)
	}
}

// TestADissolvedHolderEndsItsProceeding: what is open about the title of a body
// that is no more is over; a decided meeting does not stumble over it.
func TestADissolvedHolderEndsItsProceeding(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key := proposed(t, w)
	gone := designation.Holder{EndedOn: calendar.MustDate("2024-09-13"), Word: "已注销"}
	endTitle(t, w, d.ID, "dissolve", func(d *designation.Designation) (stage.Move, error) {
		return d.Dissolve(w.Office().Clerk, gone, "", w.Now())
	})
	w.At("2024-09-14")
	if r := proceedingOf(t, w, d.ID); r.State != revocation.Ended {
		t.Errorf("it is %s", r.State)
	}
	tells(t, w, key, "revocation.propose →proposed clerk", "revocation.notify proposed→notified clerk", "revocation.end notified→ended clock")
	_, err := w.Desk.ProposeRevocation(t.Context(), w.Office().Clerk, d.ID, revocation.Untrue, "伪造")
	w.Refused(err, "revocation.propose.not_valid")
}

// TestAnotherProceedingWaits: while one proceeding is open a failed order does not
// open a second; it does when the first was decided for the holder.
func TestAnotherProceedingWaits(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key := proposed(t, w)
	ctx, office := t.Context(), w.Office()
	order, err := w.Desk.OrderRectification(ctx, office.Chair, casework.RectificationOrder{Designation: d.ID, Items: []string{"补齐会议记录"}})
	ok(t, err)
	ok(t, w.Desk.ServeRectification(ctx, office.Clerk, order, calendar.MustDate("2024-09-13"), 0))
	w.At("2024-10-15 00:00:00") // thirty days end on a Sunday
	if o := orderOf(t, w, order); o.State != rectification.Failed {
		t.Fatalf("it is %s", o.State)
	}
	proceedingOf(t, w, d.ID)
	w.Resolve(false, item.Subject{Kind: "revocation", ID: string(key)})
	all := read(t, w, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsOf(d.ID) })
	if len(all) != 2 || all[1].Rectification != order || all[1].State != revocation.Proposed {
		t.Errorf("%d proceedings: %+v", len(all), all)
	}
	if got := titleKept(t, w, d.ID); got.State != designation.Rectifying {
		t.Errorf("the title is %s", got.State)
	}
}

// TestRevokedBesideAPassedRecheck: two decisions about one title in one meeting do
// not keep it from closing.
func TestRevokedBesideAPassedRecheck(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, check, _ := reportedRecheck(t, w)
	ctx, office := t.Context(), w.Office()
	key, err := w.Desk.ProposeRevocation(ctx, office.Clerk, d.ID, revocation.Ineligible, "2024年5月受到行政处罚。")
	ok(t, err)
	ok(t, w.Desk.NotifyRevocation(ctx, office.Clerk, key, calendar.MustDate("2024-06-20"), 0))
	ok(t, w.Desk.StateAgainstRevocation(ctx, holderOf(w, d), key, "无", 0))
	w.Resolve(true, item.Subject{Kind: "revocation", ID: string(key)}, item.Subject{Kind: "recheck", ID: string(check)})
	if got := titleKept(t, w, d.ID); got.State != designation.Revoked {
		t.Errorf("the title is %s", got.State)
	}
	if r := recheckOf(t, w, d.ID); r.State != "ended" {
		t.Errorf("the recheck is %s", r.State)
	}
}

// TestARecheckComesBackWithItsTitle: the recheck that ended because its title was withdrawn
// falls due anew once the title is given back, before the last valid day; else nobody would
// look at the title again, and it could not be renewed.
func TestARecheckComesBackWithItsTitle(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	ctx, d := t.Context(), w.TitleNamed("2024-03-01")
	w.At("2026-12-01") // ninety days before 28 February 2027
	first := recheckOf(t, w, d.ID)
	key, err := w.Desk.ProposeRevocation(ctx, w.Office().Clerk, d.ID, revocation.Untrue, "2023年年检结论系伪造。")
	ok(t, err)
	ok(t, w.Desk.NotifyRevocation(ctx, w.Office().Clerk, key, calendar.MustDate("2026-12-01"), 0))
	ok(t, w.Desk.StateAgainstRevocation(ctx, holderOf(w, d), key, "并非伪造。", 0))
	w.Resolve(true, item.Subject{Kind: "revocation", ID: string(key)})
	tick(t, w)
	if got := recheckOf(t, w, d.ID); got.State != recheck.Ended {
		t.Fatalf("the recheck of a title that is gone is %s", got.State)
	}
	ok(t, w.Desk.AppealRevocation(ctx, holderOf(w, d), key, "登记机关已出具证明。", 0))
	w.Resolve(true, item.Subject{Kind: "appeal", ID: string(key)})
	tick(t, w)
	all, title := read(t, w, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(d.ID) }), titleKept(t, w, d.ID)
	if len(all) != 2 || all[1].State != recheck.Due || all[1].DueOn == first.DueOn || !all[1].DueOn.Before(title.ValidTo) || all[1].DueOn != title.RecheckDue {
		t.Errorf("it is valid until %s: %+v", title.ValidTo, all)
	}
}
