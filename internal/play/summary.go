package play

import (
	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Counts is how many there are of what, at each stage; they reconcile with each other and
// with the timeline.
type Counts struct {
	Programme      string         `json:"programme"` // the state it is left in
	Rounds         []RoundCounts  `json:"rounds"`
	Organisations  map[string]int `json:"organisations"`  // by state
	Titles         map[string]int `json:"designations"`   // by state
	Renewals       int            `json:"renewals"`       // how often a title got another term
	Rechecks       map[string]int `json:"rechecks"`       // by state
	Rectifications map[string]int `json:"rectifications"` // by state
	Revocations    map[string]int `json:"revocations"`    // by state
	Objections     map[string]int `json:"objections"`     // by outcome
	Years          []YearCounts   `json:"years"`          // in which something was done
	Acts           int            `json:"acts"`
}

// YearCounts is what was done in one calendar year.
type YearCounts struct {
	Year int `json:"year"`
	Acts int `json:"acts"`
}

// timed counts the lines of a timeline, all and by year.
func (c *Counts) timed(lines []Line) {
	c.Acts, c.Years = len(lines), nil
	for _, l := range lines {
		year := calendar.DateOf(l.At).Year
		if n := len(c.Years); n == 0 || c.Years[n-1].Year != year {
			c.Years = append(c.Years, YearCounts{Year: year})
		}
		c.Years[len(c.Years)-1].Acts++
	}
}

// RoundCounts is the funnel of one round.
type RoundCounts struct {
	Round   id.Round       `json:"round"`
	Year    int            `json:"year"`
	States  map[string]int `json:"applications"` // by state
	Started int            `json:"started"`
	Named   int            `json:"named"`
}

// Summary counts what a life came to. The acts are counted with the timeline.
func (t *Theatre) Summary() (c Counts, err error) {
	c = Counts{
		Organisations: map[string]int{}, Titles: map[string]int{}, Objections: map[string]int{},
		Rechecks: map[string]int{}, Rectifications: map[string]int{}, Revocations: map[string]int{},
	}
	err = t.Desk.Store.View(t.ctx, func(tx *store.Tx) error {
		p, err := tx.Programme(t.Programme.Name)
		if err != nil {
			return err
		}
		c.Programme = string(p.State)
		rounds, err := tx.RoundsOf(t.Programme.Name)
		if err != nil {
			return err
		}
		for n := len(rounds) - 1; n >= 0; n-- {
			if err := c.add(tx, rounds[n].ID, rounds[n].Year); err != nil {
				return err
			}
		}
		for _, h := range t.Houses {
			o, err := tx.Organisation(h.ID)
			if err != nil {
				return err
			}
			c.Organisations[string(o.State)]++
		}
		return c.titles(tx, t.Programme.Name)
	})
	return c, err
}

// titles counts the titles and what was held about them.
func (c *Counts) titles(tx *store.Tx, of id.Programme) error {
	titles, err := tx.Designations(stage.Anyone, store.DesignationFilter{Programme: of, Limit: 1000})
	if err != nil {
		return err
	}
	for _, d := range titles {
		c.Titles[string(d.State)]++
		c.Renewals += len(d.Renewals)
		rechecks, err := tx.RechecksOf(d.ID)
		if err != nil {
			return err
		}
		for _, r := range rechecks {
			c.Rechecks[string(r.State)]++
		}
		orders, err := tx.RectificationsOf(d.ID)
		if err != nil {
			return err
		}
		for _, o := range orders {
			c.Rectifications[string(o.State)]++
		}
		proceedings, err := tx.RevocationsOf(d.ID)
		if err != nil {
			return err
		}
		for _, r := range proceedings {
			c.Revocations[string(r.State)]++
		}
	}
	return nil
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
