package file_test

import (
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
)

// TestDraw: what is released is drawn, once, and is shown as long as it is released.
func TestDraw(t *testing.T) {
	t.Parallel()
	for state, may := range map[stage.State]bool{file.Unscanned: true, file.Clean: true, file.Waiting: false, file.Infected: false} {
		f := file.File{ID: "f", Application: "a", State: state}
		kept, m, err := f.Draw(stage.TheClock, file.Drawn, []file.Preview{{SHA256: "x"}, {SHA256: "y"}})
		if may != (err == nil && len(kept) == 2) || f.State != state || may != (f.Drawing == file.Drawn) || may != (f.Previewable() == nil) {
			t.Errorf("%s: %+v %+v %v", state, f, m, err)
		}
		if may && kept[1] != (file.Preview{Key: "f/2", File: "f", Application: "a", Page: 2, SHA256: "y"}) {
			t.Errorf("%+v", kept)
		}
		if _, _, err := f.Draw(stage.TheClock, file.Undrawn, nil); err == nil || may && fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: drawn twice: %v", state, err)
		}
	}
	f := file.File{State: file.Clean}
	if _, _, err := f.Draw(stage.Actor{Role: stage.Clerk}, file.Drawn, nil); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
}
