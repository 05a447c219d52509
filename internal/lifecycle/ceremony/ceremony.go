// Package ceremony (密钥仪式) is how the trustees of a secret ballot make its key
// (S54): three or five scrutineers, of whom two or three decrypt, and a registrar who
// is none of them. What they send one another is package ballot's; here stands who
// does what, and in which order.
//
//	making ─▶ ready
//	   └────────┴──▶ cancelled
package ceremony

import (
	"slices"

	"shifan/internal/ballot"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

// The states of a ceremony.
const (
	Making    stage.State = "making"    // the trustees make their key
	Ready     stage.State = "ready"     // it is there
	Cancelled stage.State = "cancelled" // given up; another may be begun
)

// Kind is the machine of the ceremony in which trustees make a key.
var Kind = stage.Kind{
	Name: "ceremony", Label: "密钥仪式", Start: Making,
	Moves: []stage.Move{
		{From: Making, Act: "certify", By: stage.Scrutineer, To: Making, Basis: "制度:密钥由监票人各自生成"},
		{From: Making, Act: "deal", By: stage.Scrutineer, To: Making, Basis: "制度:密钥由监票人各自生成"},
		{From: Making, Act: "accept", By: stage.Scrutineer, To: Making, Basis: "制度:密钥由监票人各自生成"},
		{From: Making, Act: "complete", By: stage.Scrutineer, To: Ready, Basis: "制度:密钥由监票人各自生成"},
		{From: Making, Act: "cancel", By: stage.Clerk, To: Cancelled, Basis: "制度:密钥丢失的重新生成"},
		{From: Ready, Act: "cancel", By: stage.Clerk, To: Cancelled, Basis: "制度:密钥丢失的重新生成"},
	},
	Ends: map[stage.State]bool{Cancelled: false},
	Words: map[string]string{
		"making": "正在生成密钥", "ready": "密钥已生成", "cancelled": "已作废",
		"appoint": "指定监票人", "certify": "生成密钥", "deal": "分发份额", "accept": "核对份额", "complete": "核对份额（最后一人）", "cancel": "作废密钥",
	},
}

// Trustee is one scrutineer of a ceremony, with what that person's browser sent.
type Trustee struct {
	Account     id.Account `json:"account"`
	Name        string     `json:"name"`
	Certificate string     `json:"certificate,omitempty"`
	Dealing     string     `json:"dealing,omitempty"`
	Acceptance  string     `json:"acceptance,omitempty"`
}

// Ceremony is the making of a meeting's key. Everything in it may be public: the
// shares are encrypted to their owners.
type Ceremony struct {
	ID        id.Ceremony
	Meeting   id.Meeting
	Programme id.Programme
	State     stage.State
	Threshold int       // how many trustees it takes to decrypt
	Trustees  []Trustee // in the order that numbers them
	Registrar Trustee   // who makes the credentials; no trustee
	Version   int64
}

// Appointment is whom the office appoints.
type Appointment struct {
	Trustees  []Trustee
	Registrar Trustee
	Operators []id.Account // accounts with the role of the operator
}

var (
	errAppointer = fault.Define(fault.Forbidden, "ceremony.appoint.role",
		"监票人由办公室经办人指定，%s不能指定。", "制度:未列明的行为一律不许")
	// ErrNotSecret refuses what only a meeting with secret ballots does.
	ErrNotSecret = fault.Define(fault.Refused, "ceremony.not_secret",
		"这次会议不用无记名电子表决。表决方式在召集会议时确定。", "方案设定的表决方式")
	// ErrOver refuses what is too late; its argument is the meeting's state.
	ErrOver = fault.Define(fault.Refused, "ceremony.meeting.over",
		"会议%s，不能再办理无记名表决。", "办法(四)")
	errCeremonyTwice = fault.Define(fault.Refused, "ceremony.appoint.twice",
		"这次会议已经指定监票人。要换人，先作废现在的密钥。", "制度:密钥由监票人各自生成")
	errTrustees = fault.Define(fault.Invalid, "ceremony.appoint.trustees",
		"监票人选了%d人。选3人（其中2人可解密）或5人（其中3人可解密）。", "制度:监票人三人以上，多数到场才能解密")
	errRegistrar = fault.Define(fault.Invalid, "ceremony.appoint.registrar",
		"没有选监督员。监督员制作投票凭证，不能同时是监票人。", "制度:制作凭证、保管密钥、主持会议由不同的人承担")
	errApart = fault.Define(fault.Refused, "ceremony.appoint.apart",
		"%s是这次会议的委员或者系统管理员，不能做监票人或监督员。", "制度:制作凭证、保管密钥、主持会议由不同的人承担")
	// ErrNotTrustee refuses who is no trustee of the key.
	ErrNotTrustee = fault.Define(fault.Refused, "ceremony.not_trustee",
		"不是这次会议指定的监票人，不能办理这一步。", "制度:密钥由监票人各自生成")
	errPhase = fault.Define(fault.Refused, "ceremony.phase",
		"现在还不到这一步，或本人已经办完。其他监票人办完后，页面自动继续。", "制度:密钥由监票人各自生成")
	errUnread = fault.Define(fault.Invalid, "ceremony.unread",
		"还没有确认指纹。请各监票人念出自己的指纹，与屏幕上的逐一核对。", "制度:指纹当面核对")
	errNeeded = fault.Define(fault.Refused, "ceremony.cancel.needed",
		"还有一次无记名表决要用这把密钥解密。先办完，或由主持人作废表决，再作废密钥。", "制度:密钥丢失的重新生成")
	errMessage = fault.Define(fault.Refused, "ceremony.message",
		"收到的密钥数据核对不成立，没有保存。请刷新页面后再试一次；再不成，由办公室作废密钥、重新指定。", "制度:密钥由监票人各自生成")
)

// Appoint begins a ceremony: three or five trustees, and a registrar who is none of
// them. None of these votes in the meeting or operates the system.
func Appoint(by stage.Actor, m *meeting.Meeting, before *Ceremony, a Appointment) (*Ceremony, stage.Move, error) {
	mv := stage.Move{Act: "appoint", By: by.Role, To: Making, Basis: "制度:制作凭证、保管密钥、主持会议由不同的人承担"}
	switch n := distinct(a.Trustees); {
	case !Kind.Takes("cancel", by.Role):
		return nil, mv, errAppointer.New(by.Role.Word())
	case m.Rules.Ballot != "secret":
		return nil, mv, ErrNotSecret.New()
	case m.State != meeting.Convened && m.State != meeting.Sitting:
		return nil, mv, ErrOver.New(meeting.Kind.Word(string(m.State)))
	case before != nil && before.State != Cancelled:
		return nil, mv, errCeremonyTwice.New()
	case n != 3 && n != 5 || n != len(a.Trustees):
		return nil, mv, errTrustees.At("trustees", n)
	case a.Registrar.Account == "" || slices.ContainsFunc(a.Trustees, func(t Trustee) bool { return t.Account == a.Registrar.Account }):
		return nil, mv, errRegistrar.At("registrar")
	}
	for _, t := range append(slices.Clone(a.Trustees), a.Registrar) {
		if s := m.Seat(t.Account); s != nil && s.Votes() || slices.Contains(a.Operators, t.Account) {
			return nil, mv, errApart.New(t.Name)
		}
	}
	return &Ceremony{Meeting: m.ID, Programme: m.Programme, State: Making, Threshold: majority(len(a.Trustees)), Trustees: a.Trustees, Registrar: a.Registrar}, mv, nil
}

// distinct counts the persons among trustees: one who holds two shares would need
// one colleague fewer to read a vote.
func distinct(all []Trustee) int {
	persons := map[id.Account]bool{}
	for _, t := range all {
		persons[t.Account] = true
	}
	return len(persons)
}

// majority is how many of n trustees it takes to decrypt: more than half, so that no
// minority reads a vote, and never all, so that one lost key loses no result.
func majority(n int) int { return n/2 + 1 }

// Cancel gives a key up, as long as no ballot that runs needs it.
func (c *Ceremony) Cancel(by stage.Actor, needed bool) (stage.Move, error) {
	mv, err := Kind.Step(c.State, "cancel", by.Role)
	if err != nil {
		return mv, err
	}
	if needed {
		return mv, errNeeded.New()
	}
	c.State = mv.To
	return mv, nil
}

// Number returns which trustee an account is, from 1; 0 for none.
func (c *Ceremony) Number(who id.Account) int {
	return 1 + slices.IndexFunc(c.Trustees, func(t Trustee) bool { return t.Account == who })
}

// Phase says what the trustees do now: certify, deal, accept, or "" when the key is
// made or given up.
func (c *Ceremony) Phase() string {
	if c.State != Making {
		return ""
	}
	for _, step := range []struct {
		act  string
		lack func(Trustee) bool
	}{
		{"certify", func(t Trustee) bool { return t.Certificate == "" }},
		{"deal", func(t Trustee) bool { return t.Dealing == "" }},
	} {
		if slices.ContainsFunc(c.Trustees, step.lack) {
			return step.act
		}
	}
	return "accept"
}

// Owes reports whether a trustee has not yet sent what all send now.
func (c *Ceremony) Owes(who id.Account) bool {
	n := c.Number(who)
	if n == 0 {
		return false
	}
	t := c.Trustees[n-1]
	sent, asked := map[string]string{"certify": t.Certificate, "deal": t.Dealing, "accept": t.Acceptance}[c.Phase()]
	return asked && sent == ""
}

// Made is what was sent, as the cryptography reads it.
func (c *Ceremony) Made() ballot.Ceremony {
	out := ballot.Ceremony{Group: ballot.Belenios2048, Threshold: c.Threshold}
	for _, t := range c.Trustees {
		if t.Certificate != "" {
			out.Certificates = append(out.Certificates, []byte(t.Certificate))
		}
		if t.Dealing != "" {
			out.Dealings = append(out.Dealings, []byte(t.Dealing))
		}
		if t.Acceptance != "" {
			out.Acceptances = append(out.Acceptances, []byte(t.Acceptance))
		}
	}
	return out
}

// Send keeps what a trustee's browser sent for one step, after checking all that
// can be checked of it without a secret. read says that this trustee compared the
// fingerprints of all with what was read aloud; nothing is dealt before.
func (c *Ceremony) Send(by stage.Actor, act, message string, read bool) (stage.Move, error) {
	mv, err := Kind.Step(c.State, act, by.Role)
	if err != nil {
		return mv, err
	}
	n := c.Number(by.Account)
	if n == 0 {
		return mv, ErrNotTrustee.New()
	}
	t := &c.Trustees[n-1]
	into := map[string]*string{"certify": &t.Certificate, "deal": &t.Dealing, "accept": &t.Acceptance}[act]
	switch {
	case into == nil || c.Phase() != act || *into != "":
		return mv, errPhase.New()
	case act == "deal" && !read:
		return mv, errUnread.At("read")
	}
	switch made := c.Made(); act {
	case "certify":
		_, err = made.Group.CheckCertificate([]byte(message))
	case "deal":
		err = made.CheckDealing(n-1, []byte(message))
	case "accept":
		err = made.CheckAcceptance(n-1, []byte(message))
	}
	if err != nil {
		return mv, errMessage.New()
	}
	c.Trustees = slices.Clone(c.Trustees)
	t = &c.Trustees[n-1]
	*map[string]*string{"certify": &t.Certificate, "deal": &t.Dealing, "accept": &t.Acceptance}[act] = message
	if act == "accept" && !slices.ContainsFunc(c.Trustees, func(t Trustee) bool { return t.Acceptance == "" }) {
		if _, _, err := c.Made().Trustees(); err != nil {
			return mv, errMessage.New()
		}
		if mv, err = Kind.Step(c.State, "complete", by.Role); err != nil {
			return mv, err
		}
		c.State = mv.To
	}
	return mv, nil
}
