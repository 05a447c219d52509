package message

import (
	"time"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// The states of a message.
const (
	Unread stage.State = "unread"
	Seen   stage.State = "read"
)

const ownInbox = "制度:消息只由收件人本人处理"

// Kind is the machine of a message: whoever got it reads it.
var Kind = stage.Kind{
	Name: "message", Label: "消息", Start: Unread,
	Moves: reading(),
	Ends:  map[stage.State]bool{Seen: false},
	Words: map[string]string{"unread": "未读", "read": "已读", "mark": "标为已读", "write": "发出通知"},
}

func reading() (moves []stage.Move) {
	for _, r := range []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Scrutineer, stage.Auditor, stage.Operator} {
		moves = append(moves, stage.Move{From: Unread, Act: "mark", By: r, To: Seen, Basis: ownInbox})
	}
	return moves
}

// Message is something that one person is told.
type Message struct {
	ID           id.Message
	Programme    id.Programme
	Kind         string // of template.Messages, or Free
	Chapter      string // what it is about: "application"
	Thing        string
	URL          string     // the page of the thing, within the site
	Account      id.Account // whose it is; empty: the objector's of Thing
	Role         stage.Role // in which it was sent to the person
	Organisation id.Organisation
	Subject      string
	Text         string
	MadeAt       time.Time
	ReadAt       time.Time
	Letter       id.Delivery // the letter that it went into; empty: none
}

// Free is the kind of messages that the office writes itself.
const Free = "free"

// To returns the actor to whom it was sent.
func (m *Message) To() stage.Actor {
	return stage.Actor{Account: m.Account, Role: m.Role, Organisation: m.Organisation}
}

// State returns where the message is.
func (m *Message) State() stage.State {
	if m.ReadAt.IsZero() {
		return Unread
	}
	return Seen
}

// Mark notes that its person read it. Another's does not exist.
func (m *Message) Mark(by stage.Actor, now time.Time) (stage.Move, error) {
	if m.Account == "" || m.Account != by.Account || m.Role != by.Role || m.Organisation != by.Organisation {
		return stage.Move{}, fault.Missing()
	}
	mv, err := Kind.Step(m.State(), "mark", by.Role)
	if err == nil {
		m.ReadAt = now
	}
	return mv, err
}

// Kept is how long a message stands after it was read, and a delivery after it was over:
// a year and some weeks, so that the last round is still there when the next one ends.
const Kept = 400 * 24 * time.Hour

// Forgotten reports whether a message was read so long ago that it goes. What was not
// read stays.
func (m *Message) Forgotten(now time.Time) bool {
	return !m.ReadAt.IsZero() && m.ReadAt.Before(now.Add(-Kept))
}

// Longest texts of what the office writes, in characters.
const (
	SubjectMost = 60
	TextMost    = 1000
)

var (
	errSubject = fault.Define(fault.Invalid, "message.write.subject", "标题写1至%d字，现在是%d字。", "")
	errText    = fault.Define(fault.Invalid, "message.write.text", "内容写1至%d字，现在是%d字。", "")
	errWriter  = fault.Define(fault.Forbidden, "message.write.role", "通知由办公室发给本批次的申报单位。", "五(三) 办公室负责日常工作")
	errNobody  = fault.Define(fault.Refused, "message.write.nobody", "选的申报单位里没有能收到消息的账号，没有可以发给的人。请先在“账号”里开通。", "制度:发送前核对收件人")
	errChanged = fault.Define(fault.Conflict, "message.write.recipients", "核对以后收件人变了，现在是%d人。请再核对一次收件人，然后发出。", "制度:发送前核对收件人")
)

// Write checks what the office writes to the applicants of a round. seen is the digest of
// the list of recipients that the writer was shown, now that of the list as it is.
func Write(by stage.Actor, subject, text string, people int, seen, now string) (stage.Move, error) {
	if by.Role != stage.Clerk && by.Role != stage.Director {
		return stage.Move{}, errWriter.New()
	}
	if err := CheckWords(subject, text); err != nil {
		return stage.Move{}, err
	}
	if people == 0 {
		return stage.Move{}, errNobody.New()
	}
	if seen != now {
		return stage.Move{}, errChanged.New(people)
	}
	return stage.Move{Act: "write", By: by.Role, To: Unread, Basis: "五(三) 办公室负责日常工作"}, nil
}

// CheckWords says what is wrong with a subject and a text.
func CheckWords(subject, text string) error {
	s, t := chars.Count(subject), chars.Count(text)
	return fault.All(
		fault.Unless(s >= 1 && s <= SubjectMost, errSubject.At("subject", SubjectMost, s)),
		fault.Unless(t >= 1 && t <= TextMost, errText.At("text", TextMost, t)),
	)
}
