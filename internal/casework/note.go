package casework

import (
	"context"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// AnnotateReview writes a note beside a place of the application that is reviewed and
// returns its key.
func (d *Desk) AnnotateReview(ctx context.Context, by stage.Actor, key id.Review, n review.Note) (made id.Note, err error) {
	made = id.New[id.Note](d.Rand)
	return made, d.noteAct(ctx, by, key, "annotate", func(c *reviewing) (stage.Move, error) {
		a, err := c.tx.Application(c.review.Application)
		if err != nil {
			return stage.Move{}, err
		}
		under, err := c.tx.FilesUnder(&a, false)
		if err != nil {
			return stage.Move{}, err
		}
		kept, m, err := c.review.Annotate(by, n, c.indicators, under[n.Indicator], c.ties, c.now)
		if err != nil {
			return m, err
		}
		kept.ID = made
		return m, c.tx.AddNote(&kept)
	})
}

// SettleNote says that nothing is left to do about a note of a review.
func (d *Desk) SettleNote(ctx context.Context, by stage.Actor, of id.Review, key id.Note) error {
	return d.noteAct(ctx, by, of, "settle", func(c *reviewing) (stage.Move, error) {
		n, err := c.tx.Note(of, key)
		if err != nil {
			return stage.Move{}, err
		}
		m, err := c.review.Settle(by, &n, c.ties, c.now)
		if err != nil {
			return m, err
		}
		return m, c.tx.PutNote(&n)
	})
}

// noteAct runs one move beside a review. The review itself is not saved: who writes its
// judgement at the same time is not told that somebody changed it.
func (d *Desk) noteAct(ctx context.Context, by stage.Actor, key id.Review, act string, do func(*reviewing) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: review.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		c, err := reviewingAs(tx, by, key, now)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := do(c)
		if err != nil {
			return record.Entry{}, err
		}
		return d.reviewEntry(by, c.review, m, now), nil
	})
}

// NoteLine is a note with who wrote it and the file beside which it stands.
type NoteLine struct {
	review.Note
	Author   string // a name
	Settler  string // a name; empty while it is open
	FileName string // empty: it stands beside no file
}

// notesOf lists the notes of a review that the viewer may see, the earliest first.
func notesOf(tx *store.Tx, by stage.Actor, r *review.Review, files map[string][]File) (lines []NoteLine, err error) {
	all, err := tx.NotesFor(by, r)
	if err != nil {
		return nil, err
	}
	names := namesIn(tx)
	for _, n := range all {
		l := NoteLine{Note: n}
		if l.Author, err = names(n.By); err != nil {
			return nil, err
		}
		if l.Settler, err = names(n.SettledBy); err != nil {
			return nil, err
		}
		for _, f := range files[n.Indicator] {
			if f.ID == n.File {
				l.FileName = f.Name
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// NotesAt lists the notes beside an indicator, those beside its files among them.
func (v ReviewView) NotesAt(indicator string) (all []NoteLine) {
	for _, n := range v.Notes {
		if n.Indicator == indicator {
			all = append(all, n)
		}
	}
	return all
}

// NotesOpen is how many notes nobody has settled.
func (v ReviewView) NotesOpen() (n int) {
	for _, l := range v.Notes {
		if !l.Settled() {
			n++
		}
	}
	return n
}

// FileUnder finds a file of the application under an indicator.
func (v ReviewView) FileUnder(indicator string, key id.File) (File, error) {
	for _, f := range v.Files[indicator] {
		if f.ID == key {
			return f, nil
		}
	}
	return File{}, fault.Missing()
}
