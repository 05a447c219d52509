package plaque

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a plaque.
const (
	Ordered    stage.State = "ordered"     // being made; not yet on a wall
	HandedOver stage.State = "handed_over" // with the holder
	Lost       stage.State = "lost"        // reported lost
	Replaced   stage.State = "replaced"    // another took its place
	Recalled   stage.State = "recalled"    // to be handed back
	Returned   stage.State = "returned"    // handed back
	Cancelled  stage.State = "cancelled"   // the title ended before it was handed over
)

// Kind is the plaque's machine.
var Kind = stage.Kind{
	Name: "plaque", Label: "牌匾", Start: Ordered,
	Moves: []stage.Move{
		{From: Ordered, Act: "hand_over", By: stage.Clerk, To: HandedOver, Basis: "三 授牌确认；办法(六) 授牌"},
		{From: Ordered, Act: "cancel", By: stage.Clerk, To: Cancelled, Basis: "制度:称号终止的不再授牌"},
		{From: Ordered, Act: "cancel", By: stage.Chair, To: Cancelled, Basis: "五(二) 撤销称号；制度:称号终止的不再授牌"},
		{From: Ordered, Act: "cancel", By: stage.Applicant, To: Cancelled, Basis: "制度:称号终止的不再授牌"},
		{From: Ordered, Act: "cancel", By: stage.Clock, To: Cancelled, Basis: "制度:称号终止的不再授牌"},
		{From: HandedOver, Act: "report_lost", By: stage.Applicant, To: Lost, Basis: "制度:遗失的及时报告"},
		{From: HandedOver, Act: "report_lost", By: stage.Clerk, To: Lost, Basis: "制度:遗失的及时报告"},
		{From: Lost, Act: "find", By: stage.Clerk, To: HandedOver, Basis: "制度:找回的恢复使用"},
		{From: Lost, Act: "reissue", By: stage.Clerk, To: Replaced, Basis: "制度:遗失补发，旧码停用"},
		{From: HandedOver, Act: "reissue", By: stage.Clerk, To: Replaced, Basis: "制度:损坏更换，旧码停用"},
		{From: HandedOver, Act: "recall", By: stage.Clerk, To: Recalled, Basis: "五(二) 撤销称号；方案设定的牌匾收回"},
		{From: HandedOver, Act: "recall", By: stage.Chair, To: Recalled, Basis: "五(二) 撤销称号；方案设定的牌匾收回"},
		{From: HandedOver, Act: "recall", By: stage.Applicant, To: Recalled, Basis: "制度:交回称号的交回牌匾"},
		{From: HandedOver, Act: "recall", By: stage.Clock, To: Recalled, Basis: "三 有效期3年；方案设定的牌匾收回"},
		{From: Recalled, Act: "restore", By: stage.Chair, To: HandedOver, Basis: "制度:申诉成立恢复称号"},
		{From: Recalled, Act: "hand_back", By: stage.Clerk, To: Returned, Basis: "方案设定的牌匾收回"},
		{From: Recalled, Act: "report_lost", By: stage.Clerk, To: Lost, Basis: "制度:收回时遗失的登记"},
	},
	Ends: map[stage.State]bool{Replaced: false, Returned: false, Cancelled: false},
	Words: map[string]string{
		"ordered": "制作中", "handed_over": "已授牌", "lost": "已挂失", "replaced": "已更换", "recalled": "待交回", "returned": "已交回", "cancelled": "已取消",
		"order": "制作牌匾", "hand_over": "授牌", "cancel": "取消制作", "report_lost": "挂失", "find": "找回", "reissue": "补发",
		"recall": "收回", "restore": "恢复使用", "hand_back": "交回",
	},
}

// Plaque is one plaque. Nothing in it names a person: who received it is a post.
type Plaque struct {
	ID           id.Plaque
	Programme    id.Programme
	Designation  id.Designation
	Organisation id.Organisation
	Number       string // of the title and which plaque of it this is: 2026-007, then 2026-007-2
	Code         string // verification code, without hyphen
	Text         string // what it must say, one line each
	Size         string
	Material     string
	Copy         int // 1 for the first
	Replaces     id.Plaque
	State        stage.State
	OrderedOn    calendar.Date
	HandedOn     calendar.Date
	Receiver     string // the post of who received it: 秘书长
	LostOn       calendar.Date
	RecalledOn   calendar.Date
	ReturnedOn   calendar.Date
	Reason       string // why it was lost, replaced, recalled or cancelled
	Version      int64
}

const (
	postMax = 40
	textMax = 500
)

var (
	errBeforeNaming = fault.Define(fault.Refused, "plaque.order.before_naming",
		"命名通知还没有印发，不能制作牌匾。", "办法(六) 印发命名通知并授牌")
	errEnded = fault.Define(fault.Refused, "plaque.title_ended",
		"称号已不在有效或整改状态，不能%s。", "五(二) 撤销称号")
	errHandedOn = fault.Define(fault.Invalid, "plaque.hand_over.date",
		"授牌日期没有填写，或早于命名日期%s，或晚于今天。", "办法(六) 授牌")
	errReceiver = fault.Define(fault.Invalid, "plaque.hand_over.receiver",
		"写领取人的职务，如“秘书长”，不超过40字，不写姓名和电话。", "办法(六) 授牌；制度:登记职务不登记个人")
	errReason = fault.Define(fault.Invalid, "plaque.reason",
		"%s没有填写，或超过500字，或有看不见的控制字符。", "三 授牌确认")
	errDate = fault.Define(fault.Invalid, "plaque.date",
		"%s没有填写，或早于%s，或晚于今天。", "三 授牌确认")
	errLives = fault.Define(fault.Refused, "plaque.recall.title_lives",
		"称号仍然有效，牌匾不收回。", "五(二) 撤销称号")
)

// Text returns what a plaque must say, one line each: the programme's words, or
// else what a holder is called, then the name of the decision, the issuer and the
// day (S16, S59).
func Text(p *programme.Programme, d *designation.Designation) string {
	first := p.Plaque.Text
	if first == "" {
		first = p.Base
	}
	lines := []string{first, d.Name}
	filled := strings.NewReplacer("{编号}", d.Number, "{年度}", strconv.Itoa(d.NamedOn.Year), "{有效期至}", until(d))
	for _, l := range p.Plaque.Lines {
		lines = append(lines, filled.Replace(l))
	}
	lines = append(lines, p.Issuer.Name, fmt.Sprintf("%d年%d月", d.NamedOn.Year, int(d.NamedOn.Month)))
	return strings.Join(lines, "\n")
}

func until(d *designation.Designation) string {
	if d.ValidTo.IsZero() {
		return "长期"
	}
	return d.ValidTo.Chinese()
}

// Words are what a plaque says, each where it stands.
type Words struct {
	Title, Name  string
	Lines        []string
	Issuer, Date string
}

// Words reads what a plaque must say back from its text.
func (q *Plaque) Words() (w Words) {
	all := strings.Split(q.Text, "\n")
	if n := len(all); n >= 4 {
		w = Words{all[0], all[1], all[2 : n-2], all[n-2], all[n-1]}
	}
	return w
}

// Certificate returns the words of a title's certificate, paragraph by paragraph: the
// programme's, or else the usual ones. number is that of the naming document.
func Certificate(p *programme.Programme, d *designation.Designation, number string) string {
	text := p.Plaque.Certificate
	if text == "" {
		text = "根据{文号}，命名你单位为“{称号}”，有效期{有效期}。\n特发此证。"
	}
	if number == "" {
		number = "命名决定"
	} else {
		number += "文件"
	}
	valid := "长期"
	if !d.ValidTo.IsZero() {
		valid = "自" + d.ValidFrom.Chinese() + "至" + d.ValidTo.Chinese()
	}
	return strings.NewReplacer("{单位}", d.Name, "{称号}", p.Base, "{文号}", number, "{编号}", d.Number, "{命名日期}", d.NamedOn.Chinese(), "{有效期}", valid).Replace(text)
}

// Order has a plaque made for a title that was named. code is a fresh NewCode.
func Order(by stage.Actor, key id.Plaque, d *designation.Designation, p *programme.Programme, code string, now time.Time) (*Plaque, stage.Move, error) {
	m := stage.Move{Act: "order", By: by.Role, To: Ordered, Basis: "三 授牌确认；办法(六) 授牌"}
	if err := afterNaming(d, now); err != nil {
		return nil, m, err
	}
	if !d.Live() {
		return nil, m, errEnded.New("制作牌匾")
	}
	return &Plaque{
		ID: key, Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, Number: d.Number, Code: code,
		Text: Text(p, d), Size: p.Plaque.Size, Material: p.Plaque.Material, Copy: 1, State: Ordered, OrderedOn: calendar.DateOf(now),
	}, m, nil
}

// afterNaming: a plaque follows the naming document and never precedes it (S16).
func afterNaming(d *designation.Designation, now time.Time) error {
	if d.NamedOn.IsZero() || d.NamedOn.After(calendar.DateOf(now)) {
		return errBeforeNaming.New()
	}
	return nil
}

// HandOver records who received the plaque, by post, and when (S60).
func (q *Plaque) HandOver(by stage.Actor, d *designation.Designation, receiver string, on calendar.Date, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(q.State, "hand_over", by.Role)
	if err != nil {
		return m, err
	}
	if err := afterNaming(d, now); err != nil {
		return m, err
	}
	if !d.Live() {
		return m, errEnded.New("授牌")
	}
	var wrong []*fault.Fault
	if on.IsZero() || on.Before(d.NamedOn) || on.After(calendar.DateOf(now)) {
		wrong = append(wrong, errHandedOn.At("handed_on", d.NamedOn.Chinese()))
	}
	if !post(receiver) {
		wrong = append(wrong, errReceiver.At("receiver"))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	q.State, q.HandedOn, q.Receiver = m.To, on, strings.TrimSpace(receiver)
	return m, nil
}

// post: who received it is written as a post, without digits, so that no
// telephone or identity number gets in.
func post(s string) bool {
	return Readable(s) && utf8.RuneCountInString(s) <= postMax && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsDigit(r) || r == '\n' || r == '\r' })
}

// ReportLost records that the plaque is gone. Its code says so from now on.
func (q *Plaque) ReportLost(by stage.Actor, reason string, on calendar.Date, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(q.State, "report_lost", by.Role)
	if err != nil {
		return m, err
	}
	if by.Role == stage.Applicant && by.Organisation != q.Organisation {
		return m, fault.Missing()
	}
	if err := fault.All(dated("lost_on", "遗失日期", on, q.HandedOn, now), why("遗失经过", reason)); err != nil {
		return m, err
	}
	q.State, q.LostOn, q.Reason = m.To, on, reason
	return m, nil
}

// Find records that a lost plaque turned up before another was made.
func (q *Plaque) Find(by stage.Actor, d *designation.Designation) (stage.Move, error) {
	m, err := Kind.Step(q.State, "find", by.Role)
	if err != nil {
		return m, err
	}
	if !d.Live() {
		return m, errEnded.New("恢复使用")
	}
	q.State, q.LostOn, q.Reason = m.To, calendar.Date{}, ""
	return m, nil
}

// Reissue replaces a lost or worn plaque by a new one with a code of its own.
func (q *Plaque) Reissue(by stage.Actor, key id.Plaque, d *designation.Designation, p *programme.Programme, code, reason string, now time.Time) (*Plaque, stage.Move, error) {
	m, err := Kind.Step(q.State, "reissue", by.Role)
	if err != nil {
		return nil, m, err
	}
	if !d.Live() {
		return nil, m, errEnded.New("补发牌匾")
	}
	if f := why("补发理由", reason); f != nil {
		return nil, m, f
	}
	next, _, err := Order(by, key, d, p, code, now)
	if err != nil {
		return nil, m, err
	}
	next.Copy, next.Replaces = q.Copy+1, q.ID
	next.Number = fmt.Sprintf("%s-%d", d.Number, next.Copy)
	q.State, q.Reason = m.To, reason
	return next, m, nil
}

// Withdraw follows the end of a title: a plaque that is being made is cancelled,
// one that is handed over is recalled where the programme wants it back, and one
// that is lost, replaced or back already stays what it is. done is false when
// there is nothing to do.
func (q *Plaque) Withdraw(by stage.Actor, d *designation.Designation, recall bool, now time.Time) (m stage.Move, done bool, err error) {
	if d.Live() {
		return m, false, errLives.New()
	}
	act := ""
	switch {
	case q.State == Ordered:
		act = "cancel"
	case q.State == HandedOver && recall:
		act = "recall"
	default:
		return m, false, nil
	}
	if m, err = Kind.Step(q.State, act, by.Role); err != nil {
		return m, false, err
	}
	q.State, q.Reason = m.To, "称号"+designation.Kind.Word(string(d.State))
	if act == "recall" {
		q.RecalledOn = calendar.DateOf(now)
	}
	return m, true, nil
}

// Restore gives a recalled plaque back its use when the title was given back.
func (q *Plaque) Restore(by stage.Actor, d *designation.Designation) (stage.Move, error) {
	m, err := Kind.Step(q.State, "restore", by.Role)
	if err != nil {
		return m, err
	}
	if !d.Live() {
		return m, errEnded.New("恢复使用")
	}
	q.State, q.RecalledOn, q.Reason = m.To, calendar.Date{}, ""
	return m, nil
}

// HandBack records that a recalled plaque came back.
func (q *Plaque) HandBack(by stage.Actor, on calendar.Date, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(q.State, "hand_back", by.Role)
	if err != nil {
		return m, err
	}
	if f := dated("returned_on", "交回日期", on, q.HandedOn, now); f != nil {
		return m, f
	}
	q.State, q.ReturnedOn = m.To, on
	return m, nil
}

// Current reports whether this is the plaque that stands for the title: no other
// took its place.
func (q *Plaque) Current() bool { return q.State != Replaced }

func dated(path, word string, on, first calendar.Date, now time.Time) *fault.Fault {
	if on.IsZero() || on.Before(first) || on.After(calendar.DateOf(now)) {
		return errDate.At(path, word, first.Chinese())
	}
	return nil
}

func why(word, reason string) *fault.Fault {
	if !Readable(reason) {
		return errReason.At("reason", word)
	}
	return nil
}

// Readable reports whether a text is there, not too long, and without signs that
// nobody sees, line breaks excepted.
func Readable(s string) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= textMax &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
}
