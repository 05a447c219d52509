package photograph

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

// The states of a photograph.
const (
	Offered  stage.State = "offered"  // by the holder; the office has not looked at it
	Shown    stage.State = "shown"    // on the page of the plaque's code
	Declined stage.State = "declined" // the office did not take it
	Replaced stage.State = "replaced" // another took its place
	Removed  stage.State = "removed"  // taken down
)

// Kind is the photograph's machine.
var Kind = stage.Kind{
	Name: "photograph", Label: "牌匾照片", Start: Offered,
	Moves: []stage.Move{
		{From: Offered, Act: "show", By: stage.Clerk, To: Shown, Basis: "制度:持有单位提供的照片经办公室看过再公开"},
		{From: Offered, Act: "decline", By: stage.Clerk, To: Declined, Basis: "制度:持有单位提供的照片经办公室看过再公开"},
		{From: Offered, Act: "replace", By: stage.Applicant, To: Replaced, Basis: "制度:换下的照片留存备查"},
		{From: Offered, Act: "take_back", By: stage.Applicant, To: Removed, Basis: "制度:撤下的照片留存备查"},
		{From: Shown, Act: "replace", By: stage.Clerk, To: Replaced, Basis: "制度:换下的照片留存备查"},
		{From: Shown, Act: "remove", By: stage.Clerk, To: Removed, Basis: "制度:撤下的照片留存备查"},
		{From: Shown, Act: "remove", By: stage.Applicant, To: Removed, Basis: "制度:撤下的照片留存备查"},
	},
	Ends: map[stage.State]bool{Declined: false, Replaced: false, Removed: false},
	Words: map[string]string{
		"offered": "待办公室查看", "shown": "公开展示", "declined": "未采用", "replaced": "已换下", "removed": "已撤下",
		"offer": "提供照片", "add": "登记照片", "show": "公开展示", "decline": "不采用", "replace": "换下", "take_back": "收回", "remove": "撤下",
	},
}

// Photograph is one picture of one plaque, as it is shown. Its bytes are a JPEG, kept apart
// by their SHA-256.
type Photograph struct {
	ID            id.Photograph
	Plaque        id.Plaque
	Programme     id.Programme
	Organisation  id.Organisation
	Description   string // what is to be seen, for those who cannot see it
	Size          int64  // bytes
	Width, Height int    // points
	SHA256        string // in hex
	State         stage.State
	ByHolder      bool // the holder offered it
	By            id.Account
	At            time.Time
	ShownAt       time.Time
	EndedAt       time.Time
	Reason        string // why it was declined or taken down
	Version       int64
}

// Bounds.
const (
	DescriptionMax = 120  // 字
	ReasonMax      = 200  // 字
	Side           = 1280 // the longer side, in points, of what is shown
	most           = 30   // of one plaque, whatever became of them
)

const seen = "三 授牌确认；制度:牌匾登记附照片"

var (
	errPlaque = fault.Define(fault.Refused, "photograph.add.plaque",
		"牌匾现在是“%s”，不能登记照片。办公室在制作中和授牌后登记，持有单位在授牌后提供。", seen)
	errMany = fault.Define(fault.Refused, "photograph.add.many",
		"这块牌匾已有%d张照片（含换下的），不能再加。", "制度:上传的件数和大小有限")
	errTwice = fault.Define(fault.Refused, "photograph.add.twice",
		"这张照片已经在登记里，不用再传。", seen)
	errKind = fault.Define(fault.Invalid, "photograph.add.kind",
		"“%s”不是照片。上传JPG或者PNG文件。", seen)
	errWaiting = fault.Define(fault.Unavailable, "photograph.add.unscanned",
		"“%s”还没有查过病毒，没有保存。查毒程序现在没有应答，过几分钟再上传。", "制度:未经扫描不放行")
	errOffice = fault.Define(fault.Refused, "photograph.remove.office",
		"这张照片是办公室登记的，由办公室撤下。请与办公室联系。", "制度:撤下的照片留存备查")
)

// May decides whether somebody may bring a photograph of a plaque now, and with which words.
// before are all that there are of it. Whether the plaque is the actor's is for the store.
func May(by stage.Actor, q *plaque.Plaque, before []Photograph, description string) (stage.Move, error) {
	m := stage.Move{Act: "add", By: by.Role, To: Shown, Basis: seen}
	if by.Role == stage.Applicant {
		m.Act, m.To = "offer", Offered
	}
	switch {
	case by.Role != stage.Clerk && by.Role != stage.Applicant:
		return m, fault.Missing()
	case q.State != plaque.HandedOver && (q.State != plaque.Ordered || by.Role != stage.Clerk):
		return m, errPlaque.New(plaque.Kind.Word(string(q.State)))
	case len(before) >= most:
		return m, errMany.New(len(before))
	}
	return m, fault.All(words.Check("description", "照片说明", description, DescriptionMax, true))
}

// Sent is what is known of a file that was sent as a photograph.
type Sent struct {
	Name    string // quoted in what is said about it
	Kind    string // by its content
	Scanned bool   // a scanner of viruses passed it, or none is set up
}

// Check refuses a file that is no photograph, or that nobody looked into.
func (s Sent) Check() error {
	switch {
	case s.Kind != "jpg" && s.Kind != "png":
		return errKind.At("file", s.Name)
	case !s.Scanned:
		return errWaiting.New(s.Name)
	}
	return nil
}

// Add puts a photograph to a plaque: the office's is shown, the holder's is offered. p says
// what was drawn and its words. other, where there is one, gave way to it by its move.
func Add(by stage.Actor, q *plaque.Plaque, before []Photograph, p Photograph, now time.Time) (made Photograph, m stage.Move, other *Photograph, gave stage.Move, err error) {
	if m, err = May(by, q, before, p.Description); err != nil {
		return p, m, nil, gave, err
	}
	if slices.ContainsFunc(before, func(o Photograph) bool { return o.SHA256 == p.SHA256 && (o.State == Shown || o.State == m.To) }) {
		return p, m, nil, gave, errTwice.At("file")
	}
	p.Plaque, p.Programme, p.Organisation, p.State = q.ID, q.Programme, q.Organisation, m.To
	p.ByHolder, p.By, p.At = by.Role == stage.Applicant, by.Account, now
	if p.State == Shown {
		p.ShownAt = now
	}
	other, gave, err = giveWay(by, before, p.State, now)
	return p, m, other, gave, err
}

// giveWay ends what was in a state of which a plaque has one at a time.
func giveWay(by stage.Actor, before []Photograph, at stage.State, now time.Time) (*Photograph, stage.Move, error) {
	for _, o := range before {
		if o.State == at {
			m, err := Kind.Step(o.State, "replace", by.Role)
			o.State, o.EndedAt = m.To, now
			return &o, m, err
		}
	}
	return nil, stage.Move{}, nil
}

// Show puts what the holder offered on the public page. other gave way to it.
func (p *Photograph) Show(by stage.Actor, before []Photograph, now time.Time) (m stage.Move, other *Photograph, gave stage.Move, err error) {
	if m, err = Kind.Step(p.State, "show", by.Role); err != nil {
		return m, nil, gave, err
	}
	other, gave, err = giveWay(by, before, Shown, now)
	p.State, p.ShownAt = m.To, now
	return m, other, gave, err
}

// Decline does not take what the holder offered. The reason is the holder's to read.
func (p *Photograph) Decline(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	return p.end(by, "decline", "不采用的理由", reason, now)
}

// TakeBack withdraws what the holder offered, before the office looked at it.
func (p *Photograph) TakeBack(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "take_back", by.Role)
	if err == nil {
		p.State, p.EndedAt = m.To, now
	}
	return m, err
}

// Remove takes a photograph down. The holder takes down what it offered itself.
func (p *Photograph) Remove(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	if by.Role == stage.Applicant && !p.ByHolder {
		return stage.Move{}, errOffice.New()
	}
	return p.end(by, "remove", "撤下的理由", reason, now)
}

func (p *Photograph) end(by stage.Actor, act, word, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if err := fault.All(words.Check(act, word, reason, ReasonMax, true)); err != nil {
		return m, err
	}
	p.State, p.EndedAt, p.Reason = m.To, now, reason
	return m, nil
}

// ShownOf returns the one that is shown, of all of a plaque; nil when none is.
func ShownOf(all []Photograph) *Photograph {
	for i := range all {
		if all[i].State == Shown {
			return &all[i]
		}
	}
	return nil
}
