// Package fault is the one kind of error that a person may read.
//
// A sentence is defined once, beside the rule that raises it, with a stable
// code, the kind of mending it needs and the provision it rests on:
//
//	var errLate = fault.Define(fault.Refused, "application.submit.late",
//		"已过截止时间%s，逾期视为放弃。", "办法(一)")
//	...
//	return errLate.New(deadline)
//
// Everything that is not a Fault is our own doing and is shown to nobody.
package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says who has to act on an error. The doors map each kind to one HTTP
// status; nothing else in the program knows about status codes.
type Kind string

// The kinds, from "change your input" to "call us".
const (
	Invalid     Kind = "invalid"     // the input is wrong; Fields says where
	Forbidden   Kind = "forbidden"   // not this person's act
	NotFound    Kind = "not_found"   // absent, or hidden from this person
	Conflict    Kind = "conflict"    // someone else changed it first
	Refused     Kind = "refused"     // the rules do not allow it now
	TooMany     Kind = "too_many"    // slow down
	Unavailable Kind = "unavailable" // try again later
	Internal    Kind = "internal"    // our doing; the details go to the log only
)

// Field is one wrong input: its path in the form or document ("opinion",
// "answers.1-2.statement") and a sentence saying what is wrong and how to mend it.
type Field struct {
	Path string `json:"path"`
	Say  string `json:"say"`
}

// Fault is an error with a stable code and a sentence for a person.
type Fault struct {
	Kind   Kind
	Code   string  // "visit.report.not_allowed": stable, searchable
	Say    string  // a sentence in the user's language: field, cause, mend
	Basis  string  // the provision that refuses, if a rule does
	Fields []Field // where the input is wrong, if it is
}

// Error returns the code and the sentence, for logs.
func (f *Fault) Error() string { return f.Code + ": " + f.Say }

// Rule is a sentence that the program can say when it refuses something.
type Rule struct {
	Kind  Kind
	Code  string
	Text  string // a fmt format
	Basis string
}

var defined = map[string]*Rule{}

// Define registers a sentence under its code. It panics when the code is taken,
// because two sentences under one code would be a slip of ours at start-up.
// Call it only in package-level variables.
func Define(kind Kind, code, text, basis string) *Rule {
	if _, taken := defined[code]; taken {
		panic("fault: code defined twice: " + code)
	}
	r := &Rule{Kind: kind, Code: code, Text: text, Basis: basis}
	defined[code] = r
	return r
}

// Defined returns every sentence of the program by code, for docs/errors.md.
func Defined() []Rule {
	var all []Rule
	for _, r := range defined {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.Code, b.Code) })
	return all
}

// New returns the fault with its sentence filled in.
func (r *Rule) New(args ...any) *Fault {
	return &Fault{Kind: r.Kind, Code: r.Code, Say: r.say(args), Basis: r.Basis}
}

// At returns the fault as one of the given field.
func (r *Rule) At(path string, args ...any) *Fault {
	f := r.New(args...)
	f.Fields = []Field{{Path: path, Say: f.Say}}
	return f
}

// Is reports whether err is a fault that r raised.
func (r *Rule) Is(err error) bool {
	f, ok := errors.AsType[*Fault](err)
	return ok && f.Code == r.Code
}

func (r *Rule) say(args []any) string {
	if len(args) == 0 {
		return r.Text
	}
	return fmt.Sprintf(r.Text, args...)
}

// errSeveral gathers the faults of one form.
var errSeveral = Define(Invalid, "input.several", "有%d处需要修改。", "")

// All gathers input faults into one error that lists every field, so that a
// person is told everything at once. Nil faults are dropped; a fault of another
// kind than Invalid is returned alone. It returns nil when nothing is wrong.
func All(faults ...*Fault) error {
	var wrong []*Fault
	for _, f := range faults {
		if f == nil {
			continue
		}
		if f.Kind != Invalid {
			return f
		}
		wrong = append(wrong, f)
	}
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return wrong[0]
	}
	all := &Fault{Kind: Invalid, Code: errSeveral.Code}
	for _, f := range wrong {
		all.Fields = append(all.Fields, f.Fields...)
	}
	all.Say = errSeveral.say([]any{len(all.Fields)})
	return all
}

// Unless returns f when something does not hold that must, and nil when it holds.
func Unless(holds bool, f *Fault) *Fault {
	if holds {
		return nil
	}
	return f
}

// Missing and stale things sound the same for every kind of thing, and a thing
// that is hidden from a person sounds exactly like one that does not exist.
var (
	errMissing = Define(NotFound, "thing.not_found", "没有找到这一项，或者这一项不对外开放。请核对网址或编号。", "")
	errStale   = Define(Conflict, "thing.stale", "这一项刚被别人改过，这次修改没有保存。请对照最新内容再改一次。", "")
)

// Missing reports that a thing does not exist, or not for this person.
func Missing() *Fault { return errMissing.New() }

// Stale reports that a thing changed since the person read it.
func Stale() *Fault { return errStale.New() }

// KindOf returns err's kind. An error that is no Fault is Internal.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return Internal
}

// CodeOf returns err's code, or "internal".
func CodeOf(err error) string {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Code
	}
	return string(Internal)
}

// Wrap adds context at a floor's boundary and never changes the kind:
//
//	defer fault.Wrap(&err, "casework.ReportVisit(%s)", id)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}
