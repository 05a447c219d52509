package store

import (
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var countsheets = table[countsheet.Sheet]{
	name:    "countsheets",
	columns: []string{"id", "item", "meeting", "programme", "ballot", "name", "kind", "size", "sha256", "tally", "uploaded_by", "uploaded_at"},
	fields: func(s *countsheet.Sheet) []any {
		return []any{&s.ID, &s.Item, &s.Meeting, &s.Programme, &s.Ballot, &s.Name, &s.Kind, &s.Size, &s.SHA256, asJSON(&s.Tally), &s.By, asTime(&s.At)}
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
	return countsheets.list(tx, "WHERE meeting = $1 ORDER BY item, uploaded_at, id", string(key))
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
