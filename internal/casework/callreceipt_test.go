package casework_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestWhoIsToldOfACall: whoever acts for a registered organisation that the programme is
// for gets the call and its extension, each once; the office sees who has it and who read it.
func TestWhoIsToldOfACall(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	ctx, office := t.Context(), w.Office()
	w.Programme()
	reader, idle, bare, gone := w.Organisation(), w.Organisation(), w.Organisation(), w.Organisation()
	reads, idles := w.ApplicantOf(reader), w.ApplicantOf(idle)
	second := w.PersonWith("又一个经办人", casework.Grant{Role: stage.Applicant, Organisation: reader})
	abroad := w.PersonWith("别的方案的经办人", casework.Grant{Role: stage.Applicant, Organisation: bare, Programme: "another-programme"})
	ended := w.ApplicantOf(gone)
	ok(t, w.Desk.EndOrganisation(ctx, office.Clerk, gone, 0, casework.Ending{Act: "deregister", On: calendar.DateOf(w.Now())}))

	round := w.DraftedRound()
	to, err := w.Desk.CallAudience(ctx, office.Director, round)
	if err != nil || to != (casework.CallAudience{For: 3, Told: 2, People: 3}) {
		t.Errorf("before it is published: %+v %v", to, err)
	}
	w.At("2021-06-21 15:56:00")
	ok(t, w.Desk.PublishRound(ctx, office.Director, round, []string{"filing_days"}))
	for name, tt := range map[string]struct {
		by   stage.Actor
		want int
	}{
		"who acts": {reads, 1}, "the second": {second, 1}, "another organisation": {idles, 1}, "another programme's": {abroad, 0}, "a deregistered one's": {ended, 0},
	} {
		if all := told(t, w, tt.by); len(all) != tt.want || tt.want > 0 && (all[0].Kind != "call" || all[0].URL != "/calls/"+string(round)) {
			t.Errorf("%s: %+v", name, all)
		}
	}
	ok(t, w.Desk.MarkMessage(ctx, second, told(t, w, second)[0].ID))
	v, err := w.Desk.CallReceipts(ctx, office.Clerk, round, casework.CallReceiptFilter{})
	ok(t, err)
	if v.For != 3 || v.Told != 2 || v.Read != 1 || v.People != 3 || v.PeopleWho != 1 || len(v.Rows) != 3 {
		t.Errorf("%+v", v)
	}
	for _, r := range v.Rows {
		want := map[id.Organisation]int{reader: 2, idle: 1, bare: 0}[r.Organisation.ID]
		if r.People != want || r.ReadAt.IsZero() == (r.Organisation.ID == reader) || r.Bodies != 1 || r.Organisation.State != organisation.Registered {
			t.Errorf("%+v", r)
		}
	}
	for only, want := range map[string]id.Organisation{"unread": idle, "untold": bare} {
		v, err := w.Desk.CallReceipts(ctx, office.Director, round, casework.CallReceiptFilter{Only: only})
		if err != nil || len(v.Rows) != 1 || v.Rows[0].Organisation.ID != want || v.For != 3 {
			t.Errorf("%s: %+v %v", only, v, err)
		}
	}
	seen := map[id.Organisation]bool{}
	for f := (casework.CallReceiptFilter{Limit: 1}); ; {
		v, err := w.Desk.CallReceipts(ctx, office.Clerk, round, f)
		ok(t, err)
		if len(v.Rows) != 1 || seen[v.Rows[0].Organisation.ID] {
			t.Fatalf("page by page: %+v", v.Rows)
		}
		seen[v.Rows[0].Organisation.ID] = true
		if f.After = v.Next; f.After == "" {
			break
		}
	}
	if len(seen) != 3 {
		t.Errorf("page by page: %v", seen)
	}
	for name, by := range map[string]stage.Actor{"an applicant": reads, "a member": w.Person("委员", stage.Member), "another programme's clerk": w.PersonWith("别处的经办人", casework.Grant{Role: stage.Clerk, Programme: "another-programme"})} {
		if _, err := w.Desk.CallReceipts(ctx, by, round, casework.CallReceiptFilter{}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// told lists the messages of somebody, the latest first.
func told(t *testing.T, w *testkit.World, by stage.Actor) []casework.Message {
	t.Helper()
	all, err := w.Desk.Messages(t.Context(), by, casework.MessageFilter{})
	ok(t, err)
	return all
}
