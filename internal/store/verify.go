package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"shifan/internal/id"
	"shifan/internal/record"
)

// Difference is one place where the database is not what the record says.
type Difference struct {
	Table string `json:"table"`
	Key   string `json:"key,omitempty"`
	Entry int64  `json:"entry"` // the entry that says otherwise, by its place in the tree; -1: none does
	What  string `json:"what"`
}

// Verdict is what verifying found.
type Verdict struct {
	Entries     int64        `json:"entries"`     // in the tree
	Waiting     int64        `json:"waiting"`     // committed, without a place in the tree yet
	Rows        int64        `json:"rows"`        // in all tables
	Size        int64        `json:"checkpoint"`  // entries that the signed checkpoint covers
	First       int64        `json:"first_entry"` // the first entry that differs; -1: none
	More        int          `json:"more"`        // differences beyond those listed
	Differences []Difference `json:"differences"`
}

// Holds reports whether the database is what the record says.
func (v *Verdict) Holds() bool { return len(v.Differences) == 0 }

// differencesMost is how many differences are listed.
const differencesMost = 1000

// apartTables are the tables whose rows no entry seals: the record itself, which
// is verified in its own way, and what holds no act. See
// docs/decisions/2026-11-24-record.md.
var apartTables = []string{"entries", "seals", "heads", "goose_db_version"}

// sealedTable reports whether the rows of a table are sealed.
func sealedTable(name string) bool {
	return !slices.Contains(apartTables, name) && !strings.HasPrefix(name, "river_")
}

// Verify recomputes the record from its first entry, and compares the tree with the
// signed checkpoint and every row of every table with its last seal. verifier is what
// the checkpoint's signature must verify with; empty: what the database itself says,
// which somebody who can write the database can change.
func (s *Store) Verify(ctx context.Context, verifier string) (Verdict, error) {
	v := &verification{Verdict: Verdict{First: -1, Differences: []Difference{}}, live: map[string]sealedBy{}}
	err := s.View(ctx, func(tx *Tx) error {
		v.tx = tx
		if err := v.head(verifier); err != nil {
			return err
		}
		if err := v.entries(); err != nil {
			return err
		}
		return v.rows()
	})
	return v.Verdict, err
}

// verification is one under way.
type verification struct {
	Verdict
	tx   *Tx
	want record.Checkpoint   // the signed one
	tree []tlog.Hash         // roots of the complete subtrees so far, by level
	live map[string]sealedBy // digests that no later seal supersedes
}

// sealedBy says which entry set a seal, and for which table.
type sealedBy struct {
	table string
	entry int64
	thing string
}

// differs notes a difference.
func (v *verification) differs(table, key string, entry int64, what string, args ...any) {
	if entry >= 0 && (v.First < 0 || entry < v.First) {
		v.First = entry
	}
	if len(v.Differences) == differencesMost {
		v.More++
		return
	}
	v.Differences = append(v.Differences, Difference{table, key, entry, fmt.Sprintf(what, args...)})
}

// head reads the signed checkpoint.
func (v *verification) head(verifier string) error {
	h, err := v.tx.Head()
	if err != nil {
		return err
	}
	if verifier != "" && h.Verifier != verifier {
		v.differs("heads", "1", -1, "验证公钥被改过或者被删除")
		h.Verifier = verifier
	}
	if h.Checkpoint == "" && h.Size == 0 {
		return nil
	}
	c, err := record.OpenCheckpoint(h.Checkpoint, h.Verifier)
	if err != nil {
		v.differs("heads", "1", -1, "检查点的签名不对：%v", err)
		return nil
	}
	if c.Size != h.Size {
		v.differs("heads", "1", -1, "检查点写的是%d条，表里写的是%d条", c.Size, h.Size)
	}
	v.want, v.Size = c, c.Size
	return nil
}

// entryRow is an entry as it is kept, every column.
type entryRow struct {
	ticket, at                                           int64
	position                                             sql.NullInt64
	hashes, programme, act, thing, by, salt, leaf, seals string
}

// entries recomputes the tree and follows the seals.
func (v *verification) entries() error {
	for _, clauses := range []string{"WHERE position IS NOT NULL ORDER BY position", "WHERE position IS NULL ORDER BY ticket"} {
		rows, err := v.tx.tx.QueryContext(v.tx.ctx, "SELECT ticket, position, hashes, at, programme, act, thing, by_id, salt, leaf, seals FROM entries "+clauses)
		if err != nil {
			return err
		}
		for rows.Next() {
			var e entryRow
			if err := rows.Scan(&e.ticket, &e.position, &e.hashes, &e.at, &e.programme, &e.act, &e.thing, &e.by, &e.salt, &e.leaf, &e.seals); err != nil {
				v.differs("entries", "", v.Entries, "第%d条的列里有不能读的内容：%v", v.Entries, err)
				continue
			}
			v.entry(e)
		}
		if err := closed(rows); err != nil {
			return err
		}
	}
	if v.Entries < v.want.Size {
		v.differs("entries", "", v.Entries, "检查点签名时有%d条，现在只有%d条：尾部被截断", v.want.Size, v.Entries)
	}
	if v.Entries > v.want.Size && v.want.Origin != "" {
		v.differs("heads", "1", v.want.Size, "有%d条编了号，检查点只到%d条", v.Entries, v.want.Size)
	}
	return nil
}

func closed(rows *sql.Rows) error {
	err := rows.Err()
	if e := rows.Close(); err == nil {
		err = e
	}
	return err
}

// entry checks one entry and takes it into the tree.
func (v *verification) entry(e entryRow) {
	at := int64(-1)
	if e.position.Valid {
		at = e.position.Int64
		if at != v.Entries {
			v.differs("entries", "", v.Entries, "缺第%d条：被删除，或者编号被改过", v.Entries)
			v.Entries = at
		}
		v.grow(e)
	} else {
		v.Waiting++
		if e.hashes != "" {
			v.differs("entries", fmt.Sprint(e.ticket), at, "还没有编号，却有散列")
		}
	}
	v.columns(e, at)
	seals, err := record.ParseSeals(e.seals)
	if err != nil {
		v.differs("entries", fmt.Sprint(e.ticket), at, "封印清单不能读")
	}
	for _, s := range seals {
		if s.Was != "" {
			if _, there := v.live[s.Was]; !there {
				v.differs(s.Table, "", at, "%s（%s）改写的那一行，没有更早的封印", e.act, e.thing)
			}
			delete(v.live, s.Was)
		}
		if s.Now != "" {
			v.live[s.Now] = sealedBy{s.Table, at, e.thing}
		}
	}
}

// grow takes an entry into the tree, and compares the hashes and, at the signed
// size, the root.
func (v *verification) grow(e entryRow) {
	h := record.Hash(e.leaf)
	words := []string{h.String()}
	level := 0
	for ; v.Entries>>level&1 == 1 && level < len(v.tree); level++ {
		h = tlog.NodeHash(v.tree[level], h)
		words = append(words, h.String())
	}
	for len(v.tree) <= level {
		v.tree = append(v.tree, tlog.Hash{})
	}
	v.tree[level] = h
	if strings.Join(words, " ") != e.hashes {
		v.differs("entries", fmt.Sprint(e.ticket), v.Entries, "第%d条的内容和它的散列对不上", v.Entries)
	}
	v.Entries++
	if v.Entries == v.want.Size && v.root() != v.want.Root {
		v.differs("entries", "", -1, "前%d条算出的树根和签名的检查点不同", v.want.Size)
	}
}

// root is the root of the tree so far.
func (v *verification) root() (root tlog.Hash) {
	first := true
	for level, h := range v.tree {
		switch {
		case v.Entries>>level&1 == 0:
		case first:
			root, first = h, false
		default:
			root = tlog.NodeHash(h, root)
		}
	}
	return root
}

// columns compares an entry's columns with its leaf.
func (v *verification) columns(e entryRow, at int64) {
	key := fmt.Sprint(e.ticket)
	l, err := record.ParseLeaf(e.leaf)
	if err != nil {
		v.differs("entries", key, at, "内容不能读")
		return
	}
	for _, c := range []struct {
		column string
		same   bool
	}{
		{"ticket", l.N == e.ticket},
		{"at", l.Time().UnixMicro() == e.at},
		{"programme", l.Programme == e.programme},
		{"act", l.Act == e.act},
		{"thing或者salt", l.Thing == record.HiddenThing(e.salt, e.thing)},
		{"by_id或者salt", l.By == record.Hidden(e.salt, id.Account(e.by))},
		{"seals", l.Seals == record.SealsDigest(e.seals)},
	} {
		if !c.same {
			v.differs("entries", key, at, "%s一列和内容对不上", c.column)
		}
	}
}
