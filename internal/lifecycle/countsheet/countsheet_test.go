package countsheet_test

import (
	"testing"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	good      = ballot.Tally{Issued: 4, Collected: 4, Ayes: 3, Invalid: 1}
	other     = ballot.Tally{Issued: 4, Collected: 4, Ayes: 4}
	void      = ballot.Tally{Issued: 3, Collected: 4, Ayes: 4}
	clerk     = stage.Actor{Account: "c1", Role: stage.Clerk}
	counts    = stage.Actor{Account: "s1", Role: stage.Scrutineer}
	presiding = stage.Actor{Account: "m0", Role: stage.Scrutineer}
)

func counted(by ...ballot.Tally) (*item.Item, *meeting.Meeting) {
	m := &meeting.Meeting{ID: "mtg_1", Programme: "p", Presiding: "m0", State: meeting.Sitting, Rules: programme.Meeting{Ballot: "paper"}}
	i := &item.Item{ID: "itm_1", Meeting: m.ID, State: item.Counting, Ballot: 2}
	for n, t := range by {
		i.Counts = append(i.Counts, ballot.Count{By: id.Account([]string{"s1", "s2", "s3"}[n]), Tally: t})
	}
	return i, m
}

// TestAttach: a scan comes after two scrutineers agreed, in the sitting, by a scrutineer or
// the office without interest; a picture or a PDF that was looked at; once.
func TestAttach(t *testing.T) {
	t.Parallel()
	pdf := countsheet.Sheet{Name: "计票单.pdf", Kind: "pdf", Size: 9, SHA256: "aa"}
	for _, tt := range []struct {
		what   string
		by     stage.Actor
		tie    string
		change func(*item.Item, *meeting.Meeting, *countsheet.Sheet)
		before []countsheet.Sheet
		raw    bool // no scanner passed it
		want   string
	}{
		{what: "a scrutineer", by: counts},
		{what: "the office", by: clerk},
		{what: "the chair", by: stage.Actor{Account: "m0", Role: stage.Chair}, want: "stage.not_allowed"},
		{what: "a member", by: stage.Actor{Account: "m1", Role: stage.Member}, want: "stage.not_allowed"},
		{what: "who presides, as a scrutineer", by: presiding, want: "countsheet.attach.presiding"},
		{what: "an interest", by: counts, tie: "配偶任副会长", want: "countsheet.attach.interest"},
		{what: "recused", by: counts, change: func(i *item.Item, _ *meeting.Meeting, _ *countsheet.Sheet) {
			i.Recusals = map[id.Account]string{"s1": "曾任职"}
		}, want: "countsheet.attach.interest"},
		{what: "while votes are given", by: counts, change: func(i *item.Item, _ *meeting.Meeting, _ *countsheet.Sheet) { i.State = item.Voting }, want: "stage.not_allowed"},
		{what: "declared already", by: counts, change: func(i *item.Item, _ *meeting.Meeting, _ *countsheet.Sheet) { i.State = item.Carried }, want: "stage.not_allowed"},
		{what: "the meeting is closed", by: clerk, change: func(_ *item.Item, m *meeting.Meeting, _ *countsheet.Sheet) { m.State = meeting.Closed }, want: "item.meeting.not_sitting"},
		{what: "a named ballot", by: counts, change: func(_ *item.Item, m *meeting.Meeting, _ *countsheet.Sheet) { m.Rules.Ballot = "named" }, want: "countsheet.attach.named"},
		{what: "an electronic one", by: counts, change: func(i *item.Item, m *meeting.Meeting, _ *countsheet.Sheet) {
			m.Rules.Ballot, i.Tally.Secret = "secret", true
		}, want: "countsheet.attach.named"},
		{what: "paper in a meeting with secret ballots", by: counts, change: func(_ *item.Item, m *meeting.Meeting, _ *countsheet.Sheet) { m.Rules.Ballot = "secret" }},
		{what: "one count", by: counts, change: func(i *item.Item, _ *meeting.Meeting, _ *countsheet.Sheet) { i.Counts = i.Counts[:1] }, want: "countsheet.attach.differ"},
		{what: "counts that differ", by: counts, change: func(i *item.Item, _ *meeting.Meeting, _ *countsheet.Sheet) { i.Counts[1].Tally = other }, want: "countsheet.attach.differ"},
		{what: "more collected than issued", by: counts, change: func(i *item.Item, _ *meeting.Meeting, _ *countsheet.Sheet) {
			i.Counts[0].Tally, i.Counts[1].Tally = void, void
		}, want: "countsheet.attach.void"},
		{what: "a text document", by: counts, change: func(_ *item.Item, _ *meeting.Meeting, s *countsheet.Sheet) { s.Kind = "docx" }, want: "countsheet.attach.kind"},
		{what: "a table", by: counts, change: func(_ *item.Item, _ *meeting.Meeting, s *countsheet.Sheet) { s.Kind = "xlsx" }, want: "countsheet.attach.kind"},
		{what: "a photo", by: counts, change: func(_ *item.Item, _ *meeting.Meeting, s *countsheet.Sheet) { s.Kind = "jpg" }},
		{what: "no verdict of the scanner", by: counts, raw: true, want: "countsheet.attach.unscanned"},
		{what: "the same again", by: counts, before: []countsheet.Sheet{{Item: "itm_1", Ballot: 2, SHA256: "aa", Tally: good}}, want: "countsheet.attach.twice"},
		{what: "the same of an earlier ballot", by: counts, before: []countsheet.Sheet{{Item: "itm_1", Ballot: 1, SHA256: "aa", Tally: good}}},
		{what: "the same of other figures", by: counts, before: []countsheet.Sheet{{Item: "itm_1", Ballot: 2, SHA256: "aa", Tally: other}}},
		{what: "another scan", by: counts, before: []countsheet.Sheet{{Item: "itm_1", Ballot: 2, SHA256: "bb", Tally: good}}},
	} {
		i, m := counted(good, good)
		s := pdf
		if tt.change != nil {
			tt.change(i, m, &s)
		}
		got, mv, err := countsheet.Attach(countsheet.On(i, m, map[id.Account]string{tt.by.Account: tt.tie}), tt.by, tt.before, s, !tt.raw)
		if code(err) != tt.want {
			t.Errorf("%s: %v, want %q", tt.what, err, tt.want)
		}
		if err == nil && (mv.Act != "attach_sheet" || mv.To != item.Counting || got.Ballot != 2 || got.Tally != good || got.Item != i.ID || got.Meeting != m.ID || got.Programme != "p") {
			t.Errorf("%s: %+v %+v", tt.what, mv, got)
		}
	}
}

// TestReady: paper ballots that were counted need a scan of these figures of this ballot;
// what the item itself refuses is not said twice.
func TestReady(t *testing.T) {
	t.Parallel()
	of := func(n int, t ballot.Tally) []countsheet.Sheet {
		return []countsheet.Sheet{{Item: "itm_1", Ballot: n, SHA256: "aa", Tally: t}}
	}
	for _, tt := range []struct {
		what   string
		counts []ballot.Tally
		ballot string
		have   []countsheet.Sheet
		want   string
	}{
		{"none", []ballot.Tally{good, good}, "paper", nil, "countsheet.declare.missing"},
		{"one", []ballot.Tally{good, good}, "paper", of(2, good), ""},
		{"of the ballot before", []ballot.Tally{good, good}, "paper", of(1, good), "countsheet.declare.missing"},
		{"of the figures before", []ballot.Tally{good, good}, "paper", of(2, other), "countsheet.declare.missing"},
		{"two of three agree", []ballot.Tally{good, other, good}, "paper", of(2, good), ""},
		{"named", nil, "named", nil, ""},
		{"not counted", []ballot.Tally{good}, "paper", nil, ""},
		{"void", []ballot.Tally{void, void}, "paper", nil, ""},
	} {
		i, m := counted(tt.counts...)
		m.Rules.Ballot = tt.ballot
		if err := countsheet.Ready(countsheet.On(i, m, nil), tt.have); code(err) != tt.want {
			t.Errorf("%s: %v, want %q", tt.what, err, tt.want)
		}
	}
}

// TestOfARanking: the sheet of a ranking is one of its meeting and its number, with what
// each candidate got; another ranking, or other figures, need another.
func TestOfARanking(t *testing.T) {
	t.Parallel()
	points := func(a, b int) map[id.Item]int { return map[id.Item]int{"itm_1": a, "itm_2": b} }
	pdf := countsheet.Sheet{Name: "计票单.pdf", Kind: "pdf", Size: 9, SHA256: "aa"}
	had := countsheet.Sheet{Meeting: "mtg_1", Ranking: 2, SHA256: "aa", Tally: ballot.Tally{Issued: 5, Collected: 5}, Points: points(4, 1)}
	for _, tt := range []struct {
		what   string
		by     stage.Actor
		change func(*ballot.Ranking, *meeting.Meeting)
		before countsheet.Sheet
		want   string
		ready  string // what the result is refused by when this scan is all there is
	}{
		{what: "a scrutineer", by: counts, ready: "countsheet.declare.missing"},
		{what: "the office", by: clerk, ready: "countsheet.declare.missing"},
		{what: "the chair", by: stage.Actor{Account: "m0", Role: stage.Chair}, want: "stage.not_allowed", ready: "countsheet.declare.missing"},
		{what: "who presides, as a scrutineer", by: presiding, want: "countsheet.attach.presiding", ready: "countsheet.declare.missing"},
		{what: "tied to a candidate", by: stage.Actor{Account: "s9", Role: stage.Scrutineer}, want: "countsheet.attach.interest", ready: "countsheet.declare.missing"},
		{what: "while votes are given", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) { r.State = ballot.RankingOpen }, want: "countsheet.attach.over", ready: "countsheet.declare.missing"},
		{what: "declared already", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) { r.State = ballot.RankingSettled }, want: "countsheet.attach.over", ready: "countsheet.declare.missing"},
		{what: "the meeting is closed", by: counts, change: func(_ *ballot.Ranking, m *meeting.Meeting) { m.State = meeting.Closed }, want: "stage.not_allowed", ready: "countsheet.declare.missing"},
		{what: "a named one", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) { r.Paper = false }, want: "countsheet.attach.named"},
		{what: "one count", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) { r.Counts = r.Counts[:1] }, want: "countsheet.attach.differ"},
		{what: "counts that differ", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) { r.Counts[1].Points = points(3, 2) }, want: "countsheet.attach.differ"},
		{what: "more collected than issued", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) { r.Counts[0].Issued, r.Counts[1].Issued = 4, 4 }, want: "countsheet.attach.void"},
		{what: "the same again", by: counts, before: had, want: "countsheet.attach.twice"},
		{what: "the same of the ranking before", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) { r.Number = 3 }, before: had, ready: "countsheet.declare.missing"},
		{what: "the same of other figures", by: counts, change: func(r *ballot.Ranking, _ *meeting.Meeting) {
			r.Counts[0].Points, r.Counts[1].Points = points(3, 2), points(3, 2)
		}, before: had, ready: "countsheet.declare.missing"},
		{what: "of another meeting", by: counts, change: func(_ *ballot.Ranking, m *meeting.Meeting) { m.ID = "mtg_2" }, before: had, ready: "countsheet.declare.missing"},
	} {
		m := &meeting.Meeting{ID: "mtg_1", Programme: "p", Presiding: "m0", State: meeting.Sitting}
		r := &ballot.Ranking{Number: 2, Paper: true, State: ballot.RankingCounted, Counts: []ballot.RankingCount{
			{By: "s1", Issued: 5, Collected: 5, Points: points(4, 1)}, {By: "s2", Issued: 5, Collected: 5, Points: points(4, 1)},
		}}
		if tt.change != nil {
			tt.change(r, m)
		}
		v := countsheet.Among(r, m, map[id.Account]string{"s9": "配偶任副会长"})
		var before []countsheet.Sheet
		if tt.before.SHA256 != "" {
			before = append(before, tt.before)
		}
		if err := countsheet.Ready(v, before); code(err) != tt.ready {
			t.Errorf("%s, declared: %v, want %q", tt.what, err, tt.ready)
		}
		got, mv, err := countsheet.Attach(v, tt.by, before, pdf, true)
		if code(err) != tt.want {
			t.Errorf("%s: %v, want %q", tt.what, err, tt.want)
		}
		if err == nil && (mv.Act != "attach_sheet" || got.Item != "" || got.Ranking != r.Number || got.Meeting != m.ID || len(got.Points) != 2 || got.Tally.Collected != 5 || countsheet.Ready(v, []countsheet.Sheet{got}) != nil) {
			t.Errorf("%s: %+v %+v", tt.what, mv, got)
		}
	}
}

func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}
