package naming

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a naming.
const (
	Drafted   stage.State = "drafted"   // the office writes the list
	Released  stage.State = "released"  // at least one person released it
	Issued    stage.State = "issued"    // the document is out; the titles exist
	Cancelled stage.State = "cancelled" // given up before it was issued
)

// Kind is the naming's machine. How many release it is the programme's setting;
// that they are different persons, and none the one who drafted it, is a rule.
var Kind = stage.Kind{
	Name: "naming", Label: "命名", Start: Drafted,
	Moves: []stage.Move{
		{From: Drafted, Act: "edit", By: stage.Clerk, To: Drafted, Basis: "办法(六) 印发命名通知"},
		{From: Drafted, Act: "release", By: stage.Director, To: Released, Basis: "五(二) 从严从实审核把关；方案设定的放行人数"},
		{From: Drafted, Act: "release", By: stage.Chair, To: Released, Basis: "五(二) 从严从实审核把关；方案设定的放行人数"},
		{From: Released, Act: "release", By: stage.Director, To: Released, Basis: "五(二) 从严从实审核把关；方案设定的放行人数"},
		{From: Released, Act: "release", By: stage.Chair, To: Released, Basis: "五(二) 从严从实审核把关；方案设定的放行人数"},
		{From: Released, Act: "send_back", By: stage.Director, To: Drafted, Basis: "五(二) 从严从实审核把关"},
		{From: Released, Act: "send_back", By: stage.Chair, To: Drafted, Basis: "五(二) 从严从实审核把关"},
		{From: Released, Act: "issue", By: stage.Director, To: Issued, Basis: "办法(六) 公示无异议的，印发命名通知"},
		{From: Drafted, Act: "cancel", By: stage.Clerk, To: Cancelled, Basis: "制度:未印发的可以取消"},
		{From: Drafted, Act: "cancel", By: stage.Director, To: Cancelled, Basis: "制度:未印发的可以取消"},
		{From: Released, Act: "cancel", By: stage.Director, To: Cancelled, Basis: "制度:未印发的可以取消"},
		{From: Released, Act: "cancel", By: stage.Chair, To: Cancelled, Basis: "制度:未印发的可以取消"},
	},
	Ends: map[stage.State]bool{Issued: true, Cancelled: false},
	Words: map[string]string{
		"drafted": "起草中", "released": "放行中", "issued": "已印发", "cancelled": "已取消",
		"draft": "起草命名名单", "edit": "修改名单", "release": "放行", "send_back": "退回修改", "issue": "印发命名通知", "cancel": "取消",
	},
}

// Naming is one naming document and its list.
type Naming struct {
	ID         id.Naming
	Programme  id.Programme
	Round      id.Round
	State      stage.State
	Title      string
	Addressees string        // 主送
	Closing    string        // what it asks of those named; may be empty
	DatedOn    calendar.Date // 成文日期; the day of issue when left open
	DocNumber  string        // 文号; empty until it is issued
	List       []Entry
	PreparedBy id.Account
	Releases   []Release
	IssuedBy   id.Account
	IssuedAt   time.Time
	Reason     string // why it was sent back or cancelled
	Version    int64
}

// Entry is one line of the list.
type Entry struct {
	Application  id.Application  `json:"application"`
	Organisation id.Organisation `json:"organisation"`
	Name         string          `json:"name"`          // as decided (S59)
	Now          string          `json:"now,omitempty"` // the present name, where it has changed
	Category     string          `json:"category,omitempty"`
	Number       string          `json:"number,omitempty"` // 2026-007, given when it is issued
}

// Release is one person's release of the list.
type Release struct {
	By id.Account `json:"by"`
	At time.Time  `json:"at"`
}

// Plan is what the office writes about a naming.
type Plan struct {
	Title      string
	Addressees string
	Closing    string
	DatedOn    calendar.Date // zero: the day of issue
	List       []id.Application
}

// Plan returns what was written, for its form.
func (n *Naming) Plan() Plan {
	p := Plan{Title: n.Title, Addressees: n.Addressees, Closing: n.Closing, DatedOn: n.DatedOn}
	for _, e := range n.List {
		p.List = append(p.List, e.Application)
	}
	return p
}

// Facts is what a naming rests on at the moment of an act.
type Facts struct {
	Programme  *programme.Programme // the round's
	Candidates []Candidate          // everybody of the round who is or may yet be named, in the order of the list
	Register   []document.Number    // the numbers taken so far of the agency's word, any year
	Taken      []string             // numbers of titles that the round gave before
	Year       int                  // of the round
}

// Longest texts, in characters.
const (
	titleMax   = 200
	textMax    = 2000
	entriesMax = 2000
)

var (
	errDrafter = fault.Define(fault.Forbidden, "naming.draft.role",
		"命名名单由办公室经办人起草，%s不能起草。", "制度:未列明的行为一律不许")
	errTitle = fault.Define(fault.Invalid, "naming.title",
		"标题没有填写，或超过200字，或有看不见的控制字符。写成“关于命名2026年度示范基地的通知”的样子。", "办法(六) 印发命名通知")
	errText = fault.Define(fault.Invalid, "naming.text",
		"%s超过2000字，或有看不见的控制字符。", "")
	errAddressees = fault.Define(fault.Invalid, "naming.addressees",
		"主送单位没有填写，或超过2000字，或有看不见的控制字符。", "办法(六) 印发命名通知")
	errEmpty = fault.Define(fault.Invalid, "naming.list.empty",
		"名单里没有单位。至少选一家。", "办法(六)")
	errUnknown = fault.Define(fault.Invalid, "naming.list.unknown",
		"名单里有不属于这一届待命名对象的单位。刷新页面，按列出的单位重新选。", "办法(六)")
	errDated = fault.Define(fault.Invalid, "naming.date.future",
		"成文日期不能晚于今天%s。留空就是印发当天。", "办法(六)")
	errDatedEarly = fault.Define(fault.Invalid, "naming.date.early",
		"“%s”的公示到%s 24:00 才满，成文日期不能早于%s。", "办法(六) 公示无异议的")
	errSelf = fault.Define(fault.Refused, "naming.release.drafter",
		"名单由本人起草，须由其他人放行。", "五(二) 从严从实审核把关；制度:起草与放行不得同一人")
	errTwice = fault.Define(fault.Refused, "naming.release.twice",
		"本人已经放行过，第二次放行须由另一人作出。", "制度:两人先后放行")
	errEnough = fault.Define(fault.Refused, "naming.release.enough",
		"已有%d人放行，不用再放行，可以印发。", "方案设定的放行人数")
	errReleases = fault.Define(fault.Refused, "naming.issue.releases",
		"命名通知须经%d人先后放行，现在只有%d人放行。", "制度:两人先后放行；方案设定的放行人数")
	errIssuer = fault.Define(fault.Refused, "naming.issue.drafter",
		"名单由本人起草，须由其他人印发。", "制度:起草与印发不得同一人")
	errReason = fault.Define(fault.Invalid, "naming.reason",
		"%s没有填写，或超过2000字。", "")
)

// Draft begins a naming. The list must pass the gate already, so that nobody
// waits for a release that cannot come.
func Draft(by stage.Actor, round id.Round, plan Plan, f Facts, now time.Time) (*Naming, stage.Move, error) {
	if !Kind.Takes("edit", by.Role) {
		return nil, stage.Move{}, errDrafter.New(by.Role.Word())
	}
	n := &Naming{Programme: f.Programme.Name, Round: round, State: Drafted, PreparedBy: by.Account}
	if err := n.set(plan, f, now); err != nil {
		return nil, stage.Move{}, err
	}
	return n, stage.Move{Act: "draft", By: by.Role, To: Drafted, Basis: "办法(六) 印发命名通知"}, nil
}

// Edit changes the draft. Whoever edits it counts as having drafted it.
func (n *Naming) Edit(by stage.Actor, plan Plan, f Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(n.State, "edit", by.Role)
	if err != nil {
		return m, err
	}
	if err := n.set(plan, f, now); err != nil {
		return m, err
	}
	n.PreparedBy = by.Account
	return m, nil
}

func (n *Naming) set(p Plan, f Facts, now time.Time) error {
	list, unknown := pick(p.List, f.Candidates)
	faults := []*fault.Fault{unknown}
	if !line(p.Title, titleMax) {
		faults = append(faults, errTitle.At("title"))
	}
	if !line(p.Addressees, textMax) {
		faults = append(faults, errAddressees.At("addressees"))
	}
	if p.Closing != "" && !readable(p.Closing, textMax) {
		faults = append(faults, errText.At("closing", "工作要求"))
	}
	faults = append(faults, dated(p.DatedOn, list, now))
	if err := fault.All(faults...); err != nil {
		return err
	}
	if err := Gate(list, f); err != nil {
		return err
	}
	n.Title, n.Addressees, n.Closing, n.DatedOn, n.List = p.Title, p.Addressees, p.Closing, p.DatedOn, nil
	for _, c := range list {
		n.List = append(n.List, c.entry())
	}
	return nil
}

// pick finds the chosen candidates, in the order in which the round lists them.
func pick(chosen []id.Application, all []Candidate) (list []Candidate, wrong *fault.Fault) {
	for _, c := range all {
		if slices.Contains(chosen, c.Application) {
			list = append(list, c)
		}
	}
	switch {
	case len(chosen) == 0:
		return nil, errEmpty.At("list")
	case len(list) != len(chosen) || len(list) > entriesMax:
		return nil, errUnknown.At("list")
	}
	return list, nil
}

// dated: the document bears no date before everybody's publicity was over, and
// none that has not come.
func dated(on calendar.Date, list []Candidate, now time.Time) *fault.Fault {
	today := calendar.DateOf(now)
	if on.IsZero() {
		return nil
	}
	if on.After(today) {
		return errDated.At("dated_on", today.Chinese())
	}
	for _, c := range list {
		if !on.After(c.ServedTo) {
			return errDatedEarly.At("dated_on", c.Name, c.ServedTo.Chinese(), c.ServedTo.AddDays(1).Chinese())
		}
	}
	return nil
}

// Release is one person's yes to the list: neither the one who drafted it nor
// one who released it before (four eyes).
func (n *Naming) Release(by stage.Actor, f Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(n.State, "release", by.Role)
	if err != nil {
		return m, err
	}
	switch {
	case by.Account == n.PreparedBy:
		return m, errSelf.New()
	case slices.ContainsFunc(n.Releases, func(r Release) bool { return r.By == by.Account }):
		return m, errTwice.New()
	case len(n.Releases) >= Releases(f.Programme):
		return m, errEnough.New(len(n.Releases))
	}
	if _, err := n.gate(f); err != nil {
		return m, err
	}
	n.State, n.Reason = m.To, ""
	n.Releases = append(n.Releases[:len(n.Releases):len(n.Releases)], Release{By: by.Account, At: now})
	return m, nil
}

// Releases returns how many persons release a list: two unless the programme
// says otherwise, and never none.
func Releases(p *programme.Programme) int {
	if p.Naming.Releases <= 0 {
		return 2
	}
	return p.Naming.Releases
}

// SendBack returns the list to be changed. What was released counts no more.
func (n *Naming) SendBack(by stage.Actor, reason string) (stage.Move, error) {
	return n.leave(by, "send_back", "退回理由", reason)
}

// Cancel gives the naming up before it is issued.
func (n *Naming) Cancel(by stage.Actor, reason string) (stage.Move, error) {
	return n.leave(by, "cancel", "取消理由", reason)
}

func (n *Naming) leave(by stage.Actor, act, what, reason string) (stage.Move, error) {
	m, err := Kind.Step(n.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if !readable(reason, textMax) {
		return m, errReason.At("reason", what)
	}
	n.State, n.Reason, n.Releases = m.To, reason, nil
	return m, nil
}

// Issue takes the next document number and makes the list final (S59). What it
// names becomes titles in the same change.
func (n *Naming) Issue(by stage.Actor, f Facts, now time.Time) (document.Number, stage.Move, error) {
	m, err := Kind.Step(n.State, "issue", by.Role)
	if err != nil {
		return document.Number{}, m, err
	}
	if by.Account == n.PreparedBy {
		return document.Number{}, m, errIssuer.New()
	}
	if need := Releases(f.Programme); len(n.Releases) < need {
		return document.Number{}, m, errReleases.New(need, len(n.Releases))
	}
	list, err := n.gate(f)
	if err != nil {
		return document.Number{}, m, err
	}
	on := n.DatedOn
	if on.IsZero() {
		on = calendar.DateOf(now)
	}
	if wrong := dated(on, list, now); wrong != nil {
		return document.Number{}, m, wrong
	}
	number, err := document.Next(f.Programme.Naming.Numbers, on.Year, f.Register)
	if err != nil {
		return document.Number{}, m, err
	}
	number.Use, number.Thing, number.Title, number.By, number.At, number.State = document.ForNaming, string(n.ID), n.Title, by.Account, now, document.Taken
	taken := slices.Clone(f.Taken)
	entries := make([]Entry, 0, len(list))
	for _, c := range list {
		e := c.entry()
		e.Number = designation.NextNumber(f.Year, taken)
		taken = append(taken, e.Number)
		entries = append(entries, e)
	}
	n.State, n.DatedOn, n.DocNumber, n.List, n.IssuedBy, n.IssuedAt = m.To, on, number.String(), entries, by.Account, now
	return number, m, nil
}

// gate asks again whether everybody on the list may be named. The names stay
// those of the decision; only the note about a present name follows the time.
func (n *Naming) gate(f Facts) ([]Candidate, error) {
	list, wrong := pick(n.Plan().List, f.Candidates)
	if wrong != nil {
		return nil, errGone.New()
	}
	return list, Gate(list, f)
}

// line reports whether a text stands on one line, not empty and not too long.
func line(s string, most int) bool {
	return readable(s, most) && !strings.ContainsAny(s, "\r\n\t")
}

func readable(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
}

// Blocked says why the list cannot go on now, as the next release or the issue
// would say; nil when it can.
func (n *Naming) Blocked(f Facts) error {
	_, err := n.gate(f)
	return err
}

// May lists what somebody may do with the naming now: the table's acts without
// those that a rule about persons or the number of releases refuses.
func (n *Naming) May(by stage.Actor, need int) []string {
	mine := by.Account == n.PreparedBy
	already := slices.ContainsFunc(n.Releases, func(r Release) bool { return r.By == by.Account })
	return slices.DeleteFunc(Kind.May(n.State, by.Role), func(act string) bool {
		switch act {
		case "release":
			return mine || already || len(n.Releases) >= need
		case "issue":
			return mine || len(n.Releases) < need
		}
		return false
	})
}
