package message

import "slices"

// Audience is a group of people whom an act concerns.
type Audience string

// The audiences.
const (
	Doer      Audience = "doer"      // who acted
	Addressed Audience = "addressed" // who acts for those whom a call addresses (S3)
	Holder    Audience = "holder"    // who acts for the organisation that it is about
	Team      Audience = "team"      // who goes and looks
	Committee Audience = "committee" // who sits in the meeting
	Listed    Audience = "listed"    // who acts for those on the list
	Objector  Audience = "objector"  // who objected, when they left an e-mail address
)

// Cause says that an act causes a message.
type Cause struct {
	Act    string // of the record: "application.accept"
	Kind   string // of template.Messages
	To     []Audience
	Silent bool // programs and robots are not told
}

// Causes lists the acts that cause a message, in the order of the life. Who of an
// audience gets it is asked of the reads that take the viewer.
var Causes = []Cause{
	{Act: "round.publish", Kind: "call", To: []Audience{Addressed}},
	{Act: "round.extend", Kind: "extended", To: []Audience{Addressed}},
	{Act: "application.submit", Kind: "received", To: []Audience{Doer}},
	{Act: "application.accept", Kind: "accepted", To: []Audience{Holder}},
	{Act: "application.request_correction", Kind: "correction", To: []Audience{Holder}},
	{Act: "application.lapse", Kind: "lapsed", To: []Audience{Holder}},
	{Act: "application.decline", Kind: "declined", To: []Audience{Holder}},
	{Act: "application.pass_over", Kind: "passed_over", To: []Audience{Holder}, Silent: true},
	{Act: "application.disqualify", Kind: "disqualified", To: []Audience{Holder}, Silent: true},
	{Act: "visit.schedule", Kind: "visit", To: []Audience{Holder, Team}},
	{Act: "visit.reschedule", Kind: "visit", To: []Audience{Holder, Team}},
	{Act: "meeting.convene", Kind: "meeting", To: []Audience{Committee}},
	{Act: "meeting.reschedule", Kind: "meeting", To: []Audience{Committee}},
	{Act: "meeting.circulate", Kind: "papers", To: []Audience{Committee}},
	{Act: "meeting.cancel", Kind: "meeting_cancelled", To: []Audience{Committee}},
	{Act: "publicity.publish", Kind: "publicity", To: []Audience{Listed}},
	{Act: "objection.ask", Kind: "inquiry", To: []Audience{Holder}, Silent: true},
	{Act: "objection.answer", Kind: "answer", To: []Audience{Objector}, Silent: true},
	{Act: "designation.name", Kind: "named", To: []Audience{Holder}},
	{Act: "designation.expire", Kind: "expired", To: []Audience{Holder}},
	{Act: "recheck.begin", Kind: "recheck", To: []Audience{Holder, Team}},
	{Act: "rectification.serve", Kind: "rectification", To: []Audience{Holder}},
	{Act: "revocation.notify", Kind: "hearing", To: []Audience{Holder}, Silent: true},
	{Act: "revocation.revoke", Kind: "revoked", To: []Audience{Holder}},
	{Act: "revocation.keep", Kind: "kept", To: []Audience{Holder}, Silent: true},
	{Act: "revocation.reinstate", Kind: "appeal_decided", To: []Audience{Holder}},
	{Act: "revocation.uphold", Kind: "appeal_decided", To: []Audience{Holder}},
}

// CauseOf returns what an act causes.
func CauseOf(act string) (Cause, bool) {
	i := slices.IndexFunc(Causes, func(c Cause) bool { return c.Act == act })
	if i < 0 {
		return Cause{}, false
	}
	return Causes[i], true
}

// HookKinds lists the kinds of messages of which programs and robots may be told.
func HookKinds() (all []string) {
	for _, c := range Causes {
		if !c.Silent && !slices.Contains(all, c.Kind) {
			all = append(all, c.Kind)
		}
	}
	return all
}
