package draw

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The one state of a place in the pool of a programme.
const Placed stage.State = "placed"

// PoolKind is the machine of a place in the pool (专家库): who is in it, and in which
// stratum.
var PoolKind = stage.Kind{
	Name: "pool", Label: "专家库", Start: Placed,
	Moves: []stage.Move{
		{From: Placed, Act: "place", By: stage.Clerk, To: Placed, Basis: "办法(三) 组织考核组；制度:专家库分层"},
	},
	Ends:  map[stage.State]bool{Placed: false},
	Words: map[string]string{"placed": "在库", "place": "分层"},
}

// Out is the stratum of who takes no part in draws.
const Out = "-"

// Place is where an assessor stands in the pool of a programme.
type Place struct {
	Key       string // of programme and account: see PlaceKey
	Programme id.Programme
	Account   id.Account
	Stratum   string // a code of the programme's, or Out
	PlacedAt  time.Time
}

// PlaceKey is the key of a place: one a person and programme.
func PlaceKey(p id.Programme, who id.Account) string { return string(p) + "." + string(who) }

var (
	errStratum = fault.Define(fault.Invalid, "pool.place.stratum",
		"选方案设定的一层，或“不参加抽取”。", "方案设定的考核组名额")
	errNobody = fault.Define(fault.Refused, "pool.place.assessor",
		"只有考核组成员可以分层。", "办法(三) 组织考核组")
)

// Put places an assessor.
func Put(by stage.Actor, p id.Programme, who id.Account, assessor bool, stratum string, strata []programme.Stratum, now time.Time) (Place, stage.Move, error) {
	m, err := PoolKind.Step(Placed, "place", by.Role)
	if err != nil {
		return Place{}, m, err
	}
	if !assessor {
		return Place{}, m, errNobody.New()
	}
	known := stratum == Out
	for _, s := range strata {
		known = known || s.Code == stratum
	}
	if !known {
		return Place{}, m, fault.All(errStratum.At("stratum"))
	}
	return Place{Key: PlaceKey(p, who), Programme: p, Account: who, Stratum: stratum, PlacedAt: now}, m, nil
}

// Strata lists what the pool of a programme is parted into. A programme that says
// nothing has one part, and draws from it as many as a team has at least.
func Strata(s programme.Visit, least int) []programme.Stratum {
	if len(s.Strata) > 0 {
		return s.Strata
	}
	return []programme.Stratum{{Code: "assessor", Title: stage.Assessor.Word(), Seats: least, Lead: true}}
}

// StratumOf is the stratum that somebody is drawn from: where they were placed; the
// only one, where the programme has one; "" when nobody placed them yet.
func StratumOf(placed string, strata []programme.Stratum) string {
	for _, s := range strata {
		if placed == s.Code || placed == "" && len(strata) == 1 {
			return s.Code
		}
	}
	return ""
}
