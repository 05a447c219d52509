package casework_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// orderOf returns an order as it is kept.
func orderOf(t *testing.T, w *testkit.World, key id.Rectification) rectification.Rectification {
	t.Helper()
	return read(t, w, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification(key) })
}

// slippedRecheck takes the recheck of a title named on 2021-09-15 to the finding,
// on 2024-06-21, that the standard slipped.
func slippedRecheck(t *testing.T, w *testkit.World) (designation.Designation, id.Recheck, stage.Actor) {
	t.Helper()
	d, key, looks := reportedRecheck(t, w)
	w.At("2024-06-21")
	ok(t, w.Desk.SlipRecheck(t.Context(), w.Office().Chair, key, "两年没有换届。", 0))
	return d, key, looks
}

// running orders a holder to put two things right, served on 2024-06-24: 30 days
// end on 2024-07-24, a Wednesday.
func running(t *testing.T, w *testkit.World) (designation.Designation, id.Rectification, stage.Actor) {
	t.Helper()
	d, from, looks := slippedRecheck(t, w)
	key, err := w.Desk.OrderRectification(t.Context(), w.Office().Chair, casework.RectificationOrder{Recheck: from, Items: []string{"按期换届", "恢复活动场所"}})
	ok(t, err)
	w.At("2024-06-24")
	ok(t, w.Desk.ServeRectification(t.Context(), w.Office().Clerk, key, calendar.MustDate("2024-06-24"), 0))
	return d, key, looks
}

// TestARectificationPassed: ordered after a recheck, served, reported item by item,
// verified, and decided by the committee; the title is valid again, and renewed,
// because what was put right completes the recheck (S70, S71).
func TestARectificationPassed(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, from, looks := slippedRecheck(t, w)
	ctx, office, holder := t.Context(), w.Office(), holderOf(w, d)
	order := casework.RectificationOrder{Recheck: from, Items: []string{"按期换届", "恢复活动场所"}}
	_, err := w.Desk.OrderRectification(ctx, office.Clerk, order)
	w.Refused(err, "rectification.order.role")
	_, err = w.Desk.OrderRectification(ctx, office.Chair, casework.RectificationOrder{Recheck: from})
	w.Refused(err, "rectification.order.items")
	key, err := w.Desk.OrderRectification(ctx, office.Chair, order)
	ok(t, err)
	if got := titleKept(t, w, d.ID); got.State != designation.Rectifying {
		t.Errorf("the title is %s", got.State)
	}
	_, err = w.Desk.OrderRectification(ctx, office.Chair, order)
	w.Refused(err, "rectification.order.not_valid")

	w.Refused(w.Desk.AnswerRectification(ctx, holder, key, 1, "已换届", "换届批复", 0), "thing.not_found")
	w.At("2024-06-24")
	w.Refused(w.Desk.ServeRectification(ctx, office.Clerk, key, calendar.MustDate("2024-06-25"), 0), "rectification.serve.date")
	ok(t, w.Desk.ServeRectification(ctx, office.Clerk, key, calendar.MustDate("2024-06-24"), 0))
	if o := orderOf(t, w, key); o.DueOn.String() != "2024-07-24" || !o.Due.Equal(o.DueOn.End()) || len(o.Assessors) != 1 {
		t.Errorf("%+v", o)
	}
	w.Refused(w.Desk.AnswerRectification(ctx, w.ApplicantOf(w.Organisation()), key, 1, "a", "b", 0), "thing.not_found")
	w.Refused(w.Desk.ReportRectification(ctx, holder, key, 0), "input.several")
	ok(t, w.Desk.AnswerRectification(ctx, holder, key, 1, "6月30日完成换届。", "上级批复1份", 0))
	ok(t, w.Desk.AnswerRectification(ctx, holder, key, 2, "场所已恢复。", "照片4张", 0))
	w.At("2024-07-24 23:59:59")
	ok(t, w.Desk.ReportRectification(ctx, holder, key, 0))
	w.At("2024-07-25 00:00:00") // a report in the last second is in time
	if o := orderOf(t, w, key); o.State != rectification.Reported {
		t.Errorf("it is %s", o.State)
	}

	marks := []rectification.Item{{Evident: true}, {Evident: true}}
	w.Refused(w.Desk.VerifyRectification(ctx, w.Person("考核组成员丁", stage.Assessor), key, rectification.OnSite, marks, "好。", 0), "thing.not_found")
	ok(t, w.Desk.VerifyRectification(ctx, looks, key, rectification.OnSite, marks, "两项均已见效。", 0))
	w.Resolve(true, item.Subject{Kind: "rectification", ID: string(key)})
	o, got := orderOf(t, w, key), titleKept(t, w, d.ID)
	if o.State != rectification.Passed || o.Decision == "" || got.State != designation.Valid || got.ValidTo.String() != "2027-09-15" {
		t.Errorf("%s; the title is %s to %s", o.State, got.State, got.ValidTo)
	}
	tells(t, w, key, "rectification.order →ordered chair", "rectification.serve ordered→running clerk", "rectification.answer running→running applicant",
		"rectification.answer running→running applicant", "rectification.report running→reported applicant", "rectification.verify reported→verified assessor",
		"rectification.pass verified→passed chair")
	tells(t, w, d.ID, "designation.name →valid director", "designation.order_rectification valid→rectifying chair", "designation.restore rectifying→valid chair", "designation.renew valid→valid chair")
}

// TestADeadlineOnARestDay: thirty days from 1 September 2024 end on National Day,
// and the end moves to 8 October; without an extension nothing is late before.
func TestADeadlineOnARestDay(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2024-03-01")
	w.At("2024-09-01")
	key, err := w.Desk.OrderRectification(t.Context(), w.Office().Chair, casework.RectificationOrder{Designation: d.ID, Items: []string{"补齐会议记录"}})
	ok(t, err)
	ok(t, w.Desk.ServeRectification(t.Context(), w.Office().Clerk, key, calendar.MustDate("2024-09-01"), 0))
	w.At("2024-10-08 23:59:59")
	if o := orderOf(t, w, key); o.State != rectification.Running || o.DueOn.String() != "2024-10-08" {
		t.Errorf("%s, due %s", o.State, o.DueOn)
	}
	w.At("2024-10-09 00:00:00")
	if o := orderOf(t, w, key); o.State != rectification.Failed {
		t.Errorf("it is %s", o.State)
	}
	tells(t, w, key, "rectification.order →ordered chair", "rectification.serve ordered→running clerk", "rectification.miss running→failed clock")
}

// TestExtendedOnce: the office's head moves the day once, by at most one more term.
func TestExtendedOnce(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	_, key, _ := running(t, w)
	ctx, office := t.Context(), w.Office()
	w.At("2024-07-20")
	w.Refused(w.Desk.ExtendRectification(ctx, office.Clerk, key, calendar.MustDate("2024-08-01"), "场地验收推迟", 0), "stage.not_allowed")
	w.Refused(w.Desk.ExtendRectification(ctx, office.Director, key, calendar.MustDate("2024-09-01"), "场地验收推迟", 0), "rectification.extend.later")
	ok(t, w.Desk.ExtendRectification(ctx, office.Director, key, calendar.MustDate("2024-08-01"), "场地验收推迟", 0))
	w.Refused(w.Desk.ExtendRectification(ctx, office.Director, key, calendar.MustDate("2024-08-02"), "又推迟", 0), "rectification.extend.again")
	w.At("2024-08-01 23:59:59")
	if o := orderOf(t, w, key); o.State != rectification.Running {
		t.Errorf("in the last second it is %s", o.State)
	}
	w.At("2024-08-02 00:00:00")
	if o := orderOf(t, w, key); o.State != rectification.Failed {
		t.Errorf("when the time is over it is %s", o.State)
	}
}

// TestWhoVerifiesChanges: the office names somebody else, never one with an
// interest.
func TestWhoVerifiesChanges(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key, looks := running(t, w)
	ctx, office, holder := t.Context(), w.Office(), holderOf(w, d)
	for n := range 2 {
		ok(t, w.Desk.AnswerRectification(ctx, holder, key, n+1, "已办。", "无", 0))
	}
	ok(t, w.Desk.ReportRectification(ctx, holder, key, 0))
	second := w.Person("考核组成员乙", stage.Assessor)
	ok(t, w.Desk.AssignRectification(ctx, office.Clerk, key, []id.Account{second.Account}, 0))
	w.Refused(w.Desk.VerifyRectification(ctx, looks, key, rectification.AtDesk, orderOf(t, w, key).Items, "好。", 0), "thing.not_found")
	w.Refused(w.Desk.VerifyRectification(ctx, second, key, rectification.AtDesk, orderOf(t, w, key).Items, "好。", 0), "input.several")
	ok(t, w.Desk.VerifyRectification(ctx, second, key, rectification.AtDesk, []rectification.Item{{Evident: true}, {Note: "场所仍关闭"}}, "一项未见效果。", 0))
	if o := orderOf(t, w, key); o.Evident || o.State != rectification.Verified {
		t.Errorf("%+v", o)
	}
}

// TestReturningATitleEndsItsOrder: the order about a title that was given back is
// over, and nothing follows from it.
func TestReturningATitleEndsItsOrder(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key, _ := running(t, w)
	holder := holderOf(w, d)
	endTitle(t, w, d.ID, "return", func(d *designation.Designation) (stage.Move, error) { return d.Return(holder, "不再承担", w.Now()) })
	w.At("2024-07-25 00:00:00") // the time is over as well: what ended is not missed
	if o := orderOf(t, w, key); o.State != rectification.Ended {
		t.Errorf("it is %s", o.State)
	}
	tells(t, w, key, "rectification.order →ordered chair", "rectification.serve ordered→running clerk", "rectification.end running→ended clock")
	if acts, err := w.Desk.Tick(t.Context()); acts != 0 || err != nil {
		t.Errorf("a second tick does %d acts, %v", acts, err)
	}
}
