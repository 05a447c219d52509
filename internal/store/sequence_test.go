package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// tileReader reads tiles from exported files, as any program that knows tlog-tiles
// does.
type tileReader map[string][]byte

// Height implements tlog.TileReader.
func (r tileReader) Height() int { return record.TileHeight }

// SaveTiles implements tlog.TileReader.
func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles implements tlog.TileReader.
func (r tileReader) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, t := range tiles {
		b, ok := r[record.TilePath(t.L, t.N, t.W)]
		if !ok {
			return nil, fmt.Errorf("no %s", record.TilePath(t.L, t.N, t.W))
		}
		all = append(all, b)
	}
	return all, nil
}

// export returns every file of the record.
func export(t *testing.T, s *store.Store) (files tileReader, head record.Checkpoint) {
	t.Helper()
	files = tileReader{}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		h, err := tx.Head()
		if err != nil {
			return err
		}
		if head, err = record.OpenCheckpoint(h.Checkpoint, testkit.Verifier()); err != nil {
			return err
		}
		for _, tl := range record.Tiles(h.Size) {
			path := record.TilePath(tl.L, tl.N, tl.W)
			if files[path], err = tx.Tile(path); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return files, head
}

// addEntries writes n entries.
func addEntries(t *testing.T, s *store.Store, from, n int) {
	t.Helper()
	for i := from; i < from+n; i++ {
		r := fullRound("rnd_x")
		r.ID += "0"
		r.Title = fmt.Sprint(i)
		if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
			e := record.Entry{At: r.PublishedAt, By: "acc_a", Act: "round.extend", Thing: string(r.ID)}
			tx.Also(record.Entry{At: r.PublishedAt, Act: "round.close", Thing: "rnd_y"})
			if old, err := tx.Round(r.ID); err == nil {
				r.Version = old.Version
				return e, tx.PutRound(&r)
			}
			return e, tx.AddRound(&r)
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheTreeIsTheOneThatOthersCompute lets x/mod's tlog check, from the exported
// tiles alone, that each entry is included and that each later tree extends the
// earlier one.
func TestTheTreeIsTheOneThatOthersCompute(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	var heads []record.Checkpoint
	var files tileReader
	for _, n := range []int{1, 3, 126, 20} { // 2, 8, 260 and 300 entries: across the edge of a tile
		addEntries(t, s, 0, n)
		if err := s.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		var head record.Checkpoint
		files, head = export(t, s)
		heads = append(heads, head)
	}
	last := heads[len(heads)-1]
	if last.Size != 300 {
		t.Fatalf("%d entries", last.Size)
	}
	reader := tlog.TileHashReader(tlog.Tree{N: last.Size, Hash: last.Root}, files)
	for _, tl := range record.Tiles(last.Size) {
		if tl.L >= 0 {
			continue
		}
		leaves, err := record.Unbundle(files[record.TilePath(tl.L, tl.N, tl.W)])
		if err != nil || len(leaves) != tl.W {
			t.Fatalf("%d leaves of %d: %v", len(leaves), tl.W, err)
		}
		for i, leaf := range leaves {
			n := tl.N<<record.TileHeight + int64(i)
			p, err := tlog.ProveRecord(last.Size, n, reader)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(p, last.Size, last.Root, n, tlog.RecordHash([]byte(leaf))); err != nil {
				t.Errorf("entry %d: %v", n, err)
			}
			if strings.Contains(leaf, "acc_a") {
				t.Errorf("entry %d tells who acted: %s", n, leaf)
			}
		}
	}
	for _, h := range heads {
		p, err := tlog.ProveTree(last.Size, h.Size, reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(p, last.Size, last.Root, h.Size, h.Root); err != nil {
			t.Errorf("the tree of %d: %v", h.Size, err)
		}
	}
	if v := verify(t, s); !v.Holds() || v.Entries != 300 {
		t.Errorf("%+v", v)
	}
}

func TestProofsAndTilesThatAreNotThere(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	addEntries(t, s, 0, 3)
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Prove(stage.Anyone, "rnd_y"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an entry that is not in the tree yet: %v", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		p, err := tx.Prove(stage.Anyone, "rnd_y")
		if err != nil {
			return err
		}
		read, err := record.ParseProof(p.String())
		if err != nil {
			return err
		}
		if l, c, err := read.Verify(testkit.Verifier()); err != nil || l.Act != "round.close" || read.Index != 5 || c.Size != 6 {
			t.Errorf("%+v %+v %v", l, c, err)
		}
		for _, path := range []string{"tile/0/001", "tile/0/000", "tile/0/000.p/7", "tile/1/000.p/1", "tile/entries/000.p/7", "tile/8/000.p/1", "../../etc/passwd", ""} {
			if _, err := tx.Tile(path); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", path, err)
			}
		}
		for _, path := range []string{"tile/0/000.p/6", "tile/0/000.p/1", "tile/entries/000.p/6"} {
			if _, err := tx.Tile(path); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		for _, thing := range []string{"rnd_none", "acc_a", ""} {
			if _, err := tx.Prove(stage.Anyone, thing); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%q: %v", thing, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestManySequenceAtOnce: what many nodes do together is one tree.
func TestManySequenceAtOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			for i := range 10 {
				if err := s.Change(t.Context(), func(*store.Tx) (record.Entry, error) {
					return record.Entry{Act: "test.write", Thing: fmt.Sprintf("%d-%d", n, i)}, nil
				}); err != nil {
					t.Error(err)
				}
				if err := s.Sequence(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if v := verify(t, s); !v.Holds() || v.Entries != 40 || v.Size != 40 {
		t.Errorf("%+v", v)
	}
}

// TestAnOlderCopyIsFound: who kept a checkpoint sees that the database was put back,
// or lives another history.
func TestAnOlderCopyIsFound(t *testing.T) {
	t.Parallel()
	s, other := openStore(t), openStore(t)
	kept := func(s *store.Store) (h store.Head) {
		if err := s.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.View(t.Context(), func(tx *store.Tx) (err error) {
			h, err = tx.Head()
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return h
	}
	addEntries(t, s, 0, 3)
	early := kept(s)
	addEntries(t, s, 3, 3)
	late := kept(s)
	addEntries(t, other, 0, 3)
	kept(other)
	for name, tt := range map[string]struct {
		s     *store.Store
		h     store.Head
		holds bool
	}{
		"an earlier one":     {s, early, true},
		"its own":            {s, late, true},
		"a later one":        {other, late, false},
		"of another history": {other, early, false},
	} {
		if err := tt.s.Extends(t.Context(), tt.h.Checkpoint, testkit.Verifier()); (err == nil) != tt.holds {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheFirstKeyStays(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	other, err := record.NewKey(strings.NewReader(strings.Repeat("x", 64)), "other.test/record")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UseKey(t.Context(), other); err == nil || !strings.Contains(err.Error(), store.ErrOtherKey.Error()) {
		t.Errorf("a second key: %v", err)
	}
}

// TestWhoSeesWhatOfTheRecord: everybody reads what was done; who did it is for the
// auditor, and accounts for operators too.
func TestWhoSeesWhatOfTheRecord(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		tx.Also(record.Entry{Act: "account.login", Thing: "acc_b", By: "acc_b"})
		return record.Entry{Act: "round.publish", Thing: "rnd_a", By: "acc_a", Programme: "base"}, nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		viewer stage.Actor
		f      store.EntryFilter
		want   string
	}{
		{stage.Anyone, store.EntryFilter{}, "account.login /; round.publish rnd_a/; "},
		{stage.Actor{Role: stage.Clerk}, store.EntryFilter{}, "account.login /; round.publish rnd_a/; "},
		{stage.Actor{Role: stage.Operator}, store.EntryFilter{}, "account.login acc_b/; round.publish rnd_a/; "},
		{stage.Actor{Role: stage.Auditor}, store.EntryFilter{}, "account.login acc_b/acc_b; round.publish rnd_a/acc_a; "},
		{stage.Actor{Role: stage.Auditor, Programme: "other"}, store.EntryFilter{}, ""},
		{stage.Actor{Role: stage.Auditor, Programme: "base"}, store.EntryFilter{}, "round.publish rnd_a/acc_a; "},
		{stage.Anyone, store.EntryFilter{Thing: "acc_b"}, ""},
		{stage.Anyone, store.EntryFilter{Thing: "rnd_a"}, "round.publish rnd_a/; "},
		{stage.Anyone, store.EntryFilter{Limit: 1}, "account.login /; "},
		{stage.Anyone, store.EntryFilter{Before: 2}, "round.publish rnd_a/; "},
	} {
		var got strings.Builder
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Entries(tt.viewer, tt.f)
			for _, e := range all {
				fmt.Fprintf(&got, "%s %s/%s; ", e.Act, e.Thing, e.By)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got.String() != tt.want {
			t.Errorf("%s %+v: got %q, want %q", tt.viewer.Role, tt.f, got.String(), tt.want)
		}
	}
}
