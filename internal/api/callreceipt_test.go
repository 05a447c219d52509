package api_test

import (
	"net/http"
	"testing"
	"time"

	"shifan/internal/testkit"
)

// TestCallReceipts: the office reads by program whom a call reached.
func TestCallReceipts(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	w.Programme()
	org := w.Organisation()
	applicant := w.Program(w.ApplicantOf(org))
	w.Organisation()
	round := w.OpenRound()
	at := "/rounds/" + string(round) + "/receipts"
	applicant.Get(at).Refused(http.StatusForbidden, "api.role")
	var got struct {
		Items []struct {
			Organisation   string
			Told, Accounts int
			ReadAt         time.Time `json:"read_at"`
		}
		Next string
	}
	clerk := w.Program(w.Office().Clerk)
	a := clerk.Get(at+"?only=unread").Want(http.StatusOK, &got)
	if err := j.holds("GET", "/rounds/{id}/receipts", a); err != nil || len(got.Items) != 1 || got.Items[0].Organisation != string(org) || got.Items[0].Told != 1 || !got.Items[0].ReadAt.IsZero() {
		t.Fatalf("%v %+v", err, got)
	}
	if clerk.Get(at+"?limit=1").Want(http.StatusOK, &got); len(got.Items) != 1 || got.Next == "" {
		t.Errorf("%+v", got)
	}
}
