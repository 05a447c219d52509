package page

import (
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/personal"
)

// Form is what somebody typed and what is wrong with it. The zero Form is one
// that nobody has sent yet.
type Form struct {
	Values url.Values   // as typed; nil before anything was sent
	Fault  *fault.Fault // why it came back; nil before anything was sent

	Resumed bool // it came back because the session had ended, and not for what is in it
}

// Failed reports whether the form came back.
func (f Form) Failed() bool { return f.Fault != nil }

// Conflict reports whether somebody else saved first, so that fields show both
// what was typed and what is saved.
func (f Form) Conflict() bool { return f.Fault != nil && f.Fault.Kind == fault.Conflict }

// Personal reports whether the form came back because numbers of persons were
// found in it.
func (f Form) Personal() bool {
	return f.Fault != nil && (personal.IsFound(f.Fault) || slices.ContainsFunc(f.Fault.Fields, func(w fault.Field) bool { return strings.Contains(w.Say, personal.Confirmation) }))
}

// Value returns what was typed in a field, or what is saved when nothing was.
func (f Form) Value(name, saved string) string {
	if f.Values == nil {
		return saved
	}
	return f.Values.Get(name)
}

// Chosen reports whether an option of a field is chosen: by what was typed, or
// among what is saved when nothing was.
func (f Form) Chosen(name, option string, saved ...string) bool {
	if f.Values == nil {
		return slices.Contains(saved, option)
	}
	return slices.Contains(f.Values[name], option)
}

// Error returns the sentence about a field, or "".
func (f Form) Error(name string) string {
	if f.Fault == nil {
		return ""
	}
	for _, w := range f.Fault.Fields {
		if w.Path == name {
			return w.Say
		}
	}
	return ""
}

// Field describes one field of a form. Only Name and Label are required.
type Field struct {
	Name     string
	Label    string
	Saved    string   // what is saved, or the default
	Chosen   []string // the same for fields with several answers
	Hint     string   // what to write, with an example
	Audience string   // 谁能看到: under every box for opinions or evidence
	Max      int      // 字, shown as a count; 0: none
	Rows     int      // of an area; 0: 6
	Short    bool     // a narrow input
	Type     string   // of a text input: text (default), password, email, tel, search
	Mode     string   // inputmode: numeric, …
	Complete string   // autocomplete; off when empty
	Unit     string   // said after the label: 家, 人
}

// Option is one choice of a field.
type Option struct {
	Value string
	Word  string
	Hint  string
}

func (f Field) id() string { return fieldID(f.Name) }

func fieldID(name string) string { return strings.ReplaceAll(name, ".", "-") }

// Unlink takes the name of its field from every sentence whose field is not on the
// page that was drawn: a value that nobody types, or one that the page shows no
// more. The summary says the sentence without leading anywhere. It reports whether
// there was one, so that the page is drawn again.
func (f Form) Unlink(drawn []byte) (any bool) {
	if f.Fault == nil {
		return false
	}
	for i, w := range f.Fault.Fields {
		if w.Path != "" && !bytes.Contains(drawn, []byte(` id="`+html.EscapeString(fieldID(w.Path))+`"`)) {
			f.Fault.Fields[i].Path, any = "", true
		}
	}
	return any
}

// describedBy names the parts that explain a field, the error first.
func (f Field) describedBy(form Form) string {
	var ids []string
	for _, part := range []struct {
		on   bool
		name string
	}{
		{form.Error(f.Name) != "", "error"}, {f.Hint != "", "hint"}, {form.differs(f), "saved"}, {f.Max > 0, "count"}, {f.Audience != "", "audience"},
	} {
		if part.on {
			ids = append(ids, f.id()+"-"+part.name)
		}
	}
	return strings.Join(ids, " ")
}

// differs reports whether a conflict concerns this field: what is saved is not
// what was typed.
func (f Form) differs(field Field) bool {
	if !f.Conflict() {
		return false
	}
	if field.Chosen != nil {
		return !slices.Equal(slices.Sorted(slices.Values(f.Values[field.Name])), slices.Sorted(slices.Values(field.Chosen)))
	}
	return f.Values.Get(field.Name) != field.Saved
}

func (f Field) label() string {
	if f.Unit != "" {
		return f.Label + "（" + f.Unit + "）"
	}
	return f.Label
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) complete() string {
	if f.Complete == "" {
		return "off"
	}
	return f.Complete
}

func (f Field) rows() int {
	if f.Rows == 0 {
		return 6
	}
	return f.Rows
}

func (f Field) inputClass() string {
	if f.Short {
		return "input input-short"
	}
	return "input"
}

func fieldClass(form Form, name string) string {
	if form.Error(name) != "" {
		return "field field-error"
	}
	return "field"
}

// dateType falls back to plain text when what was typed is no date, because a
// date input would drop it.
func dateType(value string) string {
	if _, err := calendar.ParseDate(value); err != nil && value != "" {
		return "text"
	}
	return "date"
}

func (f Field) savedWord(options []Option) string {
	saved := f.Chosen
	if saved == nil {
		saved = []string{f.Saved}
	}
	var words []string
	for _, o := range options {
		if slices.Contains(saved, o.Value) {
			words = append(words, o.Word)
		}
	}
	return strings.Join(words, "、")
}

func orBlank(s string) string {
	if s == "" {
		return "（空白）"
	}
	return s
}
