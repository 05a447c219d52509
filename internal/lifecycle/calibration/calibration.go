package calibration

import (
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
)

// The states of a sample.
const (
	Prepared  stage.State = "prepared"  // the office writes it; nobody else sees it
	Open      stage.State = "open"      // assessors mark it
	Withdrawn stage.State = "withdrawn" // it was faulty and asks nothing more
)

// Kind is the machine of a sample.
var Kind = stage.Kind{
	Name: "calibration", Label: "校准练习", Start: Prepared,
	Moves: []stage.Move{
		{From: Prepared, Act: "edit", By: stage.Clerk, To: Prepared, Basis: "方案设定的评分校准"},
		{From: Prepared, Act: "issue", By: stage.Clerk, To: Open, Basis: "方案设定的评分校准"},
		{From: Prepared, Act: "withdraw", By: stage.Clerk, To: Withdrawn, Basis: "制度:有误的样本撤回，写明原因"},
		{From: Open, Act: "mark", By: stage.Assessor, To: Open, Basis: "制度:先各自独立评分，再看他人的"},
		{From: Open, Act: "withdraw", By: stage.Clerk, To: Withdrawn, Basis: "制度:有误的样本撤回，写明原因"},
	},
	Ends: map[stage.State]bool{Withdrawn: false},
	Words: map[string]string{
		"prepared": "编写中", "open": "已发出", "withdrawn": "已撤回",
		"prepare": "编写校准样本", "edit": "修改校准样本", "issue": "发出校准样本", "mark": "校准评分", "withdraw": "撤回校准样本",
	},
}

// Calibration is one sample of a round.
type Calibration struct {
	ID         id.Calibration
	Programme  id.Programme
	Round      id.Round
	State      stage.State
	Title      string
	Answers    map[string]string             // by indicator: what the sample says of it
	Reference  map[string]assessment.Finding // by indicator: what the office holds right
	PreparedBy id.Account
	PreparedAt time.Time
	OpenedAt   time.Time
	EndedAt    time.Time
	Reason     string // why it was withdrawn
	Version    int64
}

// Marking is what one assessor gave to a sample, once.
type Marking struct {
	ID          id.Marking
	Calibration id.Calibration
	Account     id.Account
	Findings    map[string]assessment.Finding // by indicator
	At          time.Time
}

// Sample is what the office writes of a sample.
type Sample struct {
	Title     string
	Answers   map[string]string
	Reference map[string]assessment.Finding
}

// TitleMax is the longest title, in characters.
const TitleMax = 60

var (
	errTitle = fault.Define(fault.Invalid, "calibration.prepare.title",
		"样本名称没有填写，或超过%d字。写“样本一”一类的名称，不写真实单位。", "制度:校准样本不写真实单位")
	errNothing = fault.Define(fault.Refused, "calibration.prepare.indicators",
		"本方案没有由实地考核看的指标，没有可以校准的内容。", "方案设定的创建标准")
	errOver = fault.Define(fault.Refused, "calibration.prepare.over",
		"这一届已经办结或取消，不再编写校准样本。", "")
	errRating = fault.Define(fault.Invalid, "calibration.mark.rating",
		"指标 %s 还没有评。选达到、部分达到或未达到。", "方案设定的评分校准")
	errScore = fault.Define(fault.Invalid, "calibration.mark.score",
		"指标 %s 的得分要是%s。", "方案设定的评分办法")
	errMarked = fault.Define(fault.Refused, "calibration.mark.twice",
		"这份样本本人已经评过。评分交出后可以看到他人的评分，不能再改。", "制度:先各自独立评分，再看他人的")
	errAuthor = fault.Define(fault.Refused, "calibration.mark.author",
		"这份样本和参考评分是本人编写的，不能再作为评分人。请评其他样本。", "制度:先各自独立评分，再看他人的")
	errUnfinished = fault.Define(fault.Refused, "calibration.required.unfinished",
		"本方案要求先做校准练习，本届还有%d份样本没有评，现在不能评分和签署。到工作台的“校准练习”逐份评完，再回到这里；已经填写的内容不会丢。", "方案设定的评分校准")
	errNone = fault.Define(fault.Refused, "calibration.required.none",
		"本方案要求先做校准练习，办公室还没有发出本届的样本，现在不能评分和签署。请办公室在本届页面的“校准练习”里发出样本。", "方案设定的评分校准")
)

// Asked lists the indicators that a sample is about: those that a visit must look at.
func Asked(all []programme.Indicator) (some []programme.Indicator) {
	for _, i := range all {
		if i.At == "visit" {
			some = append(some, i)
		}
	}
	return some
}

// Prepare begins a sample of a round with its title. over says that the round takes no
// more.
func Prepare(by stage.Actor, p id.Programme, of id.Round, over bool, title string, indicators []programme.Indicator, now time.Time) (Calibration, stage.Move, error) {
	c := Calibration{
		Programme: p, Round: of, State: Prepared, Title: strings.TrimSpace(title), Answers: map[string]string{}, Reference: map[string]assessment.Finding{},
		PreparedBy: by.Account, PreparedAt: now,
	}
	m := stage.Move{Act: "prepare", By: by.Role, To: Prepared, Basis: "方案设定的评分校准"}
	if _, err := Kind.Step(Prepared, "edit", by.Role); err != nil {
		return c, m, err
	}
	switch {
	case over:
		return c, m, errOver.New()
	case len(Asked(indicators)) == 0:
		return c, m, errNothing.New()
	}
	return c, m, fault.All(titled(c.Title))
}

func titled(s string) *fault.Fault {
	if s == "" || utf8.RuneCountInString(s) > TitleMax {
		return errTitle.At("title", TitleMax)
	}
	return review.Kept("title", "样本名称", s)
}

// Edit keeps what the office wrote so far. Nothing needs to be complete.
func (c *Calibration) Edit(by stage.Actor, s Sample, indicators []programme.Indicator) (stage.Move, error) {
	m, err := Kind.Step(c.State, "edit", by.Role)
	if err != nil {
		return m, err
	}
	s.Title = strings.TrimSpace(s.Title)
	answers, reference := map[string]string{}, map[string]assessment.Finding{}
	wrong := []*fault.Fault{titled(s.Title)}
	for _, i := range Asked(indicators) {
		text := strings.TrimSpace(s.Answers[i.Code])
		wrong = append(wrong, review.Kept("answers."+i.Code, "指标 "+i.Code+" 的样本情况", text))
		if text != "" {
			answers[i.Code] = text
		}
		if f := s.Reference[i.Code]; f != (assessment.Finding{}) {
			if f.Rating != "" || f.Score != 0 {
				wrong = append(wrong, given(i, f, "findings."+i.Code))
			}
			wrong = append(wrong, review.Kept("findings."+i.Code+".note", "指标 "+i.Code+" 的说明", f.Note))
			reference[i.Code] = f
		}
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	c.Title, c.Answers, c.Reference = s.Title, answers, reference
	return m, nil
}

// given refuses a mark that is no mark of this indicator.
func given(i programme.Indicator, f assessment.Finding, path string) *fault.Fault {
	switch {
	case assessment.Ratings[f.Rating] == "":
		return errRating.At(path+".rating", i.Code)
	case i.Scored() && !score.Takes(i, f.Score):
		return errScore.At(path+".score", i.Code, score.Range(i))
	}
	return nil
}

// Issue gives a sample out. Every indicator has its text and its reference mark.
func (c *Calibration) Issue(by stage.Actor, indicators []programme.Indicator, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(c.State, "issue", by.Role)
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	for _, i := range Asked(indicators) {
		wrong = append(wrong, review.Written("answers."+i.Code, "指标 "+i.Code+" 的样本情况", c.Answers[i.Code]), given(i, c.Reference[i.Code], "findings."+i.Code))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	c.State, c.OpenedAt = m.To, now
	return m, nil
}

// Withdraw takes a sample back, with the reason.
func (c *Calibration) Withdraw(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(c.State, "withdraw", by.Role)
	if err != nil {
		return m, err
	}
	if err := fault.All(review.Written("reason", "撤回原因", reason)); err != nil {
		return m, err
	}
	c.State, c.Reason, c.EndedAt = m.To, strings.TrimSpace(reason), now
	return m, nil
}

// Mark takes an assessor's own marks, all of them and once. before says that they are
// there already.
func (c *Calibration) Mark(by stage.Actor, findings map[string]assessment.Finding, before bool, indicators []programme.Indicator, now time.Time) (Marking, stage.Move, error) {
	k := Marking{Calibration: c.ID, Account: by.Account, Findings: map[string]assessment.Finding{}, At: now}
	m, err := Kind.Step(c.State, "mark", by.Role)
	switch {
	case err != nil:
		return k, m, err
	case by.Account == c.PreparedBy:
		return k, m, errAuthor.New()
	case before:
		return k, m, errMarked.New()
	}
	var wrong []*fault.Fault
	for _, i := range Asked(indicators) {
		f := findings[i.Code]
		f.Note = strings.TrimSpace(f.Note)
		wrong = append(wrong, given(i, f, "findings."+i.Code), review.Kept("findings."+i.Code+".note", "指标 "+i.Code+" 的说明", f.Note))
		k.Findings[i.Code] = f
	}
	return k, m, fault.All(wrong...)
}

// Shows reports whether an assessor sees the reference and the others' marks: only
// after their own.
func Shows(marks []Marking, who id.Account) bool {
	for _, k := range marks {
		if who != "" && k.Account == who {
			return true
		}
	}
	return false
}

// Standing is how far somebody is with the samples of a round.
type Standing struct {
	Open int // samples that ask for marks of everybody
	Left int // of them, those that this person has neither marked nor written
}

// Ready refuses an assessor who has not done the exercise where the programme requires
// it. A programme whose visits must look at nothing has nothing to calibrate.
func Ready(v programme.Visit, indicators []programme.Indicator, s Standing) error {
	switch {
	case v.Calibration != "required" || len(Asked(indicators)) == 0:
		return nil
	case s.Open == 0:
		return errNone.New()
	case s.Left > 0:
		return errUnfinished.New(s.Left)
	}
	return nil
}
