package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/ranking"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/store"
)

// OpenRanking begins the vote that tells apart what was carried of a category beyond its
// places; the category is "" where there is one bound for all.
func (d *Desk) OpenRanking(ctx context.Context, by stage.Actor, key id.Meeting, category string) error {
	return d.meetingAct(ctx, by, key, "open_ranking", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		items, s, err := d.settlement(tx, m)
		if err != nil {
			return stage.Move{}, err
		}
		return ranking.Open(by, m, items, s, category, now)
	})
}

// Rank gives the actor's choice in the ranking that is open. The record says that they
// voted, never what.
func (d *Desk) Rank(ctx context.Context, by stage.Actor, key id.Meeting, chosen []id.Item) error {
	return d.meetingAct(ctx, by, key, "rank", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		items, err := tx.ItemsOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		return ranking.Vote(by, m, items, chosen, now)
	})
}

// CloseRanking ends the voting in a ranking.
func (d *Desk) CloseRanking(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.meetingAct(ctx, by, key, "close_ranking", func(tx *store.Tx, m *meeting.Meeting, _ time.Time) (stage.Move, error) {
		items, err := tx.ItemsOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		return ranking.Close(by, m, items)
	})
}

// CountRanking keeps a scrutineer's count of the paper ballots of a ranking.
func (d *Desk) CountRanking(ctx context.Context, by stage.Actor, key id.Meeting, c ballot.RankingCount) error {
	return d.meetingAct(ctx, by, key, "count_ranking", func(_ *store.Tx, m *meeting.Meeting, _ time.Time) (stage.Move, error) {
		return ranking.Count(by, m, c)
	})
}

// SettleRanking declares the result of a ranking; what it gave counts for the places. One with
// paper ballots needs the scan of its count sheet.
func (d *Desk) SettleRanking(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.meetingAct(ctx, by, key, "settle_ranking", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		items, err := tx.ItemsOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		var missing error
		if r := ranking.Live(m); r != nil {
			missing = rankingReady(tx, m, r)
		}
		changed, mv, err := ranking.Settle(by, m, items, now)
		if err == nil {
			err = missing
		}
		for n := range changed {
			if err == nil {
				err = tx.PutItem(&changed[n])
			}
		}
		return mv, err
	})
}

// VoidRanking gives a ranking up; another may be opened.
func (d *Desk) VoidRanking(ctx context.Context, by stage.Actor, key id.Meeting, reason string) error {
	return d.meetingAct(ctx, by, key, "void_ranking", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		items, err := tx.ItemsOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		return ranking.Void(by, m, items, reason, now)
	})
}

// rankingTask says what somebody is to do about the ranking that is not over, or "".
func rankingTask(tx *store.Tx, by stage.Actor, m *meeting.Meeting, items []item.Item) (string, error) {
	r := ranking.Live(m)
	if r == nil {
		return "", nil
	}
	if _, err := ranking.May(by, m, items); err == nil {
		return "差额表决：投票", nil
	}
	if by.Role != stage.Scrutineer || !r.Paper || r.State != ballot.RankingCounted {
		return "", nil
	}
	if !slices.ContainsFunc(r.Counts, func(c ballot.RankingCount) bool { return c.By == by.Account }) {
		return "差额表决：计票", nil
	}
	tied, err := tx.RankingTies(m, r.Number)
	if err != nil || rankingReady(tx, m, r) == nil {
		return "", err
	}
	if _, err := countsheet.May(countsheet.Among(r, m, tied), by); err != nil {
		return "", nil //nolint:nilerr // it is not theirs to bring
	}
	return "差额表决：上传计票单", nil
}

// Ranking returns the ranking that is not over as the viewer sees it, or nil.
func (v MeetingView) Ranking() *ballot.Ranking { return ranking.Live(&v.Meeting) }

// RankingWaits lists the categories in which the chair is to open a ranking.
func (v MeetingView) RankingWaits() (categories []string) {
	if !ballot.Chooses(v.Meeting.Rules) || v.Ranking() != nil || v.Settlement.Unsettled > 0 {
		return nil
	}
	for category, c := range v.Settlement.Cuts {
		if len(c.Again) > 0 {
			categories = append(categories, category)
		}
	}
	return categories
}

// rankingResults says what chose among those carried beyond the places, with the scans of the
// count sheets that stand for it.
func (v MeetingView) rankingResults() (all []paper.Block) {
	names, titles := map[id.Account]string{}, map[id.Item]string{}
	for _, s := range v.Meeting.Roster {
		names[s.Account] = s.Name
	}
	for _, i := range v.Items {
		titles[i.ID] = i.Title
	}
	for _, r := range v.Meeting.Rankings {
		if r.State == ballot.RankingVoid {
			r.Choices = nil
		}
		told := minutes.Told(&r, titles, names)
		all = append(all, paper.Paragraph{Text: told.Title})
		facts := paper.Facts{}
		for _, l := range told.Lines[:len(told.Lines)-len(r.Choices)] { // sums, no single votes
			facts = append(facts, paper.Fact{Word: l[0], Value: l[1]})
		}
		for _, s := range v.Sheets[r.Number].Lines {
			if s.Holds {
				facts = append(facts, paper.Fact{Word: "计票单扫描件", Value: s.Name}, paper.Fact{Word: "SHA-256", Value: byEights(s.SHA256), Plain: true})
			}
		}
		all = append(all, facts)
	}
	return all
}
