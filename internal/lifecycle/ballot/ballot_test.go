package ballot_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/programme"
)

var (
	moreThanHalf = programme.Fraction{Of: [2]int{1, 2}, Strictly: true}
	halfOrMore   = programme.Fraction{Of: [2]int{1, 2}}
	twoThirds    = programme.Fraction{Of: [2]int{2, 3}}
)

func TestReaches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		f           programme.Fraction
		part, whole int
		want        bool
	}{
		{"8 of 16 is not more than half", moreThanHalf, 8, 16, false},
		{"9 of 16 is more than half", moreThanHalf, 9, 16, true},
		{"8 of 16 is at least half", halfOrMore, 8, 16, true},
		{"7 of 16 is not", halfOrMore, 7, 16, false},
		{"8 of 15 is more than half", moreThanHalf, 8, 15, true},
		{"7 of 15 is not", moreThanHalf, 7, 15, false},
		{"20 of 31 is not two thirds", twoThirds, 20, 31, false},
		{"21 of 31 is", twoThirds, 21, 31, true},
		{"20 of 30 is exactly two thirds", twoThirds, 20, 30, true},
		{"one of one", moreThanHalf, 1, 1, true},
	} {
		if got, err := ballot.Reaches(tt.f, tt.part, tt.whole); err != nil || got != tt.want {
			t.Errorf("%s: got %v, %v", tt.name, got, err)
		}
	}
}

func TestNeeded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		f     programme.Fraction
		whole int
		want  int
		code  string
	}{
		{twoThirds, 31, 21, ""},
		{twoThirds, 16, 11, ""},
		{twoThirds, 3, 2, ""},
		{moreThanHalf, 16, 9, ""},
		{halfOrMore, 17, 9, ""},
		{twoThirds, 0, 0, "ballot.share.nobody"},
		{twoThirds, -1, 0, "ballot.share.nobody"},
		{programme.Fraction{}, 5, 0, "ballot.share.fraction"},
		{programme.Fraction{Of: [2]int{3, 2}}, 5, 0, "ballot.share.fraction"},
		{programme.Fraction{Of: [2]int{1, 1}, Strictly: true}, 5, 0, "ballot.share.fraction"},
		{programme.Fraction{Of: [2]int{1, 1}}, 5, 5, ""},
	} {
		got, err := ballot.Needed(tt.f, tt.whole)
		if got != tt.want || (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%v of %d: got %d, %v; want %d %s", tt.f, tt.whole, got, err, tt.want, tt.code)
		}
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	entitled := programme.Meeting{Majority: moreThanHalf, Of: "entitled"}
	present := programme.Meeting{Majority: moreThanHalf, Of: "present"}
	for _, tt := range []struct {
		name  string
		rules programme.Meeting
		t     ballot.Tally
		want  string
	}{
		{"nine ayes of sixteen entitled", entitled, ballot.Tally{Ayes: 9, Noes: 3}, ballot.Carried},
		{"exactly half of those entitled", entitled, ballot.Tally{Ayes: 8, Noes: 3}, ballot.Tied},
		{"as many noes as ayes", entitled, ballot.Tally{Ayes: 5, Noes: 5}, ballot.Tied},
		{"seven ayes and no other vote are not enough", entitled, ballot.Tally{Ayes: 7}, ballot.Lost},
		{"seven of twelve present are enough where these count", present, ballot.Tally{Ayes: 7}, ballot.Carried},
		{"six of twelve present", present, ballot.Tally{Ayes: 6, Noes: 2}, ballot.Tied},
		{"nobody votes", entitled, ballot.Tally{}, ballot.Lost},
		{"all abstain", entitled, ballot.Tally{Abstentions: 12}, ballot.Lost},
		{"written ayes carry it", entitled, ballot.Tally{Ayes: 8, Written: 1, WrittenAyes: 1}, ballot.Carried},
		{"a written opinion widens those present", present, ballot.Tally{Ayes: 6, Noes: 1, Written: 1, WrittenAyes: 1}, ballot.Carried},
		{"written noes widen it too", present, ballot.Tally{Ayes: 6, Noes: 2, Written: 2, WrittenNoes: 2}, ballot.Lost},
	} {
		if got, err := ballot.Outcome(tt.rules, tt.t, 16, 12); err != nil || got != tt.want {
			t.Errorf("%s: got %s, %v; want %s", tt.name, got, err, tt.want)
		}
	}
	if _, err := ballot.Outcome(entitled, ballot.Tally{}, 0, 0); fault.CodeOf(err) != "ballot.share.nobody" {
		t.Errorf("nobody entitled: got %v", err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		t    ballot.Tally
		code string
	}{
		{"all adds up", ballot.Tally{Issued: 12, Collected: 11, Ayes: 7, Noes: 2, Abstentions: 1, Invalid: 1}, ""},
		{"more collected than issued is counted, and void", ballot.Tally{Issued: 11, Collected: 12, Ayes: 12}, ""},
		{"the sum is one short", ballot.Tally{Issued: 12, Collected: 12, Ayes: 7, Noes: 4}, "ballot.tally.sum"},
		{"more issued than present", ballot.Tally{Issued: 13, Collected: 12, Ayes: 12}, "ballot.tally.issued"},
		{"less than nothing", ballot.Tally{Issued: 12, Collected: 6, Ayes: 7, Noes: -1}, "ballot.tally.figure"},
		{"absurd", ballot.Tally{Issued: 12, Collected: 1 << 40, Ayes: 1 << 40}, "input.several"},
	} {
		err := tt.t.Check(12)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
	}
	if (ballot.Tally{Issued: 11, Collected: 11}).Void() || !(ballot.Tally{Issued: 11, Collected: 12}).Void() {
		t.Error("void is more collected than issued")
	}
}

func TestAgreed(t *testing.T) {
	t.Parallel()
	a, b := ballot.Tally{Issued: 3, Collected: 3, Ayes: 3}, ballot.Tally{Issued: 3, Collected: 3, Ayes: 2, Noes: 1}
	for _, tt := range []struct {
		name   string
		counts []ballot.Count
		want   bool
	}{
		{"nobody counted", nil, false},
		{"one count", []ballot.Count{{By: "x", Tally: a}}, false},
		{"two alike", []ballot.Count{{By: "x", Tally: a}, {By: "y", Tally: a}}, true},
		{"two that differ", []ballot.Count{{By: "x", Tally: a}, {By: "y", Tally: b}}, false},
		{"one scrutineer twice", []ballot.Count{{By: "x", Tally: a}, {By: "x", Tally: a}}, false},
	} {
		if _, ok := ballot.Agreed(tt.counts); ok != tt.want {
			t.Errorf("%s: got %v", tt.name, ok)
		}
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	items := func(ayes ...[]int) (all []ballot.Ranked) {
		for n, a := range ayes {
			all = append(all, ballot.Ranked{Item: id.Item(rune('a' + n)), Ayes: a})
		}
		return all
	}
	is := func(s string) (all []id.Item) {
		for _, r := range s {
			all = append(all, id.Item(r))
		}
		return all
	}
	for _, tt := range []struct {
		name             string
		rule             string
		places           int
		carried          []ballot.Ranked
		stay, out, again string
	}{
		{"fewer than places", "ayes", 3, items([]int{9}, []int{9}), "ab", "", ""},
		{"none is fine", "ayes", 3, nil, "", "", ""},
		{"as many as places", "ayes", 2, items([]int{9}, []int{12}), "ab", "", ""},
		{"the ayes decide", "ayes", 2, items([]int{9}, []int{12}, []int{10}), "bc", "a", ""},
		{"a tie at the edge", "ayes", 2, items([]int{9}, []int{12}, []int{9}, []int{8}), "b", "d", "ac"},
		{"a tie above the edge does not matter", "ayes", 2, items([]int{12}, []int{12}, []int{9}), "ab", "c", ""},
		{"the second ballot told them apart", "ayes", 2, items([]int{9, 9}, []int{12}, []int{9, 10}), "bc", "a", ""},
		{"one of the tied has not been voted on again", "ayes", 2, items([]int{9, 9}, []int{12}, []int{9}), "b", "", "c"},
		{"tied again", "ayes", 1, items([]int{9, 9}, []int{9, 9}), "", "", "ab"},
		{"no place left", "ayes", 0, items([]int{9}), "", "a", ""},
		{"places overdrawn", "ayes", -1, items([]int{9}), "", "a", ""},
		{"a second ballot among all", "second_ballot", 1, items([]int{12}, []int{9}), "", "", "ab"},
		{"its ayes decide, not the first's", "second_ballot", 1, items([]int{12, 9}, []int{9, 11}), "b", "a", ""},
		{"a tie in it", "second_ballot", 1, items([]int{12, 9}, []int{9, 9}), "", "", "ab"},
	} {
		got := ballot.Rank(tt.rule, tt.places, tt.carried)
		want := ballot.Cut{Carried: len(tt.carried), Stay: is(tt.stay), Out: is(tt.out), Again: is(tt.again)}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s:\n%s", tt.name, d)
		}
		if got.Settled() != (tt.out == "" && tt.again == "") {
			t.Errorf("%s: settled %v", tt.name, got.Settled())
		}
	}
}
