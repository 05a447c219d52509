package file_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
)

// TestAgain: a file comes over with its bytes, is scanned and read anew, and stays
// behind with a virus or when it is another's.
func TestAgain(t *testing.T) {
	t.Parallel()
	now, by := calendar.MustDate("2022-06-21").Start(), stage.Actor{Account: "acc_1", Role: stage.Applicant}
	into := &application.Application{ID: "app_2", Round: "rnd_2", Programme: "p", Organisation: "org_1"}
	old := file.File{ID: "fil_1", Application: "app_1", Organisation: "org_1", Name: "章程.pdf", Kind: "pdf", SHA256: "aa", Size: 7, Pages: 2, State: file.Clean, Reading: file.HasText, Hints: []file.Hint{{}}, Version: 3}
	for _, asked := range []bool{false, true} {
		f, ok := old.Again("fil_2", into, by, asked, now)
		want := map[bool]stage.State{false: file.Unscanned, true: file.Waiting}[asked]
		if !ok || f.ID != "fil_2" || f.Application != "app_2" || f.Round != "rnd_2" || f.SHA256 != "aa" || f.Size != 7 || f.Pages != 2 || f.State != want || f.Reading != "" || f.Hints != nil || f.UploadedBy != "acc_1" || f.Version != 0 {
			t.Errorf("asked %v: %+v %v", asked, f, ok)
		}
	}
	for what, change := range map[string]func(*file.File){
		"with a virus": func(f *file.File) { f.State = file.Infected }, "of another organisation": func(f *file.File) { f.Organisation = "org_2" },
	} {
		f := old
		change(&f)
		if _, ok := f.Again("fil_2", into, by, false, now); ok {
			t.Errorf("one %s came over", what)
		}
	}
}
