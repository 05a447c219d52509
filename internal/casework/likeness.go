package casework

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/likeness"
	"shifan/internal/store"
)

const (
	likeMost     = 100    // pairs that a page lists
	likeLeast    = 35     // percent; below this two texts on the same subject are alike by chance
	comparedMost = 5_000  // filed applications that are compared, the latest
	sketchesMost = 60_000 // statements whose sketches are kept in memory, about 32 MB
)

// sketches keeps the sketches of statements by the digest of the content that they
// stand in: what was sketched once never changes. It may be thrown away at any time.
type sketches struct {
	mu   sync.Mutex
	of   map[string][]sketched
	held int
}

// sketched is one statement of an application, as a sketch.
type sketched struct {
	indicator string
	sketch    likeness.Sketch
}

// get returns the sketches of a content, made anew by read when they are not here.
func (s *sketches) get(key string, read func() ([]sketched, error)) ([]sketched, error) {
	s.mu.Lock()
	all, ok := s.of[key]
	s.mu.Unlock()
	if ok {
		return all, nil
	}
	all, err := read()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || s.held > sketchesMost {
		s.of, s.held = map[string][]sketched{}, 0
	}
	s.of[key] = all
	s.held += len(all)
	return all, nil
}

// Statement is what one application says to one indicator.
type Statement struct {
	Application  id.Application
	Name, Number string
	Year         int // of its round
	Indicator    programme.Indicator
	Text         string
}

// Alike are two statements that share a good part of their wording: a hint for
// the office, never a verdict.
type Alike struct {
	Here, There Statement
	Percent     int // of the runs of five characters that both have, estimated
	SameHouse   bool
}

// LikenessView is what the comparison of a round, or of one application of it,
// found.
type LikenessView struct {
	Round       round.Round
	Application application.Application // zero: of the whole round
	Review      id.Review               // of the application
	Pairs       []Alike                 // the most alike first, a hundred at most
	Found       int                     // how many there are in all
	Compared    int                     // applications that were looked at, this one included
	Partial     bool                    // there are more applications than are looked at
}

// RoundLikeness compares what was filed in a round, with one another and with what
// was filed in the programme before (S12). What the programme itself says does not
// count. Only the office and the auditors may see it.
func (d *Desk) RoundLikeness(ctx context.Context, by stage.Actor, key id.Round) (v LikenessView, err error) {
	defer fault.Wrap(&err, "casework.RoundLikeness(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Round, err = tx.RoundFor(by, key); err != nil {
			return err
		}
		return d.compare(tx, by, &v)
	})
	return v, err
}

// ApplicationLikeness is RoundLikeness for one application.
func (d *Desk) ApplicationLikeness(ctx context.Context, by stage.Actor, key id.Application) (v LikenessView, err error) {
	defer fault.Wrap(&err, "casework.ApplicationLikeness(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Application, err = tx.ApplicationFor(by, key); err != nil {
			return err
		}
		if v.Round, err = tx.RoundFor(by, v.Application.Round); err != nil {
			return err
		}
		if r, err := tx.ReviewOfFor(by, key); err == nil {
			v.Review = r.ID
		}
		return d.compare(tx, by, &v)
	})
	return v, err
}

// compare fills a view.
func (d *Desk) compare(tx *store.Tx, by stage.Actor, v *LikenessView) error {
	filed, err := tx.FiledTexts(by, v.Round.Programme, comparedMost+1)
	if err != nil {
		return err
	}
	if len(filed) == 0 {
		return fault.Missing() // nothing that this viewer may compare
	}
	if v.Partial = len(filed) > comparedMost; v.Partial {
		filed = filed[:comparedMost]
	}
	c := comparison{desk: d, tx: tx, filed: filed, templates: map[id.Round]likeness.Template{}}
	if err := c.sketch(); err != nil {
		return err
	}
	v.Compared = len(filed)
	pairs := c.pairs(func(f application.Application) bool {
		return f.Round == v.Round.ID && (v.Application.ID == "" || f.ID == v.Application.ID)
	})
	v.Found = len(pairs)
	v.Pairs, err = c.tell(pairs[:min(likeMost, len(pairs))])
	return err
}

// comparison is one run over what was filed.
type comparison struct {
	desk      *Desk
	tx        *store.Tx
	filed     []application.Application
	texts     []text
	templates map[id.Round]likeness.Template
}

// text is one statement of what was filed.
type text struct {
	sketched
	filed int // which application, in comparison.filed
}

// pair is two of the texts.
type pair struct {
	here, there text
	percent     int
}

// sketch sketches every statement.
func (c *comparison) sketch() error {
	for n, f := range c.filed {
		all, err := c.desk.sketches.get(f.Digest, func() ([]sketched, error) { return c.read(f) })
		if err != nil {
			return err
		}
		for _, s := range all {
			c.texts = append(c.texts, text{s, n})
		}
	}
	return nil
}

// read sketches the statements of one application. What is too short to say
// anything is left out.
func (c *comparison) read(f application.Application) (all []sketched, err error) {
	t, err := c.template(f.Round)
	if err != nil {
		return nil, err
	}
	a, err := c.tx.Application(f.ID)
	if err != nil {
		return nil, err
	}
	for code, answer := range a.Answers {
		if s := likeness.Of(answer.Statement, t); !s.Empty() {
			all = append(all, sketched{code, s})
		}
	}
	slices.SortFunc(all, func(a, b sketched) int { return cmp.Compare(a.indicator, b.indicator) })
	return all, nil
}

// template is what the programme of a round itself says, which everybody may repeat.
func (c *comparison) template(key id.Round) (likeness.Template, error) {
	if t, ok := c.templates[key]; ok {
		return t, nil
	}
	p, err := c.tx.ProgrammeOf(key)
	if err != nil {
		return nil, err
	}
	t := templateOf(p)
	c.templates[key] = t
	return t, nil
}

// templateOf returns the wording of a programme's criteria.
func templateOf(p *programme.Programme) likeness.Template {
	var texts []string
	for _, g := range p.Criteria {
		for _, i := range g.Indicators {
			texts = append(append(texts, i.Title, i.Text), i.Evidence...)
		}
	}
	return likeness.NewTemplate(texts...)
}

// pairs finds the pairs of which one is asked for, the most alike first. What one
// application says twice is its own affair (answer.Content.Repeated).
func (c *comparison) pairs(asked func(application.Application) bool) (all []pair) {
	var index likeness.Index
	for n, t := range c.texts {
		index.Add(t.sketch, int32(n))
	}
	for n, here := range c.texts {
		if !asked(c.filed[here.filed]) {
			continue
		}
		for _, m := range index.Near(here.sketch) {
			there := c.texts[m]
			if there.filed == here.filed || asked(c.filed[there.filed]) && int(m) < n {
				continue
			}
			if p := here.sketch.Percent(there.sketch); p >= likeLeast {
				all = append(all, pair{here, there, p})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int { return cmp.Compare(b.percent, a.percent) })
	return all
}

// tell says whose the pairs are.
func (c *comparison) tell(pairs []pair) (all []Alike, err error) {
	for _, p := range pairs {
		a := Alike{Percent: p.percent, SameHouse: c.filed[p.here.filed].Organisation == c.filed[p.there.filed].Organisation}
		if a.Here, err = c.statement(p.here); err != nil {
			return nil, err
		}
		if a.There, err = c.statement(p.there); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func (c *comparison) statement(t text) (Statement, error) {
	a, err := c.tx.Application(c.filed[t.filed].ID)
	if err != nil {
		return Statement{}, err
	}
	return statementOf(c.tx, &a, t.indicator)
}

// statementOf reads what an application says to an indicator.
func statementOf(tx *store.Tx, a *application.Application, code string) (s Statement, err error) {
	r, err := tx.Round(a.Round)
	if err != nil {
		return s, err
	}
	p, err := tx.ProgrammeOf(a.Round)
	if err != nil {
		return s, err
	}
	i, known := p.Indicator(code)
	if !known {
		return s, fault.Missing()
	}
	return Statement{Application: a.ID, Name: a.Name, Number: a.Number, Year: r.Year, Indicator: i, Text: a.Answers[code].Statement}, nil
}

// SideBySide are two statements with the passages that both have.
type SideBySide struct {
	Here, There             Statement
	HerePieces, TherePieces []likeness.Piece
	Percent                 int
}

// CompareStatements puts what two applications say to two indicators side by side,
// the shared passages marked.
func (d *Desk) CompareStatements(ctx context.Context, by stage.Actor, here id.Application, code string, there id.Application, other string) (v SideBySide, err error) {
	defer fault.Wrap(&err, "casework.CompareStatements(%s %s, %s %s)", here, code, there, other)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.ComparedText(by, here)
		if err != nil {
			return err
		}
		o, err := tx.ComparedText(by, there)
		if err != nil || o.Programme != a.Programme {
			return cmp.Or(err, error(fault.Missing()))
		}
		if v.Here, err = statementOf(tx, &a, code); err != nil {
			return err
		}
		if v.There, err = statementOf(tx, &o, other); err != nil {
			return err
		}
		p, err := tx.ProgrammeOf(a.Round)
		if err != nil {
			return err
		}
		t := templateOf(p)
		v.HerePieces, v.TherePieces = likeness.Shared(v.Here.Text, v.There.Text, t)
		v.Percent = likeness.Of(v.Here.Text, t).Percent(likeness.Of(v.There.Text, t))
		return nil
	})
	return v, err
}
