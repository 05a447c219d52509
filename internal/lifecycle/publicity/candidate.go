package publicity

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

// The states of a candidate.
const (
	Listed  stage.State = "listed"  // on the list
	Cleared stage.State = "cleared" // publicised without objection, or with unfounded ones only
	Upheld  stage.State = "upheld"  // an objection against it was upheld
	Removed stage.State = "removed" // withdrawn, disqualified, or off the list by a correction
)

// CandidateKind is the candidate's machine.
var CandidateKind = stage.Kind{
	Name: "candidate", Label: "拟命名对象", Start: Listed,
	Moves: []stage.Move{
		{From: Listed, Act: "rename", By: stage.Director, To: Listed, Basis: "制度:公示更正公开并按方案重计或者顺延"},
		{From: Listed, Act: "clear", By: stage.Clock, To: Cleared, Basis: "办法(六) 公示无异议的"},
		{From: Listed, Act: "uphold", By: stage.Chair, To: Upheld, Basis: "办法(六) 公示无异议的；办法(四)"},
		{From: Cleared, Act: "uphold", By: stage.Chair, To: Upheld, Basis: "办法(六) 公示无异议的；制度:来信以邮戳日期为准"},
		{From: Listed, Act: "remove", By: stage.Clerk, To: Removed, Basis: "办法(一)；制度:撤回申报的不再公示"},
		{From: Listed, Act: "remove", By: stage.Applicant, To: Removed, Basis: "办法(一)；制度:撤回申报的不再公示"},
		{From: Listed, Act: "remove", By: stage.Director, To: Removed, Basis: "制度:公示更正公开并按方案重计或者顺延"},
		{From: Listed, Act: "remove", By: stage.Chair, To: Removed, Basis: "五(一) 实事求是"},
		{From: Listed, Act: "remove", By: stage.Clock, To: Removed, Basis: "制度:申报已经终止的不再公示"},
		{From: Cleared, Act: "remove", By: stage.Chair, To: Removed, Basis: "五(一) 实事求是"},
	},
	Ends: map[stage.State]bool{Cleared: true, Upheld: false, Removed: false},
	Words: map[string]string{
		"listed": "公示中", "cleared": "无异议", "upheld": "异议成立", "removed": "已撤出",
		"list": "列入名单", "rename": "更正名称", "clear": "确认无异议", "uphold": "认定异议成立", "remove": "撤出名单",
	},
}

// Candidate is one name on a list.
type Candidate struct {
	ID           id.Candidate
	Publicity    id.Publicity
	Programme    id.Programme
	Round        id.Round
	Application  id.Application
	Organisation id.Organisation
	Position     int    // on the list, from 1
	Name         string // as the committee decided it (S59)
	PartyBody    string // the Party organisation that applied, where there is one
	Code         string // the Unified Social Credit Code
	Category     string // in words, 社会团体
	State        stage.State
	Reason       string    // why it was removed
	ChangedAt    time.Time // when it left Listed
	Version      int64
}

var (
	errNotServed   = fault.Define(fault.Refused, "candidate.clear.not_served", "公示期还没有满，不能确认无异议。", "办法(五)(六)")
	errUnsettled   = fault.Define(fault.Refused, "candidate.clear.objection", "还有%d件异议没有办结，不能确认无异议。", "办法(六) 公示无异议的")
	errNoDecision  = fault.Define(fault.Refused, "candidate.uphold.undecided", "异议是否成立由会议审定。", "办法(四)")
	errNameMissing = fault.Define(fault.Invalid, "candidate.rename.same", "新名称和原来一样。", "制度:公示更正公开并按方案重计或者顺延")
)

// Clear lets a candidate go on to naming: the full days were served, and no
// objection against it is open. What happens to others does not matter (S58).
func (c *Candidate) Clear(by stage.Actor, p *Publicity, open int, now time.Time) (stage.Move, error) {
	m, err := CandidateKind.Step(c.State, "clear", by.Role)
	switch {
	case err != nil:
		return m, err
	case p.State != Served:
		return m, errNotServed.New()
	case open > 0:
		return m, errUnsettled.New(open)
	}
	c.State, c.ChangedAt = m.To, now
	return m, nil
}

// Uphold takes a candidate out because the committee upheld an objection.
func (c *Candidate) Uphold(by stage.Actor, decision id.Item, now time.Time) (stage.Move, error) {
	m, err := CandidateKind.Step(c.State, "uphold", by.Role)
	switch {
	case err != nil:
		return m, err
	case decision == "":
		return m, errNoDecision.New()
	}
	c.State, c.ChangedAt = m.To, now
	return m, nil
}

// Remove takes a candidate off the list: it withdrew, it was disqualified, or
// the list was wrong.
func (c *Candidate) Remove(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := CandidateKind.Step(c.State, "remove", by.Role)
	if err != nil {
		return m, err
	}
	if f := words.Check("reason", "理由", reason, shortMax, true); f != nil {
		return m, f
	}
	c.State, c.Reason, c.ChangedAt = m.To, reason, now
	return m, nil
}

// Rename corrects a name that was published wrong; part of a correction.
func (c *Candidate) Rename(by stage.Actor, name string) (stage.Move, error) {
	m, err := CandidateKind.Step(c.State, "rename", by.Role)
	if err != nil {
		return m, err
	}
	if f := words.Check("name", "名称", name, titleMax, true); f != nil {
		return m, f
	}
	if name == c.Name {
		return m, errNameMissing.At("name")
	}
	c.Name = name
	return m, nil
}

// Order puts a list into the order in which it is published: by code, then by
// name, which says nothing about rank.
func Order(list []Candidate) {
	slices.SortStableFunc(list, func(a, b Candidate) int {
		if c := strings.Compare(a.Code, b.Code); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	for i := range list {
		list[i].Position = i + 1
	}
}

// body is what of the publicity a correction may change, word for word: one
// line a thing, so that anybody can put it together again.
func (p *Publicity) body(list []Candidate) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n受理方式：%s\n", p.Title, p.Text, p.Contact)
	n := 0
	for _, c := range list {
		if c.State == Removed {
			continue
		}
		n++
		fmt.Fprintf(&b, "%d\t%s\t%s\t%s\t%s\n", n, c.Name, c.PartyBody, c.Category, c.Code)
	}
	return b.String()
}

// seal keeps what is public word for word, with its digest.
func (p *Publicity) seal(list []Candidate) {
	p.Snapshot = p.body(list)
	sum := sha256.Sum256([]byte(p.Snapshot))
	p.Digest = hex.EncodeToString(sum[:])
}

// stamp returns an instant as people read it, 2021年9月1日 10:02.
func stamp(t time.Time) string {
	return calendar.DateOf(t).Chinese() + t.In(calendar.Zone).Format(" 15:04")
}
