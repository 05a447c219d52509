package casework

import (
	"context"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/ranking"
	"shifan/internal/lifecycle/stage"
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

// SettleRanking declares the result of a ranking; what it gave counts for the places.
func (d *Desk) SettleRanking(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.meetingAct(ctx, by, key, "settle_ranking", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		items, err := tx.ItemsOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		changed, mv, err := ranking.Settle(by, m, items, now)
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
