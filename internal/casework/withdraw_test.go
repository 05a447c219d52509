package casework_test

import (
	"slices"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/application"
	"shifan/internal/testkit"
)

// TestWithdrawUntilTheDeadline: the act is offered and done before the instant, and
// neither offered nor done from it on, while something is corrected neither.
func TestWithdrawUntilTheDeadline(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Submitted(r)
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	offered := func() bool {
		t.Helper()
		v, err := w.Desk.Application(t.Context(), by, key)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(v.Acts, "withdraw")
	}
	w.At("2021-07-10 23:59:59")
	if !offered() {
		t.Error("it is not offered in time")
	}
	w.Jump(calendar.MustDate("2021-07-10").End()) // the clock has not closed the round yet
	if offered() {
		t.Error("it is offered at the deadline")
	}
	w.Refused(w.Desk.WithdrawApplication(t.Context(), by, key), "application.withdraw.late")
	w.At("2021-07-12")
	if err := w.Desk.RequestCorrection(t.Context(), w.Office().Clerk, key, []application.Defect{{Field: "0-1", Say: "缺核准日期。"}}); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.WithdrawApplication(t.Context(), by, key), "application.withdraw.late")
	if offered() || w.ApplicationOf(key).State != application.Correcting {
		t.Error("it is offered while it is corrected, or it is gone")
	}
	if got := w.Record(string(key)); got[len(got)-1] != "application.request_correction submitted→correcting clerk" {
		t.Error(got)
	}
}
