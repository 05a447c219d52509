package naming

import (
	"fmt"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
)

// Candidate is what the gate knows about one application of the round.
type Candidate struct {
	Application  id.Application
	Organisation id.Organisation
	Name         string // the organisation's at the decision (S59)
	Present      string // its name now
	Category     string
	Number       string // of the application

	Selected   bool          // publicised without objection: waits for naming
	Decision   id.Item       // the committee's decision that supports it; empty when none is in force
	DecidedOn  calendar.Date // and its day
	Required   int           // full working days of the publicity
	Served     int           // those that passed
	Known      bool          // no year between is without an arrangement
	ServedTo   calendar.Date // last day of the publicity
	Open       int           // open objections against it
	Upheld     bool          // one was founded and the committee has not overruled it
	Registered bool          // its registration stands
}

func (c Candidate) entry() Entry {
	e := Entry{Application: c.Application, Organisation: c.Organisation, Name: c.Name, Category: c.Category}
	if c.Present != c.Name {
		e.Now = c.Present
	}
	return e
}

// Check is one condition of the gate, applied to one candidate, in words.
type Check struct {
	Code   string // decision, days, objections or registration
	Word   string // 公示天数
	Say    string // what is: 公示5个工作日，已满5个
	Passed bool
}

var (
	errGate    = fault.Define(fault.Refused, "naming.gate", "“%s”现在不能命名：%s。", "办法(六) 公示无异议的，印发命名通知")
	errSplit   = fault.Define(fault.Refused, "naming.gate.split", "方案设定同一批一并命名，还有%d家没有结果：%s。等它们有了结果再印发。", "办法(六)；方案设定的分批命名办法")
	errLeftOut = fault.Define(fault.Refused, "naming.gate.left_out", "方案设定同一批一并命名，名单漏了%d家：%s。", "办法(六)；方案设定的分批命名办法")
	errGone    = fault.Define(fault.Refused, "naming.gate.gone", "名单里有单位已经不在待命名之列。退回修改名单。", "办法(六) 公示无异议的，印发命名通知")
)

// Checks applies every condition of the gate, for the page that shows it.
func (c Candidate) Checks() []Check {
	return []Check{c.decided(), c.served(), c.unopposed(), c.stands()}
}

// Ready reports whether the candidate may be named now.
func (c Candidate) Ready() bool {
	for _, k := range c.Checks() {
		if !k.Passed {
			return false
		}
	}
	return c.Selected
}

// decided: a decision of the committee in its favour is in force (办法(四)).
func (c Candidate) decided() Check {
	k := Check{Code: "decision", Word: "会议审定", Passed: c.Decision != "", Say: "没有有效的会议决定"}
	if k.Passed {
		k.Say = c.DecidedOn.Chinese() + "会议通过"
	}
	return k
}

// served: all working days of the publicity have passed in full, up to 24:00 of
// the last (办法(五) 公示5个工作日). In a year without an arrangement nobody knows.
func (c Candidate) served() Check {
	k := Check{Code: "days", Word: "公示天数", Passed: c.Known && c.Required > 0 && c.Served >= c.Required}
	switch {
	case c.Required == 0:
		k.Say = "没有公示"
	case !c.Known:
		k.Say = "有年份的放假安排没有公布，天数不能确定"
	case k.Passed:
		k.Say = fmt.Sprintf("公示%d个工作日，已满", c.Required)
	default:
		k.Say = fmt.Sprintf("公示%d个工作日，只满%d个", c.Required, c.Served)
	}
	return k
}

// unopposed: no objection is open, and none was founded (办法(六) 公示无异议的).
// One found without grounds counts as none (S58).
func (c Candidate) unopposed() Check {
	k := Check{Code: "objections", Word: "异议", Passed: c.Open == 0 && !c.Upheld, Say: "没有未结的异议"}
	switch {
	case c.Open > 0:
		k.Say = fmt.Sprintf("还有%d件异议没有办结", c.Open)
	case c.Upheld:
		k.Say = "异议成立，待会议复议"
	}
	return k
}

// stands: a body that is no more cannot hold a title.
func (c Candidate) stands() Check {
	k := Check{Code: "registration", Word: "登记状态", Passed: c.Registered, Say: "登记正常"}
	if !k.Passed {
		k.Say = "已不在登记"
	}
	return k
}

// Gate refuses a list with anybody on it who may not be named yet (S58). Where
// the programme names a batch together, everybody of the round must have a result
// and everybody who is ready must be on it; otherwise those without an objection
// go first.
func Gate(list []Candidate, f Facts) error {
	for _, c := range list {
		if c.Ready() {
			continue
		}
		var open []string
		for _, k := range c.Checks() {
			if !k.Passed {
				open = append(open, k.Say)
			}
		}
		if len(open) == 0 {
			open = []string{"还没有列为待命名"}
		}
		return errGate.New(c.Name, strings.Join(open, "，"))
	}
	if f.Programme.Naming.Split {
		return nil
	}
	on := map[id.Application]bool{}
	for _, c := range list {
		on[c.Application] = true
	}
	var waiting, left []string
	for _, c := range f.Candidates {
		switch {
		case on[c.Application]:
		case c.Ready():
			left = append(left, c.Name)
		default:
			waiting = append(waiting, c.Name)
		}
	}
	switch {
	case len(waiting) > 0:
		return errSplit.New(len(waiting), strings.Join(waiting, "、"))
	case len(left) > 0:
		return errLeftOut.New(len(left), strings.Join(left, "、"))
	}
	return nil
}
