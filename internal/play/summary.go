package play

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Counts is how many there are of what, at each stage; they reconcile.
type Counts struct {
	Rounds     []RoundCounts  `json:"rounds"`
	Titles     map[string]int `json:"designations"` // by state
	Objections map[string]int `json:"objections"`   // by outcome
	Acts       int            `json:"acts"`
}

// RoundCounts is the funnel of one round.
type RoundCounts struct {
	Round   id.Round       `json:"round"`
	Year    int            `json:"year"`
	States  map[string]int `json:"applications"` // by state
	Started int            `json:"started"`
	Named   int            `json:"named"`
}

// Summary counts what a life came to.
func (t *Theatre) Summary() (c Counts, err error) {
	c = Counts{Titles: map[string]int{}, Objections: map[string]int{}}
	err = t.Desk.Store.View(t.ctx, func(tx *store.Tx) error {
		rounds, err := tx.RoundsOf(t.Programme.Name)
		if err != nil {
			return err
		}
		for n := len(rounds) - 1; n >= 0; n-- {
			if err := c.add(tx, rounds[n].ID, rounds[n].Year); err != nil {
				return err
			}
		}
		titles, err := tx.Designations(stage.Anyone, store.DesignationFilter{Programme: t.Programme.Name, Limit: 1000})
		for _, d := range titles {
			c.Titles[string(d.State)]++
		}
		return err
	})
	return c, err
}

func (c *Counts) add(tx *store.Tx, key id.Round, year int) error {
	files, err := tx.ApplicationsOf(key)
	if err != nil {
		return err
	}
	r := RoundCounts{Round: key, Year: year, States: map[string]int{}, Started: len(files)}
	for _, a := range files {
		r.States[string(a.State)]++
		if a.State == application.Named {
			r.Named++
		}
		if err := c.objections(tx, a.ID); err != nil {
			return err
		}
	}
	c.Rounds = append(c.Rounds, r)
	return nil
}

func (c *Counts) objections(tx *store.Tx, key id.Application) error {
	k, err := tx.CandidateOf(key)
	if err != nil {
		return nil //nolint:nilerr // on no list
	}
	all, err := tx.ObjectionsAgainst(k.ID)
	for _, o := range all {
		word := string(o.Outcome)
		if word == "" {
			word = string(o.State)
		}
		c.Objections[word]++
	}
	return err
}
