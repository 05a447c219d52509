package misuse

import (
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

// Bounds of texts, in 字, and of notes.
const (
	TextMax    = 3000
	placeMax   = 120
	nameMax    = 60
	contactMax = 120
	toMax      = 60
	notesMost  = 100
)

var (
	errAbout    = fault.Define(fault.Invalid, "misuse.file.about", "没有选是什么情况。", "")
	errNameless = fault.Define(fault.Invalid, "misuse.file.contact", "写了姓名，没有写联系方式。写电话或者通信地址，用来核实；不愿署名的，两项都不写。", "")
	errTwice    = fault.Define(fault.Refused, "misuse.file.twice", "同样内容的线索已经收到（%s），不用重复提交。凭原来的查询码查询进度。", "")
	errNotes    = fault.Define(fault.Refused, "misuse.note.many", "核查记录已有%d条，不能再加。请作出结论。", "")
	errOffice   = fault.Define(fault.Forbidden, "misuse.file.role", "来信、电话和来访反映的线索由办公室经办人登记。", "制度:未列明的行为一律不许")
	errChannel  = fault.Define(fault.Invalid, "misuse.file.channel", "没有选来件方式。", "")
	errDate     = fault.Define(fault.Invalid, "misuse.file.date", "来件日期不对：不能早于称号的命名日期，也不能晚于今天。", "制度:来信以邮戳日期为准")
	errTied     = fault.Define(fault.Refused, "misuse.file.tied", "%s，来件由没有利害关系的经办人登记。", "制度:由没有利害关系的人核查")
	errVerdict  = fault.Define(fault.Invalid, "misuse.conclude.verdict", "没有选核查结论。", "")
	errNowhere  = fault.Define(fault.Invalid, "misuse.refer.nowhere", "转出的，写明转给哪个部门。", "制度:不属本单位职责的转有关部门")
)

// Filing is what somebody tells.
type Filing struct {
	About   string
	Place   string
	Text    string
	Name    string // empty: unsigned
	Contact string

	Channel string        // objection.Letter, Phone or Visit: a clerk enters it; empty: the public form
	On      calendar.Date // of the postmark or the call, when a clerk enters it; zero: now
}

// ChannelWord returns how people read the way by which a report came: "" for none that there
// is.
func ChannelWord(channel string) string {
	if channel == "" {
		channel = objection.Web
	}
	for _, c := range objection.Channels {
		if c.Code == channel {
			return c.Word
		}
	}
	return ""
}

// Check says everything that is wrong with what was typed, at once.
func (f Filing) Check() error { return f.check(nil) }

// check does so together with what is wrong with when and how it came.
func (f Filing) check(arrival *fault.Fault) error {
	faults := []*fault.Fault{
		arrival,
		words.Check("place", "在哪里看到的", f.Place, placeMax, false),
		words.Check("text", "看到的情况", f.Text, TextMax, true),
		words.Check("name", "姓名或者单位名称", f.Name, nameMax, false),
		words.Check("contact", "联系方式", f.Contact, contactMax, false),
	}
	if AboutWord(f.About) == "" {
		faults = append(faults, errAbout.At("about"))
	}
	if strings.TrimSpace(f.Name) != "" && strings.TrimSpace(f.Contact) == "" {
		faults = append(faults, errNameless.At("contact"))
	}
	return fault.All(faults...)
}

// File receives a report about the title behind a verification code, whether the title
// lives or not: a plaque may be misused long after. number is the next of its programme
// in the year of now. What came by letter, by telephone or in person a clerk enters; then the
// day of the postmark or of the call counts.
func File(by stage.Actor, d *designation.Designation, code string, f Filing, number int, now time.Time) (*Report, stage.Move, error) {
	m := stage.Move{Act: "file", By: by.Role, To: Received, Basis: "五(二) 动态管理"}
	letter := f.Channel != ""
	if letter && by.Role != stage.Clerk {
		return nil, m, errOffice.New()
	}
	at, wrong := f.arrived(d, now)
	if err := f.check(wrong); err != nil {
		return nil, m, err
	}
	r := &Report{
		Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, Name: d.Name, Code: code,
		Year: calendar.DateOf(now).Year, Number: number, About: f.About, Place: f.Place, Text: f.Text, ArrivedAt: at, State: Received,
	}
	if letter {
		r.Channel, r.RegisteredBy = f.Channel, by.Account
	}
	return r, m, nil
}

// arrived returns the instant that counts: of what a clerk enters the end of its day, unless
// that is yet to come.
func (f Filing) arrived(d *designation.Designation, now time.Time) (time.Time, *fault.Fault) {
	switch {
	case f.Channel == "":
		return now, nil
	case f.Channel == objection.Web || ChannelWord(f.Channel) == "":
		return now, errChannel.At("channel")
	case f.On.IsZero():
		return now, nil
	case f.On.After(calendar.DateOf(now)) || f.On.Before(d.NamedOn):
		return now, errDate.At("on")
	}
	if end := f.On.End().Add(-time.Second); end.Before(now) {
		return end, nil
	}
	return now, nil
}

// Registrable refuses a letter to a clerk who is tied to the holder. h is what is known of
// the clerk now.
func Registrable(h inquiry.Handler) error {
	if h.Interest != "" {
		return errTied.New("你" + h.Interest)
	}
	return nil
}

// Reporter returns who filed it, to be kept apart. hash is of the query code.
func (r *Report) Reporter(f Filing, hash string) Reporter {
	source := inquiry.Source{Name: f.Name, Contact: f.Contact}
	return Reporter{Misuse: r.ID, Source: source, CodeHash: hash, Fingerprint: source.Fingerprint(string(r.Designation), f.Text)}
}

// Twice refuses what was sent before.
func (r *Report) Twice() error { return errTwice.New(r.Label()) }

// Attach lets the reporter, or a clerk who entered a letter, send a file along with a report
// that is open. Which files it
// may have, inquiry.Attach says.
func (r *Report) Attach(by stage.Actor) (stage.Move, error) {
	return Kind.Step(r.State, "attach", by.Role)
}

// Assign gives the report to a handler without an interest in the holder, or to another one.
func (r *Report) Assign(by stage.Actor, h inquiry.Handler) (stage.Move, error) {
	m, err := Kind.Step(r.State, "assign", by.Role)
	if err != nil {
		return m, err
	}
	if err := h.Take(r.Handler); err != nil {
		return m, err
	}
	r.State, r.Handler = m.To, h.Account
	return m, nil
}

// Note adds a line of what was looked into. h is the handler as known now.
func (r *Report) Note(by stage.Actor, h inquiry.Handler, who Reporter, text string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "note", by.Role)
	if err != nil {
		return m, err
	}
	if err := h.Mine(by.Account, r.Handler); err != nil {
		return m, err
	}
	if len(r.Notes) >= notesMost {
		return m, errNotes.New(notesMost)
	}
	if err := fault.All(words.Check("note", "核查记录", text, TextMax, true), who.Secret("反映人", "note", "核查记录", text)); err != nil {
		return m, err
	}
	r.Notes = append(r.Notes, Note{At: now, By: by.Account, Text: text})
	return m, nil
}

// The verdicts of a Conclusion.
const (
	ByHolder = "holder" // 查实，是称号单位所为: the title is rechecked
	ByOther  = "other"  // 查实，是他人所为: the holder is not to blame
	Untrue   = "unfounded"
	Refer    = "referred"
)

// Conclusion is how a report ended.
type Conclusion struct {
	Verdict string // ByHolder, ByOther, Untrue or Refer
	Finding string
	To      string // of Refer: to whom
	Answer  string // what the reporter is told
}

var verdictActs = map[string]string{ByHolder: "find", ByOther: "find", Untrue: "dismiss", Refer: "refer"}

// Conclude says how it ended. h is the handler as known now.
func (r *Report) Conclude(by stage.Actor, h inquiry.Handler, who Reporter, c Conclusion, now time.Time) (stage.Move, error) {
	act := verdictActs[c.Verdict]
	if act == "" {
		return stage.Move{}, errVerdict.At("verdict")
	}
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if err := h.Mine(by.Account, r.Handler); err != nil {
		return m, err
	}
	faults := []*fault.Fault{
		words.Check("finding", "核查结论", c.Finding, TextMax, true), who.Secret("反映人", "finding", "核查结论", c.Finding),
		words.Check("answer", "答复", c.Answer, TextMax, true), words.Check("to", "转给", c.To, toMax, false), who.Secret("反映人", "to", "转给", c.To),
	}
	if c.Verdict == Refer && strings.TrimSpace(c.To) == "" {
		faults = append(faults, errNowhere.At("to"))
	}
	if err := fault.All(faults...); err != nil {
		return m, err
	}
	if c.Verdict != Refer {
		c.To = ""
	}
	r.State, r.ByHolder, r.Finding, r.To, r.Answer, r.EndedAt = m.To, c.Verdict == ByHolder, c.Finding, c.To, c.Answer, now
	return m, nil
}
