package misuse

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
)

// The states of a report.
const (
	Received      stage.State = "received"      // to be assigned
	Investigating stage.State = "investigating" // its handler looks into it
	Founded       stage.State = "founded"       // 查实
	Unfounded     stage.State = "unfounded"     // 不属实
	Referred      stage.State = "referred"      // 转出: another authority's business
)

// Kind is the report's machine.
var Kind = stage.Kind{
	Name: "misuse", Label: "滥用线索", Start: Received,
	Moves: []stage.Move{
		{From: Received, Act: "assign", By: stage.Director, To: Investigating, Basis: "制度:由没有利害关系的人核查"},
		{From: Investigating, Act: "assign", By: stage.Director, To: Investigating, Basis: "制度:由没有利害关系的人核查"},
		{From: Received, Act: "attach", By: stage.Public, To: Received, Basis: "制度:反映人可以补充材料"},
		{From: Investigating, Act: "attach", By: stage.Public, To: Investigating, Basis: "制度:反映人可以补充材料"},
		{From: Received, Act: "attach", By: stage.Clerk, To: Received, Basis: "制度:来信来件扫描随案"},
		{From: Investigating, Act: "attach", By: stage.Clerk, To: Investigating, Basis: "制度:来信来件扫描随案"},
		{From: Investigating, Act: "note", By: stage.Clerk, To: Investigating, Basis: "制度:核查过程留痕"},
		{From: Investigating, Act: "find", By: stage.Clerk, To: Founded, Basis: "五(二) 动态管理"},
		{From: Investigating, Act: "dismiss", By: stage.Clerk, To: Unfounded, Basis: "五(二) 动态管理"},
		{From: Investigating, Act: "refer", By: stage.Clerk, To: Referred, Basis: "制度:不属本单位职责的转有关部门"},
	},
	Ends: map[stage.State]bool{Founded: true, Unfounded: false, Referred: false},
	Words: map[string]string{
		"received": "已收到", "investigating": "核查中", "founded": "查实", "unfounded": "不属实", "referred": "已转出",
		"file": "提交线索", "assign": "分派", "note": "记录核查", "find": "认定查实", "dismiss": "认定不属实", "refer": "转出", "attach": "补充附件",
	},
}

// Abouts lists what a report may be about with how people read it, in order.
var Abouts = []struct{ Code, Word string }{
	{"forged", "牌匾像是伪造、仿制的"},
	{"elsewhere", "牌匾挂在别的单位或者场所"},
	{"profit", "用称号收费、推销或者虚假宣传"},
	{"ended", "称号已经终止，还在悬挂牌匾或者宣传"},
	{"other", "其他"},
}

// AboutWord returns how people read what a report is about; "" for what is none.
func AboutWord(code string) string {
	for _, a := range Abouts {
		if a.Code == code {
			return a.Word
		}
	}
	return ""
}

// Report is one case. It holds nothing of who reported: that is a Reporter, kept apart.
type Report struct {
	ID           id.Misuse
	Programme    id.Programme
	Designation  id.Designation // the title behind the code
	Organisation id.Organisation
	Name         string     // of the holder, as the title says
	Code         string     // the verification code from which it came
	Year         int        // in which it arrived
	Number       int        // within its programme and year, from 1
	About        string     // a code of Abouts
	Place        string     // where it was seen
	Text         string     // as it was sent in; may give away who wrote it
	Channel      string     // objection.Letter, Phone or Visit; empty: the public form
	RegisteredBy id.Account // the clerk who entered what came otherwise; empty: the public form
	ArrivedAt    time.Time
	State        stage.State

	Handler  id.Account
	Notes    []Note
	ByHolder bool   // founded, and the holder did it
	Finding  string // what was looked into, and what it shows
	To       string // the authority to which it was referred
	Answer   string // what the reporter is told
	EndedAt  time.Time
	Version  int64
}

// Note is one line of what the handler looked into.
type Note struct {
	At   time.Time  `json:"at"`
	By   id.Account `json:"by"`
	Text string     `json:"text"`
}

// Reporter is who reported. It is stored apart from the case, and shown to its handler only.
type Reporter struct {
	Misuse id.Misuse
	inquiry.Source
	CodeHash    string // of the code with which the reporter asks how the case stands
	Fingerprint string // of title, name, contact and text: the same thing sent twice is one case
}

// Label returns how people quote the case: 线索〔2021〕003号.
func (r *Report) Label() string { return fmt.Sprintf("线索〔%d〕%03d号", r.Year, r.Number) }

// Open reports whether something is still to be done about it.
func (r *Report) Open() bool { return r.State == Received || r.State == Investigating }

// Cause is what a founded report of its holder's misuse says to the title: it asks for a
// recheck, without saying who reported.
func (r *Report) Cause() trigger.Cause {
	on := calendar.DateOf(r.EndedAt)
	return trigger.Cause{
		Kind: trigger.Misuse, Fact: trigger.Misuse + "|" + string(r.ID), On: on,
		Say: on.Chinese() + "经办公室核查，认定滥用称号或者牌匾（" + r.Label() + "）",
	}
}
