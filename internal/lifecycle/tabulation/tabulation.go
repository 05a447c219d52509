// Package tabulation is the summary table of a programme's applications (汇总表):
// which columns there are, who may see each, in which order somebody wants them, and
// under which name they keep a view for the next time. What stands in a cell comes from
// the chapters; a view holds no figures, so that it never shows old ones.
package tabulation

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// Bounds of views.
const (
	ViewsMost = 30 // of a person in a programme
	NameMost  = 30 // 字
)

// Column is one column that a table may have.
type Column struct {
	Code, Label string
	May         []stage.Role
}

var (
	all    = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	office = []stage.Role{stage.Clerk, stage.Director}
)

// Columns lists every column, in the order in which they are offered.
var Columns = []Column{
	{"number", "编号", all},
	{"organisation", "单位", all},
	{"code", "统一社会信用代码", all},
	{"party", "申报主体", all},
	{"round", "届次", all},
	{"category", "类别", all},
	{"region", "登记管理机关", all},
	{"level", "登记层级", all},
	{"submitted", "提交时间", all},
	{"state", "状态", all},
	{"stage", "环节", all},
	{"recommendation", "初审建议", all},
	{"opinion", "考核意见", all},
	{"score", "总分", all},
	{"decision", "审定结果", all},
	{"designation", "称号编号", all},
	{"named_on", "命名日期", all},
	{"valid_to", "有效期至", all},
	{"title_state", "称号状态", all},
	{"reviewer", "初审经办人", all},
	{"legal_head", "法定代表人", office},
}

// Usual are the columns of a table that nobody has arranged yet.
var Usual = []string{"number", "organisation", "category", "state", "recommendation", "decision", "designation", "valid_to"}

// Offered lists the columns that a role may have.
func Offered(role stage.Role) (offered []Column) {
	for _, c := range Columns {
		if slices.Contains(c.May, role) {
			offered = append(offered, c)
		}
	}
	return offered
}

var (
	errColumn = fault.Define(fault.Invalid, "tabulation.column",
		"没有“%s”这一列，或者本岗位不能看。请从列出的列里选。", "制度:按岗授权")
	errNone = fault.Define(fault.Invalid, "tabulation.columns.none",
		"汇总表至少要有一列。请从列出的列里选。", "")
	errName = fault.Define(fault.Invalid, "tabulation.name",
		"给这个视图起个名字，1至%d个字，例如 上会名单。", "")
	errTaken = fault.Define(fault.Invalid, "tabulation.name.taken",
		"已经有叫“%s”的视图。请换个名字，或者先删去原来的。", "")
	errMany = fault.Define(fault.Refused, "tabulation.many",
		"一个账号最多保存%d个视图。请先删去不用的。", "")
)

// Filter narrows a table. An empty field does not.
type Filter struct {
	Round    id.Round `json:"round,omitempty"`
	State    string   `json:"state,omitempty"`
	At       string   `json:"at,omitempty"` // the step at which it waits: intake, a stage or naming
	Category string   `json:"category,omitempty"`
	Region   string   `json:"region,omitempty"` // division code
	Level    string   `json:"level,omitempty"`
	Query    string   `json:"query,omitempty"`
}

// View is a table that somebody arranged.
type View struct {
	ID        id.Tabulation
	Account   id.Account
	Programme id.Programme
	Name      string
	Shown     []string // codes of the columns, in their order
	Filter    Filter
	MadeAt    time.Time
	Version   int64
}

// Check refuses columns that do not exist or that a role may not see; both are one to
// whoever asks. A column named twice is kept once.
func Check(role stage.Role, shown []string) (kept []string, err error) {
	offered := Offered(role)
	for _, code := range shown {
		if !slices.ContainsFunc(offered, func(c Column) bool { return c.Code == code }) {
			return nil, errColumn.At("c", code)
		}
		if !slices.Contains(kept, code) {
			kept = append(kept, code)
		}
	}
	if len(kept) == 0 {
		return nil, errNone.At("c")
	}
	return kept, nil
}

// Arrange carries out a step of arranging columns: up, down or drop one, or add one at
// the end. What cannot be done changes nothing: the first does not go up, and the last
// column stays.
func Arrange(shown []string, step, code string) []string {
	shown = slices.Clone(shown)
	i := slices.Index(shown, code)
	switch {
	case step == "add" && i < 0 && code != "":
		return append(shown, code)
	case step == "up" && i > 0:
		shown[i-1], shown[i] = shown[i], shown[i-1]
	case step == "down" && i >= 0 && i < len(shown)-1:
		shown[i+1], shown[i] = shown[i], shown[i+1]
	case step == "drop" && i >= 0 && len(shown) > 1:
		return slices.Delete(shown, i, i+1)
	}
	return shown
}

// Name checks the name that somebody gives to a view, beside those that they have.
func Name(name string, others []View, own id.Tabulation) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if n := utf8.RuneCountInString(name); n == 0 || n > NameMost {
		return "", errName.At("name", NameMost)
	}
	if slices.ContainsFunc(others, func(v View) bool { return v.Name == name && v.ID != own }) {
		return "", errTaken.At("name", name)
	}
	return name, nil
}

// Save makes a view of somebody's, beside those that they have.
func Save(by stage.Actor, v View, others []View, now time.Time) (View, error) {
	if len(others) >= ViewsMost {
		return v, errMany.New(ViewsMost)
	}
	var err error
	if v.Name, err = Name(v.Name, others, ""); err != nil {
		return v, err
	}
	if v.Shown, err = Check(by.Role, v.Shown); err != nil {
		return v, err
	}
	v.Account, v.MadeAt = by.Account, now
	return v, nil
}
