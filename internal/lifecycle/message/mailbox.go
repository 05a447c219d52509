package message

import (
	"net/mail"
	"strings"
	"time"
	"unicode"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
)

// How often a person is written to.
const (
	Each   = "each"   // every message at once
	Daily  = "daily"  // all of a day in one letter, in the morning
	InSite = "insite" // no letters: on the site only
)

// Modes are the words of how often.
var Modes = map[string]string{Each: "每条消息一封", Daily: "每天一封，汇总前一天以来的消息", InSite: "不发邮件，只在站内看"}

// Quiet is the hours of a day in which nobody is written to, in the zone of the
// programme (calendar.Zone). From and To are full hours; the same twice: none.
type Quiet struct{ From, To int }

// Night is the usual quiet: from nine in the evening to eight in the morning.
var Night = Quiet{21, 8}

// After returns t, or the end of the quiet hours in which t lies.
func (q Quiet) After(t time.Time) time.Time {
	if q.From == q.To {
		return t
	}
	l := t.In(calendar.Zone)
	day, h := calendar.DateOf(t), l.Hour()
	switch {
	case q.From < q.To && h >= q.From && h < q.To, q.From > q.To && h < q.To:
		return day.Start().Add(time.Duration(q.To) * time.Hour)
	case q.From > q.To && h >= q.From:
		return day.AddDays(1).Start().Add(time.Duration(q.To) * time.Hour)
	}
	return t
}

// Mailbox is where and how a person is written to.
type Mailbox struct {
	Account   id.Account
	Address   string // verified; empty: none
	Wanted    string // not verified yet
	Code      string // in the link that verifies it; worth nothing to others than the person
	AskedAt   time.Time
	Mode      string
	Quiet     Quiet
	RemindOn  calendar.Date // the last day on whose morning deadlines were looked for and the digest was made
	ChangedAt time.Time
	Version   int64
}

// LinkDays is how long a link that verifies an address holds.
const LinkDays = 3

var (
	errAddress = fault.Define(fault.Invalid, "mailbox.address", "“%s”不是电子邮箱地址。写成 name@example.org 的样子。", "")
	errMode    = fault.Define(fault.Invalid, "mailbox.mode", "没有这种发送方式。请选择一种。", "")
	errHours   = fault.Define(fault.Invalid, "mailbox.quiet", "免打扰的起止填0至23的整点；填同一个钟点表示不设。", "")
	errLink    = fault.Define(fault.Refused, "mailbox.link", "这个链接已经用过、过期，或者不是发给这个账号的。请在“消息设置”里重新验证邮箱。", "制度:邮箱地址由本人验证")
	errAsked   = fault.Define(fault.Refused, "mailbox.asked", "刚刚发过验证邮件。请看收件箱和垃圾邮件，一分钟以后才能再发。", "制度:邮箱地址由本人验证")
)

// addressMost is the longest address (RFC 5321).
const addressMost = 254

// CheckAddress says what is wrong with an address. Only plain addresses are taken: no
// names, comments, lists or control characters.
func CheckAddress(s string) *fault.Fault {
	a, err := mail.ParseAddress(s)
	odd := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r > unicode.MaxASCII })
	if err != nil || a.Address != s || a.Name != "" || odd || len(s) > addressMost || !strings.Contains(s[strings.LastIndex(s, "@"):], ".") {
		return errAddress.At("address", chars20(s))
	}
	return nil
}

func chars20(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// Choose sets how often and when a person is written to.
func (b *Mailbox) Choose(mode string, quiet Quiet, now time.Time) error {
	fits := func(h int) bool { return h >= 0 && h <= 23 }
	if err := fault.All(
		fault.Unless(Modes[mode] != "", errMode.At("mode")),
		fault.Unless(fits(quiet.From) && fits(quiet.To), errHours.At("from")),
	); err != nil {
		return err
	}
	b.Mode, b.Quiet, b.ChangedAt = mode, quiet, now
	return nil
}

// Ask sets the address that the person wants, to be verified by a code. An empty one
// takes the address away.
func (b *Mailbox) Ask(address, code string, now time.Time) error {
	if address == "" {
		b.Address, b.Wanted, b.Code, b.ChangedAt = "", "", "", now
		return nil
	}
	if f := CheckAddress(address); f != nil {
		return f
	}
	if b.Wanted != "" && now.Before(b.AskedAt.Add(time.Minute)) {
		return errAsked.New()
	}
	b.Wanted, b.Code, b.AskedAt, b.ChangedAt = address, code, now, now
	return nil
}

// Verify makes the wanted address the person's own.
func (b *Mailbox) Verify(code string, now time.Time) error {
	if b.Wanted == "" || code == "" || b.Code != code || !now.Before(b.AskedAt.AddDate(0, 0, LinkDays)) {
		return errLink.New()
	}
	b.Address, b.Wanted, b.Code, b.ChangedAt = b.Wanted, "", "", now
	return nil
}

// Letters reports whether the person gets letters at all.
func (b *Mailbox) Letters() bool { return b.Address != "" && b.Mode != InSite }

// morning is when digests are made and deadlines looked for.
const morning = 8

// Morning returns the first instant after t at which digests are made.
func Morning(t time.Time) time.Time {
	m := calendar.DateOf(t).Start().Add(morning * time.Hour)
	if !m.After(t) {
		m = calendar.DateOf(t).AddDays(1).Start().Add(morning * time.Hour)
	}
	return m
}

// Mornings returns the day whose morning came last.
func Mornings(t time.Time) calendar.Date { return calendar.DateOf(t.Add(-morning * time.Hour)) }

// Soon is how long before a deadline a reminder is sent.
const Soon = 3 * 24 * time.Hour
