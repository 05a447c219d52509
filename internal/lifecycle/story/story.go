package story

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
)

// The states of a story.
const (
	Drafted   stage.State = "drafted"   // somebody writes
	Offered   stage.State = "offered"   // its organisation consented to this text
	Reviewed  stage.State = "reviewed"  // the office read it
	Published stage.State = "published" // anybody reads it, as far as its title stands
	Withdrawn stage.State = "withdrawn" // it was public and is no more
	Discarded stage.State = "discarded" // it never was
)

const (
	theBasis   = "五(三) 总结经验做法"
	byConsent  = "五(三)；制度:经本单位同意方可公开"
	byFourEyes = "五(三)；制度:起草与审核分开"
)

// Kind is the story's machine.
var Kind = stage.Kind{
	Name: "story", Label: "先进事迹", Start: Drafted,
	Moves: []stage.Move{
		{From: Drafted, Act: "edit", By: stage.Applicant, To: Drafted, Basis: theBasis},
		{From: Drafted, Act: "edit", By: stage.Clerk, To: Drafted, Basis: theBasis},
		{From: Drafted, Act: "offer", By: stage.Applicant, To: Offered, Basis: byConsent},
		{From: Offered, Act: "pass", By: stage.Clerk, To: Reviewed, Basis: byFourEyes},
		{From: Offered, Act: "send_back", By: stage.Clerk, To: Drafted, Basis: byFourEyes},
		{From: Reviewed, Act: "send_back", By: stage.Director, To: Drafted, Basis: byFourEyes},
		{From: Reviewed, Act: "publish", By: stage.Director, To: Published, Basis: theBasis},
		{From: Published, Act: "withdraw", By: stage.Director, To: Withdrawn, Basis: theBasis},
		{From: Offered, Act: "reclaim", By: stage.Applicant, To: Drafted, Basis: byConsent},
		{From: Reviewed, Act: "reclaim", By: stage.Applicant, To: Drafted, Basis: byConsent},
		{From: Published, Act: "reclaim", By: stage.Applicant, To: Withdrawn, Basis: byConsent},
		{From: Drafted, Act: "discard", By: stage.Applicant, To: Discarded, Basis: theBasis},
		{From: Drafted, Act: "discard", By: stage.Clerk, To: Discarded, Basis: theBasis},
	},
	Ends: map[stage.State]bool{Withdrawn: false, Discarded: false},
	Words: map[string]string{
		"drafted": "起草中", "offered": "待审核", "reviewed": "待发布", "published": "已发布", "withdrawn": "已撤下", "discarded": "已放弃",
		"draft": "起草", "edit": "修改", "offer": "同意公开并送审", "pass": "审核通过", "send_back": "退回修改", "publish": "发布", "withdraw": "撤下", "reclaim": "撤回同意", "discard": "放弃",
	},
}

// Story is one story of one title.
type Story struct {
	ID           id.Story
	Programme    id.Programme
	Designation  id.Designation
	Organisation id.Organisation
	State        stage.State
	Title        string
	Text         string // paragraphs, one a line
	Pictures     []Picture
	Sources      []Source     // what it was drafted from
	Writers      []id.Account // everybody who wrote in it, the first first
	Consent      Consent      // of its organisation, to this text; zero while there is none
	ReviewedBy   id.Account
	ReviewedAt   time.Time
	Reply        string // why it was sent back the last time
	PublishedBy  id.Account
	PublishedAt  time.Time // zero: it never was
	EndedAt      time.Time // when it was withdrawn or discarded
	Reason       string    // why it was withdrawn, for everybody
	DraftedAt    time.Time
	Version      int64
}

// Picture is one of the pictures of a story: a file of the holder's evidence, of which
// only what is to be seen is ever shown.
type Picture struct {
	File      id.File `json:"file"`
	Describes string  `json:"describes"` // what is to be seen, for who does not see it
	Caption   string  `json:"caption"`   // below it; may be empty
}

// Source cites where a passage of a story was taken from.
type Source struct {
	Kind      string `json:"kind"` // a key of SourceKinds
	Indicator string `json:"indicator"`
	Title     string `json:"title"` // of the indicator
}

// Consent is the holder's yes to a text and its pictures.
type Consent struct {
	By     id.Account `json:"by"`
	At     time.Time  `json:"at,omitzero"`
	Digest string     `json:"digest"` // of what it is for
}

// Content is what somebody writes.
type Content struct {
	Title    string    `json:"title"`
	Text     string    `json:"text"`
	Pictures []Picture `json:"pictures"`
}

// Content returns what is written.
func (s *Story) Content() Content { return Content{s.Title, s.Text, s.Pictures} }

// Digest returns the SHA-256 of a content, in hex: what is consented to, read and
// published is the same.
func (c Content) Digest() string {
	if c.Pictures == nil {
		c.Pictures = []Picture{}
	}
	b, err := json.Marshal(c)
	if err != nil {
		panic("story: " + err.Error()) // strings always can be written
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Preparing reports whether a story is on its way to the public.
func (s *Story) Preparing() bool {
	return s.State == Drafted || s.State == Offered || s.State == Reviewed
}

// WasPublic reports whether everybody could read it once.
func (s *Story) WasPublic() bool { return !s.PublishedAt.IsZero() }

var (
	errEnded = fault.Define(fault.Refused, "story.title_ended",
		"称号%s，不能再起草、送审或者发布先进事迹。", theBasis)
	errOpen = fault.Define(fault.Refused, "story.draft.open",
		"这个称号已有一篇先进事迹在办（%s）。先办完那一篇，或者放弃它，再起草新的。", theBasis)
	errConsent = fault.Define(fault.Invalid, "story.offer.consent",
		"没有勾选同意公开。看过全文和图片，由本单位同意后再送审。", byConsent)
	errPersons = fault.Define(fault.Invalid, "story.offer.persons",
		"没有确认文中和图片里的个人。写到姓名、认得出样貌的，要征得本人同意；没有同意的，先删去或者换一张。", "民法典第一千零一十九条；个人信息保护法第二十六条")
	errFourEyes = fault.Define(fault.Refused, "story.four_eyes",
		"本人起草、修改或者审核过这一篇，不能再由本人%s。请换一个人办理。", byFourEyes)
	errTied = fault.Define(fault.Refused, "story.pass.interest",
		"本人%s，应当回避。请换一个人审核。", "五(三)；制度:回避")
	errReason = fault.Define(fault.Invalid, "story.reason",
		"%s没有写，或超过500字。用一两句话写明，%s看得到。", theBasis)
	errChanged = fault.Define(fault.Refused, "story.changed",
		"内容与本单位同意的不是同一份，不能发布。退回修改，由本单位重新同意。", byConsent)
)

// Draft begins a story of a title with some passages of what was assessed. others are
// the title's stories that there are.
func Draft(by stage.Actor, key id.Story, d *designation.Designation, chosen []Material, others []Story, now time.Time) (Story, stage.Move, error) {
	m, err := Kind.Step(Drafted, "edit", by.Role)
	if err != nil {
		return Story{}, m, err
	}
	m = stage.Move{Act: "draft", By: by.Role, To: Drafted, Basis: theBasis}
	switch {
	case by.Role == stage.Applicant && by.Organisation != d.Organisation:
		return Story{}, m, fault.Missing()
	case d.Ended():
		return Story{}, m, errEnded.New(designation.Kind.Word(string(d.State)))
	}
	if i := slices.IndexFunc(others, func(o Story) bool { return o.Preparing() }); i >= 0 {
		return Story{}, m, errOpen.New(Kind.Word(string(others[i].State)))
	}
	s := Story{
		ID: key, Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, State: Drafted,
		Title: d.Name + "先进事迹", Writers: []id.Account{by.Account}, DraftedAt: now,
	}
	s.Text, s.Sources = takeOver(chosen)
	return s, m, nil
}

// May lists the acts that somebody may take now: those of the role, without what the
// rule of four eyes keeps from this person.
func (s *Story) May(by stage.Actor) []string {
	return slices.DeleteFunc(Kind.May(s.State, by.Role), func(act string) bool {
		return act == "pass" && s.hand(by.Account) || act == "publish" && (s.hand(by.Account) || s.ReviewedBy == by.Account)
	})
}

// hand reports whether somebody wrote in it, or consented to it.
func (s *Story) hand(who id.Account) bool {
	return slices.Contains(s.Writers, who) || s.Consent.By == who
}

// own refuses an applicant that is not the story's, as if there were none.
func (s *Story) own(by stage.Actor) error {
	if by.Role == stage.Applicant && by.Organisation != s.Organisation {
		return fault.Missing()
	}
	return nil
}

func (s *Story) step(act string, by stage.Actor) (stage.Move, error) {
	if err := s.own(by); err != nil {
		return stage.Move{}, err
	}
	return Kind.Step(s.State, act, by.Role)
}

// Edit keeps what somebody wrote. usable are the pictures that may be in it.
func (s *Story) Edit(by stage.Actor, c Content, usable []id.File) (stage.Move, error) {
	m, err := s.step("edit", by)
	if err != nil {
		return m, err
	}
	if err := c.keepable(usable); err != nil {
		return m, err
	}
	s.Title, s.Text, s.Pictures = c.Title, c.Text, c.Pictures
	if !slices.Contains(s.Writers, by.Account) {
		s.Writers = append(s.Writers, by.Account)
	}
	return m, nil
}

// Offer is the consent of the organisation to what is written, with which it goes to
// the office. agreed is its yes; persons is its word that whoever is named or can be
// made out in a picture agreed, or that there is nobody.
func (s *Story) Offer(by stage.Actor, d *designation.Designation, agreed, persons bool, now time.Time) (stage.Move, error) {
	m, err := s.step("offer", by)
	if err != nil {
		return m, err
	}
	if d.Ended() {
		return m, errEnded.New(designation.Kind.Word(string(d.State)))
	}
	if err := s.Content().complete(); err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	if !agreed {
		wrong = append(wrong, errConsent.At("agreed"))
	}
	if !persons {
		wrong = append(wrong, errPersons.At("persons"))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	s.State, s.Reply = m.To, ""
	s.Consent = Consent{By: by.Account, At: now.UTC(), Digest: s.Content().Digest()}
	return m, nil
}

// Pass is the review: somebody of the office who wrote none of it and has no tie to
// the organisation (tie says which) found nothing that must not be published.
func (s *Story) Pass(by stage.Actor, tie string, now time.Time) (stage.Move, error) {
	m, err := s.step("pass", by)
	switch {
	case err != nil:
		return m, err
	case s.hand(by.Account):
		return m, errFourEyes.New("审核")
	case tie != "":
		return m, errTied.New(tie)
	}
	if err := s.Content().complete(); err != nil {
		return m, err
	}
	s.State, s.ReviewedBy, s.ReviewedAt = m.To, by.Account, now
	return m, nil
}

// SendBack returns it to who writes, with the reason. The consent is gone with it.
func (s *Story) SendBack(by stage.Actor, reason string) (stage.Move, error) {
	m, err := s.step("send_back", by)
	if err != nil {
		return m, err
	}
	if !readable(reason, ReasonMax) {
		return m, errReason.At("reason", "退回的理由", "本单位和办公室")
	}
	s.reopen(m.To)
	s.Reply = reason
	return m, nil
}

// reopen makes it a draft again, to which nobody has consented.
func (s *Story) reopen(to stage.State) {
	s.State, s.Consent, s.ReviewedBy, s.ReviewedAt = to, Consent{}, "", time.Time{}
}

// Publish makes it public: the director, who neither wrote nor reviewed it, while the
// title is held, and exactly what the organisation consented to.
func (s *Story) Publish(by stage.Actor, d *designation.Designation, now time.Time) (stage.Move, error) {
	m, err := s.step("publish", by)
	switch {
	case err != nil:
		return m, err
	case s.hand(by.Account) || s.ReviewedBy == by.Account:
		return m, errFourEyes.New("发布")
	case d.Ended():
		return m, errEnded.New(designation.Kind.Word(string(d.State)))
	case s.Consent.Digest != s.Content().Digest():
		return m, errChanged.New()
	}
	if err := s.Content().complete(); err != nil {
		return m, err
	}
	s.State, s.PublishedBy, s.PublishedAt = m.To, by.Account, now
	return m, nil
}

// Withdraw takes a public story down, for a reason that everybody may read.
func (s *Story) Withdraw(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := s.step("withdraw", by)
	if err != nil {
		return m, err
	}
	if !readable(reason, ReasonMax) {
		return m, errReason.At("reason", "撤下的理由", "所有人")
	}
	s.State, s.EndedAt, s.Reason = m.To, now, reason
	return m, nil
}

// Reclaim is the organisation's consent taken back. What was public comes down at
// once; what was not is a draft again.
func (s *Story) Reclaim(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := s.step("reclaim", by)
	if err != nil {
		return m, err
	}
	if m.To == Drafted {
		s.reopen(m.To)
		return m, nil
	}
	s.State, s.EndedAt, s.Reason = m.To, now, Reclaimed
	return m, nil
}

// Reclaimed is why a story came down whose organisation took its consent back.
const Reclaimed = "本单位撤回了公开的同意"

// Discard gives a draft up.
func (s *Story) Discard(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := s.step("discard", by)
	if err == nil {
		s.State, s.EndedAt = m.To, now
	}
	return m, err
}
