package programme

import (
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// Kind is the programme's machine (facts.md §5: abolition and merger are real).
// Loading a version and the four acts on its standing are all there is: what a
// programme says changes only by a new version of its file.
var Kind = stage.Kind{
	Name: "programme", Label: "方案", Start: Active,
	Moves: []stage.Move{
		{From: Active, Act: "load", By: stage.Operator, To: Active, Basis: "通知：按照申报标准、办法和要求"},
		{From: Suspended, Act: "load", By: stage.Operator, To: Suspended, Basis: "通知：按照申报标准、办法和要求"},
		{From: Active, Act: "reword", By: stage.Director, To: Active, Basis: "五(三) 办公室负责日常工作"},
		{From: Suspended, Act: "reword", By: stage.Director, To: Suspended, Basis: "五(三) 办公室负责日常工作"},
		{From: Active, Act: "suspend", By: stage.Chair, To: Suspended, Basis: "创建示范活动管理办法（试行）"},
		{From: Suspended, Act: "resume", By: stage.Chair, To: Active, Basis: "创建示范活动管理办法（试行）"},
		{From: Active, Act: "merge", By: stage.Chair, To: Merged, Basis: "创建示范活动管理办法（试行）"},
		{From: Suspended, Act: "merge", By: stage.Chair, To: Merged, Basis: "创建示范活动管理办法（试行）"},
		{From: Active, Act: "abolish", By: stage.Chair, To: Abolished, Basis: "创建示范活动管理办法（试行）"},
		{From: Suspended, Act: "abolish", By: stage.Chair, To: Abolished, Basis: "创建示范活动管理办法（试行）"},
	},
	Ends: map[stage.State]bool{Merged: false, Abolished: false},
	Words: map[string]string{
		"active": "实施中", "suspended": "已暂停", "merged": "已并入其他方案", "abolished": "已废止",
		"load": "载入新版本", "reword": "改文书和消息的文字", "suspend": "暂停", "resume": "恢复", "merge": "并入其他方案", "abolish": "废止", "archive": "归档系统外命名的称号",
	},
}

// Standing is a programme as the system keeps it: its state, and which version
// holds now. What the versions say is in their files.
type Standing struct {
	Name     id.Programme
	State    stage.State
	Current  int          // the latest version
	Into     id.Programme // the programme it was merged into
	Document string       // the document that the last change of state rests on, with its number
	Reason   string       // and why, in a sentence
	Since    time.Time    // since when it has been in this state
	Version  int64
}

var (
	errVersion  = fault.Define(fault.Refused, "programme.load.version", "文件写的是第%d版，系统里已有第%d版。把 version 改成%d再载入。", "通知：按照申报标准、办法和要求")
	errFrozen   = fault.Define(fault.Refused, "programme.load.frozen", "第%d版已经载入，内容与这个文件不同。已载入的版本不能改，请把 version 改成%d。", "通知：按照申报标准、办法和要求")
	errLoaded   = fault.Define(fault.Refused, "programme.load.same", "第%d版已经载入，内容相同，不用再载入。", "制度:一个版本只载入一次")
	errDocument = fault.Define(fault.Invalid, "programme.act.document", "没有写依据的文件。填写决定文件的名称和文号，不超过200字。", "创建示范活动管理办法（试行）")
	errReason   = fault.Define(fault.Invalid, "programme.act.reason", "没有写原因。用一两句话说明，不超过1000字。", "创建示范活动管理办法（试行）")
	errInto     = fault.Define(fault.Invalid, "programme.merge.into", "没有选并入哪个方案，或者选的就是它自己。", "创建示范活动管理办法（试行）")
	errGone     = fault.Define(fault.Refused, "programme.merge.ended", "方案“%s”已经终止，不能再并入它。", "创建示范活动管理办法（试行）")
)

// First begins a programme with a version of its file: usually the first, a later
// one where the programme was run elsewhere before.
func First(by stage.Actor, p *Programme, now time.Time) (*Standing, stage.Move, error) {
	m, err := Kind.Step(Active, "load", by.Role)
	if err != nil {
		return nil, m, err
	}
	m.From = ""
	return &Standing{Name: p.Name, State: Active, Current: p.Version, Since: now}, m, nil
}

// Load takes in another version. Versions count up by one, and one that is
// there never changes: rounds have frozen it (S4). same says whether the version
// of that number, if it is there, has the same text.
func (s *Standing) Load(by stage.Actor, p *Programme, same bool) (stage.Move, error) {
	m, err := Kind.Step(s.State, "load", by.Role)
	switch {
	case err != nil:
		return m, err
	case p.Version <= s.Current && same:
		return m, errLoaded.At("version", p.Version)
	case p.Version == s.Current:
		return m, errFrozen.At("version", p.Version, s.Current+1)
	case p.Version != s.Current+1:
		return m, errVersion.At("version", p.Version, s.Current, s.Current+1)
	}
	s.Current = p.Version
	return m, nil
}

// Reword takes in the next version, in which a document or a message says something
// otherwise and nothing else is changed.
func (s *Standing) Reword(by stage.Actor, p *Programme) (stage.Move, error) {
	m, err := Kind.Step(s.State, "reword", by.Role)
	if err == nil {
		s.Current = p.Version
	}
	return m, err
}

// Decision is what a change of a programme's state rests on.
type Decision struct {
	Document string // title and number
	Reason   string
}

// Suspend stops new rounds until the programme is resumed. Rounds that are open
// go on, and titles stay.
func (s *Standing) Suspend(by stage.Actor, d Decision, now time.Time) (stage.Move, error) {
	return s.act("suspend", by, d, now)
}

// Resume lets rounds begin again.
func (s *Standing) Resume(by stage.Actor, d Decision, now time.Time) (stage.Move, error) {
	return s.act("resume", by, d, now)
}

// Abolish ends the programme. What becomes of its titles is the programme's own
// setting: EndsTitles.
func (s *Standing) Abolish(by stage.Actor, d Decision, now time.Time) (stage.Move, error) {
	return s.act("abolish", by, d, now)
}

// Merge ends the programme in favour of another, which must be alive.
func (s *Standing) Merge(by stage.Actor, into Standing, d Decision, now time.Time) (stage.Move, error) {
	if into.Name == "" || into.Name == s.Name {
		return stage.Move{}, errInto.At("into")
	}
	if _, ended := Kind.Ends[into.State]; ended {
		return stage.Move{}, errGone.At("into", into.Name)
	}
	m, err := s.act("merge", by, d, now)
	if err == nil {
		s.Into = into.Name
	}
	return m, err
}

func (s *Standing) act(act string, by stage.Actor, d Decision, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(s.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if by.Programme != "" && by.Programme != s.Name {
		return m, fault.Missing()
	}
	if err := fault.All(says(errDocument, "document", d.Document, 200), says(errReason, "reason", d.Reason, 1000)); err != nil {
		return m, err
	}
	s.State, s.Document, s.Reason, s.Since = m.To, d.Document, d.Reason, now
	return m, nil
}

// says wants a text that is there, can be read and is not longer than most.
func says(r *fault.Rule, path, text string, most int) *fault.Fault {
	good := strings.TrimSpace(text) != "" && utf8.ValidString(text) && !strings.ContainsRune(text, 0) && utf8.RuneCountInString(text) <= most
	return fault.Unless(good, r.At(path))
}

// EndsTitles reports whether the titles of a programme in the given state end
// now: only those of an abolished one, and only when its file says so. After a
// merger a title goes on; its successor keeps it by a decision (S73).
func (p *Programme) EndsTitles(s stage.State) bool {
	return s == Abolished && p.Abolition == "end_at_once"
}
