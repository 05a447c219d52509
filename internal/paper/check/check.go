package check

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"shifan/internal/evidence"
)

// Result is what came of one rule.
type Result string

// The results of a rule.
const (
	Pass Result = "pass"
	Warn Result = "warn"
	Fail Result = "fail"
)

// Line is one rule and what came of it.
type Line struct {
	Clause   string `json:"clause"` // of GB/T 9704-2012, or 字体 where it has none
	Rule     string `json:"rule"`
	Expected string `json:"expected"`
	Measured string `json:"measured"`
	Result   Result `json:"result"`
}

// Report is what was measured of one document.
type Report struct {
	Format string `json:"format"` // pdf or docx
	Form   string `json:"form"`   // 通用格式, 信函格式, 纪要格式 or 普通页面
	Pages  int    `json:"pages"`  // 0: not known before it is laid out
	Lines  []Line `json:"lines"`
}

// Holds reports whether no rule failed.
func (r *Report) Holds() bool {
	for _, l := range r.Lines {
		if l.Result == Fail {
			return false
		}
	}
	return true
}

// The reasons for which nothing can be said of a file.
var (
	ErrKind   = errors.New("既不是PDF，也不是DOCX")
	ErrLocked = errors.New("文件加了密，打不开")
	ErrScan   = errors.New("没有文字，是扫描件，量不出字体字号")
	ErrBroken = errors.New("文件已损坏，读不出来")
)

// File measures a PDF or a DOCX of some bytes.
func File(ctx context.Context, reader *evidence.Reader, f evidence.File, size int64) (*Report, error) {
	head := make([]byte, min(size, 1024))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		l, err := reader.Measure(ctx, f, size)
		switch {
		case errors.Is(err, evidence.ErrLocked):
			return nil, ErrLocked
		case evidence.IsPicture(err):
			return nil, ErrScan
		case err != nil:
			return nil, fmt.Errorf("%w（%w）", ErrBroken, err)
		}
		return measurePDF(l), nil
	case bytes.HasPrefix(head, []byte("PK")):
		z, err := zip.NewReader(f, size)
		if err != nil {
			return nil, ErrBroken
		}
		return measureDOCX(z)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")): // a DOCX with a password is one of these
		return nil, ErrLocked
	}
	return nil, ErrKind
}

// add adds a line.
func (r *Report) add(clause, rule, expected, measured string, result Result) {
	r.Lines = append(r.Lines, Line{clause, rule, expected, measured, result})
}

// want adds a line that passes or fails.
func (r *Report) want(clause, rule, expected, measured string, ok bool) {
	result := Fail
	if ok {
		result = Pass
	}
	r.add(clause, rule, expected, measured, result)
}

// length adds a line for a length in mm.
func (r *Report) length(clause, rule string, want, within, got float64) {
	r.want(clause, rule, fmt.Sprintf("%.3g±%g mm", want, within), mm(got), math.Abs(got-want) <= within+0.05)
}

// size adds a line for a size of type in points.
func (r *Report) size(clause, rule, name string, want, got float64) {
	r.want(clause, rule, fmt.Sprintf("%s（%g磅）", name, want), fmt.Sprintf("%.4g磅", got), math.Abs(got-want) <= 0.3)
}

// count adds a line for how many there are: of lines on a page, of characters on a line.
func (r *Report) count(rule string, want, got float64) {
	result := Fail
	switch over := math.Abs(got - want); {
	case over <= 0.5:
		result = Pass
	case over <= 1:
		result = Warn // 特定情况可以作适当调整
	}
	r.add("5.2.3", rule, fmt.Sprintf("%g", want), fmt.Sprintf("%.1f", got), result)
}

// face adds a line for a font: the standard's own passes, a free one of its kind is a
// stand-in, another fails.
func (r *Report) face(clause, rule, want, name string) {
	face, stand := faceOf(name)
	result := Fail
	switch {
	case face == want && stand:
		result, name = Warn, name+"（代用字体）"
	case face == want:
		result = Pass
	}
	r.add(clause, rule, want, name, result)
}

// The faces of the standard.
const (
	fang = "仿宋"
	kai  = "楷体"
	hei  = "黑体"
	song = "宋体"
	mark = "小标宋"
)

// faces are parts of the names of fonts, the longer before what is a part of them, each
// with its face and whether it only stands in.
var faces = []struct {
	part, face string
	stands     bool
}{
	{"小标宋", mark, false},
	{"xbs", mark, false},
	{"xiaobiaosong", mark, false},
	{"notoserifsc-black", mark, true},
	{"notoserifcjksc-black", mark, true},
	{"sourcehanserifsc-heavy", mark, true},
	{"思源宋体 heavy", mark, true},
	{"仿宋", fang, false},
	{"fangsong", fang, false},
	{"simfang", fang, false},
	{"fzfs", fang, false},
	{"stfangso", fang, false},
	{"fandolfang", fang, true},
	{"notoserifsc-regular", fang, true},
	{"notoserifcjksc-regular", fang, true},
	{"sourcehanserifsc-regular", fang, true},
	{"wenkai", kai, true},
	{"fandolkai", kai, true},
	{"楷", kai, false},
	{"kaiti", kai, false},
	{"simkai", kai, false},
	{"stkaiti", kai, false},
	{"fzkt", kai, false},
	{"notosanssc", hei, true},
	{"notosanscjksc", hei, true},
	{"sourcehansans", hei, true},
	{"黑", hei, false},
	{"simhei", hei, false},
	{"heiti", hei, false},
	{"stheiti", hei, false},
	{"fzht", hei, false},
	{"宋", song, false},
	{"simsun", song, false},
	{"stsong", song, false},
	{"notoserif", song, true},
}

// faceOf is the face of a font by its name, and whether it only stands in for it.
func faceOf(name string) (face string, stands bool) {
	low := strings.ToLower(strings.ReplaceAll(name, " ", ""))
	if i := strings.IndexByte(low, '+'); i == 6 { // the mark of a subset
		low = low[7:]
	}
	for _, f := range faces {
		if strings.Contains(low, f.part) {
			return f.face, f.stands
		}
	}
	return name, false
}

func mm(v float64) string { return fmt.Sprintf("%.1f mm", v) }
