package file

import (
	"slices"
	"strings"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/personal"
)

// The states of a file: what the virus scanner said of it. What it did not call
// clean is never called so.
const (
	Unscanned stage.State = "unscanned" // no scanner is set up
	Waiting   stage.State = "waiting"   // one is, and it has not answered; not released to reviewers
	Clean     stage.State = "clean"
	Infected  stage.State = "infected" // released to nobody
)

const (
	unscannedStay = "制度:未经扫描不放行"
	onlyHints     = "制度:机器读取只作提示"
	onlyShown     = "制度:预览图只供查看，以文件为准"
	onlyCopies    = "制度:评审只看去除元数据的副本"
)

// Kind is a file's machine. It begins where no scanner is set up; once one is, what
// it did not judge yet waits for it. Nobody moves a file but the clock, which asks
// the scanner, the reader and the renderer (ASVS 5.4.3).
var Kind = stage.Kind{
	Name: "file", Label: "佐证文件", Start: Unscanned,
	Moves: []stage.Move{
		{From: Unscanned, Act: "queue", By: stage.Clock, To: Waiting, Basis: unscannedStay},
		{From: Waiting, Act: "clear", By: stage.Clock, To: Clean, Basis: unscannedStay},
		{From: Waiting, Act: "condemn", By: stage.Clock, To: Infected, Basis: unscannedStay},
		{From: Unscanned, Act: "read", By: stage.Clock, To: Unscanned, Basis: onlyHints},
		{From: Clean, Act: "read", By: stage.Clock, To: Clean, Basis: onlyHints},
		{From: Unscanned, Act: "draw", By: stage.Clock, To: Unscanned, Basis: onlyShown},
		{From: Clean, Act: "draw", By: stage.Clock, To: Clean, Basis: onlyShown},
		{From: Unscanned, Act: "copy", By: stage.Clock, To: Unscanned, Basis: onlyCopies},
		{From: Clean, Act: "copy", By: stage.Clock, To: Clean, Basis: onlyCopies},
	},
	Ends: map[stage.State]bool{Infected: false},
	Words: map[string]string{
		"unscanned": "未扫描", "waiting": "待扫描", "clean": "已扫描", "infected": "有病毒",
		"queue": "送病毒扫描", "clear": "判为无病毒", "condemn": "判为有病毒", "read": "读取文字", "draw": "制作预览图", "copy": "制作副本",
	},
}

// Released lists the states in which a file may be given to those who review it,
// and to a machine that reads it.
var Released = []stage.State{Unscanned, Clean}

// Released reports whether a file may be given to those who review it.
func (f *File) Released() bool { return slices.Contains(Released, f.State) }

// Answer is what came of asking the scanner about a file.
type Answer struct {
	Asked bool   // a scanner is set up
	Given bool   // it gave a verdict; without one it was down, or the file too large for it
	Virus string // what it found; "": nothing
}

var errVirus = fault.Define(fault.Invalid, "file.put.virus", "“%s”里查出病毒（%s），没有保存。在自己的电脑上查杀后，从干净的文件重新上传。", unscannedStay)

// Arrive sets the state of a file on its way in by what the scanner answered. One
// with a virus is refused; without a verdict it waits for one.
func (f *File) Arrive(a Answer) error {
	f.State = Kind.Start
	if !a.Asked {
		return nil
	}
	if _, err := f.Queue(stage.TheClock); err != nil || !a.Given {
		return err
	}
	if a.Virus != "" {
		return errVirus.New(f.quote(), chars.Cut(strings.ToValidUTF8(a.Virus, ""), 60))
	}
	_, err := f.Judge(stage.TheClock, "")
	return err
}

// Queue lets a file that no scanner looked at wait for one, now that there is one.
// Reviewers do not get it until it is judged.
func (f *File) Queue(by stage.Actor) (stage.Move, error) { return f.step("queue", by) }

// Judge takes the verdict of the scanner on a file that waits for one: virus is what
// it found, "" for nothing.
func (f *File) Judge(by stage.Actor, virus string) (stage.Move, error) {
	if virus != "" {
		return f.step("condemn", by)
	}
	return f.step("clear", by)
}

func (f *File) step(act string, by stage.Actor) (stage.Move, error) {
	m, err := Kind.Step(f.State, act, by.Role)
	if err == nil {
		f.State = m.To
	}
	return m, err
}

// What a machine could read of a file.
const (
	HasText    = "text"    // its text is kept
	Picture    = "picture" // it holds no text, as a scan does
	Unreadable = "failed"  // the machine could not
)

// Read takes what a machine read of a file, once: the outcome and, when there is text,
// its pages. What of persons stands in it is noted, for people to look at. It returns
// the text to keep; nil when there is none.
func (f *File) Read(by stage.Actor, outcome string, pages []string) (*Text, stage.Move, error) {
	m, err := f.step("read", by)
	switch {
	case err != nil:
		return nil, m, err
	case f.Reading != "":
		return nil, m, fault.Stale()
	}
	f.Reading = outcome
	if outcome != HasText {
		return nil, m, nil
	}
	f.Hints = hintsIn(pages)
	return &Text{File: f.ID, Pages: pages}, m, nil
}

// Text is what a file says, by page.
type Text struct {
	File  id.File
	Pages []string
}

// Hint is a number in a file's text that seems to be a person's: an identity card's
// or a mobile telephone's. It is for people to look at, and refuses nothing.
type Hint struct {
	Page   int    `json:"page"` // from 1
	Kind   string `json:"kind"` // in words
	Masked string `json:"masked"`
}

// hintsMost is how many numbers of persons are noted of one file.
const hintsMost = 20

func hintsIn(pages []string) (all []Hint) {
	for n, p := range pages {
		for _, found := range personal.Scan(p) {
			if len(all) == hintsMost {
				return all
			}
			all = append(all, Hint{Page: n + 1, Kind: found.Kind.Word(), Masked: found.Masked})
		}
	}
	return all
}

var (
	errWaiting  = fault.Define(fault.Refused, "file.open.waiting", "“%s”正在等待病毒扫描，扫描通过后才能打开。", unscannedStay)
	errInfected = fault.Define(fault.Refused, "file.open.infected", "“%s”里查出病毒，不能打开。请申报单位在自己的电脑上查杀后重新上传。", unscannedStay)
)

// Openable decides whether somebody who sees a file in a list may open it: its
// applicant (own) what it uploaded, those who review it once it is released, and
// nobody one with a virus (S43).
func (f *File) Openable(own bool) error {
	switch {
	case f.State == Infected:
		return errInfected.New(f.quote())
	case !own && !f.Released():
		return errWaiting.New(f.quote())
	}
	return nil
}
