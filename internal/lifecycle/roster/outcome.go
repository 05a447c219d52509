package roster

import (
	"errors"
	"regexp"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/heading"
	"shifan/internal/numeral"
	"shifan/internal/personal"
)

// wrong makes an outcome wrong, by an error of the acts that the row stands for.
func wrong(o *Outcome, l List, err error) {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		f = &fault.Fault{Say: err.Error()}
	}
	o.Result, o.Changes = Wrong, nil
	if len(f.Fields) == 0 {
		o.Problems = append(o.Problems, Problem{Say: f.Say})
	}
	for _, w := range f.Fields {
		path := w.Path
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			path = path[i+1:]
		}
		o.Problems = append(o.Problems, Problem{Column: l.HeadOf(path), Say: w.Say})
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

// unpersonal refuses cells with the numbers of persons in them.
func (r *reader) unpersonal() {
	for i, cell := range r.Cells() {
		if found := personal.Scan(cell); len(found) > 0 {
			r.faults = append(r.faults, errPersonal.At(r.List.Columns[i].Name, personal.Say(found)))
		}
	}
}

// reader reads the cells of a row and gathers what is wrong with them.
type reader struct {
	Row
	faults []*fault.Fault
}

func (r *reader) date(name string) calendar.Date {
	d, why := numeral.Day(r.Text(name))
	if why != "" {
		r.faults = append(r.faults, errDate.At(name, chars.Cut(r.Text(name), 20), why))
	}
	return d
}

func (r *reader) number(name, unit string) int {
	s := r.Text(name)
	if s == "" {
		return 0
	}
	n, ok := numeral.Whole(s, unit)
	if !ok {
		r.faults = append(r.faults, errNumber.At(name, chars.Cut(s, 20)))
	}
	return n
}

var asNumber = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$`)

// code reads a Unified Social Credit Code, and tells when a spreadsheet took it
// for a number.
func (r *reader) code() string {
	s := r.Text("code")
	code := creditcode.Normalise(s)
	switch {
	case asNumber.MatchString(code):
		r.faults = append(r.faults, errDigits.At("code", chars.Cut(s, 24)))
	case strings.HasSuffix(code, "000") && strings.Trim(code, "0123456789") == "" && creditcode.Check(code).Result == creditcode.Mismatch:
		r.faults = append(r.faults, errTail.At("code", chars.Cut(s, 24)))
	}
	return code
}

// word reads a cell that may hold one of a few words. values pairs each word with
// its value; several words may mean the same.
func (r *reader) word(name string, values [][2]string) string {
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
	r.faults = append(r.faults, errWord.At(name, chars.Cut(r.Text(name), 20), strings.Join(words, "、")))
	return ""
}

// key is what a row of organisations is known by.
func (r *reader) key() string {
	if c := creditcode.Normalise(r.Text("code")); c != "" {
		return c
	}
	return r.Text("legacy_number")
}
