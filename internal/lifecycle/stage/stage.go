// Package stage holds what every chapter of the life has in common: a name,
// a small machine of its own, and the roles of those who act.
//
// A machine is data and nothing else. From it come the permission check, the
// refusal, the buttons on the pages, the diagram in docs/lifecycle.md and the
// matrix in docs/permissions.md. Conditions that need facts (quorum, deadline,
// conflict of interest) are named functions in the chapter, called by the act.
package stage

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
)

// State is a state of one machine, such as "scheduled".
type State string

// Role is a person's part in the procedure.
type Role string

// The roles.
const (
	Applicant  Role = "applicant"  // 申报单位经办人: acts for one organisation
	Clerk      Role = "clerk"      // 办公室经办人: receives, examines, prepares
	Director   Role = "director"   // 办公室负责人: the second pair of eyes; releases
	Assessor   Role = "assessor"   // 考核组成员: goes and looks
	Member     Role = "member"     // 委员: decides
	Chair      Role = "chair"      // 主任委员: convenes, presides, signs
	Scrutineer Role = "scrutineer" // 监票人: watches the count
	Public     Role = "public"     // 公众: anyone, not signed in
	Auditor    Role = "auditor"    // 审计员: reads the record, changes nothing
	Operator   Role = "operator"   // 系统管理员: accounts and machinery, no casework
	Clock      Role = "clock"      // 时钟: a deadline passing is an act too
)

// Roles lists every role in the order of the life.
var Roles = []Role{Applicant, Clerk, Director, Assessor, Member, Chair, Scrutineer, Public, Auditor, Operator, Clock}

var roleWords = map[Role]string{
	Applicant: "申报单位经办人", Clerk: "办公室经办人", Director: "办公室负责人", Assessor: "考核组成员",
	Member: "委员", Chair: "主任委员", Scrutineer: "监票人", Public: "公众",
	Auditor: "审计员", Operator: "系统管理员", Clock: "系统时钟",
}

// Word returns the role's name as people read it.
func (r Role) Word() string { return roleWords[r] }

// Actor is the person, or the clock, who acts or looks. It is one grant of one
// account: somebody with two roles acts in one of them at a time.
type Actor struct {
	Account      id.Account
	Role         Role
	Organisation id.Organisation // whom an applicant acts for; empty for others
	Programme    id.Programme    // the programme the grant holds in; empty means all
}

// TheClock acts when a deadline passes.
var TheClock = Actor{Account: "clock", Role: Clock}

// Anyone is a visitor who is not signed in.
var Anyone = Actor{Role: Public}

// Move is one legal act: who may take a thing from where to where, and the
// provision that says so.
type Move struct {
	From  State
	Act   string
	By    Role
	To    State
	Basis string // a clause of the seed (办法(二)), a law, or a rule of this system (制度:…)
}

// Kind is one kind of thing with a life. Name is the one word for it in every
// layer: package or file, table, URL, page, fault codes and the record's acts.
type Kind struct {
	Name  string
	Label string // the word people read, 实地考核
	Start State
	Moves []Move
	Ends  map[State]bool    // end state → does the application go on?
	Words map[string]string // every state and every act → the word people read
}

var errNotAllowed = fault.Define(fault.Refused, "stage.not_allowed",
	"%s现在是“%s”，%s不能%s。", "制度:未列明的行为一律不许")

// Step returns the move that act makes, or a refusal. What is not written in
// the table is refused.
func (k Kind) Step(at State, act string, by Role) (Move, error) {
	for _, m := range k.Moves {
		if m.From == at && m.Act == act && m.By == by {
			return m, nil
		}
	}
	return Move{}, errNotAllowed.New(k.Label, k.Word(string(at)), by.Word(), k.Word(act))
}

// Word returns how people call a state or an act of this kind.
func (k Kind) Word(s string) string {
	if w, ok := k.Words[s]; ok {
		return w
	}
	return s
}

// May lists the acts that a role may take from a state, in the table's order:
// the buttons of a page.
func (k Kind) May(at State, by Role) []string {
	var acts []string
	for _, m := range k.Moves {
		if m.From == at && m.By == by && !slices.Contains(acts, m.Act) {
			acts = append(acts, m.Act)
		}
	}
	return acts
}

// Takes reports whether a role takes an act from any state at all.
func (k Kind) Takes(act string, by Role) bool {
	return slices.ContainsFunc(k.Moves, func(m Move) bool { return m.Act == act && m.By == by })
}

// States lists every state, the start first, in the order of the table.
func (k Kind) States() []State {
	states := []State{k.Start}
	for _, m := range k.Moves {
		for _, s := range []State{m.From, m.To} {
			if !slices.Contains(states, s) {
				states = append(states, s)
			}
		}
	}
	return states
}
