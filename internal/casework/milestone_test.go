package casework_test

import (
	"slices"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/testkit"
)

// wantsAhead asks that an instant with a word is among those to which the clock may
// jump, or is not.
func wantsAhead(t *testing.T, w *testkit.World, word, at string, there bool) {
	t.Helper()
	ahead, err := w.Desk.Milestones(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(ahead, func(m casework.Milestone) bool {
		return m.Word == word && m.At.In(calendar.Zone).Format("2006-01-02 15:04") == at && m.What != ""
	}) != there {
		t.Errorf("%s at %s: want %v of %+v", word, at, there, ahead)
	}
}

// TestTheClockStopsAtMeetings: fast forward passes no meeting, no day by which papers
// must be out, no day on which a call may be published, and no recheck's end.
func TestTheClockStopsAtMeetings(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.DraftedRound()
	wantsAhead(t, w, "可以发布通知", "2021-06-04 00:00", true)
	d := w.TitleNamed("2021-09-15")
	w.At("2024-07-01 10:00:00")
	r := recheckOf(t, w, d.ID)
	wantsAhead(t, w, "复查到期", r.DueOn.AddDays(1).String()+" 00:00", true)

	m := w.ConvenedOnTitles() // in a week
	wantsAhead(t, w, "会议材料最后送达日", "2024-07-05 00:00", true)
	wantsAhead(t, w, "会议召开", "2024-07-08 10:00", true)
	ok(t, w.Desk.CancelMeeting(t.Context(), w.Office().Clerk, m, "没有议题"))
	wantsAhead(t, w, "会议召开", "2024-07-08 10:00", false)
}
