package play

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/chars"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	tally "shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// to moves the clock to an instant.
func (t *Theatre) to(at time.Time) {
	if at.After(t.Now()) {
		must(t.MoveTo(t.ctx, at))
	}
}

// on moves the clock to a time of a day, or to the next day when that has passed.
func (t *Theatre) on(day calendar.Date, hour int) {
	t.to(day.Start().Add(time.Duration(hour) * time.Hour))
}

// later moves the clock by some days.
func (t *Theatre) later(days int) { t.on(calendar.DateOf(t.Now()).AddDays(days), 9) }

func (t *Theatre) today() calendar.Date { return calendar.DateOf(t.Now()) }

// see reads what a script needs to know beyond what its people may see.
func see[T any](t *Theatre, read func(*store.Tx) (T, error)) (v T) {
	must(t.Desk.Store.View(t.ctx, func(tx *store.Tx) (err error) {
		v, err = read(tx)
		return err
	}))
	return v
}

// callDay is when the call of a year is published in a script that goes by the
// programme's dates: some weeks before the deadline that the programme has each year.
func (t *Theatre) callDay(year int) calendar.Date {
	return t.deadline(year).AddDays(-t.open())
}

// open is for how many days a call is open.
func (t *Theatre) open() int { return max(t.Programme.Filing.MinDays, 20) + 15 }

// deadline is the programme's own last day of filing in a year.
func (t *Theatre) deadline(year int) calendar.Date {
	return one(calendar.ParseDate(numeral(year) + "-" + t.Programme.Filing.Deadline))
}

// callFor drafts and publishes the call of a year, with a deadline some weeks off, or
// with the programme's own.
func (t *Theatre) callFor(year int) id.Round {
	deadline, restDay := t.today().AddDays(t.open()), calendar.RollForward
	if t.dated {
		t.on(t.callDay(year), 9)
		deadline, restDay = t.deadline(year), t.Programme.Filing.RestDay
	}
	plan := round.Plan{
		Year: year, Title: "关于开展" + numeral(year) + "年度" + t.Programme.Title + "的通知", DocNumber: t.nextNumber(),
		Addressees: "各有关单位", DatedOn: t.today().AddDays(-3), DeadlineDate: deadline, DeadlineTime: t.Programme.Filing.Time,
		RestDay: restDay, Contact: t.Programme.Office.Name,
	}
	key := one(t.Desk.DraftRound(t.ctx, t.Cast.Clerk, t.Programme.Name, plan))
	v := one(t.Desk.Round(t.ctx, t.Cast.Director, key))
	var noted []string
	for _, w := range v.Warnings {
		noted = append(noted, w.Code)
	}
	must(t.Desk.PublishRound(t.ctx, t.Cast.Director, key, noted))
	return key
}

// nextNumber is the first document number of the year that is not taken.
func (t *Theatre) nextNumber() string {
	word, year, seq := t.Programme.Naming.Numbers, t.today().Year, 1
	for _, n := range see(t, func(tx *store.Tx) ([]document.Number, error) { return tx.NumbersOf(word) }) {
		if n.Year == year {
			seq = max(seq, n.Seq+1)
		}
	}
	return fmt.Sprintf("%s〔%d〕%d号", word, year, seq)
}

func numeral(n int) string { return calendar.On(n, time.January, 1).String()[:4] }

// draft begins an application and fills everything in.
func (t *Theatre) draft(r id.Round, h House) id.Application {
	key := one(t.Desk.StartApplication(t.ctx, h.By, r, ""))
	yes, who := true, "负责人 甲"
	if aboutParty(t.Programme) {
		who = "书记 甲"
	}
	in := answer.Part{Answers: map[string]answer.Answer{}, Committed: &yes, Signatory: &who}
	for _, i := range t.indicators(r) {
		a := answer.Answer{Rating: answer.Meets, Score: i.Points, Statement: within(i, "对照“"+i.Title+"”，三年来每年有安排、有记录、有检查，详见所附材料。")}
		for _, e := range i.Evidence {
			a.Evidence = append(a.Evidence, e+"，见档案第3册")
		}
		in.Answers[i.Code] = a
	}
	must(t.Desk.SaveApplication(t.ctx, h.By, key, 0, in))
	t.enclose(key, h, t.indicators(r))
	return key
}

// within cuts a statement to what an indicator allows.
func within(i programme.Indicator, statement string) string {
	r := []rune(statement)
	for chars.Count(string(r)) > answer.Words(i) {
		r = r[:len(r)-1]
	}
	return string(r)
}

func (t *Theatre) indicators(r id.Round) []programme.Indicator {
	return t.Programme.Indicators(one(t.Desk.Round(t.ctx, stage.Anyone, r)).Round.Year)
}

// file begins, fills in and submits an application. Where the invented facts leave a
// rule in doubt, or cross a red line of the programme, the director looks at the
// originals first and overrides the verdict with a reason.
func (t *Theatre) file(r id.Round, h House) id.Application {
	key := t.draft(r, h)
	for _, c := range one(t.Desk.CheckEligibility(t.ctx, t.Cast.Director, h.ID, t.Programme.Name)).Checks {
		if c.Rule.RedLine && c.Verdict == programme.Fails || c.Verdict == programme.Doubtful {
			must(t.Desk.RuleEligibility(t.ctx, t.Cast.Director, h.ID, casework.RulingOf{
				Programme: t.Programme.Name, Rule: c.Rule.Code, Seen: c.Verdict, Verdict: programme.Meets, Reason: "经核对原件，符合规定。",
			}))
		}
	}
	must(t.Desk.SubmitApplication(t.ctx, h.By, key, 0, t.Desk.SubmissionKey()))
	return key
}

// correct lets the office ask for a correction, and the applicant answer it.
func (t *Theatre) correct(key id.Application, h House) {
	a := see(t, func(tx *store.Tx) (application.Application, error) { return tx.Application(key) })
	i := t.indicators(a.Round)[0]
	code := i.Code
	must(t.Desk.RequestCorrection(t.ctx, t.Cast.Clerk, key, []application.Defect{{Field: code, Say: "说明里没有写明批准文号，请补充。"}}))
	t.later(2)
	w := a.Answers[code]
	w.Statement = within(i, "批准文号为2018年第6号。"+w.Statement)
	must(t.Desk.CorrectApplication(t.ctx, h.By, key, 0, answer.Part{Answers: map[string]answer.Answer{code: w}}))
}

// review examines an application and has it confirmed by the director.
func (t *Theatre) review(key id.Application, recommendation string) {
	r := see(t, func(tx *store.Tx) (review.Review, error) { return tx.ReviewOf(key) })
	j := review.Judgement{Findings: map[string]review.Finding{}, Recommendation: recommendation, Opinion: "经初审，材料齐全，自评与台账一致。"}
	for _, i := range t.indicators(r.Round) {
		if review.Asked(i) {
			j.Findings[i.Code] = review.Finding{Verdict: "meets", Reason: "自评与台账一致。", Score: i.Points}
		}
	}
	if r.Reviewer == t.Cast.Third.Account {
		must(t.Desk.AssignReview(t.ctx, t.Cast.Director, r.ID, t.Cast.Second.Account))
		r.Reviewer = t.Cast.Second.Account
	}
	by := stage.Actor{Account: r.Reviewer, Role: stage.Clerk}
	must(t.Desk.DraftReview(t.ctx, by, r.ID, 0, j))
	must(t.Desk.ConfirmReview(t.ctx, t.Cast.Director, r.ID, 0))
}

// visits sends a team to each of the applications, on the earliest day there is. A
// team is drawn only from a pool in one part: where a programme parts its pool, the
// cast would have to be placed first.
func (t *Theatre) visits(keys []id.Application, opinions map[id.Application]string, drawn bool) {
	if !slices.Contains(t.Programme.Procedure, "visit") {
		return
	}
	team := t.Cast.Assessors[:t.Programme.Visit.TeamMin]
	var members []id.Account
	for _, by := range team {
		members = append(members, by.Account)
	}
	drawn = drawn && len(t.Programme.Visit.Strata) == 0 && len(team) <= 3
	if drawn {
		t.draw(keys, team)
	}
	var day calendar.Date
	for _, key := range keys {
		v := see(t, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitOf(key) })
		if !drawn {
			must(t.Desk.ComposeTeam(t.ctx, t.Cast.Clerk, v.ID, 0, members, team[0].Account, "虚构的演示，直接指定"))
		}
		day = one(t.Desk.Visit(t.ctx, t.Cast.Clerk, v.ID)).Earliest
		must(t.Desk.ScheduleVisit(t.ctx, t.Cast.Clerk, v.ID, 0, visit.Slot{On: day, At: "09:30", Place: "单位会议室"}, ""))
		must(t.Desk.ConfirmVisit(t.ctx, stage.Actor{Account: t.house(v.Organisation).By.Account, Role: stage.Applicant, Organisation: v.Organisation}, v.ID))
	}
	t.calibrate(keys[0], team)
	t.on(day, 15)
	for _, key := range keys {
		v := see(t, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitOf(key) })
		must(t.Desk.ReportVisit(t.ctx, team[0], v.ID, 0, t.account(v.Round, opinions[key])))
		for n, by := range team {
			dissent := ""
			if n > 0 && n == len(team)-1 && opinions[key] != "" {
				dissent = "活动场所标识不够醒目，建议更换。"
			}
			must(t.Desk.SignVisit(t.ctx, by, v.ID, 1, dissent))
		}
	}
}

// calibrate lets a team mark a sample alone, where the programme asks for it before live
// visits: the first as the office holds it, the others higher.
func (t *Theatre) calibrate(of id.Application, team []stage.Actor) {
	if t.Programme.Visit.Calibration != "required" {
		return
	}
	v := see(t, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitOf(of) })
	key := one(t.Desk.PrepareCalibration(t.ctx, t.Cast.Clerk, v.Round, "虚构样本"))
	w := one(t.Desk.Calibration(t.ctx, t.Cast.Clerk, key))
	s := calibration.Sample{Title: "虚构样本", Answers: map[string]string{}, Reference: map[string]assessment.Finding{}}
	given := map[string]assessment.Finding{}
	for _, i := range w.Indicators {
		s.Answers[i.Code], s.Reference[i.Code] = "样本写明有制度，记录只有半年的。", assessment.Finding{Rating: "partly", Score: i.Points / 2}
		given[i.Code] = assessment.Finding{Rating: "meets", Score: i.Points}
	}
	must(t.Desk.IssueCalibration(t.ctx, t.Cast.Clerk, key, 0, s))
	for n, by := range team {
		if n == 0 {
			must(t.Desk.MarkCalibration(t.ctx, by, key, s.Reference))
			continue
		}
		must(t.Desk.MarkCalibration(t.ctx, by, key, given))
	}
}

// account is what a team writes. opinion is meets when empty.
func (t *Theatre) account(r id.Round, opinion string) assessment.Account {
	if opinion == "" {
		opinion = "meets"
	}
	met := "座谈有关人员和服务对象。"
	if aboutParty(t.Programme) {
		met = "座谈党员和从业人员。"
	}
	a := assessment.Account{
		Records: map[string]assessment.Record{
			"papers": {Text: "查阅三年会议记录和台账。"}, "premises": {Text: "查看活动场所和宣传阵地。"},
			"interviews": {Text: met, People: 12, Tallies: map[string]assessment.Tally{
				"leader": {Sample: 12, Content: 11}, "members": {Sample: 20, Content: 18}, "served": {Sample: 20, Content: 19},
			}},
		},
		Findings: map[string]assessment.Finding{}, Opinion: opinion, Text: "经查看资料、实地检查和座谈走访，提出以上意见。",
	}
	for _, i := range t.indicators(r) {
		a.Findings[i.Code] = assessment.Finding{Rating: "meets", Note: "现场核实", Score: i.Points}
	}
	return a
}

func (t *Theatre) house(key id.Organisation) House {
	return t.Houses[slices.IndexFunc(t.Houses, func(h House) bool { return h.ID == key })]
}

// ballot is how one item is voted on.
type ballot struct {
	subject item.Subject
	ayes    int    // how many say aye; the others say no. -1: all
	recuse  int    // how many members recuse themselves
	reason  string // of a result that departs from the recommendation
	tie     bool   // as many ayes as noes: the programme says what follows
	short   bool   // so many leave before it that it cannot be voted on and is put off
}

// meet holds a meeting of the committee: papers in time, everybody signs in, item
// by item.
func (t *Theatre) meet(r id.Round, title string, ballots []ballot) {
	var about []item.Subject
	for _, b := range ballots {
		about = append(about, b.subject)
	}
	m, items := t.convene(r, title, "", about)
	t.sit(m)
	for n, b := range ballots {
		t.decide(items[n], b)
	}
	t.settle(m, items)
	must(t.Desk.CloseMeeting(t.ctx, t.Cast.Chair, m))
	t.signs(casework.MeetingMinutes, string(m))
	must(t.Desk.MinuteMeeting(t.ctx, t.Cast.Clerk, m, 0, "会议听取了"+t.heard()+"汇报，逐项审议并表决。"))
}

// convene calls a meeting that votes in a way, as the programme says where that is
// empty, and sends out its papers. It is the meeting's day afterwards.
func (t *Theatre) convene(r id.Round, title, way string, about []item.Subject) (m id.Meeting, items []id.Item) {
	on := t.today().AddDays(t.Programme.Meeting.MaterialDays + 1)
	m = one(t.Desk.ConveneMeeting(t.ctx, t.Cast.Clerk, t.Programme.Name, meeting.Plan{
		Round: r, Title: title, At: on.Start().Add(9 * time.Hour), Place: "三楼会议室", Presiding: t.Cast.Chair.Account, Attending: []string{"纪检监察组列席人员"},
		Ballot: way,
	}))
	for _, s := range about {
		items = append(items, one(t.Desk.ListItem(t.ctx, t.Cast.Clerk, m, s)))
	}
	must(t.Desk.CirculateMeeting(t.ctx, t.Cast.Clerk, m))
	t.on(on, 9)
	return m, items
}

// heard is what a committee hears about the applicants before it votes.
func (t *Theatre) heard() string {
	if slices.Contains(t.Programme.Procedure, "visit") {
		return "初审和考核情况"
	}
	return "初审情况"
}

// sit signs everybody in and opens a meeting.
func (t *Theatre) sit(m id.Meeting) {
	for _, by := range t.committee() {
		must(t.Desk.SignIntoMeeting(t.ctx, by, m, by.Account))
	}
	must(t.Desk.OpenMeeting(t.ctx, t.Cast.Chair, m))
}

// settle brings the carried items within the places, as the programme says: those
// beyond them are dropped, and who is level at the edge is voted on again, the first
// on the agenda ahead.
func (t *Theatre) settle(m id.Meeting, items []id.Item) {
	for range len(items) + 1 {
		v := one(t.Desk.Meeting(t.ctx, t.Cast.Chair, m))
		s, done := v.Settlement, true
		for _, category := range slices.Sorted(maps.Keys(s.Cuts)) {
			cut := s.Cuts[category]
			if cut.Settled() {
				continue
			}
			done = false
			for _, key := range cut.Out {
				must(t.Desk.Displace(t.ctx, t.Cast.Chair, key))
			}
			seats := s.Places[category] - len(cut.Stay)
			if len(cut.Again) > 0 && tally.Chooses(v.Meeting.Rules) {
				t.rank(m, category)
				break
			}
			for n, key := range cut.Again {
				b := ballot{ayes: -1, reason: "名额所限，按再次表决的结果。"}
				if n >= seats {
					b.ayes = 0
				}
				must(t.Desk.SecondBallot(t.ctx, t.Cast.Chair, key))
				t.decide(key, b)
			}
			break // what this did may settle the others
		}
		if done {
			return
		}
	}
}

// committee lists who votes, the one who presides last.
func (t *Theatre) committee() []stage.Actor {
	return append(append(slices.Clone(t.Cast.Members), t.Cast.Vice), t.Cast.Chair)
}

// decide takes an item through its vote, again when the programme says so after a
// tie.
func (t *Theatre) decide(key id.Item, b ballot) {
	if b.short {
		t.putOff(key)
		return
	}
	for n := range b.recuse {
		by := t.Cast.Members[n]
		must(t.Desk.RecuseFromItem(t.ctx, by, key, by.Account, "曾任该单位顾问"))
	}
	for range 2 {
		must(t.Desk.OpenVote(t.ctx, t.Cast.Chair, key))
		if t.Programme.Meeting.Ballot == "named" {
			t.vote(key, b)
		}
		must(t.Desk.CloseVote(t.ctx, t.Cast.Chair, key))
		if t.Programme.Meeting.Ballot != "named" {
			t.count(key, b)
		}
		must(t.Desk.Declare(t.ctx, t.Cast.Chair, key, "no", b.reason))
		if one(t.Desk.Item(t.ctx, t.Cast.Chair, key)).Item.State != item.Listed {
			return
		}
		b.tie, b.ayes = false, 2 // voted on again after a tie: opinions have moved
	}
}

// putOff lets members leave until there is no quorum any more. The vote is refused, the
// item comes back in another meeting, and they in time for what is left of this one.
func (t *Theatre) putOff(key id.Item) {
	v := one(t.Desk.Item(t.ctx, t.Cast.Chair, key))
	away := t.committee()[:v.Attendance.Present-v.Quorum+1]
	for _, by := range away {
		must(t.Desk.DepartMeeting(t.ctx, by, v.Meeting.ID, by.Account))
	}
	t.wantRefused(t.Desk.OpenVote(t.ctx, t.Cast.Chair, key))
	must(t.Desk.DeferItem(t.ctx, t.Cast.Chair, key, "委员中途离会，不足法定人数，缓议。"))
	for _, by := range away { // carried items may have to be voted on again
		must(t.Desk.SignIntoMeeting(t.ctx, by, v.Meeting.ID, by.Account))
	}
}

// count lets two scrutineers count the paper ballots alike, and scans their sheet.
func (t *Theatre) count(key id.Item, b ballot) {
	n := one(t.Desk.Item(t.ctx, t.Cast.Chair, key)).Attendance.Present
	ayes := min(b.ayes, n)
	if ayes < 0 {
		ayes = n
	}
	if b.tie {
		ayes = n / 2
	}
	for _, by := range t.Cast.Scrutineers[:2] {
		must(t.Desk.CountBallots(t.ctx, by, key, tally.Tally{Issued: n, Collected: n, Ayes: ayes, Noes: n - ayes}))
	}
	scan := PDF("计票单", fmt.Sprintf("发出%d张，收回%d张。赞成%d票，反对%d票。", n, n, ayes, n-ayes), "监票人签字：略")
	must(t.Desk.AttachCountSheet(t.ctx, t.Cast.Scrutineers[0], key, "计票单.pdf", bytes.NewReader(scan)))
}

func (t *Theatre) vote(key id.Item, b ballot) {
	voters := slices.DeleteFunc(t.committee(), func(by stage.Actor) bool { return !one(t.Desk.Item(t.ctx, by, key)).May })
	ayes := b.ayes
	if ayes < 0 {
		ayes = len(voters)
	}
	if b.tie {
		ayes = len(voters) / 2
	}
	for n, by := range voters {
		choice := "no"
		if n < ayes {
			choice = "aye"
		}
		must(t.Desk.Vote(t.ctx, by, key, choice))
	}
}

// publicise makes the list of everybody who waits public and records its posting.
func (t *Theatre) publicise(r id.Round) publicity.Publicity {
	for _, c := range one(t.Desk.PublicityChoices(t.ctx, t.Cast.Clerk)) {
		if c.Round.ID != r {
			continue
		}
		key := one(t.Desk.DraftPublicity(t.ctx, t.Cast.Clerk, r, c.Plan()))
		must(t.Desk.PublishPublicity(t.ctx, t.Cast.Director, key, 0, t.today(), true))
		p := see(t, func(tx *store.Tx) (publicity.Publicity, error) { return tx.Publicity(key) })
		if p.Elsewhere() {
			must(t.Desk.PostPublicity(t.ctx, t.Cast.Clerk, key, publicity.Posting{URL: "https://portal.example/list.html", At: t.Now()}, true))
		}
		return see(t, func(tx *store.Tx) (publicity.Publicity, error) { return tx.Publicity(key) })
	}
	panic(halt{errNobodyWaits})
}

// object files an objection against an application, and has it looked into.
func (t *Theatre) object(key id.Application, text string) id.Objection {
	c := see(t, func(tx *store.Tx) (publicity.Candidate, error) { return tx.CandidateOf(key) })
	r := one(t.Desk.FileObjection(t.ctx, stage.Anyone, c.ID, objection.Filing{Channel: objection.Web, Name: "来信人", Contact: "来信地址", Text: text}, ""))
	o := r.Objection.ID
	must(t.Desk.AdmitObjection(t.ctx, t.Cast.Clerk, o))
	must(t.Desk.AssignObjection(t.ctx, t.Cast.Director, o, t.Cast.Third.Account))
	must(t.Desk.AskObjection(t.ctx, t.Cast.Third, o, "请说明所反映的情况。", 3))
	must(t.Desk.ReplyObjection(t.ctx, t.house(c.Organisation).By, o, "情况说明如下，附有关材料。"))
	return o
}

// conclude says whether an objection holds; an unfounded one is answered.
func (t *Theatre) conclude(o id.Objection, founded bool) {
	must(t.Desk.ConcludeObjection(t.ctx, t.Cast.Third, o, objection.Conclusion{Founded: founded, Summary: "反映一项材料与事实不符", Finding: "经核查原始凭证。"}))
	if !founded {
		must(t.Desk.AnswerObjection(t.ctx, t.Cast.Director, o, "经核查，所反映的情况不属实。"))
	}
}
