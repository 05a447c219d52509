package file_test

import (
	"fmt"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
)

// code is the code of a refusal; "" when there is none.
func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

// TestArrive: where no scanner is asked a file says so, without a verdict it waits, and
// a virus is refused (checklist 45).
func TestArrive(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what   string
		answer file.Answer
		state  stage.State
		fault  string
	}{
		{"no scanner", file.Answer{}, file.Unscanned, ""},
		{"no verdict", file.Answer{Asked: true}, file.Waiting, ""},
		{"a virus without a verdict is none", file.Answer{Asked: true, Virus: "X"}, file.Waiting, ""},
		{"clean", file.Answer{Asked: true, Given: true}, file.Clean, ""},
		{"a virus", file.Answer{Asked: true, Given: true, Virus: "X"}, file.Waiting, "file.put.virus"},
	} {
		f := file.File{Name: "a.pdf"}
		if err := f.Arrive(tt.answer); code(err) != tt.fault || f.State != tt.state {
			t.Errorf("%s: %s %v, want %s %q", tt.what, f.State, err, tt.state, tt.fault)
		}
	}
}

// TestVerdicts: the scanner judges what waits for it, once; nobody else does.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from  stage.State
		by    stage.Actor
		virus string
		act   string
		want  stage.State
	}{
		{file.Waiting, stage.TheClock, "", "clear", file.Clean},
		{file.Waiting, stage.TheClock, "X", "condemn", file.Infected},
		{file.Waiting, stage.Actor{Role: stage.Director}, "", "", file.Waiting},
		{file.Clean, stage.TheClock, "X", "", file.Clean},
		{file.Unscanned, stage.TheClock, "", "", file.Unscanned},
		{file.Infected, stage.TheClock, "", "", file.Infected},
	} {
		f := file.File{State: tt.from}
		m, err := f.Judge(tt.by, tt.virus)
		if f.State != tt.want || (tt.act == "") != (fault.CodeOf(err) == "stage.not_allowed") || tt.act != "" && (m.Act != tt.act || err != nil) {
			t.Errorf("%s, %q by %s: %s %+v %v", tt.from, tt.virus, tt.by.Role, f.State, m, err)
		}
	}
	f := file.File{State: file.Unscanned}
	if m, err := f.Queue(stage.TheClock); err != nil || m.Act != "queue" || f.State != file.Waiting {
		t.Errorf("%+v %v", m, err)
	}
	if _, err := f.Queue(stage.TheClock); fault.CodeOf(err) != "stage.not_allowed" || f.State != file.Waiting {
		t.Errorf("queued twice: %s %v", f.State, err)
	}
}

// TestRead: a machine reads what is released, once, and notes what it saw of persons.
func TestRead(t *testing.T) {
	t.Parallel()
	pages := []string{"章程", "手机13812345678。"}
	for state, may := range map[stage.State]bool{file.Unscanned: true, file.Clean: true, file.Waiting: false, file.Infected: false} {
		f := file.File{ID: "f", State: state}
		text, m, err := f.Read(stage.TheClock, file.HasText, pages)
		if may != (err == nil && text != nil) || f.State != state || may != (f.Reading == file.HasText) {
			t.Errorf("%s: %+v %+v %v", state, f, m, err)
		}
		if may && (text.File != "f" || len(text.Pages) != 2 || len(f.Hints) != 1 || f.Hints[0].Page != 2) {
			t.Errorf("%+v %+v", text, f.Hints)
		}
		if _, _, err := f.Read(stage.TheClock, file.Unreadable, nil); err == nil || may && fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: read twice: %v", state, err)
		}
	}
	scan := file.File{State: file.Clean}
	if text, _, err := scan.Read(stage.TheClock, file.Picture, pages); text != nil || err != nil || scan.Reading != file.Picture || scan.Hints != nil {
		t.Errorf("a scan: %+v %+v %v", text, scan, err)
	}
	var many []string
	for n := range 30 {
		many = append(many, fmt.Sprintf("手机138123456%02d。", n))
	}
	full := file.File{State: file.Clean}
	if _, _, err := full.Read(stage.TheClock, file.HasText, many); err != nil || len(full.Hints) != 20 {
		t.Errorf("%d hints, %v", len(full.Hints), err)
	}
}

// TestOpenable: its applicant opens what it uploaded, a reviewer what is released,
// nobody a virus (checklist 45).
func TestOpenable(t *testing.T) {
	t.Parallel()
	for state, want := range map[stage.State][2]string{
		file.Unscanned: {"", ""}, file.Clean: {"", ""}, file.Waiting: {"", "file.open.waiting"},
		file.Infected: {"file.open.infected", "file.open.infected"}, "": {"", "file.open.waiting"},
	} {
		f := file.File{Name: "a.pdf", State: state}
		for n, own := range []bool{true, false} {
			if err := f.Openable(own); code(err) != want[n] {
				t.Errorf("%q, own %v: %v, want %q", state, own, err, want[n])
			}
		}
	}
}
