package record_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"shifan/internal/record"
)

func anEntry() record.Entry {
	return record.Entry{
		At: time.Date(2021, 6, 21, 7, 56, 0, 123456000, time.UTC), By: "acc_a", Role: "clerk", Programme: "base", Act: "round.publish",
		Thing: "rnd_a", From: "drafted", To: "open", Basis: "办法(一) <&>", Facts: map[string]string{"year": "2021", "b": "𠮷"},
	}
}

func TestALeafHasOneForm(t *testing.T) {
	t.Parallel()
	leaf, err := record.LineOf(7, anEntry(), "salt", `[["rounds","","x"]]`).Leaf()
	if err != nil {
		t.Fatal(err)
	}
	const head = `{"act":"round.publish","at":"2021-06-21T07:56:00.123456Z","basis":"办法(一) <&>","by":"`
	if !strings.HasPrefix(leaf, head) || strings.Contains(leaf, "acc_a") {
		t.Errorf("leaf %s", leaf)
	}
	l, err := record.ParseLeaf(leaf)
	if err != nil {
		t.Fatal(err)
	}
	want := anEntry()
	want.By = ""
	if diff := cmp.Diff(want, l.Entry()); diff != "" || l.N != 7 {
		t.Error(diff)
	}
	for name, other := range map[string]string{
		"a blank":        strings.Replace(leaf, `,"at"`, `, "at"`, 1),
		"another order":  `{"v":1,` + strings.TrimSuffix(leaf[1:], `,"v":1}`) + "}",
		"a key too many": strings.Replace(leaf, `{"act"`, `{"aa":"","act"`, 1),
		"a key twice":    strings.Replace(leaf, `{"act":`, `{"act":"x","act":`, 1),
		"another form":   strings.Replace(leaf, `"v":1`, `"v":2`, 1),
		"nothing":        "",
	} {
		if _, err := record.ParseLeaf(other); err == nil || other == leaf {
			t.Errorf("%s was read", name)
		}
	}
	e := anEntry()
	e.Facts["long"] = strings.Repeat("x", record.LeafMax)
	if _, err := record.LineOf(1, e, "", "").Leaf(); err == nil {
		t.Error("a leaf that is too long was written")
	}
}

func TestWhoActedIsHidden(t *testing.T) {
	t.Parallel()
	if record.Hidden("s", "acc_a") == record.Hidden("t", "acc_a") || record.Hidden("s", "acc_a") == record.Hidden("s", "acc_b") {
		t.Error("the salt or the account makes no difference")
	}
	if record.HiddenThing("s", "rnd_a") != "rnd_a" || !strings.HasPrefix(record.HiddenThing("s", "acc_a"), "#") {
		t.Error("a round is hidden, or an account is not")
	}
}

func TestARowDigestIsOverEveryColumn(t *testing.T) {
	t.Parallel()
	base := func() map[string]any { return map[string]any{"a": "x", "b": int64(1), "c": true, "d": ""} }
	d := record.RowDigest("s", "t", base())
	for name, change := range map[string]func(map[string]any){
		"a string":                 func(r map[string]any) { r["a"] = "y" },
		"a number":                 func(r map[string]any) { r["b"] = int64(2) },
		"a truth":                  func(r map[string]any) { r["c"] = false },
		"an empty string":          func(r map[string]any) { r["d"] = "z" },
		"a number for its text":    func(r map[string]any) { r["b"] = "1" },
		"nothing for empty":        func(r map[string]any) { r["d"] = nil },
		"a value moved":            func(r map[string]any) { r["a"], r["d"] = "", "x" },
		"a column that has a word": func(r map[string]any) { r["e"] = "x" },
	} {
		r := base()
		change(r)
		if record.RowDigest("s", "t", r) == d {
			t.Errorf("%s makes no difference", name)
		}
	}
	r := base()
	r["e"], r["f"], r["c"] = "", int64(0), int64(1)
	if record.RowDigest("s", "t", r) != d {
		t.Error("an empty new column, or true kept as 1, makes a difference")
	}
	if record.RowDigest("s2", "t", base()) == d || record.RowDigest("s", "t2", base()) == d {
		t.Error("the salt or the table makes no difference")
	}
}

func TestSealsAreKeptWhole(t *testing.T) {
	t.Parallel()
	for _, want := range [][]record.Seal{nil, {{"rounds", "", "a"}}, {{"rounds", "a", "b"}, {"sessions", "c", ""}}} {
		got, err := record.ParseSeals(record.SealsText(want))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	if _, err := record.ParseSeals("{"); err == nil {
		t.Error("nonsense was read")
	}
}

func newKey(t *testing.T) record.Key {
	t.Helper()
	k, err := record.NewKey(rand.Reader, "shifan.test/record")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestACheckpointIsSigned(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	root := record.Hash("leaf")
	signed, err := k.Sign(1, root)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := record.OpenCheckpoint(signed, k.Verifier); err != nil || c != (record.Checkpoint{Origin: "shifan.test/record", Size: 1, Root: root}) {
		t.Errorf("%+v, %v", c, err)
	}
	for i := range len(signed) {
		b := []byte(signed)
		b[i] ^= 1
		if c, err := record.OpenCheckpoint(string(b), k.Verifier); err == nil && (c.Size != 1 || c.Root != root) {
			t.Fatalf("byte %d changed: %+v", i, c)
		}
	}
	if _, err := record.OpenCheckpoint(signed, newKey(t).Verifier); err == nil {
		t.Error("another key's checkpoint was taken")
	}
	if again, err := record.ParseKey(k.Text + "\n"); err != nil || again.Verifier != k.Verifier {
		t.Errorf("read again: %v", err)
	}
	if _, err := record.ParseKey(k.Verifier); err == nil {
		t.Error("a verifier passed for a key")
	}
}

func TestTilePaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]tlog.Tile{
		"tile/0/000":            {H: 8, L: 0, N: 0, W: 256},
		"tile/1/x001/x234/067":  {H: 8, L: 1, N: 1234067, W: 256},
		"tile/entries/x001/000": {H: 8, L: -1, N: 1000, W: 256},
		"tile/0/273.p/112":      {H: 8, L: 0, N: 273, W: 112},
		"tile/entries/000.p/1":  {H: 8, L: -1, N: 0, W: 1},
		"tile/0/x1/000":         {},
		"tile/0/0":              {},
		"tile/00/000":           {},
		"tile/0/000.p/256":      {},
		"tile/0/000.p/0":        {},
		"tile/0/000.p/01":       {},
		"tile/64/000":           {},
		"tile/-1/000":           {},
		"tile/0/x000/000":       {},
		"tile/0/../000":         {},
		"tile/entries":          {},
		"":                      {},
		"tile/0/" + strings.Repeat("x999/", 9) + "999": {},
	} {
		got, err := record.ParseTilePath(path)
		if (err == nil) != (want != tlog.Tile{}) || err == nil && got != want {
			t.Errorf("%s: %+v, %v", path, got, err)
		}
	}
	// The example of the specification: a tree of 70,000.
	counts := map[string]int{}
	for _, tl := range record.Tiles(70000) {
		counts[fmt.Sprintf("level %d width %d", tl.L, tl.W)]++
	}
	want := map[string]int{
		"level -1 width 256": 273, "level -1 width 112": 1, "level 0 width 256": 273, "level 0 width 112": 1,
		"level 1 width 256": 1, "level 1 width 17": 1, "level 2 width 1": 1,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
	if len(record.Tiles(0)) != 0 {
		t.Error("an empty tree has tiles")
	}
}

func TestBundles(t *testing.T) {
	t.Parallel()
	leaves := []string{"a", "", strings.Repeat("b", record.LeafMax)}
	b := record.Bundle(leaves)
	got, err := record.Unbundle(b)
	if diff := cmp.Diff(leaves, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if !bytes.HasPrefix(b, []byte{0, 1, 'a', 0, 0, 0xff, 0xff}) {
		t.Errorf("starts with % x", b[:7])
	}
	if _, err := record.Unbundle(b[:len(b)-1]); err == nil {
		t.Error("a bundle that ends early was read")
	}
}

// TestAProofVerifiesOffline builds a tree with x/mod's own functions and proves
// each leaf. Any changed byte of a proof is refused.
func TestAProofVerifiesOffline(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (out []tlog.Hash, err error) {
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	var leaves []string
	for n := range int64(5) {
		leaf, err := record.LineOf(n, anEntry(), "salt", "").Leaf()
		if err != nil {
			t.Fatal(err)
		}
		hashes, err := tlog.StoredHashes(n, []byte(leaf), reader)
		if err != nil {
			t.Fatal(err)
		}
		leaves, stored = append(leaves, leaf), append(stored, hashes...)
		root, err := tlog.TreeHash(n+1, reader)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := k.Sign(n+1, root)
		if err != nil {
			t.Fatal(err)
		}
		for i, leaf := range leaves {
			hashes, err := tlog.ProveRecord(n+1, int64(i), reader)
			if err != nil {
				t.Fatal(err)
			}
			text := record.Proof{Leaf: leaf, Index: int64(i), Hashes: hashes, Checkpoint: signed}.String()
			p, err := record.ParseProof(text)
			if err != nil {
				t.Fatal(err, text)
			}
			l, c, err := p.Verify(k.Verifier)
			if err != nil || l.N != int64(i) || c.Size != n+1 {
				t.Errorf("leaf %d of %d: %+v %v", i, n+1, l, err)
			}
			if i == 2 && n == 4 {
				refused(t, text, k.Verifier)
			}
		}
	}
}

// refused flips each byte of a proof; nothing but the signature's own form may
// still verify.
func refused(t *testing.T, text, verifier string) {
	t.Helper()
	for i := range len(text) {
		b := []byte(text)
		b[i] ^= 4
		p, err := record.ParseProof(string(b))
		if err != nil {
			continue
		}
		was, _ := record.ParseProof(text) //nolint:errcheck // it was read before
		if _, _, err := p.Verify(verifier); err == nil && (p.Leaf != was.Leaf || p.Index != was.Index) {
			t.Errorf("byte %d changed, and it still verifies", i)
		}
	}
	if _, _, err := (record.Proof{}).Verify(verifier); err == nil {
		t.Error("an empty proof verifies")
	}
	if _, err := note.NewVerifier(verifier); err != nil {
		t.Error(err)
	}
}
