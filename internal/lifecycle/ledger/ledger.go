// Package ledger (工作台账) reads and writes the file of an organisation's yearly
// figures, and says them in the sentences of the yearly report (五(一)). The figures
// themselves, and what cannot be kept, stand in fact.
package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/numeral"
)

// Head is the first row of a ledger's template.
func Head(year int) []string { return []string{"数据", "单位", fmt.Sprintf("%d年", year)} }

// Rows is the template of a ledger: a figure a row. Without a ledger the
// numbers are left open.
func Rows(l fact.Ledger, there bool) (rows [][]string) {
	for _, f := range fact.Figures {
		n := ""
		if there {
			n = strconv.Itoa(*f.Of(&l))
		}
		rows = append(rows, []string{f.Label, f.Unit, n})
	}
	return rows
}

// Reader reads a ledger from the lines of a table.
type Reader struct {
	values map[string]string
	unread []string
	faults []*fault.Fault
}

var (
	errNoFigure = fault.Define(fault.Invalid, "fact.ledger.file", "文件里没有认出台账数据。请下载模板，在模板里填写。", "")
	errFigureIs = fault.Define(fault.Invalid, "fact.ledger.file.number", "%s“%s”不是整数。填0到%d之间的整数，单位是%s。", "")
	errFigure2  = fault.Define(fault.Invalid, "fact.ledger.file.twice", "文件里“%s”有两行，数不同。请只保留一行。", "")
)

// labelled makes labels comparable: no blanks, no colons, no units in brackets.
func labelled(s string) string {
	s = norm.NFKC.String(s)
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ':' || r == '-' }), "")
}

// Line reads a line: the figure's label, and its number in the last cell.
func (r *Reader) Line(cells []string) {
	if r.values == nil {
		r.values = map[string]string{}
	}
	if len(cells) == 0 {
		return
	}
	name := labelled(cells[0])
	for _, f := range fact.Figures {
		if labelled(f.Label) != name && f.Name != cells[0] {
			continue
		}
		typed := ""
		if len(cells) > 1 && cells[len(cells)-1] != f.Unit {
			typed = cells[len(cells)-1]
		}
		value := typed
		if n, ok := numeral.Whole(typed, f.Unit); ok {
			value = strconv.Itoa(n)
		} else if typed != "" {
			r.faults = append(r.faults, errFigureIs.At(f.Name, f.Label, chars.Cut(typed, 20), f.Most, f.Unit))
		}
		if was, again := r.values[f.Name]; again && was != value {
			r.faults = append(r.faults, errFigure2.At(f.Name, f.Label))
		}
		r.values[f.Name] = value
		return
	}
	if name != "" && name != "数据" && len(r.unread) < 20 {
		r.unread = append(r.unread, chars.Cut(cells[0], 20))
	}
}

// Values returns what was typed for each figure, the lines that name no figure,
// and what cannot be read.
func (r *Reader) Values() (map[string]string, []string, error) {
	if len(r.values) == 0 {
		return nil, r.unread, errNoFigure.New()
	}
	return r.values, r.unread, fault.All(r.faults...)
}

// Passage is one part of the yearly report: a heading and its sentences.
type Passage struct {
	Title string
	Text  []string
}

// Report says the figures of a year in sentences, by the clauses of the standard,
// beside those of the year before when there are any (五(一) 形成党建工作情况汇报). It
// judges nothing.
func Report(l fact.Ledger, before *fact.Ledger) []Passage {
	sum := func(q [4]int) int { return q[0] + q[1] + q[2] + q[3] }
	than := func(label, unit string, of func(*fact.Ledger) int) string {
		s := fmt.Sprintf("%s%d%s", label, of(&l), unit)
		if before == nil {
			return s
		}
		switch d := of(&l) - of(before); {
		case d > 0:
			return s + fmt.Sprintf("（比上年多%d）", d)
		case d < 0:
			return s + fmt.Sprintf("（比上年少%d）", -d)
		}
		return s + "（和上年相同）"
	}
	quarters := func(label string, q [4]int) string {
		return fmt.Sprintf("%s%d次，各季度%d、%d、%d、%d次", label, sum(q), q[0], q[1], q[2], q[3])
	}
	held := []string{quarters("党员大会", l.Meetings)}
	if sum(l.Committees) > 0 {
		held = append(held, quarters("支委会", l.Committees))
	}
	if l.Groups > 0 {
		held = append(held, quarters(fmt.Sprintf("党小组%d个，党小组会", l.Groups), l.GroupMeetings))
	}
	held = append(held, quarters("党课", l.Lectures))
	room := "没有专门的党建活动场所"
	if l.RoomArea > 0 {
		room = fmt.Sprintf("党建活动场所%d平方米", l.RoomArea)
		if l.RoomSharedBy > 1 {
			room += fmt.Sprintf("，与其他单位共%d家共用", l.RoomSharedBy)
		}
	}
	say := func(parts ...string) string { return strings.Join(parts, "，") + "。" }
	return []Passage{
		{"党组织建设", []string{
			say(than("年末正式党员", "人", func(l *fact.Ledger) int { return l.Members }), fmt.Sprintf("预备党员%d人", l.Probationary)),
			say(fmt.Sprintf("党组织班子职数%d个，已配备%d个", l.Seats, l.Filled)),
			say(fmt.Sprintf("党组织班子成员进入领导机构%d人，领导机构成员进入党组织班子%d人", l.PartyInLead, l.LeadInParty)),
		}},
		{"党员队伍", []string{
			say(than("组织党员教育培训", "次", func(l *fact.Ledger) int { return l.Trainings }), fmt.Sprintf("共%d学时", l.TrainingHours)),
			say(fmt.Sprintf("党费按时收缴%d个月，欠交6个月以上%d人", l.DuesMonths, l.InArrears)),
			say(fmt.Sprintf("入党积极分子%d人，计划发展%d人，实际发展%d人", l.Activists, l.Planned, l.Admitted)),
			say(fmt.Sprintf("当年招聘%d人，其中大学生党员%d人", l.Recruited, l.Graduates), fmt.Sprintf("学习平台使用率%d%%", l.PlatformRate)),
		}},
		{"组织活动", []string{
			strings.Join(held, "；") + "。",
			say(fmt.Sprintf("主题党日%d次", l.ThemeDays), fmt.Sprintf("组织生活会%d次", l.LifeMeetings), than("学习教育活动", "次", func(l *fact.Ledger) int { return l.Themes })),
			say(fmt.Sprintf("民主评议党员%d人：优秀%d人", sum(l.Appraised), l.Appraised[0]), fmt.Sprintf("合格%d人", l.Appraised[1]), fmt.Sprintf("基本合格%d人", l.Appraised[2]), fmt.Sprintf("不合格%d人", l.Appraised[3])),
			say(room, fmt.Sprintf("宣传阵地%d处", l.Outlets)),
		}},
		{"社会责任", []string{
			say(than("公益活动", "次", func(l *fact.Ledger) int { return l.Charity }), fmt.Sprintf("支出%d元", l.CharityYuan), fmt.Sprintf("受益%d人次", l.Beneficiaries)),
		}},
	}
}
