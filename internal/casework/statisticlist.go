package casework

import (
	"cmp"
	"context"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/store"
)

// ReckonedView is a page of the list of what one figure of a round's statistics counts.
type ReckonedView struct {
	Round     round.Round
	Programme *programme.Programme
	Figure    statistic.Figure
	Title     string // which figure it is, in words
	Total     int    // the figure
	Rows      []ReckonedRow
	Next      int // from which row the list goes on; 0: it is all
}

// ReckonedRow is one thing that the figure counts.
type ReckonedRow struct {
	Application application.Application // without its answers and history
	Objection   id.Objection            // empty: it is the application itself
}

// Reckoned lists exactly what a figure of a round's statistics counts, by the rules that
// count it, from a row on. It is missing for whoever may not see that list; what the viewer
// has an interest in is in neither.
func (d *Desk) Reckoned(ctx context.Context, by stage.Actor, key id.Round, f statistic.Figure, from, limit int) (v ReckonedView, err error) {
	defer fault.Wrap(&err, "casework.Reckoned(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		s := StatisticsView{Today: calendar.DateOf(d.Now())}
		if s.Round, err = dryRound(tx, by, key); err != nil {
			return err
		}
		if s.Programme, err = tx.ProgrammeOf(key); err != nil {
			return err
		}
		word, known := figureOf(s, f)
		if !f.Listed(by.Role) || !known || from < 0 {
			return fault.Missing()
		}
		v = ReckonedView{Round: s.Round, Programme: s.Programme, Figure: f, Title: word}
		all, err := reckon(tx, by, s, f)
		if err != nil {
			return err
		}
		return v.page(tx, all, from, limit)
	})
	return v, err
}

// figureOf says a figure in words, where the round has it.
func figureOf(s StatisticsView, f statistic.Figure) (word string, known bool) {
	switch f.Of {
	case statistic.OfCriterion:
		for _, i := range s.Programme.Indicators(s.Round.Year) {
			if i.Code == f.Code {
				word, known = indicator(i), true
			}
		}
	default:
		word, known = statistic.Word(f.Code), slices.Contains(append(statistic.Steps(s.Programme.Procedure), "objection"), f.Code)
	}
	word += "：" + f.Word()
	if f.State != "" {
		word += "，" + application.Kind.Word(string(f.State))
	}
	return word, known
}

// reckon finds what a figure counts.
func reckon(tx *store.Tx, by stage.Actor, s StatisticsView, f statistic.Figure) (all []store.Reckoned, err error) {
	take := func(counted bool, of store.Reckoned) {
		if counted {
			all = append(all, of)
		}
	}
	switch f.Of {
	case statistic.OfStep:
		err = tx.TalliesEach(by, s.Round.ID, func(t statistic.Tally, of store.Reckoned) { take(f.Tallied(s.Programme.Procedure, t), of) })
	case statistic.OfSpan:
		var limit func(*statistic.Spell)
		if limit, err = acceptLimit(tx, s.Programme); err != nil {
			return nil, err
		}
		err = tx.SpellsEach(by, s.Round.ID, beforeMeeting(s.Programme), func(l statistic.Spell, of store.Reckoned) {
			limit(&l)
			take(f.Spent(l, s.Today), of)
		})
	case statistic.OfCriterion:
		indicators := s.Programme.Indicators(s.Round.Year)
		i := indicators[slices.IndexFunc(indicators, func(i programme.Indicator) bool { return i.Code == f.Code })]
		err = tx.MarksEach(by, s.Round.ID, func(m statistic.Mark, of store.Reckoned) { take(m.Indicator == f.Code && f.Marked(i, m), of) })
	}
	return all, err
}

// page puts some of the things into the view, by number.
func (v *ReckonedView) page(tx *store.Tx, all []store.Reckoned, from, limit int) error {
	v.Total = len(all)
	keys := make([]id.Application, 0, len(all))
	for _, of := range all {
		keys = append(keys, of.Application)
	}
	heads, err := tx.ApplicationHeads(keys)
	if err != nil {
		return err
	}
	for _, of := range all {
		v.Rows = append(v.Rows, ReckonedRow{heads[of.Application], of.Objection})
	}
	slices.SortFunc(v.Rows, func(a, b ReckonedRow) int {
		return cmp.Or(cmp.Compare(a.Application.Number, b.Application.Number), cmp.Compare(a.Application.ID, b.Application.ID), cmp.Compare(a.Objection, b.Objection))
	})
	v.Rows = v.Rows[min(from, v.Total):]
	if len(v.Rows) > limit {
		v.Rows, v.Next = v.Rows[:limit], from+limit
	}
	return nil
}
