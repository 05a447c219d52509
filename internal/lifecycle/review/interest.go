package review

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// Interest is somebody's tie to an organisation, declared by that person: who
// has one neither examines it, nor visits it, nor decides on it, and does not
// see its files (S48, S65; facts.md §7).
type Interest struct {
	Key          string // of account and organisation: see InterestKey
	Account      id.Account
	Organisation id.Organisation
	Kind         string // own, former, kin or other: see package interest
	Reason       string
	DeclaredAt   time.Time
	Until        calendar.Date // of a former post: the last day on which it counts; zero: no end
	EndedAt      time.Time     // zero: it holds
	Lifted       string        // why the director lifted it; empty: not lifted
}

// InterestKey is the key of an interest: one a person and organisation.
func InterestKey(who id.Account, o id.Organisation) string { return string(who) + "." + string(o) }

// Tie returns the interest of a person in an organisation.
func Tie(who id.Account, o id.Organisation, reason string, now time.Time) Interest {
	return Interest{Key: InterestKey(who, o), Account: who, Organisation: o, Kind: "other", Reason: reason, DeclaredAt: now}
}

// Interests says why people have an interest in the organisation of one
// application, declared or known from their accounts.
type Interests map[id.Account]string

var errInterest = fault.Define(fault.Refused, "review.interest",
	"本人与申报单位有利害关系（%s），应当回避。请由他人办理。", "制度:回避；五(二) 从严从实审核把关")

// Undeclared stands for an interest where a programme asks for the yearly statement
// and somebody has none that holds: see package interest.
const Undeclared = "没有有效的年度回避申报"

var errUndeclared = fault.Define(fault.Refused, "review.interest.undeclared",
	"您没有有效的年度回避申报，还不能办理。先在“回避申报”页申报，再办理。", "制度:回避申报一年一次")

// Free refuses somebody who has an interest.
func (all Interests) Free(who id.Account) error {
	switch why := all[who]; why {
	case "":
		return nil
	case Undeclared:
		return errUndeclared.New()
	default:
		return errInterest.New(why)
	}
}

// Declare keeps the tie that the actor has to the organisation. The review then
// needs another reviewer, if it was theirs: a draft of somebody with a tie is
// no draft.
func (r *Review) Declare(by stage.Actor, reason string, now time.Time) (Interest, stage.Move, error) {
	act := "declare"
	if r.Reviewer == by.Account && r.State == Drafted {
		act = "step_aside"
	}
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return Interest{}, m, err
	}
	if err := fault.All(Written("reason", "回避理由", reason)); err != nil {
		return Interest{}, m, err
	}
	if r.Reviewer == by.Account {
		r.Reviewer, r.State = "", m.To
	}
	return Tie(by.Account, r.Organisation, reason, now), m, nil
}
