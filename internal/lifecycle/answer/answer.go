// Package answer (自评) is the applicant's own answer to one indicator: how it
// rates itself, why, and what evidence it offers (S43).
//
// A draft keeps whatever can be kept at all (Keep); what is missing for the
// submission is said by Gaps, each at its field. Reasons are asked for every
// rating, because most indicators are matters of judgement (S10, S11, S32).
package answer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/score"
)

// Answer is the self-assessment against one indicator (S43).
type Answer struct {
	Rating    string   `json:"rating"`          // meets, partly or fails; "" while open
	Score     int      `json:"score"`           // for scored indicators, 0 to the indicator's points
	Statement string   `json:"statement"`       // 自评说明
	Evidence  []string `json:"evidence"`        // descriptions of evidence, first those that the indicator asks for, in its order
	Files     []File   `json:"files,omitempty"` // what was uploaded for it, as submitted; of a draft they stand apart
}

// File is an uploaded file as what is submitted names it: the digest covers its
// bytes.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // of its bytes, in hex
	Size   int64  `json:"size"`   // bytes
}

// How an applicant rates itself.
const (
	Meets  = "meets"  // 符合
	Partly = "partly" // 部分符合
	Fails  = "fails"  // 不符合
)

var ratingWords = map[string]string{Meets: "符合", Partly: "部分符合", Fails: "不符合"}

// RatingWord returns a rating as people read it; "" for one that is open.
func RatingWord(rating string) string { return ratingWords[rating] }

// How much an answer may hold.
const (
	keepMax     = 20000 // 字 of a statement in a draft; the indicator's own limit binds at submission
	evidenceMax = 20    // pieces of evidence
	describeMax = 200   // 字 of one
	wordsMax    = 800   // 字 of a statement where the indicator says nothing
)

var (
	errRating    = fault.Define(fault.Invalid, "answer.keep.rating", "自评结论只能选符合、部分符合或者不符合。", "办法(一)")
	errScore     = fault.Define(fault.Invalid, "answer.keep.score", "自评分“%d”不对，要是%s。", "办法(一)")
	errControl   = fault.Define(fault.Invalid, "answer.keep.control", "%s里有看不见的控制字符，请重新输入这一项。", "")
	errEndless   = fault.Define(fault.Invalid, "answer.keep.long", "%s有%d字，暂存也不能超过%d字，请删短。", "")
	errMany      = fault.Define(fault.Invalid, "answer.keep.evidence", "佐证材料有%d项，一个指标最多%d项，请合并。", "")
	gapRating    = fault.Define(fault.Invalid, "answer.complete.rating", "指标%s还没有选自评结论。", "办法(一) 书面自评报告")
	gapScore     = fault.Define(fault.Invalid, "answer.complete.score", "指标%s还没有填自评分。", "办法(一) 书面自评报告")
	gapStatement = fault.Define(fault.Invalid, "answer.complete.statement", "指标%s还没有写自评说明。", "办法(一) 书面自评报告")
	gapWords     = fault.Define(fault.Invalid, "answer.complete.words", "指标%s的自评说明有%d字，最多%d字，请删短。", "办法(一)")
	gapFiles     = fault.Define(fault.Invalid, "answer.complete.files", "指标%s要求上传佐证文件，至少%d个，现在有%d个。", "办法(一) 含佐证材料")
	gapEvidence  = fault.Define(fault.Invalid, "answer.complete.evidence", "指标%s要求的佐证材料“%s”还没有说明。", "办法(一) 含佐证材料")
)

// Words returns the longest statement of an indicator, in 字.
func Words(i programme.Indicator) int {
	if i.Words > 0 {
		return i.Words
	}
	return wordsMax
}

// Gaps lists what is missing in the answer to an indicator: its rating, its
// statement within the words allowed, a description of each piece of evidence that
// it asks for, and as many files. Who rates itself as failing need not prove it.
func (w Answer) Gaps(i programme.Indicator) (all []*fault.Fault) {
	switch {
	case w.Rating == "" && i.Scored():
		all = append(all, gapScore.At(i.Code+".score", i.Code))
	case w.Rating == "":
		all = append(all, gapRating.At(i.Code+".rating", i.Code))
	}
	switch n := chars.Count(w.Statement); {
	case n == 0:
		all = append(all, gapStatement.At(i.Code+".statement", i.Code))
	case n > Words(i):
		all = append(all, gapWords.At(i.Code+".statement", i.Code, n, Words(i)))
	}
	if w.Rating == Fails {
		return all
	}
	for n, wanted := range i.Evidence {
		if n >= len(w.Evidence) || w.Evidence[n] == "" {
			all = append(all, gapEvidence.At(evidencePath(i.Code, n), i.Code, wanted))
		}
	}
	if n := len(w.Files); n < i.Files {
		all = append(all, gapFiles.At(i.Code+".files", i.Code, i.Files, n))
	}
	return all
}

// Started reports whether anything of an answer is there.
func (w Answer) Started() bool {
	return w.Rating != "" || w.Statement != "" || len(w.Evidence) > 0 || len(w.Files) > 0
}

// tidy cuts blanks, drops empty descriptions at the end, and derives the rating
// of a scored indicator from its score: any rating says that a score was given.
func (w Answer) tidy(i programme.Indicator) Answer {
	w.Statement = strings.TrimSpace(strings.ReplaceAll(w.Statement, "\r\n", "\n"))
	var evidence []string
	for n, e := range w.Evidence {
		if e = strings.TrimSpace(e); e != "" || n < len(i.Evidence) {
			evidence = append(evidence, e)
		}
	}
	for len(evidence) > 0 && evidence[len(evidence)-1] == "" {
		evidence = evidence[:len(evidence)-1]
	}
	w.Evidence = evidence
	if !i.Scored() {
		w.Score = 0
		return w
	}
	switch {
	case w.Rating == "":
		w.Score = 0
	case w.Score <= 0:
		w.Rating = Fails
	case w.Score >= i.Points:
		w.Rating = Meets
	default:
		w.Rating = Partly
	}
	return w
}

// Keep returns an answer to an indicator as a draft keeps it, tidied, and what of
// it cannot be kept at all: text without end, or characters that nobody can read.
func (w Answer) Keep(i programme.Indicator) (tidied Answer, faults []*fault.Fault) {
	w = w.tidy(i)
	code := i.Code
	if w.Rating != "" && RatingWord(w.Rating) == "" {
		faults = append(faults, errRating.At(code+".rating"))
	}
	if w.Score < 0 || w.Score > i.Points || w.Score != 0 && i.Scored() && !score.Takes(i, w.Score) {
		faults = append(faults, errScore.At(code+".score", w.Score, score.Range(i)))
	}
	faults = append(faults, Text(code+".statement", "自评说明", w.Statement, keepMax))
	if n := len(w.Evidence); n > evidenceMax {
		return w, append(faults, errMany.At(evidencePath(code, 0), n, evidenceMax))
	}
	for n, e := range w.Evidence {
		faults = append(faults, fact.Text(evidencePath(code, n), "佐证材料说明", e, describeMax, false))
	}
	return w, faults
}

// evidencePath names the n-th piece of evidence of an indicator, from 0.
func evidencePath(code string, n int) string { return code + ".evidence." + strconv.Itoa(n) }

// Text checks a text of several lines: that it ends somewhere and can be read.
func Text(path, label, s string, most int) *fault.Fault {
	if n := chars.Count(s); n > most || len(s) > 4*most {
		return errEndless.At(path, label, max(n, utf8.RuneCountInString(s)), most)
	}
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if !utf8.ValidString(s) || strings.ContainsFunc(s, odd) {
		return errControl.At(path, label)
	}
	return nil
}

// Seal is a short digest of an answer: a form carries that of what it was drawn
// from, so that what another clerk saved meanwhile is noticed, field by field. Files
// are none of it: a form holds none, and they come and go by acts of their own.
func (w Answer) Seal() string {
	w.Files = nil
	if len(w.Evidence) == 0 {
		w.Evidence = nil
	}
	return sealOf(w)
}

// sealOf digests what JSON says of a value.
func sealOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("answer: not JSON: " + err.Error()) // strings and numbers always are
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// Equal reports whether two answers say the same.
func (w Answer) Equal(o Answer) bool {
	return w.Rating == o.Rating && w.Score == o.Score && w.Statement == o.Statement && slices.Equal(w.Evidence, o.Evidence) && slices.Equal(w.Files, o.Files)
}
