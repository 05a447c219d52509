package casework_test

import (
	"slices"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/programmes"
)

// TestMorePassThanThereArePlaces lives the rules of the shipped programme of farmers'
// cooperatives: a tie is voted on again; where more pass than there are places a second
// ballot among all decides, and those level at the edge go to one more; who is beyond the
// places is left out, and the meeting closes only then.
func TestMorePassThanThereArePlaces(t *testing.T) {
	t.Parallel()
	text, _ := programmes.Text("farmers-cooperative-demonstration")
	shipped, problems := format.Read(text)
	if len(problems) > 0 || shipped.Meeting.Tie != "again" || shipped.Meeting.OverQuota != "second_ballot" {
		t.Fatalf("%v: the shipped rules are others: %+v", problems, shipped.Meeting)
	}
	w := testkit.New(t)
	w.Reconfigure("tie: lost", "tie: "+shipped.Meeting.Tie, "over_quota: ayes", "over_quota: "+shipped.Meeting.OverQuota, "quota:\n  kind: none", "quota:\n  kind: fixed\n  max: 1")
	in := w.OpenRound()
	keys := []id.Application{w.Accepted(in), w.Accepted(in), w.Accepted(in)}
	for _, key := range keys {
		w.Reviewed(key)
		w.Visited(key)
	}
	m, items := w.MeetingOn(in, keys...)
	chair, members := w.Office().Chair, w.Members()
	ok(t, w.Desk.RecuseFromItem(t.Context(), members[0], items[0], members[0].Account, "本人在该单位任职"))
	w.Sitting(m)
	vote := func(n, ayes int, reason string) {
		t.Helper()
		ok(t, w.Desk.OpenVote(t.Context(), chair, items[n]))
		for _, by := range append(slices.Clone(members), chair) {
			v, err := w.Desk.Item(t.Context(), by, items[n])
			ok(t, err)
			if !v.May {
				continue
			}
			choice := "no"
			if ayes > 0 {
				choice, ayes = "aye", ayes-1
			}
			ok(t, w.Desk.Vote(t.Context(), by, items[n], choice))
		}
		ok(t, w.Desk.CloseVote(t.Context(), chair, items[n]))
		ok(t, w.Desk.Declare(t.Context(), chair, items[n], "", reason))
	}
	stands := func(want ...stage.State) {
		t.Helper()
		for n, s := range want {
			if v, err := w.Desk.Item(t.Context(), chair, items[n]); err != nil || v.Item.State != s {
				t.Fatalf("item %d is %s, want %s: %v", n+1, v.Item.State, s, err)
			}
		}
	}
	vote(0, 2, "") // of four, one being recused
	stands(item.Listed, item.Listed, item.Listed)
	vote(0, 4, "")
	vote(1, 4, "")
	vote(2, 3, "")
	stands(item.Carried, item.Carried, item.Carried)
	w.Refused(w.Desk.CloseMeeting(t.Context(), chair, m), "meeting.close.over_quota")
	w.Refused(w.Desk.Displace(t.Context(), chair, items[2]), "item.quota.within") // the second ballot decides, not the first
	w.Refused(w.Desk.SecondBallot(t.Context(), members[1], items[0]), "stage.not_allowed")
	again := func(n, ayes int, reason string) {
		t.Helper()
		ok(t, w.Desk.SecondBallot(t.Context(), chair, items[n]))
		w.Refused(w.Desk.CloseMeeting(t.Context(), chair, m), "meeting.close.unsettled")
		vote(n, ayes, reason)
	}
	again(0, 3, "")
	again(1, 3, "")
	again(2, 1, "名额所限，按再次表决的结果。")
	stands(item.Carried, item.Carried, item.Lost)
	again(0, 3, "") // level at the edge
	again(1, 4, "")
	w.Refused(w.Desk.CloseMeeting(t.Context(), chair, m), "meeting.close.over_quota")
	w.Refused(w.Desk.Displace(t.Context(), chair, items[1]), "item.quota.within")
	ok(t, w.Desk.Displace(t.Context(), chair, items[0]))
	stands(item.Lost, item.Carried, item.Lost)
	ok(t, w.Desk.CloseMeeting(t.Context(), chair, m))
	if got := []string{w.ApplicationOf(keys[0]).Stage, w.ApplicationOf(keys[1]).Stage}; got[0] == "publicity" || got[1] != "publicity" {
		t.Errorf("%v", got)
	}
}
