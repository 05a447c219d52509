package store

import (
	"errors"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
)

var interests = table[review.Interest]{
	name:    "interests",
	columns: []string{"id", "account", "organisation", "reason", "declared_at"},
	fields: func(i *review.Interest) []any {
		return []any{&i.Key, &i.Account, &i.Organisation, &i.Reason, asTime(&i.DeclaredAt)}
	},
}

// errTied says that an interest was declared before.
var errTied = fault.Define(fault.Refused, "review.declare.twice",
	"已经声明过与这个单位的利害关系，不用再声明。", "制度:回避")

// AddInterest keeps somebody's tie to an organisation; a second one to the same
// is refused.
func (tx *Tx) AddInterest(i *review.Interest) error {
	n, err := interests.count(tx, "WHERE id = $1", i.Key)
	if err == nil && n > 0 {
		return errTied.New()
	}
	return errors.Join(err, interests.insert(tx, i))
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
	declared, err := interests.list(tx, "WHERE organisation = $1 ORDER BY account", string(o))
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
	declared, err := interests.list(tx, "WHERE account = $1 ORDER BY organisation", string(who))
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
