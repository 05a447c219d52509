package casework_test

import (
	"fmt"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestMeetingPapers: each member's copy is what that member may read: who is recused from
// an item reads that it is on the agenda and none of its opinions. The result sheet adds
// up, and there are no minutes before the meeting is over.
func TestMeetingPapers(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	in := w.OpenRound()
	key, other := w.Accepted(in), w.Accepted(in)
	w.Reviewed(key)
	w.Reviewed(other)
	w.Visited(key)
	w.Visited(other)
	m, items := w.MeetingOn(in, key, other)
	office, members := w.Office(), w.Members()
	ok(t, w.Desk.RecuseFromItem(t.Context(), members[0], items[0], members[0].Account, "本人在该单位任职"))
	read := func(by stage.Actor, kind string, of stage.Actor) string {
		t.Helper()
		p, err := w.Desk.MeetingPaper(t.Context(), by, m, kind, of.Account)
		ok(t, err)
		return w.Read(p.PDF)
	}
	for name, text := range map[string]string{
		"the member's own": read(members[0], casework.MeetingMaterial, stage.Actor{}),
		"by the office":    read(office.Clerk, casework.MeetingMaterial, members[0]),
	} {
		if n := strings.Count(text, "初审建议"); n != 1 {
			t.Errorf("%s copy of who is recused from one of two items has %d opinions: %s", name, n, text)
		}
		wants(w, text, "本人回避本项", w.ApplicationOf(key).Name, w.ApplicationOf(other).Name)
	}
	if n := strings.Count(read(members[1], casework.MeetingMaterial, stage.Actor{}), "初审建议"); n != 2 {
		t.Errorf("another member reads %d opinions", n)
	}
	for name, by := range map[string]stage.Actor{"another member's copy": members[1], "the chair": office.Chair} {
		if _, err := w.Desk.MeetingPaper(t.Context(), by, m, casework.MeetingMaterial, members[0].Account); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, kind := range []string{casework.MeetingRecord, casework.MeetingMinutes, casework.VoteResult, "nothing"} {
		if _, err := w.Desk.MeetingPaper(t.Context(), office.Clerk, m, kind, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s before the meeting: %v", kind, err)
		}
	}
	w.Sitting(m)
	for _, i := range items {
		w.Voted(i, "aye", "")
	}
	ok(t, w.Desk.CloseMeeting(t.Context(), office.Chair, m))
	n := len(members) + 1
	wants(w, read(office.Clerk, casework.VoteResult, stage.Actor{}), "回避1人（不计入应到）", "第1项", "第2项", "通过需要", "签字", arithmetic(n), arithmetic(n-1))
	wants(w, read(office.Clerk, casework.MeetingMinutes, stage.Actor{}), "全体委员会议纪要", "出席：", "1."+w.ApplicationOf(key).Name)
	if text := read(members[0], casework.VoteResult, stage.Actor{}); !strings.Contains(text, "本人回避，不列票数") || strings.Contains(text, arithmetic(n-1)) {
		t.Errorf("who was recused reads the figures: %s", text)
	}
	wants(w, read(members[1], casework.MeetingRecord, stage.Actor{}), "会议情况", "实到", "结果通过")
}

// arithmetic is how a sheet adds up as many ayes.
func arithmetic(n int) string {
	return fmt.Sprintf("发出%d张，收回%d张，%d+0+0+0=%d", n, n, n, n)
}

// TestLongReport: a report of sixty applications whose names are as long as they may be,
// with rare characters, has its head on every page and its signature never alone; one of
// none says so. Before the deadline, and where the figures do not add up, there is none.
func TestLongReport(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	v := casework.SummaryView{Programme: w.Programme(), Round: round.Round{Title: "关于开展活动的通知", Year: 2026, State: round.Closed, Deadline: w.Now(), LastDay: calendar.DateOf(w.Now())}}
	read := func(v casework.SummaryView) string {
		t.Helper()
		p, err := casework.ReportOf(v)
		ok(t, err)
		return w.Read(p.PDF)
	}
	wants(w, read(v), "收到申报0件", "没有收到申报。")
	name := strings.Repeat("𠮷㛃䶮", 100)
	for i := range 60 {
		v.Rows = append(v.Rows, casework.SummaryRow{
			Application: application.Application{Number: fmt.Sprintf("2026-%03d", i+1), Name: "协会"},
			Review:      review.Review{State: review.Confirmed, Recommendation: "recommend"},
		})
	}
	v.Rows[7].Application.Name, v.Rows[7].Review.Recommendation, v.Rows[7].Review.Opinion = name, "doubtful", "存疑"
	v.Sums = casework.SummarySums{Received: 60, Reviewed: 60, Recommended: 59, Doubtful: 1}
	text := read(v)
	wants(w, text, "收到，合计60", "2026-060", "提请联合党委全体委员会议审议")
	if n := strings.Count(text, "编号单位类别"); n < 3 {
		t.Errorf("the head stands on %d pages: %s", n, text)
	}
	if n := strings.Count(text, "𠮷"); n != 200 {
		t.Errorf("%d of 200 rare characters are there", n)
	}
	early, wrong := v, v
	early.Round.State, wrong.Wrong = round.Open, []string{"收到60件，各项合计59件"}
	for _, v := range []casework.SummaryView{early, wrong} {
		_, err := casework.ReportOf(v)
		w.Refused(err, "paper.review_report.early")
	}
}
