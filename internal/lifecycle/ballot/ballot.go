package ballot

import (
	"fmt"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
)

var (
	errNobody = fault.Define(fault.Refused, "ballot.share.nobody",
		"没有应到的人，不能计算人数。", "方案设定的法定人数和通过比例")
	errFraction = fault.Define(fault.Refused, "ballot.share.fraction",
		"方案没有写清楚法定人数或通过比例，不能计算。请改方案。", "方案设定的法定人数和通过比例")
	errSum = fault.Define(fault.Invalid, "ballot.tally.sum",
		"赞成、反对、弃权和无效相加是%d，与收回%d不符。重新清点。", "制度:计票相符")
	errFigures = fault.Define(fault.Invalid, "ballot.tally.figure",
		"票数只能是0到%d的整数。", "制度:计票相符")
	errIssued = fault.Define(fault.Invalid, "ballot.tally.issued",
		"发出%d张，多于到会有表决权的%d人。核对发票数。", "制度:发出不多于到会有表决权人数")
)

// most is more than any committee has members.
const most = 500

// Reaches reports whether part is at least the fraction of whole, or more than
// it where the fraction is strict. It compares by multiplying whole numbers:
// of 16, 8 is not more than half and is at least half. A whole of 0 is refused.
func Reaches(f programme.Fraction, part, whole int) (bool, error) {
	need, err := Needed(f, whole)
	return err == nil && part >= need, err
}

// Needed returns the least number that reaches the fraction of whole: two thirds
// of 31 is 21.
func Needed(f programme.Fraction, whole int) (int, error) {
	a, b := f.Of[0], f.Of[1]
	switch {
	case a <= 0 || b <= 0 || a > b || a == b && f.Strictly:
		return 0, errFraction.New()
	case whole <= 0:
		return 0, errNobody.New()
	case f.Strictly:
		return a*whole/b + 1, nil
	}
	return (a*whole + b - 1) / b, nil
}

// Choices lists what one may vote, with how people read it.
var Choices = map[string]string{"aye": "赞成", "no": "反对", "abstain": "弃权"}

// Vote is what one member voted in a named ballot.
type Vote struct {
	Key     string // of item, ballot and account: nobody votes twice
	Item    id.Item
	Ballot  int // which vote on the item
	Account id.Account
	Choice  string // a key of Choices
	At      time.Time
}

// Tally is the figures of a vote. Of paper ballots: ayes, noes, abstentions and
// invalid ones make up those collected.
type Tally struct {
	Issued      int `json:"issued"`
	Collected   int `json:"collected"`
	Ayes        int `json:"ayes"`
	Noes        int `json:"noes"`
	Abstentions int `json:"abstentions"`
	Invalid     int `json:"invalid"`
	Written     int `json:"written,omitempty"` // opinions of members on leave that count as votes
	WrittenAyes int `json:"written_ayes,omitempty"`
	WrittenNoes int `json:"written_noes,omitempty"`

	// Secret: the vote is an electronic secret ballot (chapter election). Its figures
	// are known once Issued is above 0.
	Secret bool `json:"secret,omitempty"`
}

// Key returns what makes a vote the only one of its account in its ballot.
func Key(i id.Item, n int, who id.Account) string { return fmt.Sprintf("%s.%d.%s", i, n, who) }

// Voted reports whether somebody's vote is among these.
func Voted(votes []Vote, who id.Account) bool {
	for _, v := range votes {
		if v.Account == who {
			return true
		}
	}
	return false
}

// Add adds up named votes; issued is how many could have been given.
func Add(votes []Vote, issued int) Tally {
	t := Tally{Issued: issued, Collected: len(votes)}
	for _, v := range votes {
		switch v.Choice {
		case "aye":
			t.Ayes++
		case "no":
			t.Noes++
		case "abstain":
			t.Abstentions++
		}
	}
	return t
}

// Check: ayes, noes, abstentions and invalid ballots are those collected, and no
// more are issued than members present (facts.md §7). More collected than issued
// is a count all right: it makes the ballot void.
func (t Tally) Check(present int) error {
	var faults []*fault.Fault
	for _, f := range []struct {
		path string
		n    int
	}{{"issued", t.Issued}, {"collected", t.Collected}, {"ayes", t.Ayes}, {"noes", t.Noes}, {"abstentions", t.Abstentions}, {"invalid", t.Invalid}} {
		if f.n < 0 || f.n > most {
			faults = append(faults, errFigures.At(f.path, most))
		}
	}
	if sum := t.Ayes + t.Noes + t.Abstentions + t.Invalid; len(faults) == 0 && sum != t.Collected {
		faults = append(faults, errSum.At("collected", sum, t.Collected))
	}
	if t.Issued > present {
		faults = append(faults, errIssued.At("issued", t.Issued, present))
	}
	return fault.All(faults...)
}

// Void reports whether more paper ballots came back than were given out.
func (t Tally) Void() bool { return t.Collected > t.Issued }

// Count is one scrutineer's count of the paper ballots.
type Count struct {
	By    id.Account `json:"by"`
	Tally Tally      `json:"tally"`
	At    time.Time  `json:"at"`
}

// Agreed returns the figures that two scrutineers counted alike.
func Agreed(counts []Count) (Tally, bool) {
	for n, c := range counts {
		for _, d := range counts[n+1:] {
			if c.Tally == d.Tally && c.By != d.By {
				return c.Tally, true
			}
		}
	}
	return Tally{}, false
}

// Outcome says what figures mean: Carried, Lost, or a tie, which the programme
// settles in its own way. A tie is as many ayes as noes, or exactly the fraction
// that had to be exceeded; where nobody said aye there is none (S54).
func Outcome(rules programme.Meeting, t Tally, entitled, present int) (outcome string, err error) {
	ayes, noes, whole := t.Ayes+t.WrittenAyes, t.Noes+t.WrittenNoes, entitled
	if rules.Of == "present" {
		whole = present + t.Written
	}
	reached, err := Reaches(rules.Majority, ayes, whole)
	switch {
	case err != nil:
		return "", err
	case reached:
		return Carried, nil
	case ayes > 0 && (ayes == noes || rules.Majority.Strictly && ayes*rules.Majority.Of[1] == rules.Majority.Of[0]*whole):
		return Tied, nil
	}
	return Lost, nil
}

// The outcomes of a vote.
const (
	Carried = "carried"
	Lost    = "lost"
	Tied    = "tied" // leads to what the programme says about ties
)
