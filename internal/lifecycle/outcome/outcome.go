// Package outcome says what becomes of the rows of a list that is brought in: for
// each what is new in it, or what is wrong and how to mend it, and how many there
// are of each.
package outcome

import (
	"fmt"
	"strings"
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
