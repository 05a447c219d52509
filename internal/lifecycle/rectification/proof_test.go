package rectification_test

import (
	"slices"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
)

// TestAttach: who may put which file under which item until when.
func TestAttach(t *testing.T) {
	t.Parallel()
	now := ordered.AddDate(0, 0, 9)
	small := file.Room{File: 10, Application: 20, Files: 2}
	fresh := file.File{ID: "fil_9", Name: "照片.jpg", SHA256: "nine", Size: 8, Application: "app_1", Round: "rnd_1"}
	there := file.File{ID: "fil_1", Name: "批复.pdf", SHA256: "one", Size: 8}
	same := file.File{ID: "fil_8", Name: "改了名.pdf", SHA256: "one", Size: 8}
	for _, tt := range []struct {
		name  string
		by    stage.Actor
		n     int
		f     file.File
		first []id.File // under item 1
		kept  []file.File
		at    time.Time
		code  string
		put   id.File
		isNew bool
	}{
		{"the first", holder, 1, fresh, nil, nil, now, "", "fil_9", true},
		{"to the last item", holder, 2, fresh, nil, nil, now, "", "fil_9", true},
		{"the same bytes under another item", holder, 2, same, []id.File{"fil_1"}, []file.File{there}, now, "", "fil_1", false},
		{"the same bytes under the same item", holder, 1, same, []id.File{"fil_1"}, []file.File{there}, now, "rectification.attach.twice", "", false},
		{"one too many", holder, 1, fresh, []id.File{"fil_1", "fil_2"}, []file.File{there}, now, "rectification.attach.many", "", false},
		{"no room for all", holder, 2, fresh, []id.File{"fil_1"}, []file.File{there, {ID: "fil_2", SHA256: "two", Size: 5}}, now, "rectification.attach.full", "", false},
		{"just room for all", holder, 2, fresh, []id.File{"fil_1"}, []file.File{there, {ID: "fil_2", SHA256: "two", Size: 4}}, now, "", "fil_9", true},
		{"item nought", holder, 0, fresh, nil, nil, now, "rectification.answer.item", "", false},
		{"an item that is not in the order", holder, 3, fresh, nil, nil, now, "rectification.answer.item", "", false},
		{"another organisation", stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, 1, fresh, nil, nil, now, "thing.not_found", "", false},
		{"the office", clerk, 1, fresh, nil, nil, now, "stage.not_allowed", "", false},
		{"at the due instant", holder, 1, fresh, nil, nil, time.Time{}, "rectification.report.late", "", false},
	} {
		r := running(t)
		r.Items[0].Files = tt.first
		if tt.at.IsZero() {
			tt.at = r.Due
		}
		before := slices.Clone(r.Items)
		put, isNew, m, err := r.Attach(tt.by, tt.n, tt.f, tt.kept, small, tt.at)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
			continue
		}
		if err != nil {
			if !slices.EqualFunc(before, r.Items, func(a, b rectification.Item) bool { return slices.Equal(a.Files, b.Files) }) {
				t.Errorf("%s: refused, and changed", tt.name)
			}
			continue
		}
		if m.Act != "attach" || put.ID != tt.put || isNew != tt.isNew || !slices.Contains(r.Items[tt.n-1].Files, tt.put) {
			t.Errorf("%s: %s %v %s, %+v", tt.name, put.ID, isNew, m.Act, r.Items)
		}
		if isNew && (put.Rectification != r.ID || put.Organisation != "org_1" || put.Application != "" || put.Round != "") {
			t.Errorf("%s: it is kept as %+v", tt.name, put)
		}
	}
	r := reported(t)
	if _, err := r.MayAttach(holder, 1, now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("after the report: got %v", err)
	}
}

// TestDetach: a file goes from where it stands, and is forgotten with its last place.
func TestDetach(t *testing.T) {
	t.Parallel()
	r, now := running(t), ordered.AddDate(0, 0, 9)
	r.Items[0].Files, r.Items[1].Files = []id.File{"fil_1", "fil_2"}, []id.File{"fil_1"}
	if _, _, err := r.Detach(holder, 2, "fil_2", now); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a file of another item: got %v", err)
	}
	if _, _, err := r.Detach(holder, 1, "fil_foreign", now); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a foreign file: got %v", err)
	}
	if _, _, err := r.Detach(holder, 1, "fil_1", r.Due); fault.CodeOf(err) != "rectification.report.late" {
		t.Errorf("when the time is over: got %v", err)
	}
	if gone, m, err := r.Detach(holder, 1, "fil_1", now); gone || m.Act != "detach" || err != nil || !slices.Equal(r.Under("fil_1"), []int{2}) {
		t.Errorf("got %v %v, under %v", gone, err, r.Under("fil_1"))
	}
	if gone, _, err := r.Detach(holder, 2, "fil_1", now); !gone || err != nil || len(r.Items[1].Files) != 0 || len(r.Items[0].Files) != 1 {
		t.Errorf("got %v %v, %+v", gone, err, r.Items)
	}
}
