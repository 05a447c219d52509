package casework

import (
	"context"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// FileView is the file of an application as those read it before whom it comes.
type FileView struct {
	Dossier
	Item   item.Item
	Review review.Review // its ID is empty when the procedure has none
	Visit  visit.Visit   // the same
}

// ItemFile returns the application that an item is about with both opinions, for
// the committee, the office and the auditors, unless they are recused (S53).
func (d *Desk) ItemFile(ctx context.Context, by stage.Actor, key id.Item) (v FileView, err error) {
	defer fault.Wrap(&err, "casework.ItemFile(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Item, _, err = tx.ItemFor(by, key); err != nil {
			return err
		}
		whole, err := tx.Item(key)
		if err != nil {
			return err
		}
		ties, err := tx.InterestsIn(whole.Organisation)
		if err != nil {
			return err
		}
		if ties[by.Account] != "" || v.Item.Subject.Kind != application.Kind.Name || whole.Recused(by.Account) || by.Role == stage.Scrutineer {
			return fault.Missing()
		}
		a := id.Application(v.Item.Subject.ID)
		if v.Review, err = tx.ReviewOfFor(by, a); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if v.Visit, err = tx.VisitOfFor(by, a); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		v.Dossier, err = d.dossier(tx, by, a)
		return err
	})
	return v, err
}
