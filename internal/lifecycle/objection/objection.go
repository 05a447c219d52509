package objection

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/stage"
)

// The states of an objection.
const (
	Received      stage.State = "received"      // in time; the office has to open a case
	Admitted      stage.State = "admitted"      // 立案; to be assigned
	Investigating stage.State = "investigating" // somebody looks into it
	Unfounded     stage.State = "unfounded"     // so the handler concludes; to be answered by another person
	Founded       stage.State = "founded"       // so the handler concludes; the committee has it
	Upheld        stage.State = "upheld"        // the committee: the candidate is out
	Overruled     stage.State = "overruled"     // the committee: it counts as none
	Answered      stage.State = "answered"      // the objector was told
	Transferred   stage.State = "transferred"   // late or unsigned: a report (举报)
)

// Kind is the objection's machine.
var Kind = stage.Kind{
	Name: "objection", Label: "异议", Start: Received,
	Moves: []stage.Move{
		{From: Received, Act: "transfer", By: stage.Clock, To: Transferred, Basis: "制度:逾期或者不署名的按举报办理"},
		{From: Received, Act: "admit", By: stage.Clerk, To: Admitted, Basis: "办法(五) 公示；制度:异议登记立案"},
		{From: Admitted, Act: "assign", By: stage.Director, To: Investigating, Basis: "制度:由没有利害关系的人核查"},
		{From: Investigating, Act: "assign", By: stage.Director, To: Investigating, Basis: "制度:由没有利害关系的人核查"},
		{From: Investigating, Act: "ask", By: stage.Clerk, To: Investigating, Basis: "制度:听取被反映单位说明，不告知异议人"},
		{From: Investigating, Act: "reply", By: stage.Applicant, To: Investigating, Basis: "制度:听取被反映单位说明，不告知异议人"},
		{From: Investigating, Act: "conclude_unfounded", By: stage.Clerk, To: Unfounded, Basis: "办法(六) 公示无异议的"},
		{From: Investigating, Act: "conclude_founded", By: stage.Clerk, To: Founded, Basis: "办法(六)；办法(四)"},
		{From: Unfounded, Act: "send_back", By: stage.Director, To: Investigating, Basis: "制度:核查不清的退回补查"},
		{From: Unfounded, Act: "answer", By: stage.Director, To: Answered, Basis: "办法(六)；制度:异议书面答复"},
		{From: Founded, Act: "uphold", By: stage.Chair, To: Upheld, Basis: "办法(四)(六)"},
		{From: Founded, Act: "overrule", By: stage.Chair, To: Overruled, Basis: "办法(四)(六)"},
		{From: Upheld, Act: "answer", By: stage.Director, To: Answered, Basis: "制度:异议书面答复"},
		{From: Overruled, Act: "answer", By: stage.Director, To: Answered, Basis: "制度:异议书面答复"},
		{From: Received, Act: "withdraw", By: stage.Public, To: Received, Basis: "制度:异议人撤回，已反映的事实仍要核查"},
		{From: Admitted, Act: "withdraw", By: stage.Public, To: Admitted, Basis: "制度:异议人撤回，已反映的事实仍要核查"},
		{From: Investigating, Act: "withdraw", By: stage.Public, To: Investigating, Basis: "制度:异议人撤回，已反映的事实仍要核查"},
		{From: Received, Act: "attach", By: stage.Public, To: Received, Basis: "办法(五)；制度:提出异议的提供事实和依据"},
		{From: Admitted, Act: "attach", By: stage.Public, To: Admitted, Basis: "办法(五)；制度:提出异议的提供事实和依据"},
		{From: Investigating, Act: "attach", By: stage.Public, To: Investigating, Basis: "办法(五)；制度:提出异议的提供事实和依据"},
		{From: Transferred, Act: "attach", By: stage.Public, To: Transferred, Basis: "办法(五)；制度:提出异议的提供事实和依据"},
		{From: Received, Act: "attach", By: stage.Clerk, To: Received, Basis: "办法(五)；制度:来信来件扫描随案"},
		{From: Admitted, Act: "attach", By: stage.Clerk, To: Admitted, Basis: "办法(五)；制度:来信来件扫描随案"},
		{From: Investigating, Act: "attach", By: stage.Clerk, To: Investigating, Basis: "办法(五)；制度:来信来件扫描随案"},
		{From: Transferred, Act: "attach", By: stage.Clerk, To: Transferred, Basis: "办法(五)；制度:来信来件扫描随案"},
	},
	Ends: map[stage.State]bool{Answered: true, Transferred: false},
	Words: map[string]string{
		"received": "已收到", "admitted": "已立案", "investigating": "核查中", "unfounded": "核查认为不成立", "founded": "核查认为成立，待会议复议",
		"upheld": "异议成立", "overruled": "异议不成立", "answered": "已答复", "transferred": "按举报办理",
		"file": "提出异议", "transfer": "转为举报", "admit": "立案", "assign": "分派", "ask": "请单位说明", "reply": "提交说明",
		"conclude_unfounded": "认为不成立", "conclude_founded": "认为成立", "send_back": "退回补查", "uphold": "决定异议成立", "overrule": "决定异议不成立",
		"answer": "答复", "withdraw": "撤回异议", "attach": "补充附件",
	},
}

// How an objection arrived.
const (
	Web    = "web"
	Letter = "letter" // the date of the postmark counts
	Phone  = "phone"
	Visit  = "visit"
)

// Channels lists the ways with how people read them, in order.
var Channels = []struct{ Code, Word string }{{Web, "网上"}, {Letter, "来信"}, {Phone, "电话"}, {Visit, "来访"}}

// Objection is one case. It holds nothing of who objected: that is an Objector,
// kept apart.
type Objection struct {
	ID           id.Objection
	Programme    id.Programme
	Publicity    id.Publicity
	Candidate    id.Candidate
	Application  id.Application
	Organisation id.Organisation
	Name         string // of the candidate, as publicised
	Number       int    // within its publicity, from 1
	Channel      string // Web, Letter, Phone or Visit
	Anonymous    bool
	Text         string // facts and grounds as they were raised; may give away who wrote them
	ArrivedAt    time.Time
	WithdrawnAt  time.Time
	State        stage.State
	Why          string // why it was transferred: Late or Unsigned

	AdmittedAt time.Time
	Handler    id.Account
	AnswerDue  time.Time // what is answered before this instant is in time; zero: no time was set
	AnswerOn   calendar.Date
	Question   string // what the organisation is asked; never who objected
	AskedAt    time.Time
	ReplyDue   time.Time
	ReplyOn    calendar.Date
	Reply      string
	RepliedAt  time.Time
	Summary    string // what is raised, in the handler's words, for the committee
	Finding    string
	FoundAt    time.Time
	Sent       string // why the director sent it back to be looked into again
	Outcome    stage.State
	Decision   id.Item
	Answer     string
	AnsweredAt time.Time
	Version    int64
}

// Why an objection is a report and no objection.
const (
	Late     = "late"
	Unsigned = "unsigned"
)

// Objector is who objected. It is stored apart from the case, and shown to those
// who handle it only.
type Objector struct {
	Objection id.Objection
	Unit      bool // in the name of a unit
	inquiry.Source
	CodeHash    string // of the code with which the objector asks how the case stands
	Fingerprint string // of candidate, name, contact and text: the same thing sent twice is one case
}

// Label returns how people quote the case: 异议〔2021〕003号.
func (o *Objection) Label() string {
	return fmt.Sprintf("异议〔%d〕%03d号", calendar.DateOf(o.ArrivedAt).Year, o.Number)
}

// Open reports whether the objection holds its candidate up: it was in time, and
// nobody has settled it. An unfounded one is settled when it is answered, by
// another person than who concluded so (S58).
func (o *Objection) Open() bool {
	switch o.State {
	case Received, Admitted, Investigating, Unfounded, Founded:
		return true
	}
	return false
}

// Running reports whether something is still to be done about it.
func (o *Objection) Running() bool { return o.State != Answered && o.State != Transferred }

// OpenOf counts the objections that hold a candidate up.
func OpenOf(all []Objection) (n int) {
	for i := range all {
		if all[i].Open() {
			n++
		}
	}
	return n
}

// PublicWord says how a case stands to its objector: what the office thinks of it comes
// with the answer (办法(五)).
func (o *Objection) PublicWord() string {
	switch o.State {
	case Unfounded, Founded:
		return "核查中"
	case Upheld, Overruled:
		return "已有结论，待答复"
	}
	return Kind.Word(string(o.State))
}
