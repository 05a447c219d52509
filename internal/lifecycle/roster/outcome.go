package roster

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/numeral"
	"shifan/internal/personal"
)

// What became of a row.
const (
	Added   = "added"   // 新增
	Changed = "changed" // 更新
	Same    = "same"    // 不变
	Wrong   = "wrong"   // 有误: nothing of it is done
)

// Words lists what may become of a row, as people read it.
var Words = map[string]string{Added: "新增", Changed: "更新", Same: "不变", Wrong: "有误"}

// Problem is one thing that is wrong in a row.
type Problem struct {
	Column string `json:"column,omitempty"` // its head; empty when it is the row's
	Say    string `json:"say"`              // what is wrong, why, and how to mend it
}

// Outcome is what becomes of one row.
type Outcome struct {
	Line     int       `json:"line"`
	Result   string    `json:"result"`
	Code     string    `json:"code"`
	Name     string    `json:"name"`
	Changes  []string  `json:"changes,omitempty"`  // what is new in it
	Problems []Problem `json:"problems,omitempty"` // of a wrong one
}

// Say tells the outcome in one line.
func (o Outcome) Say() string {
	parts := append([]string(nil), o.Changes...)
	for _, p := range o.Problems {
		if p.Column != "" {
			parts = append(parts, p.Column+"："+p.Say)
		} else {
			parts = append(parts, p.Say)
		}
	}
	return strings.Join(parts, "；")
}

// Tally counts outcomes.
type Tally struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Wrong   int `json:"wrong"`
}

// Add counts one more.
func (t *Tally) Add(o Outcome) {
	switch o.Result {
	case Added:
		t.Added++
	case Changed:
		t.Changed++
	case Same:
		t.Same++
	case Wrong:
		t.Wrong++
	}
}

// Rows is how many there are.
func (t Tally) Rows() int { return t.Added + t.Changed + t.Same + t.Wrong }

// Say tells the counts in one line.
func (t Tally) Say() string {
	return fmt.Sprintf("共%d行：新增%d，更新%d，不变%d，有误%d。", t.Rows(), t.Added, t.Changed, t.Same, t.Wrong)
}

// wrong makes an outcome wrong, by an error of the acts that the row stands for.
func (o *Outcome) wrong(l List, err error) {
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
		o.Problems = append(o.Problems, Problem{l.label(path), w.Say})
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
	for i, cell := range r.cells {
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
	s := flat(r.Text(name))
	if s == "" {
		return ""
	}
	var words []string
	for _, v := range values {
		if flat(v[1]) == s || v[0] == s {
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
