package ballot_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
)

func chosen(all ...[]id.Item) (choices []ballot.Choice) {
	for n, items := range all {
		choices = append(choices, ballot.Choice{Account: id.Account(rune('m' + n)), Items: items})
	}
	return choices
}

// TestRankingResult: n of m by marks and by places, with the sums written out; those level
// at the edge are neither in nor out.
func TestRankingResult(t *testing.T) {
	t.Parallel()
	abc := []id.Item{"a", "b", "c"}
	for name, tt := range map[string]struct {
		rule    string
		places  int
		choices []ballot.Choice
		want    []ballot.Chosen
	}{
		"marks": {ballot.Marks, 2, chosen([]id.Item{"c", "a"}, []id.Item{"c"}, []id.Item{"a", "c"}, nil), []ballot.Chosen{
			{Item: "c", Points: 3, Fate: "in"}, {Item: "a", Points: 2, Fate: "in"}, {Item: "b", Points: 0, Fate: "out"},
		}},
		"marks, level at the edge": {ballot.Marks, 2, chosen([]id.Item{"a", "b"}, []id.Item{"a", "c"}), []ballot.Chosen{
			{Item: "a", Points: 2, Fate: "in"}, {Item: "b", Points: 1, Fate: "again"}, {Item: "c", Points: 1, Fate: "again"},
		}},
		"level, and not at the edge": {ballot.Marks, 2, chosen([]id.Item{"a", "b"}), []ballot.Chosen{
			{Item: "a", Points: 1, Fate: "in"}, {Item: "b", Points: 1, Fate: "in"}, {Item: "c", Points: 0, Fate: "out"},
		}},
		"nobody chose": {ballot.Marks, 1, chosen(nil, nil), []ballot.Chosen{
			{Item: "a", Fate: "again"}, {Item: "b", Fate: "again"}, {Item: "c", Fate: "again"},
		}},
		"ranks": {ballot.Ranks, 1, chosen([]id.Item{"b", "a", "c"}, []id.Item{"b", "c", "a"}, []id.Item{"a"}), []ballot.Chosen{
			{Item: "a", Points: 6, Sum: "3×1 + 2×1 + 1×1 = 6", Fate: "again"}, {Item: "b", Points: 6, Sum: "3×2 = 6", Fate: "again"}, {Item: "c", Points: 3, Sum: "2×1 + 1×1 = 3", Fate: "out"},
		}},
		"ranks, one is never named": {ballot.Ranks, 2, chosen([]id.Item{"b"}, []id.Item{"a", "b"}), []ballot.Chosen{
			{Item: "b", Points: 5, Sum: "3×1 + 2×1 = 5", Fate: "in"}, {Item: "a", Points: 3, Sum: "3×1 = 3", Fate: "in"}, {Item: "c", Sum: "0", Fate: "out"},
		}},
	} {
		r := ballot.Ranking{Rule: tt.rule, Places: tt.places, Candidates: abc, Choices: tt.choices}
		if r.Result() != nil {
			t.Errorf("%s: a result before it is counted", name)
		}
		r.Points = r.Count()
		if diff := cmp.Diff(tt.want, r.Result()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func TestRankingAllows(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rule   string
		chosen []id.Item
		code   string
	}{
		"as many as places":      {ballot.Marks, []id.Item{"a", "c"}, ""},
		"fewer":                  {ballot.Marks, []id.Item{"b"}, ""},
		"none":                   {ballot.Marks, nil, ""},
		"one more than places":   {ballot.Marks, []id.Item{"a", "b", "c"}, "ballot.ranking.most"},
		"one twice":              {ballot.Marks, []id.Item{"a", "a"}, "ballot.ranking.candidate"},
		"a stranger":             {ballot.Marks, []id.Item{"x"}, "ballot.ranking.candidate"},
		"all in order":           {ballot.Ranks, []id.Item{"c", "a", "b"}, ""},
		"some in order":          {ballot.Ranks, []id.Item{"c"}, ""},
		"one twice in the order": {ballot.Ranks, []id.Item{"c", "a", "c"}, "ballot.ranking.candidate"},
	} {
		r := ballot.Ranking{Rule: tt.rule, Places: 2, Candidates: []id.Item{"a", "b", "c"}}
		if err := r.Allows(tt.chosen); codeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
		}
	}
}

// TestRankingCheck: what scrutineers count is no more than the ballots can give.
func TestRankingCheck(t *testing.T) {
	t.Parallel()
	points := func(a, b, c int) map[id.Item]int { return map[id.Item]int{"a": a, "b": b, "c": c} }
	for name, tt := range map[string]struct {
		rule  string
		count ballot.RankingCount
		code  string
	}{
		"marks":                        {ballot.Marks, ballot.RankingCount{Issued: 5, Collected: 5, Points: points(5, 5, 0)}, ""},
		"a mark more than all":         {ballot.Marks, ballot.RankingCount{Issued: 5, Collected: 5, Points: points(5, 5, 1)}, "ballot.ranking.points"},
		"more than ballots":            {ballot.Marks, ballot.RankingCount{Issued: 5, Collected: 5, Points: points(6, 0, 0)}, "ballot.ranking.points"},
		"an invalid one gives nothing": {ballot.Marks, ballot.RankingCount{Issued: 5, Collected: 5, Invalid: 1, Points: points(5, 0, 0)}, "ballot.ranking.points"},
		"below nothing":                {ballot.Marks, ballot.RankingCount{Issued: 5, Collected: 5, Points: points(-1, 0, 0)}, "ballot.ranking.points"},
		"more issued than present":     {ballot.Marks, ballot.RankingCount{Issued: 6, Collected: 5, Points: points(5, 0, 0)}, "ballot.tally.issued"},
		"more collected than issued":   {ballot.Marks, ballot.RankingCount{Issued: 4, Collected: 5, Points: points(5, 0, 0)}, ""}, // void, and counted all right
		"more invalid than collected":  {ballot.Marks, ballot.RankingCount{Issued: 5, Collected: 5, Invalid: 6, Points: points(0, 0, 0)}, "ballot.tally.figure"},
		"ranks":                        {ballot.Ranks, ballot.RankingCount{Issued: 5, Collected: 5, Points: points(15, 10, 5)}, ""},
		"a point more than all":        {ballot.Ranks, ballot.RankingCount{Issued: 5, Collected: 5, Points: points(15, 10, 6)}, "ballot.ranking.points"},
	} {
		r := ballot.Ranking{Rule: tt.rule, Places: 2, Present: 5, Candidates: []id.Item{"a", "b", "c"}}
		if err := r.Check(tt.count); codeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
		}
	}
	r := ballot.Ranking{Counts: []ballot.RankingCount{{By: "s1", Issued: 5, Points: points(1, 2, 0)}, {By: "s1", Issued: 5, Points: points(1, 2, 0)}, {By: "s2", Issued: 5, Points: points(2, 1, 0)}}}
	if _, ok := r.Agreed(); ok {
		t.Error("one scrutineer agrees with themselves")
	}
	r.Counts[2].Points = points(1, 2, 0)
	if _, ok := r.Agreed(); !ok {
		t.Error("two scrutineers came to the same and do not agree")
	}
}
