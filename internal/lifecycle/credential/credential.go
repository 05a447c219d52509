package credential

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
)

// The states of a credential.
const (
	Issued   stage.State = "issued"   // it stands
	Replaced stage.State = "replaced" // another says what holds now
	Revoked  stage.State = "revoked"  // the title ended before its time
	Expired  stage.State = "expired"  // the title ended with its time
)

const (
	follows  = "五(二) 动态管理；制度:内容变更的换发凭证"
	withdraw = "五(二) 撤销称号；制度:称号终止的凭证作废"
)

// Kind is the credential's machine. Whoever moves a title moves its credential.
var Kind = stage.Kind{
	Name: "credential", Label: "电子凭证", Start: Issued,
	Moves: []stage.Move{
		{From: Issued, Act: "replace", By: stage.Clerk, To: Replaced, Basis: follows},
		{From: Issued, Act: "replace", By: stage.Chair, To: Replaced, Basis: follows},
		{From: Issued, Act: "replace", By: stage.Clock, To: Replaced, Basis: follows},
		{From: Issued, Act: "revoke", By: stage.Chair, To: Revoked, Basis: withdraw},
		{From: Issued, Act: "revoke", By: stage.Clerk, To: Revoked, Basis: withdraw},
		{From: Issued, Act: "revoke", By: stage.Applicant, To: Revoked, Basis: withdraw},
		{From: Issued, Act: "revoke", By: stage.Clock, To: Revoked, Basis: withdraw},
		{From: Issued, Act: "expire", By: stage.Clock, To: Expired, Basis: "三 有效期3年"},
	},
	Ends: map[stage.State]bool{Replaced: false, Revoked: false, Expired: false},
	Words: map[string]string{
		"issued": "有效", "replaced": "已换发", "revoked": "已作废", "expired": "已到期",
		"issue": "签发", "replace": "换发", "revoke": "作废", "expire": "到期",
	},
}

// Credential is one credential of a title.
type Credential struct {
	ID           id.Credential
	Programme    id.Programme
	Designation  id.Designation
	Organisation id.Organisation
	State        stage.State
	Copy         int           // 1 for the title's first
	Holder       string        // the holder's name that it bears
	Code         string        // and code
	ValidFrom    calendar.Date // of the title, as it says
	ValidTo      calendar.Date
	Key          string // the key that signs it, by its full identifier
	List         int    // number of its status list, from 1
	Place        int    // its entry there
	Body         string // what is signed, in canonical JSON
	Digest       string // SHA-256 of Body
	IssuedAt     time.Time
	EndedAt      time.Time // zero while it stands
	Version      int64
}

// Bears reports whether the entry of the credential in its status list is set: for
// good, once it was replaced or revoked. One that expired says so itself.
func (c *Credential) Bears() bool { return c.State == Replaced || c.State == Revoked }

// Holder is what a credential says of who holds the title.
type Holder struct{ Name, Code string }

// Follow says what a title asks of its credential. last is the one that stands, or
// nil. act is the move of last, "" for none; issue says that another is due.
func Follow(t *designation.Designation, last *Credential, h Holder) (act string, issue bool) {
	switch {
	case last == nil:
		return "", t.Live() && h.Code != ""
	case !t.Live() && t.State == designation.Expired:
		return "expire", false
	case !t.Live():
		return "revoke", false
	case last.Holder != h.Name || last.Code != h.Code || last.ValidFrom != t.ValidFrom || last.ValidTo != t.ValidTo:
		return "replace", h.Code != ""
	}
	return "", false
}

// End takes the move that Follow asked for.
func (c *Credential) End(by stage.Actor, act string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(c.State, act, by.Role)
	if err == nil {
		c.State, c.EndedAt = m.To, now
	}
	return m, err
}

// Issue is the move that begins a credential, for the record.
func Issue(by stage.Actor) stage.Move {
	return stage.Move{Act: "issue", By: by.Role, To: Issued, Basis: "三 授牌确认；办法(六) 命名"}
}

// Term returns the first instant and the last second of what a title's credential
// says (S15). until is zero for a title without end.
func Term(t *designation.Designation) (from, until time.Time) {
	if !t.ValidTo.IsZero() {
		until = t.ValidTo.End().Add(-time.Second)
	}
	return t.ValidFrom.Start(), until
}
