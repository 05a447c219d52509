package objection

import (
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

// Bounds of texts, in 字.
const (
	TextMax    = 3000
	nameMax    = 60
	contactMax = 120
)

var (
	errNotPublic = fault.Define(fault.Refused, "objection.file.not_public", "这份公示现在不接受异议：%s。", "办法(五)")
	errOffList   = fault.Define(fault.Refused, "objection.file.off_list", "“%s”已不在名单上，不用再提异议。", "办法(五)")
	errSign      = fault.Define(fault.Invalid, "objection.file.unsigned", "没有写姓名或者单位名称。写明真实姓名或者单位名称；不愿署名的，选“不署名”。", "制度:异议须以真实姓名或者单位名义提出")
	errContact   = fault.Define(fault.Invalid, "objection.file.contact", "没有写联系方式。写电话或者通信地址，用来核实和答复。", "制度:异议须以真实姓名或者单位名义提出")
	errSigned    = fault.Define(fault.Invalid, "objection.file.both", "选了不署名，就不用写姓名和联系方式；要署名的，改选署名方式。", "")
	errChannel   = fault.Define(fault.Invalid, "objection.file.channel", "没有选来件方式。", "")
	errPostmark  = fault.Define(fault.Invalid, "objection.file.date", "邮戳或者来件日期不对：不能早于公示发布，也不能晚于今天。", "制度:来信以邮戳日期为准")
	errOffice    = fault.Define(fault.Forbidden, "objection.file.role", "来信、电话和来访的异议由办公室经办人登记。", "制度:未列明的行为一律不许")
	errTwice     = fault.Define(fault.Refused, "objection.file.twice", "同样内容的异议已经收到（%s），不用重复提交。凭原来的查询码查询进度。", "")
	errAfterwit  = fault.Define(fault.Refused, "objection.withdraw.twice", "已经撤回过了。", "")
	errInTime    = fault.Define(fault.Refused, "objection.transfer.in_time", "在公示期内提出并且署名的，是异议，不能转为举报。", "办法(五)(六)")
)

// Filing is what somebody raises.
type Filing struct {
	Channel   string
	On        calendar.Date // of the postmark or the call, when the office registers it; zero: now
	Anonymous bool
	Unit      bool
	Name      string
	Contact   string
	Text      string
}

// Check says everything that is wrong with what was typed, at once.
func (f Filing) Check() error {
	faults := []*fault.Fault{
		words.Check("name", "姓名或者单位名称", f.Name, nameMax, false),
		words.Check("contact", "联系方式", f.Contact, contactMax, false),
		words.Check("text", "事实和依据", f.Text, TextMax, true),
	}
	switch {
	case f.Anonymous && (f.Name != "" || f.Contact != ""):
		faults = append(faults, errSigned.At("anonymous"))
	case f.Anonymous:
	case strings.TrimSpace(f.Name) == "":
		faults = append(faults, errSign.At("name"))
	case strings.TrimSpace(f.Contact) == "":
		faults = append(faults, errContact.At("contact"))
	}
	return fault.All(faults...)
}

// File receives an objection against a candidate of a publicity that is or was
// public. What arrives late or unsigned is received too, and becomes a report.
func File(by stage.Actor, p *publicity.Publicity, c publicity.Candidate, f Filing, now time.Time) (*Objection, stage.Move, error) {
	m := stage.Move{Act: "file", By: by.Role, To: Received, Basis: "办法(五) 公示"}
	if f.Channel == "" {
		f.Channel = Web
	}
	if f.Channel != Web && by.Role != stage.Clerk {
		return nil, m, errOffice.New()
	}
	if err := f.Check(); err != nil {
		return nil, m, err
	}
	at, err := f.arrived(p, now)
	if err != nil {
		return nil, m, err
	}
	switch {
	case p.State != publicity.Running && p.State != publicity.Served:
		return nil, m, errNotPublic.New(publicity.Kind.Word(string(p.State)))
	case c.State == publicity.Removed || c.State == publicity.Upheld:
		return nil, m, errOffList.New(c.Name)
	}
	p.Objections++
	return &Objection{
		Programme: p.Programme, Publicity: p.ID, Candidate: c.ID, Application: c.Application, Organisation: c.Organisation, Name: c.Name,
		Number: p.Objections, Channel: f.Channel, Anonymous: f.Anonymous, Text: f.Text, ArrivedAt: at, State: Received,
	}, m, nil
}

// arrived returns the instant that counts: of a letter, the end of the day of
// its postmark, unless that is yet to come.
func (f Filing) arrived(p *publicity.Publicity, now time.Time) (time.Time, error) {
	word := ""
	for _, c := range Channels {
		if c.Code == f.Channel {
			word = c.Word
		}
	}
	switch {
	case word == "":
		return now, errChannel.At("channel")
	case f.Channel == Web || f.On.IsZero():
		return now, nil
	case f.On.After(calendar.DateOf(now)) || f.On.Before(calendar.DateOf(p.PublishedAt)):
		return now, errPostmark.At("on")
	}
	if end := f.On.End().Add(-time.Second); end.Before(now) {
		return end, nil
	}
	return now, nil
}

// Report says why what was received is no objection but a report: Late or
// Unsigned; "" when it is an objection. A case that the end of a publicity has
// overtaken by a restart is in time again.
func (o *Objection) Report(p *publicity.Publicity, c *calendar.Calendar) string {
	switch {
	case !p.InTime(c, o.ArrivedAt):
		return Late
	case p.RealName && o.Anonymous:
		return Unsigned
	}
	return ""
}

// Transfer makes a report of what is no objection; the clock does it as soon as
// it arrives.
func (o *Objection) Transfer(by stage.Actor, p *publicity.Publicity, c *calendar.Calendar) (stage.Move, error) {
	m, err := Kind.Step(o.State, "transfer", by.Role)
	if err != nil {
		return m, err
	}
	why := o.Report(p, c)
	if why == "" {
		return m, errInTime.New()
	}
	o.State, o.Why = m.To, why
	return m, nil
}

// Withdraw records that the objector takes it back. That by itself ends nothing:
// what was raised is looked into (facts.md §5).
func (o *Objection) Withdraw(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "withdraw", by.Role)
	switch {
	case err != nil:
		return m, err
	case !o.WithdrawnAt.IsZero():
		return m, errAfterwit.New()
	}
	o.WithdrawnAt = now
	return m, nil
}

// Objector returns who filed it, to be kept apart. hash is of the query code.
func (o *Objection) Objector(f Filing, hash string) Objector {
	source := inquiry.Source{Name: f.Name, Contact: f.Contact}
	return Objector{
		Objection: o.ID, Unit: f.Unit && !f.Anonymous, Source: source, CodeHash: hash,
		Fingerprint: source.Fingerprint(string(o.Candidate), f.Text),
	}
}

// Twice refuses what was sent before.
func (o *Objection) Twice() error { return errTwice.New(o.Label()) }

// Attach lets the objector send a file along with a case that is open (S58: facts and
// grounds). Which files it may have, inquiry.Attach says.
func (o *Objection) Attach(by stage.Actor) (stage.Move, error) {
	return Kind.Step(o.State, "attach", by.Role)
}
