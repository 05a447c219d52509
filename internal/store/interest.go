package store

import (
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/interest"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
)

var interests = table[review.Interest]{
	name:    "interests",
	columns: []string{"id", "account", "organisation", "kind", "reason", "declared_at", "until_on", "ended_at", "lifted"},
	fields: func(i *review.Interest) []any {
		return []any{&i.Key, &i.Account, &i.Organisation, &i.Kind, &i.Reason, asTime(&i.DeclaredAt), asDate(&i.Until), asTime(&i.EndedAt), &i.Lifted}
	},
}

var statements = table[interest.Statement]{
	name:    "interest_statements",
	columns: []string{"id", "account", "state", "employers", "declared_at", "until_on", "version"},
	fields: func(s *interest.Statement) []any {
		return []any{&s.ID, &s.Account, &s.State, asJSON(&s.Employers), asTime(&s.DeclaredAt), asDate(&s.Until), &s.Version}
	},
	version: func(s *interest.Statement) *int64 { return &s.Version },
}

// StatementOf returns the yearly statement of an account, or fault.Missing. It is for
// the rules and for the account itself.
func (tx *Tx) StatementOf(who id.Account) (interest.Statement, error) {
	return only(statements.list(tx, "WHERE account = $1", string(who)))
}

// PutStatement saves a statement; the first of an account has version 0.
func (tx *Tx) PutStatement(s *interest.Statement) error {
	if s.Version == 0 {
		return statements.insert(tx, s)
	}
	return statements.update(tx, s)
}

// StatementsPast lists the statements that hold still and should not on a day.
func (tx *Tx) StatementsPast(day calendar.Date) ([]interest.Statement, error) {
	return statements.list(tx, "WHERE state = $1 AND until_on < $2 ORDER BY until_on, id", string(interest.Current), day.String())
}

// InterestsPast lists the former posts that count still and should not on a day.
func (tx *Tx) InterestsPast(day calendar.Date) ([]review.Interest, error) {
	return interests.list(tx, "WHERE until_on <> '' AND ended_at = 0 AND until_on < $1 ORDER BY until_on, id", day.String())
}

// InterestsOf lists the ties that an account declared, those that ended last.
func (tx *Tx) InterestsOf(who id.Account) ([]review.Interest, error) {
	return interests.list(tx, "WHERE account = $1 ORDER BY ended_at, declared_at, id", string(who))
}

// Interest returns one tie, or fault.Missing.
func (tx *Tx) Interest(key string) (review.Interest, error) { return interests.get(tx, key) }

// PutInterest saves a tie that ended.
func (tx *Tx) PutInterest(i *review.Interest) error { return interests.update(tx, i) }

// Statements lists the statements of some accounts.
func (tx *Tx) Statements(of []id.Account) (map[id.Account]interest.Statement, error) {
	all := map[id.Account]interest.Statement{}
	if len(of) == 0 {
		return all, nil
	}
	var q where
	args := make([]any, len(of))
	for i, a := range of {
		args[i] = string(a)
	}
	q.and("account IN (?"+strings.Repeat(", ?", len(of)-1)+")", args...)
	list, err := statements.list(tx, q.String(), q.args...)
	for _, s := range list {
		all[s.Account] = s
	}
	return all, err
}

// errTied says that an interest was declared before.
var errTied = fault.Define(fault.Refused, "review.declare.twice",
	"已经声明过与这个单位的利害关系，不用再声明。", "制度:回避")

// AddInterest keeps somebody's tie to an organisation; a second one to the same
// is refused, unless the first has ended: then it holds again.
func (tx *Tx) AddInterest(i *review.Interest) error {
	was, err := interests.get(tx, i.Key)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return interests.insert(tx, i)
	case err != nil:
		return err
	case was.EndedAt.IsZero():
		return errTied.New()
	}
	return interests.update(tx, i)
}

// InterestsIn says who has an interest in an organisation and why: those who
// declared one, and those whose account acts for it.
func (tx *Tx) InterestsIn(o id.Organisation) (review.Interests, error) {
	all := review.Interests{}
	if o == "" {
		return all, nil
	}
	holders, err := accounts.list(tx, "WHERE grants LIKE $1 ESCAPE '!' ORDER BY id", `%"organisation":"`+escapeLike(string(o))+`"%`)
	if err != nil {
		return nil, err
	}
	for _, a := range holders {
		all[a.ID] = "兼任该单位经办人"
	}
	declared, err := interests.list(tx, "WHERE organisation = $1 AND ended_at = 0 ORDER BY account", string(o))
	for _, i := range declared {
		all[i.Account] = i.Reason
	}
	return all, err
}

// TiesOf lists the organisations in which an account has an interest.
func (tx *Tx) TiesOf(who id.Account) (all []id.Organisation, err error) {
	if who == "" {
		return nil, nil
	}
	a, err := tx.Account(who)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	for _, g := range a.Grants {
		if g.Organisation != "" {
			all = append(all, g.Organisation)
		}
	}
	declared, err := interests.list(tx, "WHERE account = $1 AND ended_at = 0 ORDER BY organisation", string(who))
	for _, i := range declared {
		all = append(all, i.Organisation)
	}
	return all, err
}

// tied reports whether a viewer has an interest in an organisation, or is recused
// from an application at the committee: then it is hidden. Who acts for the
// organisation itself sees it as its applicant.
func (tx *Tx) tied(viewer stage.Actor, o id.Organisation, a id.Application) (bool, error) {
	if viewer.Role == stage.Applicant || viewer.Role == stage.Clock {
		return false, nil
	}
	ties, err := tx.TiesOf(viewer.Account)
	if err != nil {
		return false, err
	}
	for _, t := range ties {
		if t == o {
			return true, nil
		}
	}
	if !decides(viewer) {
		return false, nil
	}
	all, err := tx.ItemsAbout(item.Subject{Kind: "application", ID: string(a)})
	for _, i := range all {
		if i.Recused(viewer.Account) {
			return true, err
		}
	}
	return false, err
}

// decides reports whether a viewer acts as one of the committee: recusal from an
// item takes its application from them in that role only.
func decides(viewer stage.Actor) bool {
	return viewer.Role == stage.Member || viewer.Role == stage.Chair
}

// untied leaves out of a list what its viewer has an interest in or is recused
// from. key is the column that holds the application's identifier.
func (w *where) untied(tx *Tx, viewer stage.Actor, key string) error {
	if viewer.Role == stage.Applicant || viewer.Account == "" {
		return nil
	}
	ties, err := tx.TiesOf(viewer.Account)
	if err != nil {
		return err
	}
	if len(ties) > 0 {
		args := make([]any, len(ties))
		for i, o := range ties {
			args[i] = string(o)
		}
		w.and("organisation NOT IN (?"+strings.Repeat(", ?", len(ties)-1)+")", args...)
	}
	if !decides(viewer) {
		return nil
	}
	w.and(key+" NOT IN (SELECT subject_id FROM items WHERE subject_kind = ? AND recusals LIKE ? ESCAPE '!')", "application", `%"`+escapeLike(string(viewer.Account))+`":%`)
	return nil
}

// OrganisationsNamed lists the organisations that have a name now. It does not ask who
// looks: whether somebody is tied to one is between them and the rules.
func (tx *Tx) OrganisationsNamed(name string) (all []id.Organisation, err error) {
	list, err := organisations.list(tx, "WHERE name = $1 ORDER BY id LIMIT 2", name)
	for _, o := range list {
		all = append(all, o.ID)
	}
	return all, err
}

// OrganisationsLike lists the organisations that are led by somebody of a name or are
// called like one of the employers, for the person who is asked whether they are tied.
func (tx *Tx) OrganisationsLike(name string, employers []string) (all []interest.Known, err error) {
	found, err := organisations.list(tx, "WHERE legal_head = $1 ORDER BY id LIMIT 20", name)
	if err != nil {
		return nil, err
	}
	led, err := bodies.list(tx, "WHERE head = $1 ORDER BY id LIMIT 20", name)
	for _, b := range led {
		covers, err := tx.CoveredBy(b.ID)
		if err != nil {
			return nil, err
		}
		for _, key := range covers {
			o, err := tx.Organisation(key)
			if err != nil {
				return nil, err
			}
			all = append(all, known(o, b.Head))
		}
	}
	for _, e := range employers {
		if err != nil {
			break
		}
		var called []organisation.Organisation
		called, err = organisations.list(tx, "WHERE name = $1 ORDER BY id LIMIT 2", e)
		found = append(found, called...)
	}
	for _, o := range found {
		all = append(all, known(o, o.LegalHead))
	}
	return all, err
}

func known(o organisation.Organisation, head string) interest.Known {
	k := interest.Known{ID: o.ID, Heads: []string{head}}
	for _, n := range o.Names {
		k.Names = append(k.Names, n.Name)
	}
	return k
}

// DeclarersFor lists the accounts that make yearly statements, for those who look after
// the office and the committee and for the auditors. Everybody else gets fault.Missing.
func (tx *Tx) DeclarersFor(viewer stage.Actor) (all []Account, err error) {
	if viewer.Role != stage.Director && viewer.Role != stage.Chair && viewer.Role != stage.Auditor {
		return nil, fault.Missing()
	}
	list, err := accounts.list(tx, "WHERE disabled = $1 ORDER BY login", false)
	for _, a := range list {
		for _, g := range a.Grants {
			if interest.Declares(g.Role) && (viewer.Programme == "" || g.Programme == "" || g.Programme == viewer.Programme) {
				all = append(all, a)
				break
			}
		}
	}
	return all, err
}
