package store

import (
	"maps"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var countsheets = table[countsheet.Sheet]{
	name:    "countsheets",
	columns: []string{"id", "item", "meeting", "programme", "ballot", "name", "kind", "size", "sha256", "tally", "uploaded_by", "uploaded_at", "ranking", "points"},
	fields: func(s *countsheet.Sheet) []any {
		return []any{&s.ID, &s.Item, &s.Meeting, &s.Programme, &s.Ballot, &s.Name, &s.Kind, &s.Size, &s.SHA256, asJSON(&s.Tally), &s.By, asTime(&s.At), &s.Ranking, asJSON(&s.Points)}
	},
}

var countsheetsBytes = countsheets.some([]string{"sha256"}, func(s *countsheet.Sheet) []any { return []any{&s.SHA256} })

// AddCountSheet adds a scan of a count sheet. Its bytes are there already.
func (tx *Tx) AddCountSheet(s *countsheet.Sheet) error { return countsheets.insert(tx, s) }

// CountSheetsOf lists the scans that came to the paper ballots on an item, the first
// first, for the rules. CountSheetsFor shows them to people.
func (tx *Tx) CountSheetsOf(key id.Item) ([]countsheet.Sheet, error) {
	return countsheets.list(tx, "WHERE item = $1 ORDER BY uploaded_at, id", string(key))
}

// CountSheetsIn lists the scans of a meeting's count sheets, the first first, for the
// archive.
func (tx *Tx) CountSheetsIn(key id.Meeting) ([]countsheet.Sheet, error) {
	return countsheets.list(tx, "WHERE meeting = $1 ORDER BY item, ranking, uploaded_at, id", string(key))
}

// CountSheetsAmong lists the scans that came to a ranking of a meeting, the first first, for
// the rules. RankingSheetsFor shows them to people.
func (tx *Tx) CountSheetsAmong(key id.Meeting, number int) ([]countsheet.Sheet, error) {
	return countsheets.list(tx, "WHERE meeting = $1 AND item = $2 AND ranking = $3 ORDER BY uploaded_at, id", string(key), "", number)
}

// RankingTies says who is to have no part in a ranking: who is recused from any of its
// candidates, or has an interest in the organisation of one, each with why.
func (tx *Tx) RankingTies(m *meeting.Meeting, number int) (map[id.Account]string, error) {
	all := map[id.Account]string{}
	for _, r := range m.Rankings {
		if r.Number != number {
			continue
		}
		for _, key := range r.Candidates {
			i, err := tx.Item(key)
			if err != nil {
				return nil, err
			}
			ties, err := tx.InterestsIn(i.Organisation)
			if err != nil {
				return nil, err
			}
			maps.Copy(all, ties)
			maps.Copy(all, i.Recusals)
		}
	}
	return all, nil
}

// RankingSheetsFor lists the scans of a ranking as a viewer may see them: whoever may see the
// meeting, unless the viewer is recused from a candidate or has an interest in one.
func (tx *Tx) RankingSheetsFor(viewer stage.Actor, m *meeting.Meeting, number int) ([]countsheet.Sheet, error) {
	tied, err := tx.RankingTies(m, number)
	if err != nil || tied[viewer.Account] != "" {
		return nil, err
	}
	return tx.CountSheetsAmong(m.ID, number)
}

// RankingSheetFor returns one scan of a ranking as a viewer may see it, or fault.Missing.
func (tx *Tx) RankingSheetFor(viewer stage.Actor, of id.Meeting, number int, key id.CountSheet) (countsheet.Sheet, error) {
	m, err := tx.MeetingFor(viewer, of)
	if err != nil {
		return countsheet.Sheet{}, err
	}
	all, err := tx.RankingSheetsFor(viewer, &m, number)
	return chosenSheet(all, key, err)
}

// chosenSheet picks one of the scans that a viewer may see.
func chosenSheet(all []countsheet.Sheet, key id.CountSheet, err error) (countsheet.Sheet, error) {
	for _, s := range all {
		if s.ID == key {
			return s, err
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return countsheet.Sheet{}, err
}

// CountSheetsFor lists the scans of an item as a viewer may see them: whoever may see the
// meeting, unless the viewer is recused or has an interest in the organisation.
func (tx *Tx) CountSheetsFor(viewer stage.Actor, i *item.Item, m *meeting.Meeting) ([]countsheet.Sheet, error) {
	if m.Rules.Ballot == "named" {
		return nil, nil
	}
	hidden, err := tx.tied(viewer, i.Organisation, "")
	if err != nil || hidden || i.Recused(viewer.Account) {
		return nil, err
	}
	return tx.CountSheetsOf(i.ID)
}

// CountSheetFor returns one scan of an item as a viewer may see it, or fault.Missing.
func (tx *Tx) CountSheetFor(viewer stage.Actor, of id.Item, key id.CountSheet) (countsheet.Sheet, error) {
	if _, _, err := tx.ItemFor(viewer, of); err != nil {
		return countsheet.Sheet{}, err
	}
	i, err := tx.Item(of)
	if err != nil {
		return countsheet.Sheet{}, err
	}
	m, err := tx.Meeting(i.Meeting)
	if err != nil {
		return countsheet.Sheet{}, err
	}
	all, err := tx.CountSheetsFor(viewer, &i, &m)
	return chosenSheet(all, key, err)
}
