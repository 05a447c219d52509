package together

import (
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
)

// Division is a title whose holder was split up, with those of its heirs.
type Division struct {
	*designation.Designation
	Into []id.Organisation          // what the holder was split up into
	Held []*designation.Designation // titles that name this one as where they come from
}

const heirs = "制度:分立的逐个单位经决定承继 (S73)"

// ofDivisions are the promises of a title that several may hold after its holder.
var ofDivisions = []Promise{
	{"designation.heirs.decided_once", "about each of those a holder was split up into the committee decides once, by an item of its own, and about nobody else", heirs, divided(func(d *Division) bool {
		for n, h := range d.Heirs {
			if h.Item == "" || !slices.Contains(d.Into, h.Organisation) || slices.ContainsFunc(d.Heirs[:n], func(o designation.Heir) bool { return o.Organisation == h.Organisation || o.Item == h.Item }) {
				return false
			}
		}
		return true
	})},
	{"designation.heirs.own_titles", "each that is to hold it has a title of its own with another number, and nobody who was refused has one", heirs, divided(func(d *Division) bool {
		count, numbers := 0, map[string]bool{d.Number: true}
		for _, h := range d.Heirs {
			if h.Title == "" {
				continue
			}
			count++
			t := d.held(h)
			if t == nil || t.Organisation != h.Organisation || numbers[t.Number] {
				return false
			}
			numbers[t.Number] = true
		}
		return len(d.Heirs) == 0 || count == len(d.Held)
	})},
	{"designation.heirs.remaining_time", "an heir holds it from the day of its decision for the time that remained, under the same programme and naming", heirs, inherited(func(d *Division, h designation.Heir, t *designation.Designation) bool {
		return len(t.History) > 1 || t.ValidFrom == h.On && t.NamedTo() == d.ValidTo && t.Programme == d.Programme && t.Naming == d.Naming && t.Category == d.Category && t.Predecessor == d.ID
	})},
	{"designation.heirs.orders_stay", "nobody leaves an order behind by being split up: the recheck of every heir is due at once", heirs, inherited(func(d *Division, h designation.Heir, t *designation.Designation) bool {
		n := slices.IndexFunc(d.History, func(c designation.Change) bool { return c.To == designation.Succeeded })
		return n < 1 || d.History[n-1].To != designation.Rectifying || len(t.History) > 1 || t.RecheckDue == h.On
	})},
	{"designation.heirs.first_ends", "the title itself ends with the first that holds it, and stands while nobody does and somebody waits", heirs, divided(func(d *Division) bool {
		first := slices.IndexFunc(d.Heirs, func(h designation.Heir) bool { return h.Title != "" })
		return len(d.Heirs) == 0 || (first >= 0) == (d.State == designation.Succeeded) && (first < 0 || d.Successor == d.Heirs[first].Title)
	})},
}

// held returns the title that an heir was given, or nil.
func (d *Division) held(h designation.Heir) *designation.Designation {
	if i := slices.IndexFunc(d.Held, func(t *designation.Designation) bool { return t.ID == h.Title }); i >= 0 {
		return d.Held[i]
	}
	return nil
}

func divided(holds func(*Division) bool) func(*Case) string {
	return one(func(c *Case) *Division { return c.Division }, func(d *Division) string { return string(d.ID) }, func(_ *Case, d *Division) bool { return holds(d) })
}

func inherited(holds func(*Division, designation.Heir, *designation.Designation) bool) func(*Case) string {
	return divided(func(d *Division) bool {
		for _, h := range d.Heirs {
			if t := d.held(h); t != nil && !holds(d, h, t) {
				return false
			}
		}
		return true
	})
}
