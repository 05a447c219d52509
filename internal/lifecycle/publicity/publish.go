package publicity

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

// Bounds of texts, in 字.
const (
	titleMax = 60
	shortMax = 300
	textMax  = 2000
)

var (
	errDrafter     = fault.Define(fault.Forbidden, "publicity.draft.role", "公示由办公室经办人起草，%s不能起草。", "制度:未列明的行为一律不许")
	errSamePerson  = fault.Define(fault.Refused, "publicity.publish.same_person", "起草和发布不能是同一个人。请另一位负责人发布。", "五(二) 从严从实审核把关")
	errNobody      = fault.Define(fault.Refused, "publicity.publish.empty", "名单里没有单位，不能公示。", "办法(五)")
	errOpenField   = fault.Define(fault.Refused, "publicity.publish.incomplete", "还没有填写：%s。填好再发布。", "办法(五)")
	errFrom        = fault.Define(fault.Refused, "publicity.publish.before_real", "核对起止日期不是在今天（%[2]s），核对的是%[1]s。公示期不能早于实际发布。请重新核对起止日期。", "制度:公示期不得早于实际发布")
	errProvisional = fault.Define(fault.Refused, "publicity.publish.provisional", "%d年的放假安排还没有导入，截止日%s是暂算的。确认知悉后再办。", "制度:放假安排未公布的只能暂算")
	errURL         = fault.Define(fault.Invalid, "publicity.post.url", "网址“%s”不对。写完整网址，以 http:// 或者 https:// 开头。", "办法(五) 在省民政厅网站公示")
	errPosted      = fault.Define(fault.Invalid, "publicity.post.time", "发布时间还没有到，写实际发布的时间。", "办法(五)")
	errHere        = fault.Define(fault.Refused, "publicity.post.here", "公示就在本平台发布，不用登记别处的网址。", "办法(五)")
	errOutage      = fault.Define(fault.Invalid, "publicity.interrupt.time", "中断时间不对：开始要在公示期内（%s至%s），恢复要晚于开始，并且不晚于现在。", "制度:公示中断按方案重计或者顺延")
	errUnchanged   = fault.Define(fault.Invalid, "publicity.correct.nothing", "没有改动。写明改了哪一处。", "制度:公示更正公开并按方案重计或者顺延")
)

// Plan is what the office writes about a publicity.
type Plan struct {
	Title   string
	Text    string
	Contact string
}

func (p Plan) check() error {
	return fault.All(
		words.Check("title", "标题", p.Title, titleMax, true),
		words.Check("text", "正文", p.Text, textMax, false),
		words.Check("contact", "受理方式", p.Contact, shortMax, false),
	)
}

// Plan returns what is written about the publicity, for its form.
func (p *Publicity) Plan() Plan { return Plan{p.Title, p.Text, p.Contact} }

// Facts is what publishing or changing a publicity depends on beside itself.
type Facts struct {
	Calendar     *calendar.Calendar
	Candidates   []Candidate // on the list, in its order
	Acknowledged bool        // the publisher took note that the end is a guess
}

// Publish makes the list public. from is the day of publication that the
// publisher checked the dates against; it is the real one, or the publisher
// looks again: no day before the real publication counts (facts.md §2.4).
func (p *Publicity) Publish(by stage.Actor, from calendar.Date, f Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "publish", by.Role)
	if err != nil {
		return m, err
	}
	for _, rule := range []*fault.Fault{p.fourEyes(by), p.complete(f.Candidates), onTheDay(from, now)} {
		if rule != nil {
			return m, rule
		}
	}
	next := *p
	next.State, next.PublishedAt, next.StartedAt, next.Lost = m.To, now, now, nil
	if err := next.count(f.Calendar, f.Acknowledged); err != nil {
		return m, err
	}
	*p = next
	p.seal(f.Candidates)
	return m, nil
}

// fourEyes: who drafted a list does not publish it (S65).
func (p *Publicity) fourEyes(by stage.Actor) *fault.Fault {
	if by.Account == p.PreparedBy {
		return errSamePerson.New()
	}
	return nil
}

// complete: everything that the page prints is there.
func (p *Publicity) complete(list []Candidate) *fault.Fault {
	var open []string
	if p.Text == "" {
		open = append(open, "正文")
	}
	if p.Contact == "" {
		open = append(open, "受理方式")
	}
	switch {
	case len(list) == 0:
		return errNobody.New()
	case len(open) > 0:
		return errOpenField.New(strings.Join(open, "、"))
	}
	return nil
}

// onTheDay: the dates that were checked are those of the real publication.
func onTheDay(from calendar.Date, now time.Time) *fault.Fault {
	if today := calendar.DateOf(now); from != today {
		return errFrom.New(cmp.Or(from.Chinese(), "另一天"), today.Chinese())
	}
	return nil
}

// Post keeps where and when the list was really posted on the site that carries
// it. Days before that do not count: a later posting starts them there (S55).
func (p *Publicity) Post(by stage.Actor, on Posting, f Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "post", by.Role)
	if err != nil {
		return m, err
	}
	u, bad := url.Parse(on.URL)
	sum, odd := words.SHA256("sha256", "网页摘要", on.SHA256)
	switch {
	case !p.Elsewhere():
		return m, errHere.New()
	case bad != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(on.URL) > 500:
		return m, errURL.At("url", chars.Cut(on.URL, 40))
	case on.At.After(now) || on.At.IsZero():
		return m, errPosted.At("at")
	case odd != nil:
		return m, odd
	}
	var anew time.Time
	if on.At.After(p.StartedAt) {
		anew = on.At
	}
	if err := p.change(f.Calendar, Change{At: now, Act: "post", From: on.At, Say: "在" + p.Place + "发布"}, anew, f.Acknowledged); err != nil {
		return m, err
	}
	p.Posting = Posting{on.URL, on.At, sum}
	return m, nil
}

// Interrupt records that the list could not be read for a while. What the days
// of it count for, the programme says: all start anew when it is back, or those
// that were not full are added.
func (p *Publicity) Interrupt(by stage.Actor, from, to time.Time, reason string, f Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "interrupt", by.Role)
	if err != nil {
		return m, err
	}
	if from.Before(p.StartedAt) || !from.Before(p.Ends) || !to.After(from) || to.After(now) {
		return m, errOutage.At("from", stamp(p.StartedAt), p.Last.Chinese()+" 24:00")
	}
	if f := words.Check("reason", "中断原因", reason, shortMax, true); f != nil {
		return m, f
	}
	return m, p.disturb(f, Change{At: now, Act: "interrupt", From: from, To: to, Say: reason}, from, to)
}

// disturb does to the days what the programme says of a correction or an outage
// that lasted from one instant to another.
func (p *Publicity) disturb(f Facts, ch Change, from, to time.Time) error {
	if p.OnChange == Restart {
		return p.change(f.Calendar, ch, to, f.Acknowledged)
	}
	next := *p
	next.Lost = slices.Clone(p.Lost)
	if to.After(from) {
		to = to.Add(-1) // what is back at 0:00 has not touched that day
	}
	for d := calendar.DateOf(from); !d.After(calendar.DateOf(to)); d = d.AddDays(1) {
		if worked, _ := f.Calendar.Working(d); worked && !slices.Contains(next.Lost, d) {
			next.Lost = append(next.Lost, d)
		}
	}
	if err := next.change(f.Calendar, ch, time.Time{}, f.Acknowledged); err != nil {
		return err
	}
	*p = next
	return nil
}

// Correct changes what was published, visibly: everybody reads what and why, the
// digest before and after, and what it does to the days (S55). f holds the list
// as corrected; its names were changed by Candidate.Rename or Remove.
func (p *Publicity) Correct(by stage.Actor, plan Plan, reason string, f Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "correct", by.Role)
	if err != nil {
		return m, err
	}
	if err := plan.check(); err != nil {
		return m, err
	}
	if f := words.Check("reason", "更正说明", reason, shortMax, true); f != nil {
		return m, f
	}
	next := *p
	next.Title, next.Text, next.Contact = plan.Title, plan.Text, plan.Contact
	if f := next.complete(f.Candidates); f != nil {
		return m, f
	}
	if next.body(f.Candidates) == p.Snapshot {
		return m, errUnchanged.At("reason")
	}
	if err := next.disturb(f, Change{At: now, Act: "correct", Say: reason}, now, now); err != nil {
		return m, err
	}
	*p = next
	p.seal(f.Candidates)
	return m, nil
}

// Withdraw takes a running publicity back: it counts for nothing, and its
// candidates wait for another.
func (p *Publicity) Withdraw(by stage.Actor, reason string) (stage.Move, error) {
	m, err := Kind.Step(p.State, "withdraw", by.Role)
	if err != nil {
		return m, err
	}
	if f := words.Check("reason", "撤回理由", reason, shortMax, true); f != nil {
		return m, f
	}
	p.State, p.Reason = m.To, reason
	return m, nil
}
