package casework

import (
	"context"
	"iter"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/lifecycle/tabulation"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Tabulating is what somebody asks of the summary table (汇总表).
type Tabulating struct {
	Programme id.Programme  // empty: the viewer's own, or the first
	View      id.Tabulation // a saved view to begin with; empty: none
	Shown     []string      // columns in their order; empty: those of the view, or the usual
	Filter    tabulation.Filter
	Filtered  bool // the filter counts although there is a view
	After     id.Application
	Limit     int
}

// TabulationView is a page of the summary table.
type TabulationView struct {
	Programme  *programme.Programme
	Programmes []*programme.Programme
	Rounds     []round.Round // published, to filter by, the latest first
	Views      []tabulation.View
	View       tabulation.View // the one that is open; zero: none
	Shown      []tabulation.Column
	Offered    []tabulation.Column // that are not shown
	Filter     tabulation.Filter
	Rows       []TabulationRow
	Next       id.Application // the row with which the page ends, when there are more
}

// TabulationRow is one line: its cells stand in the order of the columns.
type TabulationRow struct {
	Application id.Application
	Cells       []string
}

// tabulated is what one viewer's table is made with.
type tabulated struct {
	tx     *store.Tx
	v      *TabulationView
	rounds map[id.Round]round.Round
	rules  map[id.Round]*programme.Programme
	names  func(id.Account) (string, error)
}

// Tabulate makes a page of the summary table for the office, the chair and the auditors.
// A column that the viewer may not see is refused, wherever it comes from.
func (d *Desk) Tabulate(ctx context.Context, by stage.Actor, ask Tabulating) (v TabulationView, err error) {
	defer fault.Wrap(&err, "casework.Tabulate")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		t, err := tabulate(tx, by, ask, &v)
		if err != nil || v.Programme == nil {
			return err
		}
		rows, err := tx.Tabulate(by, v.Programme.Name, v.Filter, ask.After, ask.Limit+1)
		if err != nil {
			return err
		}
		if len(rows) > ask.Limit {
			rows = rows[:ask.Limit]
			v.Next = rows[ask.Limit-1].Application.ID
		}
		v.Rows, err = t.lines(rows)
		return err
	})
	return v, err
}

// tabulate settles what is shown: columns, filter, views.
func tabulate(tx *store.Tx, by stage.Actor, ask Tabulating, v *TabulationView) (t *tabulated, err error) {
	if ask.View != "" {
		if v.View, err = ownView(tx, by, ask.View); err != nil {
			return nil, err
		}
		ask.Programme = v.View.Programme
		if !ask.Filtered {
			ask.Filter = v.View.Filter
		}
		if len(ask.Shown) == 0 {
			ask.Shown = v.View.Shown
		}
	}
	if v.Programme, v.Programmes, err = countable(tx, by, ask.Programme); err != nil || v.Programme == nil {
		return nil, err
	}
	if len(ask.Shown) == 0 {
		ask.Shown = tabulation.Usual
		if len(v.Programme.Applicants.Categories) == 0 {
			ask.Shown = slices.DeleteFunc(slices.Clone(ask.Shown), func(code string) bool { return code == "category" })
		}
	}
	codes, err := tabulation.Check(by.Role, ask.Shown)
	if err != nil {
		return nil, err
	}
	offered := tabulation.Offered(by.Role)
	for _, code := range codes {
		i := slices.IndexFunc(offered, func(c tabulation.Column) bool { return c.Code == code })
		v.Shown = append(v.Shown, offered[i])
	}
	v.Offered = slices.DeleteFunc(offered, func(c tabulation.Column) bool { return slices.Contains(codes, c.Code) })
	v.Filter = ask.Filter
	if v.Views, err = tx.TabulationsOf(by.Account, v.Programme.Name); err != nil {
		return nil, err
	}
	all, err := tx.RoundsOf(v.Programme.Name)
	v.Rounds = slices.DeleteFunc(all, func(r round.Round) bool { return !r.Published() })
	return &tabulated{tx: tx, v: v, rounds: map[id.Round]round.Round{}, rules: map[id.Round]*programme.Programme{}, names: namesIn(tx)}, err
}

// lines makes rows of what the store gathered.
func (t *tabulated) lines(rows []store.Tabulated) (lines []TabulationRow, err error) {
	for _, r := range rows {
		key := r.Application.Round
		if _, known := t.rounds[key]; !known {
			if t.rounds[key], err = t.tx.Round(key); err != nil {
				return nil, err
			}
			if t.rules[key], err = t.tx.ProgrammeOf(key); err != nil {
				return nil, err
			}
		}
		line := TabulationRow{Application: r.Application.ID}
		for _, c := range t.v.Shown {
			cell, err := t.cell(r, c.Code)
			if err != nil {
				return nil, err
			}
			line.Cells = append(line.Cells, cell)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// cell is what stands in a column of a row; empty while there is nothing.
func (t *tabulated) cell(r store.Tabulated, code string) (string, error) {
	a, p := r.Application, t.rules[r.Application.Round]
	switch code {
	case "number":
		return a.Number, nil
	case "organisation":
		return a.Name, nil
	case "code":
		return r.Organisation.Code, nil
	case "party":
		return a.PartyBody, nil
	case "round":
		return roundWord(t.rounds[a.Round]), nil
	case "category":
		return categoryWord(p, a.Category), nil
	case "region":
		return r.Organisation.Registrar, nil
	case "level":
		return creditcode.LevelWord(creditcode.LevelOf(creditcode.Division(r.Organisation.Code))), nil
	case "submitted":
		return a.SubmittedAt.In(calendar.Zone).Format("2006-01-02 15:04"), nil
	case "state":
		return application.Kind.Word(string(a.State)), nil
	case "stage":
		if a.Stage == "" {
			return "", nil
		}
		return statistic.Word(a.Stage), nil
	case "legal_head":
		return r.Organisation.LegalHead, nil
	}
	return t.found(r, code)
}

// found is what stands in a column that tells what a chapter found or decided.
func (t *tabulated) found(r store.Tabulated, code string) (string, error) {
	a := r.Application
	switch code {
	case "recommendation":
		return review.Recommendations[r.Review.Recommendation], nil
	case "opinion":
		if r.Visit.State == visit.Waived {
			return visit.Kind.Word(string(visit.Waived)), nil
		}
		return assessment.Opinions[r.Visit.Opinion], nil
	case "score":
		rule := score.RuleOf(t.rules[a.Round], t.rounds[a.Round].Year)
		visited := slices.Contains(t.rules[a.Round].Procedure, visit.Kind.Name)
		if !rule.Scores() || r.Review.Recommendation == "" || visited && r.Visit.State != visit.Signed {
			return "", nil
		}
		return score.Said(rule.Sum(assessment.Criteria{Given: r.Review.Findings}.Points(r.Visit.Findings)).Total), nil
	case "decision":
		if r.Decision == "" {
			return "", nil
		}
		return item.Kind.Word(string(r.Decision)), nil
	case "designation":
		return r.Title.Number, nil
	case "named_on":
		return r.Title.NamedOn.String(), nil
	case "valid_to":
		return r.Title.ValidTo.String(), nil
	case "title_state":
		if r.Title.State == "" {
			return "", nil
		}
		return designation.Kind.Word(string(r.Title.State)), nil
	case "reviewer":
		if r.Review.Reviewer == "" {
			return "", nil
		}
		return t.names(r.Review.Reviewer)
	}
	return "", fault.Missing()
}

func categoryWord(p *programme.Programme, code string) string {
	for _, c := range p.Applicants.Categories {
		if c.Code == code {
			return c.Title
		}
	}
	return code
}

// exportPage is how many rows an export reads at once.
const exportPage = 300

// ExportTabulation gives every row that a table has, page by page, with its head.
func (d *Desk) ExportTabulation(ctx context.Context, by stage.Actor, ask Tabulating) (head []string, rows iter.Seq2[[]string, error], err error) {
	ask.Limit, ask.After = exportPage, ""
	first, err := d.Tabulate(ctx, by, ask)
	if err != nil {
		return nil, nil, err
	}
	if first.Programme == nil {
		return nil, nil, fault.Missing()
	}
	for _, c := range first.Shown {
		head = append(head, c.Label)
	}
	return head, func(yield func([]string, error) bool) {
		for v := first; ; {
			for _, r := range v.Rows {
				if !yield(r.Cells, nil) {
					return
				}
			}
			if v.Next == "" {
				return
			}
			ask.After = v.Next
			var err error
			if v, err = d.Tabulate(ctx, by, ask); err != nil {
				yield(nil, err)
				return
			}
		}
	}, nil
}

// ownView returns a view of the actor's; another's is missing.
func ownView(tx *store.Tx, by stage.Actor, key id.Tabulation) (tabulation.View, error) {
	v, err := tx.Tabulation(key)
	if err == nil && (v.Account != by.Account || by.Programme != "" && by.Programme != v.Programme) {
		err = fault.Missing()
	}
	if err != nil {
		return tabulation.View{}, err
	}
	return v, nil
}

// Tabulation returns a view of the actor's.
func (d *Desk) Tabulation(ctx context.Context, by stage.Actor, key id.Tabulation) (v tabulation.View, err error) {
	defer fault.Wrap(&err, "casework.Tabulation")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v, err = ownView(tx, by, key)
		return err
	})
	return v, err
}

// SaveTabulation keeps columns and filter under a name, for the actor alone.
func (d *Desk) SaveTabulation(ctx context.Context, by stage.Actor, v tabulation.View) (key id.Tabulation, err error) {
	defer fault.Wrap(&err, "casework.SaveTabulation")
	err = d.tabulationAct(ctx, by, "save_view", func(tx *store.Tx) error {
		p, _, err := countable(tx, by, v.Programme)
		if err != nil {
			return err
		}
		if p == nil {
			return fault.Missing()
		}
		others, err := tx.TabulationsOf(by.Account, p.Name)
		if err != nil {
			return err
		}
		v.Programme = p.Name
		made, err := tabulation.Save(by, v, others, d.Now())
		if err != nil {
			return err
		}
		made.ID = id.New[id.Tabulation](d.Rand)
		key = made.ID
		makes(ctx, string(key))
		return tx.AddTabulation(&made)
	})
	return key, err
}

// RenameTabulation gives a view of the actor's another name.
func (d *Desk) RenameTabulation(ctx context.Context, by stage.Actor, key id.Tabulation, name string) (err error) {
	defer fault.Wrap(&err, "casework.RenameTabulation")
	return d.tabulationAct(ctx, by, "rename_view", func(tx *store.Tx) error {
		v, err := ownView(tx, by, key)
		if err != nil {
			return err
		}
		others, err := tx.TabulationsOf(by.Account, v.Programme)
		if err != nil {
			return err
		}
		if v.Name, err = tabulation.Name(name, others, v.ID); err != nil {
			return err
		}
		return tx.PutTabulation(&v)
	})
}

// RemoveTabulation removes a view of the actor's.
func (d *Desk) RemoveTabulation(ctx context.Context, by stage.Actor, key id.Tabulation) (err error) {
	defer fault.Wrap(&err, "casework.RemoveTabulation")
	return d.tabulationAct(ctx, by, "remove_view", func(tx *store.Tx) error {
		if _, err := ownView(tx, by, key); err != nil {
			return err
		}
		return tx.RemoveTabulation(key)
	})
}

// tabulationAct changes an actor's views. They are the person's own, so the record's line
// is one of the account and says no more than that.
func (d *Desk) tabulationAct(ctx context.Context, by stage.Actor, act string, do func(*store.Tx) error) error {
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.Account(by.Account)
		if err != nil {
			return record.Entry{}, err
		}
		return d.accountEntry(by, act, a, AccountState(a)), do(tx)
	})
}
