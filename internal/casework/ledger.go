package casework

import (
	"context"
	"io"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/ledger"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
	"shifan/internal/store"
)

// LedgerView is the ledger of one organisation and year, beside that of the year
// before.
type LedgerView struct {
	Organisation organisation.Organisation
	Bodies       []PartyView
	Year         int
	Ledger       fact.Ledger
	There        bool // there is a ledger of the year
	Before       fact.Ledger
	Compared     bool // there is one of the year before
	Today        calendar.Date
}

// LedgerFor returns an organisation's ledger of a year as a viewer may see it. A
// year without one has zero figures and There false: nothing is made up. Forms
// that show its figures beside an indicator read fact.Figures through it.
func (d *Desk) LedgerFor(ctx context.Context, by stage.Actor, key id.Organisation, year int) (v LedgerView, err error) {
	defer fault.Wrap(&err, "casework.LedgerFor(%s, %d)", key, year)
	o, err := d.Organisation(ctx, by, key)
	if err != nil {
		return v, err
	}
	if by.Role == stage.Operator || year > o.Today.Year {
		return v, fault.Missing()
	}
	v = LedgerView{Organisation: o.Organisation, Bodies: o.Bodies, Year: year, Today: o.Today}
	v.Ledger, v.There = o.Organisation.Facts.Ledger(year)
	v.Before, v.Compared = o.Organisation.Facts.Ledger(year - 1)
	return v, nil
}

// LedgerRow is one line of the office's list of ledgers.
type LedgerRow struct {
	Organisation organisation.Organisation
	Ledger       fact.Ledger
	There        bool
}

// Ledgers lists the registered organisations with their ledgers of a year, by name:
// whoever has none is on the list too.
func (d *Desk) Ledgers(ctx context.Context, by stage.Actor, year int, f OrganisationFilter) (all []LedgerRow, err error) {
	defer fault.Wrap(&err, "casework.Ledgers(%d)", year)
	f.State = organisation.Registered
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		some, err := tx.Organisations(by, f)
		for _, o := range some {
			r := LedgerRow{Organisation: o}
			r.Ledger, r.There = o.Facts.Ledger(year)
			all = append(all, r)
		}
		return err
	})
	return all, err
}

// ReadLedger reads a ledger from a table: a figure a line, as the template has it.
// The values are as they were typed, by the figures' names; unread are the lines
// that name no figure. Nothing is stored: the form shows what was read.
func (d *Desk) ReadLedger(content []byte) (values map[string]string, unread []string, err error) {
	defer fault.Wrap(&err, "casework.ReadLedger")
	book, err := sheet.Open(content)
	if err != nil {
		return nil, nil, err
	}
	defer book.Close() //nolint:errcheck // it was read only
	r := ledger.Reader{}
	for row, err := range book.Sheets[0].Rows() {
		if err != nil {
			return nil, nil, err
		}
		r.Line(row.Cells)
	}
	return r.Values()
}

// WriteLedger writes the template of a ledger, with what is known of it.
func (d *Desk) WriteLedger(out io.Writer, v LedgerView) error {
	return sheet.WriteXLSX(out, "工作台账", ledger.Head(v.Year), func(yield func([]string, error) bool) {
		for _, row := range ledger.Rows(v.Ledger, v.There) {
			if !yield(row, nil) {
				return
			}
		}
	})
}
