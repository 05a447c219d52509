package casework_test

import (
	"slices"
	"testing"

	"shifan/internal/record"
	"shifan/internal/testkit"
)

// TestAnExportIsWhole: what was done a moment ago is in it, and every tile and bundle
// of the tree, the checkpoint last.
func TestAnExportIsWhole(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.OpenRound()
	files := map[string][]byte{}
	var order []string
	size, err := w.Desk.ExportRecord(t.Context(), func(path string, b []byte) error {
		files[path] = b
		order = append(order, path)
		return nil
	})
	if err != nil || size != int64(len(w.Entries(""))) {
		t.Fatalf("%d entries, %v", size, err)
	}
	for _, tl := range record.Tiles(size) {
		if len(files[record.TilePath(tl.L, tl.N, tl.W)]) == 0 {
			t.Errorf("no %s", record.TilePath(tl.L, tl.N, tl.W))
		}
	}
	if c, err := record.OpenCheckpoint(string(files["checkpoint"]), testkit.Verifier()); err != nil || c.Size != size {
		t.Errorf("%+v %v", c, err)
	}
	if slices.Index(order, "checkpoint") != len(order)-1 {
		t.Errorf("the checkpoint is not last: %v", order)
	}
}
