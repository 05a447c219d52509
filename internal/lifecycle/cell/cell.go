// Package cell reads the cells of a row that people filled in: days, whole numbers,
// codes, words. It gathers everything that is wrong with them, so that a row tells it all
// at once, each with its column and how to mend it.
package cell

import (
	"errors"
	"regexp"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/heading"
	"shifan/internal/lifecycle/outcome"
	"shifan/internal/numeral"
	"shifan/internal/personal"
)

// Refuse makes an outcome wrong, by an error of the act that its row stands for.
func Refuse(o *outcome.Outcome, l heading.List, err error) {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		f = &fault.Fault{Say: err.Error()}
	}
	o.Result, o.Changes = outcome.Wrong, nil
	if len(f.Fields) == 0 {
		o.Problems = append(o.Problems, outcome.Problem{Say: f.Say})
	}
	for _, w := range f.Fields {
		path := w.Path
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			path = path[i+1:]
		}
		o.Problems = append(o.Problems, outcome.Problem{Column: l.HeadOf(path), Say: w.Say})
	}
}

var (
	errDate   = fault.Define(fault.Invalid, "roster.date", "“%s”%s。写成 2010-03-01 或者 2010年3月1日。", "")
	errNumber = fault.Define(fault.Invalid, "roster.number", "“%s”不是整数。只写数，例如 12。", "")
	errDigits = fault.Define(fault.Invalid, "roster.code.number",
		"“%s”：表格软件把代码当作数字，末几位已经丢失。请把这一列设为文本格式，照登记证书重新填写。", "GB 32100-2015")
	errTail = fault.Define(fault.Invalid, "roster.code.tail",
		"%s末三位是000，可能是表格软件把代码当作数字时丢失的。请把这一列设为文本格式，照登记证书重新填写。", "GB 32100-2015")
	errWord = fault.Define(fault.Invalid, "roster.word", "“%s”不在可填的范围内。可以填：%s。", "")
)

var errPersonal = fault.Define(fault.Invalid, "roster.personal",
	"%s。本系统不收集个人号码：改为单位办公电话，或者清空这一格。", "个人信息保护法；制度:只统计数量不收集个人信息")

// Unpersonal refuses cells with the numbers of persons in them.
func (r *Reader) Unpersonal() {
	for i, cell := range r.Cells() {
		if found := personal.Scan(cell); len(found) > 0 {
			r.Faults = append(r.Faults, errPersonal.At(r.List.Columns[i].Name, personal.Say(found)))
		}
	}
}

// Reader reads the cells of a row and gathers what is wrong with them.
type Reader struct {
	heading.Row
	Faults []*fault.Fault
}

// Date reads a day; zero for an empty cell and for what is none.
func (r *Reader) Date(name string) calendar.Date {
	d, why := numeral.Day(r.Text(name))
	if why != "" {
		r.Faults = append(r.Faults, errDate.At(name, chars.Cut(r.Text(name), 20), why))
	}
	return d
}

// Number reads a whole number with or without its unit; 0 for an empty cell.
func (r *Reader) Number(name, unit string) int {
	s := r.Text(name)
	if s == "" {
		return 0
	}
	n, ok := numeral.Whole(s, unit)
	if !ok {
		r.Faults = append(r.Faults, errNumber.At(name, chars.Cut(s, 20)))
	}
	return n
}

var asNumber = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$`)

// Code reads a Unified Social Credit Code, and tells when a spreadsheet took it
// for a number.
func (r *Reader) Code() string {
	s := r.Text("code")
	code := creditcode.Normalise(s)
	switch {
	case asNumber.MatchString(code):
		r.Faults = append(r.Faults, errDigits.At("code", chars.Cut(s, 24)))
	case strings.HasSuffix(code, "000") && strings.Trim(code, "0123456789") == "" && creditcode.Check(code).Result == creditcode.Mismatch:
		r.Faults = append(r.Faults, errTail.At("code", chars.Cut(s, 24)))
	}
	return code
}

// Word reads a cell that may hold one of a few words. values pairs each word with
// its value; several words may mean the same.
func (r *Reader) Word(name string, values [][2]string) string {
	s := heading.Flat(r.Text(name))
	if s == "" {
		return ""
	}
	var words []string
	for _, v := range values {
		if heading.Flat(v[1]) == s || v[0] == s {
			return v[0]
		}
		words = append(words, v[1])
	}
	r.Faults = append(r.Faults, errWord.At(name, chars.Cut(r.Text(name), 20), strings.Join(words, "、")))
	return ""
}

// Key is what a row of organisations is known by.
func (r *Reader) Key() string {
	if c := creditcode.Normalise(r.Text("code")); c != "" {
		return c
	}
	return r.Text("legacy_number")
}
