package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// registerPrinted returns the register of document numbers, after entering those
// that the calls of the programme already bear, so that none is given twice.
func (d *Desk) registerPrinted(tx *store.Tx, by stage.Actor, p *programme.Programme, now time.Time) ([]document.Number, error) {
	word := p.Naming.Numbers
	taken, err := tx.NumbersOf(word)
	if err != nil {
		return nil, err
	}
	rounds, err := tx.RoundsOf(p.Name)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rounds, func(a, b round.Round) int { return a.PublishedAt.Compare(b.PublishedAt) })
	for _, r := range rounds {
		if !r.Published() {
			continue
		}
		for _, line := range document.Printed(r.DocNumber, r.Title, word, taken, by.Account, now) {
			if err := tx.AddNumber(&line); err != nil {
				return nil, err
			}
			tx.Also(d.numberEntry(by, p.Name, line, stage.Move{Act: "enter", By: by.Role, To: document.Taken, Basis: "制度:文号登记连续不重号"}, now))
			taken = append(taken, line)
		}
	}
	return taken, nil
}

// EnterNumbers writes the numbers up to seq into the register as used outside the
// system.
func (d *Desk) EnterNumbers(ctx context.Context, by stage.Actor, p id.Programme, year, seq int, title string) (err error) {
	defer fault.Wrap(&err, "casework.EnterNumbers(%s, %d)", p, seq)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if by.Programme != "" && by.Programme != p {
			return record.Entry{}, fault.Missing()
		}
		of, _, err := tx.ProgrammeNow(p)
		if err != nil {
			return record.Entry{}, err
		}
		taken, err := tx.NumbersOf(of.Naming.Numbers)
		if err != nil {
			return record.Entry{}, err
		}
		lines, m, err := document.Enter(by, of.Naming.Numbers, year, seq, title, taken, now)
		if err != nil {
			return record.Entry{}, err
		}
		for i := range lines {
			if err := tx.AddNumber(&lines[i]); err != nil {
				return record.Entry{}, err
			}
			if i < len(lines)-1 {
				tx.Also(d.numberEntry(by, p, lines[i], m, now))
			}
		}
		return d.numberEntry(by, p, lines[len(lines)-1], m, now), nil
	})
}

// VoidNumber makes a number of the register void.
func (d *Desk) VoidNumber(ctx context.Context, by stage.Actor, p id.Programme, key, why string) error {
	return d.numberAct(ctx, by, p, key, func(n *document.Number) (stage.Move, error) { return n.Cancel(by, why) })
}

// DescribeNumber corrects the title of a document that was numbered outside the
// system.
func (d *Desk) DescribeNumber(ctx context.Context, by stage.Actor, p id.Programme, key, title string) error {
	return d.numberAct(ctx, by, p, key, func(n *document.Number) (stage.Move, error) { return n.Describe(by, title) })
}

func (d *Desk) numberAct(ctx context.Context, by stage.Actor, p id.Programme, key string, do func(*document.Number) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: number(%s)", key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		n, err := tx.NumberFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		of, _, err := tx.ProgrammeNow(p)
		if err != nil {
			return record.Entry{}, err
		}
		if of.Naming.Numbers != n.Word || by.Programme != "" && by.Programme != p {
			return record.Entry{}, fault.Missing()
		}
		m, err := do(&n)
		if err != nil {
			return record.Entry{}, err
		}
		return d.numberEntry(by, p, n, m, now), tx.PutNumber(&n)
	})
}

func (d *Desk) numberEntry(by stage.Actor, p id.Programme, n document.Number, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, document.NumberKind, n.Key, m, now)
	e.Programme = p
	return e
}

// nextPrinted is the number that would be taken now, after those that the calls
// of the programme bear.
func nextPrinted(tx *store.Tx, f naming.Facts, year int) (document.Number, error) {
	taken := slices.Clone(f.Register)
	rounds, err := tx.RoundsOf(f.Programme.Name)
	if err != nil {
		return document.Number{}, err
	}
	for _, r := range rounds {
		if r.Published() {
			taken = append(taken, document.Printed(r.DocNumber, r.Title, f.Programme.Naming.Numbers, taken, "", time.Time{})...)
		}
	}
	return document.Next(f.Programme.Naming.Numbers, year, taken)
}

// Register is the register of document numbers of a year.
type Register struct {
	Programme *programme.Programme
	Year      int
	Lines     []document.Number
	Names     map[id.Account]string
	Now       time.Time
}

// Register returns the register of a programme's document numbers.
func (d *Desk) Register(ctx context.Context, by stage.Actor, p id.Programme, year int) (v Register, err error) {
	defer fault.Wrap(&err, "casework.Register(%s)", p)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v.Now, v.Year = d.Now(), year
		if year == 0 {
			v.Year = calendar.DateOf(v.Now).Year
		}
		if by.Programme != "" && by.Programme != p {
			return fault.Missing()
		}
		if v.Programme, _, err = tx.ProgrammeNow(p); err != nil {
			return err
		}
		v.Lines, err = tx.Numbers(by, v.Programme.Naming.Numbers, v.Year)
		return err
	})
	return v, err
}

// NumberOf returns the programme that a number of the register belongs to, for
// those who see the register.
func (d *Desk) NumberOf(ctx context.Context, by stage.Actor, key string) (p id.Programme, err error) {
	defer fault.Wrap(&err, "casework.NumberOf(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		n, err := tx.NumberFor(by, key)
		if err != nil {
			return err
		}
		all, err := tx.ProgrammesNow()
		for _, of := range all {
			if of.Naming.Numbers == n.Word && (by.Programme == "" || by.Programme == of.Name) {
				p = of.Name
				return nil
			}
		}
		if err == nil {
			err = fault.Missing()
		}
		return err
	})
	return p, err
}
