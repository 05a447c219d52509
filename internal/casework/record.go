package casework

import (
	"context"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// RecordView is what the page of the record shows.
type RecordView struct {
	Checkpoint record.Checkpoint // the signed head; Size 0 while there is none
	Verifier   string            // what its signature verifies with
	Thing      string            // whose entries are shown; empty: all
	Lines      []RecordLine      // the latest first
	Next       int64             // where the next page begins; 0: this is the last
	Proof      bool              // the last entry of Thing can be proved
}

// RecordLine is one entry in words.
type RecordLine struct {
	Position int64     // its place in the tree, from 0; -1: not yet
	At       time.Time // when
	Kind     string    // 年度批次
	Act      string    // 发布
	Role     string    // 办公室负责人
	From, To string    // 起草中, 申报中
	Thing    string    // the identifier; empty where the viewer may not know it
	Basis    string
	Facts    map[string]string
	Who      string // name of who acted, for auditors
	Written  RecordCodes
}

// RecordCodes is what an entry says as it is written, where RecordLine has words.
type RecordCodes struct{ Act, Role, From, To string }

// RecordFilter narrows the page of the record.
type RecordFilter struct {
	Thing  string
	Before int64
	Limit  int
}

// Record shows the record as the viewer may see it.
func (d *Desk) Record(ctx context.Context, by stage.Actor, f RecordFilter) (v RecordView, err error) {
	defer fault.Wrap(&err, "casework.Record")
	if f.Limit <= 0 {
		f.Limit = 30
	}
	v.Thing = strings.TrimSpace(f.Thing)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		h, err := tx.Head()
		if err != nil {
			return err
		}
		v.Verifier = h.Verifier
		if h.Checkpoint != "" {
			if v.Checkpoint, err = record.OpenCheckpoint(h.Checkpoint, h.Verifier); err != nil {
				return err
			}
		}
		all, err := tx.Entries(by, store.EntryFilter{Thing: v.Thing, Before: f.Before, Limit: f.Limit + 1})
		if err != nil {
			return err
		}
		if len(all) > f.Limit {
			all = all[:f.Limit]
			v.Next = all[f.Limit-1].Ticket
		}
		for _, e := range all {
			l := recordLine(e)
			v.Proof = v.Proof || v.Thing != "" && e.Position >= 0 && e.Position < v.Checkpoint.Size
			if l.Who, err = whoActed(tx, e.By); err != nil {
				return err
			}
			v.Lines = append(v.Lines, l)
		}
		return nil
	})
	return v, err
}

// whoActed names an account for those who were told which it was.
func whoActed(tx *store.Tx, by id.Account) (string, error) {
	switch by {
	case "", stage.TheClock.Account:
		return "", nil
	case Console.Account:
		return "命令行", nil
	}
	a, err := tx.Account(by)
	if fault.KindOf(err) == fault.NotFound {
		return string(by), nil
	}
	return a.Name, err
}

// otherActs are words for acts that stand in no table, because nothing moves.
var otherActs = map[string]string{"add": "新增", "expire": "清理过期登录", "import": "导入", "load": "载入"}

// recordLine puts an entry into words, those of its kind's table.
func recordLine(e store.Recorded) RecordLine {
	name, act, _ := strings.Cut(e.Act, ".")
	k := lifecycle.Named(name)
	if name == AccountKind.Name {
		k = AccountKind
	}
	word := func(s string) string {
		if w, ok := k.Words[s]; ok {
			return w
		}
		if w, ok := otherActs[s]; ok {
			return w
		}
		return s
	}
	l := RecordLine{
		Position: e.Position, At: e.At, Kind: k.Label, Act: word(act), Role: stage.Role(e.Role).Word(),
		From: word(e.From), To: word(e.To), Thing: e.Thing, Basis: e.Basis, Facts: e.Facts,
		Written: RecordCodes{e.Act, e.Role, string(e.From), string(e.To)},
	}
	if k.Name == "" {
		l.Act = e.Act // of no kind in the tables: as it is written
	}
	return l
}

// RecordCheckpoint returns the signed head of the record, or fault.Missing while
// nothing was signed.
func (d *Desk) RecordCheckpoint(ctx context.Context) (signed string, err error) {
	defer fault.Wrap(&err, "casework.RecordCheckpoint")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		h, err := tx.Head()
		if err == nil && h.Checkpoint == "" {
			err = fault.Missing()
		}
		signed = h.Checkpoint
		return err
	})
	return signed, err
}

// RecordTile returns a tile of the record's tree or a bundle of its entries by the
// path that C2SP tlog-tiles gives it.
func (d *Desk) RecordTile(ctx context.Context, path string) (b []byte, err error) {
	defer fault.Wrap(&err, "casework.RecordTile(%s)", path)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		b, err = tx.Tile(path)
		return err
	})
	return b, err
}

// ProveRecord proves that the last entry of a thing is in the signed record.
func (d *Desk) ProveRecord(ctx context.Context, by stage.Actor, thing string) (p record.Proof, err error) {
	defer fault.Wrap(&err, "casework.ProveRecord(%s)", thing)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p, err = tx.Prove(by, thing)
		return err
	})
	return p, err
}

// ExportRecord gives every file of the record, in the layout of C2SP tlog-tiles, to
// write, after every entry got its place: the checkpoint last, so that a part of an export is never taken for all.
func (d *Desk) ExportRecord(ctx context.Context, write func(path string, b []byte) error) (size int64, err error) {
	defer fault.Wrap(&err, "casework.ExportRecord")
	if err := d.Store.Sequence(ctx); err != nil {
		return 0, err
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		h, err := tx.Head()
		if err != nil {
			return err
		}
		size = h.Size
		for _, t := range record.Tiles(h.Size) {
			path := record.TilePath(t.L, t.N, t.W)
			b, err := tx.Tile(path)
			if err != nil {
				return err
			}
			if err := write(path, b); err != nil {
				return err
			}
		}
		if err := write("verifier", []byte(h.Verifier+"\n")); err != nil {
			return err
		}
		return write("checkpoint", []byte(h.Checkpoint))
	})
	return size, err
}
