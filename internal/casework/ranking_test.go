package casework_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// carriedBeyond is a sitting that carried three applications, with places for two, by a
// programme that chooses by a rule.
func carriedBeyond(t *testing.T, rule string) (*testkit.World, id.Meeting, []id.Item) {
	t.Helper()
	w := testkit.New(t)
	w.Reconfigure("over_quota: ayes", "over_quota: "+rule, "quota:\n  kind: none", "quota:\n  kind: fixed\n  max: 2")
	in := w.OpenRound()
	keys := []id.Application{w.Accepted(in), w.Accepted(in), w.Accepted(in)}
	for _, key := range keys {
		w.Reviewed(key)
		w.Visited(key)
	}
	m, items := w.MeetingOn(in, keys...)
	w.Sitting(m)
	for _, i := range items {
		w.Voted(i, "aye", "")
	}
	return w, m, items
}

// TestARanking lives n of m: two of three by marks, those level at the edge once more, the
// rest left out; the record says who voted and not what, the minutes have the sums, and a
// member who is recused from a candidate knows nothing of it.
func TestARanking(t *testing.T) {
	t.Parallel()
	w, m, items := carriedBeyond(t, ballot.Marks)
	ctx, chair, members := t.Context(), w.Office().Chair, w.Members()
	w.Refused(w.Desk.CloseMeeting(ctx, chair, m), "meeting.close.over_quota")
	w.Refused(w.Desk.SecondBallot(ctx, chair, items[0]), "ranking.singly")
	w.Refused(w.Desk.OpenRanking(ctx, members[0], m, ""), "stage.not_allowed")
	w.Refused(w.Desk.Rank(ctx, members[0], m, items[:1]), "ranking.none")
	ok(t, w.Desk.OpenRanking(ctx, chair, m, ""))
	ok(t, w.Desk.Rank(ctx, members[0], m, []id.Item{items[0], items[1]}))
	w.Refused(w.Desk.Rank(ctx, members[0], m, items[:1]), "ranking.vote.twice")
	w.Refused(w.Desk.Rank(ctx, members[1], m, items), "ballot.ranking.most")
	ok(t, w.Desk.Rank(ctx, members[1], m, []id.Item{items[0], items[2]}))
	ok(t, w.Desk.Rank(ctx, members[2], m, items[:1]))
	ok(t, w.Desk.Rank(ctx, members[3], m, nil))
	if v, err := w.Desk.Meeting(ctx, members[0], m); err != nil || len(v.Meeting.Rankings[0].Choices) != 1 || v.Ranks || v.Meeting.Rankings[0].Cast != 4 {
		t.Errorf("%+v %v", v.Meeting.Rankings, err)
	}
	if v, err := w.Desk.Meeting(ctx, chair, m); err != nil || !v.Ranks || len(v.Meeting.Rankings[0].Choices) != 0 {
		t.Errorf("%+v %v", v.Meeting.Rankings, err)
	}
	ok(t, w.Desk.Rank(ctx, chair, m, items[:1]))
	ok(t, w.Desk.CloseRanking(ctx, chair, m))
	ok(t, w.Desk.SettleRanking(ctx, chair, m))
	w.Refused(w.Desk.Displace(ctx, chair, items[1]), "item.quota.within") // level with the third
	ok(t, w.Desk.OpenRanking(ctx, chair, m, ""))
	for _, by := range append(slices.Clone(members), chair) {
		ok(t, w.Desk.Rank(ctx, by, m, items[2:]))
	}
	ok(t, w.Desk.CloseRanking(ctx, chair, m))
	ok(t, w.Desk.SettleRanking(ctx, chair, m))
	w.Refused(w.Desk.OpenRanking(ctx, chair, m, ""), "ranking.open.within")
	ok(t, w.Desk.Displace(ctx, chair, items[1]))
	ok(t, w.Desk.CloseMeeting(ctx, chair, m))
	for n, want := range []stage.State{item.Carried, item.Lost, item.Carried} {
		if v, err := w.Desk.Item(ctx, chair, items[n]); err != nil || v.Item.State != want {
			t.Errorf("item %d: %s %v", n+1, v.Item.State, err)
		}
	}
	_, said, err := w.Desk.MeetingMinutes(ctx, w.Office().Clerk, m)
	ok(t, err)
	if len(said.Rankings) != 2 || !slices.Contains(said.Rankings[0].Lines, [2]string{"办法", "3项取2项。每人最多选2项，得票多的列入。"}) ||
		!slices.ContainsFunc(said.Rankings[0].Lines, func(l [2]string) bool { return l[1] == "4票，列入" }) || slices.ContainsFunc(said.Rankings[0].Lines, func(l [2]string) bool { return l[0] == "委员1" }) {
		t.Errorf("the office's minutes: %v", said.Rankings)
	}
	if _, said, err := w.Desk.MeetingMinutes(ctx, chair, m); err != nil || !slices.ContainsFunc(said.Rankings[0].Lines, func(l [2]string) bool { return l == [2]string{"委员4", "弃权"} }) {
		t.Errorf("the chair's minutes: %v %v", said.Rankings, err)
	}
	voted := 0
	for _, l := range w.Entries(string(m)) {
		if l.Act == "meeting.rank" {
			voted++
			if strings.Contains(strings.Join(slices.Collect(func(yield func(string) bool) {
				for k, v := range l.Facts {
					if !yield(k + v) {
						return
					}
				}
			}), " "), string(items[0])) {
				t.Errorf("the record says what was chosen: %v", l.Facts)
			}
		}
	}
	if voted != 10 {
		t.Errorf("%d votes in the record", voted)
	}
}

// TestARankingEndsEarly: what is open when the sitting ends early decides nothing.
func TestARankingEndsEarly(t *testing.T) {
	t.Parallel()
	w, m, items := carriedBeyond(t, ballot.Ranks)
	ctx, chair := t.Context(), w.Office().Chair
	ok(t, w.Desk.OpenRanking(ctx, chair, m, ""))
	ok(t, w.Desk.Rank(ctx, w.Members()[0], m, items))
	ok(t, w.Desk.AdjournMeeting(ctx, chair, m, "时间已晚。"))
	v, err := w.Desk.Meeting(ctx, chair, m)
	if err != nil || v.Meeting.Rankings[0].State != ballot.RankingVoid || v.Items[0].State != item.Deferred {
		t.Errorf("%+v %v", v.Meeting.Rankings, err)
	}
}
