package message_test

import (
	"net/netip"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestQuiet looks at both sides of the hours in which nobody is written to.
func TestQuiet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		quiet    message.Quiet
		at, want string
	}{
		{message.Night, "2021-06-01 20:59:59", "2021-06-01 20:59:59"},
		{message.Night, "2021-06-01 21:00:00", "2021-06-02 08:00:00"},
		{message.Night, "2021-12-31 23:59:59", "2022-01-01 08:00:00"},
		{message.Night, "2021-06-02 00:00:00", "2021-06-02 08:00:00"},
		{message.Night, "2021-06-02 07:59:59", "2021-06-02 08:00:00"},
		{message.Night, "2021-06-02 08:00:00", "2021-06-02 08:00:00"},
		{message.Quiet{From: 12, To: 14}, "2021-06-01 11:59:59", "2021-06-01 11:59:59"},
		{message.Quiet{From: 12, To: 14}, "2021-06-01 12:00:00", "2021-06-01 14:00:00"},
		{message.Quiet{From: 12, To: 14}, "2021-06-01 13:59:59", "2021-06-01 14:00:00"},
		{message.Quiet{From: 12, To: 14}, "2021-06-01 14:00:00", "2021-06-01 14:00:00"},
		{message.Quiet{From: 0, To: 0}, "2021-06-01 00:00:00", "2021-06-01 00:00:00"},
		{message.Quiet{From: 22, To: 0}, "2021-06-01 23:00:00", "2021-06-02 00:00:00"},
		{message.Quiet{From: 22, To: 0}, "2021-06-01 00:00:00", "2021-06-01 00:00:00"},
	} {
		if got := tt.quiet.After(at(t, tt.at)); !got.Equal(at(t, tt.want)) {
			t.Errorf("%v at %s: %v, want %s", tt.quiet, tt.at, got, tt.want)
		}
	}
	for when, day := range map[string]string{"2021-06-01 07:59:59": "2021-05-31", "2021-06-01 08:00:00": "2021-06-01"} {
		if got := message.Mornings(at(t, when)).String(); got != day {
			t.Errorf("the morning before %s is that of %s, want %s", when, got, day)
		}
	}
	if got := message.Morning(at(t, "2021-06-01 08:00:00")); !got.Equal(at(t, "2021-06-02 08:00:00")) {
		t.Error(got)
	}
}

// TestADelivery lives the whole way of one that never succeeds, and of one that is taken
// by two.
func TestADelivery(t *testing.T) {
	t.Parallel()
	now := at(t, "2021-06-01 09:00:00")
	var d message.Delivery
	d.Queue(now, now)
	if _, err := d.Take(now.Add(-time.Second)); fault.KindOf(err) != fault.Conflict {
		t.Error("taken before it was due:", err)
	}
	for n := 1; n <= message.Tries; n++ {
		if _, err := d.Take(d.Due); err != nil || d.Tries != n {
			t.Fatal(n, d, err)
		}
		taken := d.Due.Add(-message.Lease)
		if _, err := d.Take(taken.Add(message.Lease - time.Second)); err == nil {
			t.Error("two have it")
		}
		if _, err := d.Close(message.Outcome{Say: "连不上"}, message.Night, taken); err != nil {
			t.Fatal(err)
		}
		if n < message.Tries && (d.State != message.Failed || message.Night.After(d.Due) != d.Due || !d.Due.After(taken)) {
			t.Fatalf("after attempt %d: %+v", n, d)
		}
	}
	if d.State != message.GivenUp || !d.Due.IsZero() || d.EndedAt.IsZero() {
		t.Errorf("%+v", d)
	}
	if _, err := d.Retry(stage.Actor{Role: stage.Applicant}, now); err == nil {
		t.Error("an applicant tries again")
	}
	if _, err := d.Retry(stage.Actor{Role: stage.Operator}, now); err != nil || d.State != message.Queued || d.Tries != 0 || !d.EndedAt.IsZero() {
		t.Errorf("%+v: %v", d, err)
	}
	if _, err := d.Take(now); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Close(message.Outcome{Sent: true}, message.Night, now); err != nil || d.State != message.Sent {
		t.Fatal(d, err)
	}
	for name, do := range map[string]func() (stage.Move, error){
		"take":  func() (stage.Move, error) { return d.Take(now.AddDate(1, 0, 0)) },
		"retry": func() (stage.Move, error) { return d.Retry(stage.Actor{Role: stage.Operator}, now) },
		"drop":  func() (stage.Move, error) { return d.Drop("x", now) },
		"close": func() (stage.Move, error) { return d.Close(message.Outcome{}, message.Night, now) },
	} {
		if _, err := do(); fault.KindOf(err) != fault.Refused {
			t.Errorf("%s of what was sent: %v", name, err)
		}
	}
	if d.Forgotten(now.Add(message.Kept)) || !d.Forgotten(now.Add(message.Kept+time.Second)) {
		t.Error("a delivery is forgotten at the wrong instant")
	}
	m := message.Message{MadeAt: now}
	if m.Forgotten(now.AddDate(9, 0, 0)) {
		t.Error("what was not read is forgotten")
	}
	m.ReadAt = now
	if m.Forgotten(now.Add(message.Kept)) || !m.Forgotten(now.Add(message.Kept+time.Second)) {
		t.Error("a message is forgotten at the wrong instant")
	}
}

// TestAddresses: only plain addresses are written to.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for s, ok := range map[string]bool{
		"zhang@example.org": true, "a.b+c@mail.example.org": true, "": false, "zhang": false, "zhang@localhost": false, "张 <zhang@example.org>": false,
		"zhang@example.org, li@example.org": false, "zhang@example.org\r\nBcc: li@example.org": false, " zhang@example.org": false, "zh\x00ang@example.org": false,
	} {
		if got := message.CheckAddress(s) == nil; got != ok {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// TestHookAddresses: nothing within the network, nothing unencrypted, unless the
// administrator listed it.
func TestHookAddresses(t *testing.T) {
	t.Parallel()
	for s, code := range map[string]string{
		"https://hooks.example.org/a": "", "http://hooks.example.org/a": "webhook.url", "ftp://example.org": "webhook.url", "https://a:b@example.org/": "webhook.url",
		"https://localhost/": "webhook.private", "https://inside/": "webhook.private", "https://127.0.0.1/": "webhook.private", "https://10.1.2.3/": "webhook.private",
		"https://[::1]/": "webhook.private", "https://169.254.169.254/": "webhook.private", "https://[::ffff:10.0.0.1]/": "webhook.private", "https://100.64.0.1/": "webhook.private",
		"http://10.1.2.3:8080/x": "", "https://10.1.2.3:8080/x": "", "gopher://10.1.2.3:8080/": "webhook.url", "https://10.1.2.3:8081/x": "webhook.private", "https://8.8.8.8/": "",
	} {
		_, f := message.CheckURL(s, []string{"10.1.2.3:8080"})
		if got := f; got == nil && code != "" || got != nil && got.Code != code {
			t.Errorf("%s: %v, want %q", s, got, code)
		}
	}
	if message.Public(netip.MustParseAddr("64:ff9b::a00:1")) {
		t.Error("a translated private address is public")
	}
}

// TestVerifyingAnAddress: only the code that was sent last, and only for so many days, makes
// an address a person's own; a link is not asked for twice in a minute.
func TestVerifyingAnAddress(t *testing.T) {
	t.Parallel()
	asked := time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)
	ends := asked.AddDate(0, 0, message.LinkDays)
	for name, tt := range map[string]struct {
		code string
		at   time.Time
		want string
	}{
		"the code":          {"right", asked, ""},
		"at the last":       {"right", ends.Add(-time.Nanosecond), ""},
		"too late":          {"right", ends, "mailbox.link"},
		"another code":      {"wrong", asked, "mailbox.link"},
		"no code":           {"", asked, "mailbox.link"},
		"a code of earlier": {"first", asked, "mailbox.link"},
	} {
		var b message.Mailbox
		if err := b.Ask("a@mail.example", "first", asked.Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := b.Ask("b@mail.example", "right", asked.Add(-time.Nanosecond)); fault.CodeOf(err) != "mailbox.asked" || b.Wanted != "a@mail.example" {
			t.Errorf("asked again at once: %v", err)
		}
		if err := b.Ask("b@mail.example", "right", asked); err != nil {
			t.Errorf("a minute later: %v", err)
		}
		err := b.Verify(tt.code, tt.at)
		if (err == nil) != (tt.want == "") || err != nil && fault.CodeOf(err) != tt.want || (b.Address == "b@mail.example") != (tt.want == "") {
			t.Errorf("%s: %v, %+v", name, err, b)
		}
		if tt.want == "" && fault.CodeOf(b.Verify(tt.code, tt.at)) != "mailbox.link" {
			t.Errorf("%s: a link works twice", name)
		}
	}
}

// TestRotate: who gives a hook another secret, and what is one.
func TestRotate(t *testing.T) {
	t.Parallel()
	director, now := stage.Actor{Role: stage.Director}, time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, channel, secret string
		by                    stage.Actor
		state                 stage.State
		code                  string
	}{
		{"a program", message.Webhook, "shw_new", director, message.On, ""},
		{"one that is stopped", message.Webhook, "shw_new", stage.Actor{Role: stage.Operator}, message.Off, ""},
		{"a DingTalk robot", message.DingTalk, "SECnew", director, message.On, ""},
		{"a DingTalk robot, otherwise", message.DingTalk, "new", director, message.On, "webhook.secret"},
		{"a WeCom robot", message.WeCom, "", director, message.On, "webhook.rotate.none"},
		{"by the clerk", message.Webhook, "shw_new", stage.Actor{Role: stage.Clerk}, message.On, "stage.not_allowed"},
		{"one that is gone", message.Webhook, "shw_new", director, message.Gone, "stage.not_allowed"},
	} {
		h := message.Hook{Channel: tt.channel, Secret: "old", State: tt.state}
		_, err := h.Rotate(tt.by, tt.secret, now)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
		if rotated := h.Secret == tt.secret && h.SecretAt.Equal(now) && h.State == tt.state; err == nil && !rotated || err != nil && h.Secret != "old" {
			t.Errorf("%s: %+v", tt.name, h)
		}
	}
}
