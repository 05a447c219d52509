package casework

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
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
func nextPrinted(tx *store.Tx, p *programme.Programme, taken []document.Number, year int) (document.Number, error) {
	taken = slices.Clone(taken)
	rounds, err := tx.RoundsOf(p.Name)
	if err != nil {
		return document.Number{}, err
	}
	for _, r := range rounds {
		if r.Published() {
			taken = append(taken, document.Printed(r.DocNumber, r.Title, p.Naming.Numbers, taken, "", time.Time{})...)
		}
	}
	return document.Next(p.Naming.Numbers, year, taken)
}

// Register is the register of a year: every number of a programme's word, and every
// document that was signed in it.
type Register struct {
	Programme *programme.Programme
	Year      int
	Lines     []document.Number   // the latest first
	Signed    []document.Document // in the year, numbered or not; the latest first
	Gaps      []int               // places between numbers that nothing holds
	Whole     bool                // Signed holds all of them, and not only the latest
	Now       time.Time
}

// registerMost bounds how many signed documents of a year one page shows.
const registerMost = 2000

// RegisterLine is one line of the register as people read it.
type RegisterLine struct {
	Number   string // 文号; empty: it bears none
	Title    string
	Word     string // 命名通知, or 系统外文件
	To       string
	On       calendar.Date
	State    stage.State // of the document; of a number without one: taken or void
	Said     string      // the state in words
	Why      string      // of what is void or superseded
	Document id.Document // empty: it was written outside
	Thing    string      // of a naming's number without a document that was signed: the naming
	Gap      bool        // nothing holds this number
	Outside  bool        // it may be made void by itself
}

// RegisterLines puts the register in order: the numbers, the latest first, with what bears
// them, and where one is missing; then what was signed without a number of this register.
func (v Register) RegisterLines() (all []RegisterLine) {
	of := map[string][]document.Document{}
	for _, d := range v.Signed {
		of[d.Number] = append(of[d.Number], d)
	}
	gaps := slices.Clone(v.Gaps)
	missing := func(above int) {
		for len(gaps) > 0 && gaps[len(gaps)-1] > above {
			n := document.Number{Word: v.Programme.Naming.Numbers, Year: v.Year, Seq: gaps[len(gaps)-1]}
			all = append(all, RegisterLine{Number: n.String(), Title: "登记簿里没有这个号", Said: "缺号", Gap: true})
			gaps = gaps[:len(gaps)-1]
		}
	}
	for _, n := range v.Lines {
		missing(n.Seq)
		bear := of[n.String()]
		delete(of, n.String())
		if len(bear) == 0 {
			l := RegisterLine{Number: n.String(), Title: n.Title, Word: "系统外文件", On: calendar.DateOf(n.At), State: n.State, Said: document.NumberKind.Word(string(n.State)), Why: n.Why, Outside: n.Use == document.Outside}
			if n.Use != document.Outside {
				l.Word, l.Thing = "命名通知", n.Thing
			}
			all = append(all, l)
		}
		for _, d := range bear {
			all = append(all, registerLineOf(d))
		}
	}
	missing(0)
	for _, d := range v.Signed {
		if _, left := of[d.Number]; left {
			all = append(all, registerLineOf(d))
		}
	}
	return all
}

func registerLineOf(d document.Document) RegisterLine {
	s, _ := document.SortOf(d.Sort)
	return RegisterLine{Number: d.Number, Title: d.Title, Word: s.Word, To: d.To, On: d.On, State: d.State, Said: document.Kind.Word(string(d.State)), Why: d.Reason, Document: d.ID}
}

// RegisterHead are the columns of the register as a table.
var RegisterHead = []string{"年度", "文号", "标题", "种类", "主送", "日期", "状态", "说明"}

// Rows is the register as a table.
func (v Register) Rows() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, l := range v.RegisterLines() {
			if !yield([]string{strconv.Itoa(v.Year), l.Number, l.Title, l.Word, l.To, orBlank(l.On), l.Said, l.Why}, nil) {
				return
			}
		}
	}
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
		if v.Lines, err = tx.Numbers(by, v.Programme.Naming.Numbers, v.Year); err != nil {
			return err
		}
		v.Gaps = document.Gaps(v.Programme.Naming.Numbers, v.Year, v.Lines)
		v.Signed, err = tx.Documents(by, store.DocumentFilter{Programme: p, Year: v.Year, Limit: registerMost + 1})
		if v.Whole = len(v.Signed) <= registerMost; !v.Whole {
			v.Signed = v.Signed[:registerMost]
		}
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
