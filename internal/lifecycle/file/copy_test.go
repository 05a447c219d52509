package file_test

import (
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
)

// TestGive: the applicant, the office and the auditors get what was uploaded; assessors,
// members and the chair its copy, and never the original in its place.
func TestGive(t *testing.T) {
	t.Parallel()
	made, failed := &file.Copy{Outcome: file.Copied, SHA256: "b", Size: 2}, &file.Copy{Outcome: file.Uncopied}
	for _, tt := range []struct {
		role stage.Role
		f    file.File
		c    *file.Copy
		want string // the digest, or why not
	}{
		{stage.Applicant, file.File{State: file.Waiting}, nil, "a"},
		{stage.Clerk, file.File{State: file.Clean}, made, "a"},
		{stage.Director, file.File{State: file.Unscanned}, failed, "a"},
		{stage.Auditor, file.File{State: file.Clean}, nil, "a"},
		{stage.Clerk, file.File{State: file.Waiting}, made, "file.open.waiting"},
		{stage.Assessor, file.File{State: file.Clean}, made, "b"},
		{stage.Member, file.File{State: file.Unscanned}, made, "b"},
		{stage.Chair, file.File{State: file.Clean}, made, "b"},
		{stage.Assessor, file.File{State: file.Clean}, nil, "file.open.copying"},
		{stage.Member, file.File{State: file.Clean}, failed, "file.open.uncopied"},
		{stage.Assessor, file.File{State: file.Waiting}, made, "file.open.waiting"},
		{stage.Member, file.File{State: file.Infected}, made, "file.open.infected"},
		{stage.Public, file.File{State: file.Clean}, nil, "file.open.copying"},
	} {
		tt.f.SHA256, tt.f.Size = "a", 1
		g, err := tt.f.Give(tt.role, tt.role == stage.Applicant, tt.c)
		got := g.SHA256
		if err != nil {
			got = fault.CodeOf(err)
		}
		if got != tt.want || err == nil && g.Copy != (got == "b") {
			t.Errorf("%s of %+v with %+v: %s, want %s", tt.role, tt.f.State, tt.c, got, tt.want)
		}
	}
}

// TestCopy: the clock makes copies of what is released, and nobody else does.
func TestCopy(t *testing.T) {
	t.Parallel()
	f := file.File{ID: "fil_1", Application: "app_1", State: file.Clean}
	c, m, err := f.Copy(stage.TheClock, file.Copied, "b", 2)
	if err != nil || m.Act != "copy" || c != (file.Copy{File: "fil_1", Application: "app_1", Outcome: file.Copied, SHA256: "b", Size: 2}) {
		t.Errorf("%+v %+v %v", c, m, err)
	}
	f.State = file.Waiting
	if _, _, err := f.Copy(stage.TheClock, file.Copied, "b", 2); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
	f.State = file.Clean
	if _, _, err := f.Copy(stage.Actor{Role: stage.Clerk}, file.Copied, "b", 2); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error(err)
	}
}
