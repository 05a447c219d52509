package roster

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/stage"
)

// The states of a roster.
const (
	Uploaded  stage.State = "uploaded"  // judged and shown, and nothing done
	Applied   stage.State = "applied"   // done
	Discarded stage.State = "discarded" // given up, or left for a day
)

// Kind is the roster's machine.
var Kind = stage.Kind{
	Name: "roster", Label: "名册", Start: Uploaded,
	Moves: []stage.Move{
		{From: Uploaded, Act: "apply", By: stage.Clerk, To: Applied, Basis: "制度:名册由办公室导入"},
		{From: Uploaded, Act: "discard", By: stage.Clerk, To: Discarded, Basis: "制度:不需要的名册不留存"},
		{From: Uploaded, Act: "discard", By: stage.Clock, To: Discarded, Basis: "制度:未确认的名册只留存一天"},
	},
	Ends:  map[stage.State]bool{Applied: false, Discarded: false},
	Words: map[string]string{"uploaded": "待确认", "applied": "已导入", "discarded": "已放弃", "upload": "上传", "apply": "导入", "discard": "放弃"},
}

// keep is how long a roster that nobody confirms is kept: its file may hold names.
const keep = 24 * time.Hour

// Roster is one uploaded file.
type Roster struct {
	ID      id.Roster
	List    string // a List's name
	File    string // its name, as given
	SHA256  string
	Content []byte // the file; gone once it is applied or discarded
	Skip    bool   // wrong rows were left out
	State   stage.State
	By      id.Account
	At      time.Time // when it was uploaded
	DoneAt  time.Time
	Tally   Tally
	Left    []Outcome     // the wrong rows that were left out, at most leftMost
	AsOf    calendar.Date // the day of a list of facts: when it was published
	Title   string        // what the list is called, as the source of its facts
	Version int64
}

// leftMost bounds how many wrong rows are kept for looking them up afterwards.
const leftMost = 500

var (
	errUpload = fault.Define(fault.Forbidden, "roster.upload.role", "名册由办公室经办人导入，%s不能导入。", "制度:未列明的行为一律不许")
	errList   = fault.Define(fault.Invalid, "roster.upload.list", "选择名册的种类。", "")
	errWrong  = fault.Define(fault.Refused, "roster.apply.wrong", "有%d行有误，没有导入任何一行。改好文件重新上传，或者选择略过有误的行。", "制度:名册全部导入或者全部不导入")
	errNone   = fault.Define(fault.Refused, "roster.apply.none", "没有可以导入的行。改好文件重新上传。", "")
	errMoved  = fault.Define(fault.Conflict, "roster.apply.moved", "预览以后单位信息有变化，现在是：%s请看过新的预览再导入。", "")
)

// Upload takes in a file. Only the office does.
func Upload(by stage.Actor, r *Roster, now time.Time) (stage.Move, error) {
	if !Kind.Takes("apply", by.Role) {
		return stage.Move{}, errUpload.New(by.Role.Word())
	}
	var odd *fault.Fault
	if !slices.ContainsFunc(Lists, func(l List) bool { return l.Name == r.List }) {
		odd = errList.At("list")
	}
	var undated *fault.Fault
	if r.List != Organisations.Name && r.List != Designations.Name {
		undated = fact.Past("as_of", "名单日期", r.AsOf, calendar.DateOf(now))
	}
	if err := fault.All(odd, undated, fact.Text("file", "文件名", r.File, fact.NameMax, false), fact.Text("title", "名单名称", r.Title, fact.NameMax, false)); err != nil {
		return stage.Move{}, err
	}
	r.State, r.By, r.At = Uploaded, by.Account, now
	return stage.Move{Act: "upload", By: by.Role, To: Uploaded, Basis: "制度:名册由办公室导入"}, nil
}

// Apply says that all of it is done. outcomes are those of every row as they are
// now; expected is what the clerk saw, and zero when nobody looked first. With wrong
// rows it is refused unless they are left out on purpose.
func (r *Roster) Apply(by stage.Actor, tally, expected Tally, wrong []Outcome, skip bool, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "apply", by.Role)
	switch {
	case err != nil:
		return m, err
	case expected != Tally{} && expected != tally:
		return m, errMoved.New(tally.Say())
	case tally.Wrong > 0 && !skip:
		return m, errWrong.New(tally.Wrong)
	case tally.Rows() == tally.Wrong:
		return m, errNone.New()
	}
	r.State, r.Tally, r.Skip, r.DoneAt, r.Content = m.To, tally, skip, now, nil
	r.Left = wrong[:min(len(wrong), leftMost)]
	return m, nil
}

// Discard gives a roster up; the clock does so after a day.
func (r *Roster) Discard(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "discard", by.Role)
	if err != nil {
		return m, err
	}
	r.State, r.DoneAt, r.Content = m.To, now, nil
	return m, nil
}

// KeptUntil is when the clock discards a roster that nobody confirmed.
func (r *Roster) KeptUntil() time.Time { return r.At.Add(keep) }

// KeptFrom is the time of upload of the oldest roster that is still kept.
func KeptFrom(now time.Time) time.Time { return now.Add(-keep) }
