package store

import (
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/stage"
)

var namings = table[naming.Naming]{
	name: "namings",
	columns: []string{
		"id", "programme", "round", "state", "title", "addressees", "closing", "dated_on", "doc_number", "entries",
		"prepared_by", "releases", "issued_by", "issued_at", "reason", "version",
	},
	fields: func(n *naming.Naming) []any {
		return []any{
			&n.ID, &n.Programme, &n.Round, &n.State, &n.Title, &n.Addressees, &n.Closing, asDate(&n.DatedOn), &n.DocNumber, asJSON(&n.List),
			&n.PreparedBy, asJSON(&n.Releases), &n.IssuedBy, asTime(&n.IssuedAt), &n.Reason, &n.Version,
		}
	},
	version: func(n *naming.Naming) *int64 { return &n.Version },
}

var numbers = table[document.Number]{
	name:    "numbers",
	columns: []string{"id", "word", "year", "seq", "used_for", "thing", "title", "state", "why", "by_id", "at", "version"},
	fields: func(n *document.Number) []any {
		return []any{&n.Key, &n.Word, &n.Year, &n.Seq, &n.Use, &n.Thing, &n.Title, &n.State, &n.Why, &n.By, asTime(&n.At), &n.Version}
	},
	version: func(n *document.Number) *int64 { return &n.Version },
}

// Naming returns the naming with the given identifier, or fault.Missing. It does
// not ask who looks; NamingFor does.
func (tx *Tx) Naming(key id.Naming) (naming.Naming, error) { return namings.get(tx, string(key)) }

// seesNamings lists the roles that see namings of their programme before they are
// issued.
var seesNamings = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// NamingFor returns a naming as a viewer may see it: issued ones are for
// everybody, without who prepared and released them; the others for the office,
// the chair and the auditors of its programme.
func (tx *Tx) NamingFor(viewer stage.Actor, key id.Naming) (naming.Naming, error) {
	n, err := tx.Naming(key)
	if err != nil {
		return n, err
	}
	inside := slices.Contains(seesNamings, viewer.Role) && (viewer.Programme == "" || viewer.Programme == n.Programme)
	if !inside && n.State != naming.Issued {
		return naming.Naming{}, fault.Missing()
	}
	return seenNaming(inside, n), nil
}

func seenNaming(inside bool, n naming.Naming) naming.Naming {
	if !inside {
		n.PreparedBy, n.Releases, n.IssuedBy, n.Reason = "", nil, "", ""
	}
	return n
}

// AddNaming adds a naming.
func (tx *Tx) AddNaming(n *naming.Naming) error { return namings.insert(tx, n) }

// PutNaming saves a naming, unless someone else saved it since it was read.
func (tx *Tx) PutNaming(n *naming.Naming) error { return namings.update(tx, n) }

// NamingFilter narrows a list of namings.
type NamingFilter struct {
	Round  id.Round
	States []stage.State
	After  id.Naming
	Limit  int // 0: 50
}

// Namings lists the namings that a viewer may see, those not yet issued last, the
// latest issued first.
func (tx *Tx) Namings(viewer stage.Actor, f NamingFilter) ([]naming.Naming, error) {
	var q where
	inside := slices.Contains(seesNamings, viewer.Role)
	switch {
	case !inside:
		q.and("state = ?", string(naming.Issued))
	case viewer.Programme != "":
		q.and("(state = ? OR programme = ?)", string(naming.Issued), string(viewer.Programme))
	}
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.After != "" {
		q.and("(issued_at, id) < (SELECT issued_at, id FROM namings WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := namings.list(tx, q.String()+" ORDER BY issued_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		all[i] = seenNaming(inside && (viewer.Programme == "" || viewer.Programme == all[i].Programme), all[i])
	}
	return all, err
}

// NamingsOf lists every naming of a round, for the rules.
func (tx *Tx) NamingsOf(r id.Round) ([]naming.Naming, error) {
	return namings.list(tx, "WHERE round = $1 ORDER BY id", string(r))
}

// NumbersOf lists the register's lines of an agency's word, the latest first, for
// the rules.
func (tx *Tx) NumbersOf(word string) ([]document.Number, error) {
	return numbers.list(tx, "WHERE word = $1 ORDER BY year DESC, seq DESC", word)
}

// Numbers lists the register's lines of a word and a year as the office may see
// them; nobody else sees the register.
func (tx *Tx) Numbers(viewer stage.Actor, word string, year int) ([]document.Number, error) {
	if !slices.Contains(seesNamings, viewer.Role) {
		return nil, fault.Missing()
	}
	return numbers.list(tx, "WHERE word = $1 AND year = $2 ORDER BY seq DESC", word, year)
}

// NumberFor returns one line of the register, for those who see it.
func (tx *Tx) NumberFor(viewer stage.Actor, key string) (document.Number, error) {
	if !slices.Contains(seesNamings, viewer.Role) {
		return document.Number{}, fault.Missing()
	}
	return numbers.get(tx, key)
}

// AddNumber takes a number. One that is taken already is refused by the table.
func (tx *Tx) AddNumber(n *document.Number) error { return numbers.insert(tx, n) }

// PutNumber saves a line of the register, unless someone else saved it meanwhile.
func (tx *Tx) PutNumber(n *document.Number) error { return numbers.update(tx, n) }
