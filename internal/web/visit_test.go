package web_test

import (
	"strconv"
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// account is the form of a visit as a team fills it in.
func account(w *testkit.World, round id.Round, version int64, act string) []string {
	a := testkit.Account(w.Criteria(round))
	form := []string{"act", act, "version", strconv.FormatInt(version, 10), "opinion", a.Opinion, "text", a.Text}
	for name, r := range a.Records {
		form = append(form, "records."+name+".text", r.Text)
		if r.People > 0 {
			form = append(form, "records."+name+".people", "１２")
		}
		for survey, t := range r.Tallies {
			form = append(form, "records."+name+".tallies."+survey, strconv.Itoa(t.Sample), "records."+name+".tallies."+survey+".content", strconv.Itoa(t.Content))
		}
	}
	for code, f := range a.Findings {
		form = append(form, "findings."+code+".rating", f.Rating)
	}
	return form
}

func TestAVisitByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	w.At("2021-07-20")
	w.Reviewed(app)
	v, a := w.VisitOf(app), w.ApplicationOf(app)
	at := "/visits/" + string(v.ID)
	clerk, org, team := w.Browser(w.Office().Clerk), w.Browser(w.ApplicantOf(a.Organisation)), w.Team()
	leader := w.Browser(team[0])

	clerk.Get("/visits").Want(200, a.Name, "待安排")
	org.Get(at).Want(200, "待安排")
	leader.Get("/visits").Want(200, "我的任务", "现在没有参加的考核")
	clerk.Get(at+"/team").Want(200, "考核组员1", "至少3人")
	clerk.Post(at+"/team", "team", string(team[0].Account), "leader", string(team[0].Account)).Want(422, "至少3人")
	clerk.Post(at+"/team", "team", string(team[0].Account), "team", string(team[1].Account), "team", string(team[2].Account), "leader", string(team[0].Account)).Want(303)
	leader.Get(at).Want(200, a.Name)
	clerk.Get(at+"/schedule").Want(200, "2021年7月23日", "通知内容")
	clerk.Post(at+"/schedule", "on", "2021-02-30", "at", "09:30", "place", "会议室").Want(422, "2021-02-30")
	clerk.Post(at+"/schedule", "on", "2021-07-22", "at", "09:30", "place", "会议室").Want(422, "要提前3个工作日")
	clerk.Post(at+"/schedule", "on", "2021年7月23日", "at", "9点", "place", "会议室").Want(422, "09:30")
	clerk.Post(at+"/schedule", "on", "2021年7月23日", "at", "０９：３０", "place", "会议室").Want(303)

	org.Get("/work").Want(200, "确认考核时间")
	p := org.Get(at).Want(200, "考核组员1", "2021年7月23日", "提议改期")
	if strings.Contains(p.Body, string(team[0].Account)) {
		t.Error("the organisation reads an account")
	}
	org.Get(at + "/report").Want(403)
	org.Post(at+"/propose", "day", "2021-07-26", "at", "14:00", "reason", "").Want(422, "改期的原因没有填写")
	org.Get(at+"/propose").Want(200, "提议改期")
	org.Post(at + "/confirm").Want(303)
	org.Get(at).Want(200, "已确认")
	w.Browser(w.ApplicantOf(w.Organisation())).Get(at).Want(404)
	w.Browser(w.Person("组外考核员", stage.Assessor)).Get(at).Want(404)

	w.At("2021-07-23 15:00:00") // everybody signs in again
	clerk, org = w.Browser(w.Office().Clerk), w.Browser(w.ApplicantOf(a.Organisation))
	leader = w.Browser(team[0])
	second, third := w.Browser(team[1]), w.Browser(team[2])
	leader.Get(at).Want(200, "填写考核情况")
	leader.Get(at+"/report").Want(200, "查看资料", "实地检查", "座谈走访", "成员满意度", "提交考核意见")
	if p := second.Get(at + "/report").Want(200); strings.Contains(p.Body, `value="report"`) {
		t.Error("a member who does not lead is offered to hand in the opinion")
	}
	leader.Post(at+"/report", "act", "report", "text", "只写了意见").Want(422, "查看资料没有记录", "只写了意见")
	leader.Post(at+"/report", "act", "record", "records.interviews.tallies.members", "5", "records.interviews.tallies.members.content", "6").Want(422, "满意6人")
	leader.Post(at+"/report", account(w, v.Round, w.VisitOf(app).Version, "report")...).Want(303)
	second.Get("/work").Want(200, "签署考核意见")
	second.Get(at+"/sign").Want(200, "第1稿", "达到标准", "不同意见")
	for n, b := range []*testkit.Browser{leader, second, third} {
		b.Get(at + "/signed").Want(404)
		b.Follow(b.Post(at+"/sign", "edition", "1", "dissent", map[int]string{1: "1-1只是部分达到"}[n]).Want(303)).Want(200, "考核意见已签署", "第1稿", []string{"还有2人", "还有1人", "全组已签署"}[n])
	}
	clerk.Get(at).Want(200, "已签署", "1-1只是部分达到", "调查20人，满意19人")
	if p := org.Get(at).Want(200, "已签署"); strings.Contains(p.Body, "部分达到") {
		t.Error("the organisation reads the dissent")
	}
}

func TestAVisitIsWaivedByPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	w.Reviewed(app)
	at := "/visits/" + string(w.VisitOf(app).ID)
	director, chair := w.Browser(w.Office().Director), w.Browser(w.Office().Chair)
	director.Post(at+"/waive", "reason", "路远").Want(409, "由主任委员决定")
	chair.Get(at+"/waive").Want(200, "免予考核")
	chair.Post(at+"/waive", "reason", "").Want(422, "理由没有填写")
	chair.Get(at + "/waived").Want(404)
	chair.Follow(chair.Post(at+"/waive", "reason", "上月刚由省里考核").Want(303)).Want(200, "已免予考核", "上月刚由省里考核", "下一步", w.ApplicationOf(app).Number)
}

// TestTheCommitteeReadsBothOpinions: the agenda offers what waits, and an item
// leads members who are not recused to the file with both opinions (S53).
func TestTheCommitteeReadsBothOpinions(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.Reviewed(app)
	w.Visited(app)
	name := w.ApplicationOf(app).Name
	clerk := w.Browser(w.Office().Clerk)
	clerk.Get("/meetings/"+string(w.Convened(round))).Want(200, name)
	recused := w.Grant(w.Team()[2], stage.Member)
	_, items := w.MeetingOn(round, app)
	at := "/items/" + string(items[0])
	member := w.Browser(w.Members()[0])
	member.Get(at).Want(200, "审议材料", "建议列入", "达到标准")
	p := member.Get(at+"/file").Want(200, name, "初审建议", "建议列入", "考核意见", "系统核对")
	if strings.Contains(p.Body, "经办人甲") {
		t.Error("a member reads who reviewed")
	}
	w.Browser(recused).Get(at + "/file").Want(404)
	w.Browser(w.Person("监票人", stage.Scrutineer)).Get(at + "/file").Want(403)
	w.Browser(w.Person("不在名册的委员", stage.Member)).Get(at + "/file").Want(404)
}
