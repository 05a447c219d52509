// Package mail sends letters: through an SMTP server, or into a folder when none is
// configured. A letter has one Message-ID however often it is sent, so that a receiver
// which got it twice, because a connection broke before its answer came, shows it once.
//
// What a letter says comes in as text and is encoded; an address or a subject that could
// add a header is refused before a connection is made.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"shifan/internal/lifecycle/message"
)

// Letter is what is sent to one person.
type Letter struct {
	ID      string // the stem of its Message-ID
	To      string
	Subject string
	Text    string
	At      time.Time // its date, the same at each attempt
}

// Sender sends letters. What it says of a failure names no address.
type Sender interface {
	Send(ctx context.Context, l Letter) message.Outcome
}

// How long one letter may take in all, and to reach the server.
const (
	Within     = 30 * time.Second
	DialWithin = 10 * time.Second
)

// Errors of the settings.
var (
	ErrServer = errors.New("mail: the server is given as smtp://USER:PASSWORD@HOST:PORT, smtps:// or with ?tls=none")
	ErrFrom   = errors.New("mail: the sender is given as an address, name@example.org")
)

// To returns the sender for a server: smtp:// takes STARTTLS where it is offered and, with
// a user, insists on it; smtps:// encrypts from the first byte; ?tls=none never does.
// from is the address that letters come from, with a name or without.
func To(server, from string) (Sender, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, ErrServer
	}
	a, err := sender(from)
	if err != nil {
		return nil, err
	}
	s := &smtp{host: u.Hostname(), from: a, user: u.User, within: Within, policy: gomail.TLSOpportunistic}
	s.port = map[string]int{"smtp": 25, "smtps": 465}[u.Scheme]
	if p := u.Port(); p != "" {
		if s.port, err = strconv.Atoi(p); err != nil {
			return nil, ErrServer
		}
	}
	s.encrypted = u.Scheme == "smtps"
	switch {
	case u.Query().Get("tls") == "none" && !s.encrypted:
		s.policy = gomail.NoTLS
	case u.RawQuery != "":
		return nil, ErrServer
	case u.User != nil:
		s.policy = gomail.TLSMandatory
	}
	return s, nil
}

func sender(from string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(from)
	if err != nil || message.CheckAddress(a.Address) != nil || strings.ContainsFunc(a.Name, unicode.IsControl) {
		return nil, ErrFrom
	}
	return a, nil
}

// domain is the right half of Message-IDs.
func domain(from *netmail.Address) string {
	return from.Address[strings.LastIndex(from.Address, "@")+1:]
}

// compose makes the message of a letter, or says why it is none.
func compose(l Letter, from *netmail.Address) (*gomail.Msg, string) {
	if message.CheckAddress(l.To) != nil {
		return nil, "收件地址不对"
	}
	if strings.ContainsFunc(l.Subject, unicode.IsControl) || strings.ContainsFunc(l.ID, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>@", r) }) {
		return nil, "标题里有控制符"
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(from)
	if err := m.To(l.To); err != nil {
		return nil, "收件地址不对"
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID + "@" + domain(from))
	m.SetDateWithValue(l.At)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no machine answers it
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, ""
}

type smtp struct {
	host      string
	port      int
	encrypted bool
	policy    gomail.TLSPolicy
	user      *url.Userinfo
	from      *netmail.Address
	within    time.Duration
	tls       *tls.Config // nil: as usual
}

// Send implements Sender.
func (s *smtp) Send(ctx context.Context, l Letter) message.Outcome {
	m, wrong := compose(l, s.from)
	if wrong != "" {
		return message.Outcome{Final: true, Say: wrong}
	}
	ctx, cancel := context.WithTimeout(ctx, s.within)
	defer cancel()
	c, err := gomail.NewClient(s.host, s.options()...)
	if err == nil {
		err = c.DialAndSendWithContext(ctx, m)
	}
	if err == nil || m.IsDelivered() {
		return message.Outcome{Sent: true} // a server that took it and then fails to part has taken it
	}
	return failure(err)
}

func (s *smtp) options() []gomail.Option {
	all := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTLSPolicy(s.policy), gomail.WithTimeout(s.within), gomail.WithHELO(domain(s.from)), gomail.WithoutNoop(),
		gomail.WithDialContextFunc(s.dial),
	}
	if s.user != nil {
		p, _ := s.user.Password()
		all = append(all, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.user.Username()), gomail.WithPassword(p))
		if s.policy == gomail.NoTLS {
			all = append(all, gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc))
		}
	}
	if s.tls != nil {
		all = append(all, gomail.WithTLSConfig(s.tls))
	}
	return all
}

// dial connects, and ends the connection with ctx: a server that answers each command
// just in time is a server that hangs.
func (s *smtp) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: DialWithin}
	var c net.Conn
	var err error
	if s.encrypted {
		c, err = (&tls.Dialer{NetDialer: d, Config: s.tls}).DialContext(ctx, network, address)
	} else {
		c, err = d.DialContext(ctx, network, address)
	}
	if err != nil {
		return nil, err
	}
	end, _ := ctx.Deadline()
	return &bounded{Conn: c, end: end}, c.SetDeadline(end)
}

// bounded is a connection whose deadline is never put off.
type bounded struct {
	net.Conn
	end time.Time
}

// SetDeadline implements net.Conn.
func (b *bounded) SetDeadline(t time.Time) error {
	if t.IsZero() || t.After(b.end) {
		t = b.end
	}
	return b.Conn.SetDeadline(t)
}

// failure says in words of the log what went wrong, without the address that libraries
// quote. Only a receiver that refuses the person or the letter for good ends the trying:
// a wrong password or a sender that may not send is ours to mend.
func failure(err error) message.Outcome {
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() > 0 {
		code := refused.ErrorCode()
		final := code >= 500 && (refused.Reason == gomail.ErrSMTPRcptTo || refused.Reason == gomail.ErrSMTPDataClose)
		return message.Outcome{Final: final, Say: strings.TrimSpace(fmt.Sprintf("邮件服务器答复 %d %s", code, refused.EnhancedStatusCode()))}
	}
	var slow net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout(), errors.As(err, &refused) && strings.Contains(err.Error(), "i/o timeout"):
		return message.Outcome{Hangs: true, Say: "邮件服务器没有按时答复"}
	case errors.As(err, &refused):
		return message.Outcome{Say: "和邮件服务器的连接中断"}
	}
	return message.Outcome{Say: "连不上邮件服务器，或者登录、加密没有成功"}
}

// Into returns the sender that puts letters into a folder, one file each, for whoever
// takes them from there.
func Into(dir, from string) (Sender, error) {
	a, err := sender(from)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &spool{dir: dir, from: a}, nil
}

type spool struct {
	dir  string
	from *netmail.Address
}

// Send implements Sender. The same letter is the same file.
func (s *spool) Send(_ context.Context, l Letter) message.Outcome {
	m, wrong := compose(l, s.from)
	if wrong != "" {
		return message.Outcome{Final: true, Say: wrong}
	}
	f, err := os.CreateTemp(s.dir, ".new-*")
	if err != nil {
		return message.Outcome{Say: "邮件文件夹不能写"}
	}
	_, err = m.WriteTo(f)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.dir, l.ID+".eml"))
	}
	if err != nil {
		return message.Outcome{Say: "邮件文件夹不能写"}
	}
	return message.Outcome{Sent: true}
}
