package casework_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"shifan/internal/archive"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
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

// TestAPaperRankingNeedsItsSheet: two scrutineers count a ranking alike, the sheet that they
// signed is kept with its digest in the record, on the result sheet and in the archive of the
// round, and only then is the result declared; who is tied to a candidate has no part in it.
func TestAPaperRankingNeedsItsSheet(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	w.Reconfigure("ballot: named", "ballot: paper", "over_quota: ayes", "over_quota: ranks", "quota:\n  kind: none", "quota:\n  kind: fixed\n  max: 1")
	in := w.OpenRound()
	keys := []id.Application{w.Accepted(in), w.Accepted(in)}
	for _, key := range keys {
		w.Reviewed(key)
		w.Visited(key)
	}
	m, items := w.MeetingOn(in, keys...)
	one, two, tied := w.Person("监票人甲", stage.Scrutineer), w.Person("监票人乙", stage.Scrutineer), w.Person("监票人丙", stage.Scrutineer)
	ok(t, declare(w, tied, casework.NewTie{Organisation: w.ApplicationOf(keys[1]).Name, Kind: "kin", Reason: "配偶任副会长"}))
	w.Sitting(m)
	ctx, chair, clerk, members, scan := t.Context(), w.Office().Chair, w.Office().Clerk, w.Members(), play.PDF("计票单", "差额表决。")
	for _, i := range items {
		ok(t, w.Desk.OpenVote(ctx, chair, i))
		ok(t, w.Desk.CloseVote(ctx, chair, i))
		for _, by := range []stage.Actor{one, two} {
			ok(t, w.Desk.CountBallots(ctx, by, i, ballot.Tally{Issued: 5, Collected: 5, Ayes: 5}))
		}
		ok(t, w.Desk.AttachCountSheet(ctx, one, i, "计票单.pdf", bytes.NewReader(scan)))
		ok(t, w.Desk.Declare(ctx, chair, i, "", ""))
	}
	bring := func(by stage.Actor, n int, b []byte) error {
		return w.Desk.AttachRankingSheet(ctx, by, m, n, "计票单.pdf", bytes.NewReader(b))
	}
	if err := bring(one, 1, scan); fault.KindOf(err) != fault.NotFound {
		t.Errorf("of no ranking: %v", err)
	}
	ok(t, w.Desk.OpenRanking(ctx, chair, m, ""))
	w.Refused(bring(one, 1, scan), "countsheet.attach.over")
	blank, err := w.Desk.MeetingPaper(ctx, one, m, casework.CountSheet, "")
	ok(t, err)
	wants(w, w.Read(blank.PDF), "计票单", "差额表决", w.ApplicationOf(keys[0]).Name, w.ApplicationOf(keys[1]).Name, "得分", "第1名得2分", "监票人", "签字")
	if docx, err := blank.DOCX(); err != nil || len(docx) == 0 {
		t.Error(err)
	}
	if _, err := w.Desk.MeetingPaper(ctx, members[0], m, casework.CountSheet, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a member's blank sheet: %v", err)
	}
	ok(t, w.Desk.CloseRanking(ctx, chair, m))
	if !tasks(w, one)["差额表决：计票"] {
		t.Errorf("work: %v", tasks(w, one))
	}
	count := func(by stage.Actor, first, second int) {
		t.Helper()
		ok(t, w.Desk.CountRanking(ctx, by, m, ballot.RankingCount{Issued: 5, Collected: 5, Points: map[id.Item]int{items[0]: first, items[1]: second}}))
	}
	count(one, 9, 6)
	count(tied, 9, 5)
	w.Refused(bring(one, 1, scan), "countsheet.attach.differ")
	w.Refused(w.Desk.SettleRanking(ctx, chair, m), "ranking.settle.uncounted")
	count(two, 9, 6)
	w.Refused(w.Desk.SettleRanking(ctx, chair, m), "countsheet.declare.missing")
	if !tasks(w, one)["差额表决：上传计票单"] || tasks(w, tied)["差额表决：上传计票单"] {
		t.Errorf("work: %v, of who is tied: %v", tasks(w, one), tasks(w, tied))
	}
	w.Refused(bring(tied, 1, scan), "countsheet.attach.interest")
	w.Refused(bring(chair, 1, scan), "stage.not_allowed")
	w.Refused(w.Desk.AttachRankingSheet(ctx, one, m, 1, "计票单.exe", bytes.NewReader([]byte("MZ"))), "evidence.file.type")
	if err := bring(w.Person("别处的考核员", stage.Assessor), 1, scan); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who sees no meeting: %v", err)
	}
	ok(t, bring(one, 1, scan))
	w.Refused(bring(clerk, 1, scan), "countsheet.attach.twice")
	count(one, 8, 7) // counted again: the sheet of the first count does not do
	count(two, 8, 7)
	w.Refused(w.Desk.SettleRanking(ctx, chair, m), "countsheet.declare.missing")
	ok(t, bring(clerk, 1, play.PDF("计票单", "重新清点。")))

	v, err := w.Desk.Meeting(ctx, members[0], m)
	ok(t, err)
	lines := v.Sheets[1].Lines
	if len(lines) != 2 || lines[0].Holds || !lines[1].Holds || lines[1].Points[items[0]] != 8 {
		t.Fatalf("%+v", v.Sheets)
	}
	if v, err := w.Desk.Meeting(ctx, tied, m); err != nil || len(v.Sheets[1].Lines) != 0 {
		t.Errorf("who is tied sees %+v, %v", v.Sheets, err)
	}
	open := func(by stage.Actor, n int) error {
		_, _, r, err := w.Desk.OpenRankingSheet(ctx, by, m, n, lines[1].ID)
		if err == nil {
			err = r.Close()
		}
		return err
	}
	ok(t, open(clerk, 1))
	ok(t, open(members[0], 1))
	for by, n := range map[stage.Actor]int{tied: 1, clerk: 2} {
		if err := open(by, n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s opens it of ranking %d: %v", by.Role, n, err)
		}
	}
	if !slices.ContainsFunc(w.Entries(string(m)), func(e store.Recorded) bool {
		return e.Act == "meeting.attach_sheet" && e.Facts["sha256"] == lines[1].SHA256 && e.Facts["ranking"] == "1"
	}) {
		t.Error("the record does not say its digest")
	}
	if gone, err := w.Desk.SweepBlobs(ctx, w.Now().AddDate(1, 0, 0)); err != nil || gone != 0 {
		t.Errorf("%d blobs were tidied away, %v", gone, err)
	}
	ok(t, w.Desk.SettleRanking(ctx, chair, m))
	ok(t, w.Desk.Displace(ctx, chair, items[1]))
	ok(t, w.Desk.CloseMeeting(ctx, chair, m))
	p, err := w.Desk.MeetingPaper(ctx, members[0], m, casework.VoteResult, "")
	ok(t, err)
	wants(w, w.Read(p.PDF), "差额表决", "8分，列入", "计票单扫描件", lines[1].SHA256[:8])
	_, done, err := packed(t, w, in)
	ok(t, err)
	for _, want := range []string{"/计票单/第1次差额表决 计票单.pdf", "/计票单/第1项第1次表决 计票单.pdf"} {
		if !slices.ContainsFunc(done.Manifest.Files, func(f archive.File) bool { return strings.Contains(f.Path, want) }) {
			t.Errorf("the archive has no %s", want)
		}
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
