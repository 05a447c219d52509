package mail_test

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	server "github.com/emersion/go-smtp"

	"shifan/internal/lifecycle/message"
	"shifan/internal/mail"
)

// post is a mail server that behaves as a test says.
type post struct {
	lock    sync.Mutex
	got     []string // messages that were accepted
	tries   int
	answers []error // of DATA, one after another; then it accepts
	rcpt    error
	leave   bool // breaks off after it accepted, before it says so, once
}

func (p *post) NewSession(c *server.Conn) (server.Session, error) { return &session{p, c}, nil }

type session struct {
	*post
	conn *server.Conn
}

func (s *session) Reset()                                 {}
func (s *session) Logout() error                          { return nil }
func (s *session) Mail(string, *server.MailOptions) error { return nil }
func (s *session) Rcpt(string, *server.RcptOptions) error { return s.rcpt }
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	s.tries++
	if len(s.answers) > 0 {
		err, s.answers = s.answers[0], s.answers[1:]
		return err
	}
	s.got = append(s.got, string(b))
	if s.leave {
		s.leave = false
		return s.conn.Conn().Close()
	}
	return nil
}

// serve starts a server and returns a sender to it.
func serve(t *testing.T, p *post) mail.Sender {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := server.NewServer(p)
	s.Domain, s.ErrorLog = "mail.invalid", quiet{}
	go s.Serve(l)                   //nolint:errcheck // ends with Close
	t.Cleanup(func() { s.Close() }) //nolint:errcheck // the test is over
	return senderTo(t, l.Addr().String())
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func senderTo(t *testing.T, address string) mail.Sender {
	t.Helper()
	s, err := mail.To("smtp://"+address+"?tls=none", "示范创建办公室 <office@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	mail.Hurry(s, 2*time.Second)
	return s
}

func letter() mail.Letter {
	return mail.Letter{ID: "dlv_1", To: "zhang@example.org", Subject: "申报需要补正 2021-001", Text: "第一行\n.\n第三行：请看 https://example.org/applications/app_1", At: time.Date(2021, 7, 12, 1, 0, 0, 0, time.UTC)}
}

// TestSend: a letter arrives as it was written, in UTF-8, with the Message-ID that it
// always has.
func TestSend(t *testing.T) {
	t.Parallel()
	p := &post{}
	if o := serve(t, p).Send(t.Context(), letter()); !o.Sent {
		t.Fatal(o)
	}
	m, err := netmail.ReadMessage(strings.NewReader(p.got[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != letter().Subject {
		t.Errorf("subject %q: %v", subject, err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != "示范创建办公室" || from[0].Address != "office@example.org" {
		t.Errorf("from %v: %v", from, err)
	}
	for name, want := range map[string]string{"To": "<zhang@example.org>", "Message-Id": "<dlv_1@example.org>", "Auto-Submitted": "auto-generated", "Date": "Mon, 12 Jul 2021 01:00:00 +0000"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestBadServers: what the server does, and what becomes of the letter.
func TestBadServers(t *testing.T) {
	t.Parallel()
	later, never := &server.SMTPError{Code: 451, EnhancedCode: server.EnhancedCode{4, 3, 0}, Message: "later"}, &server.SMTPError{Code: 554, EnhancedCode: server.EnhancedCode{5, 7, 1}, Message: "no"}
	unknown := &server.SMTPError{Code: 550, EnhancedCode: server.EnhancedCode{5, 1, 1}, Message: "no such user zhang@example.org"}
	for name, tt := range map[string]struct {
		post *post
		want []message.Outcome // of one attempt after another
		got  int
	}{
		"4xx, then accepts": {&post{answers: []error{later}}, []message.Outcome{{Say: "邮件服务器答复 451 4.3.0"}, {Sent: true}}, 1},
		"5xx for good":      {&post{answers: []error{never}}, []message.Outcome{{Final: true, Say: "邮件服务器答复 554 5.7.1"}}, 0},
		"nobody there":      {&post{rcpt: unknown}, []message.Outcome{{Final: true, Say: "邮件服务器答复 550 5.1.1"}}, 0},
		"accepts twice":     {&post{leave: true}, []message.Outcome{{Say: "和邮件服务器的连接中断"}, {Sent: true}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.post)
			for i, want := range tt.want {
				if o := s.Send(t.Context(), letter()); o != want {
					t.Errorf("attempt %d: %+v, want %+v", i+1, o, want)
				}
			}
			ids := map[string]bool{}
			for _, text := range tt.post.got {
				m, err := netmail.ReadMessage(strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				ids[m.Header.Get("Message-Id")] = true
			}
			if len(tt.post.got) != tt.got || tt.got > 0 && len(ids) != 1 {
				t.Errorf("the receiver got %d letters with %d Message-IDs; it must be able to discard the second", len(tt.post.got), len(ids))
			}
		})
	}
}

// TestAServerThatHangs: at the greeting, after a command, and drop by drop.
func TestAServerThatHangs(t *testing.T) {
	t.Parallel()
	for name, behave := range map[string]func(net.Conn){
		"says nothing": func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"after HELO": func(c net.Conn) {
			_, _ = io.WriteString(c, "220 mail.invalid\r\n")
			_, _ = io.Copy(io.Discard, c)
		},
		"drop by drop": func(c net.Conn) {
			_, _ = io.WriteString(c, "220-mail.invalid\r\n")
			for {
				time.Sleep(50 * time.Millisecond)
				if _, err := io.WriteString(c, "220-still here\r\n"); err != nil {
					return
				}
			}
		},
		"at the letter": func(c net.Conn) {
			_, _ = io.WriteString(c, "220 mail.invalid\r\n")
			for r := bufio.NewScanner(c); r.Scan(); {
				if r.Text() == "DATA" {
					_, _ = io.WriteString(c, "354 go on\r\n")
					break
				}
				_, _ = io.WriteString(c, "250 ok\r\n")
			}
			_, _ = io.Copy(io.Discard, c)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					go func() { behave(c); _ = c.Close() }()
				}
			}()
			s := senderTo(t, l.Addr().String())
			mail.Hurry(s, 400*time.Millisecond)
			done := make(chan message.Outcome, 1)
			go func() { done <- s.Send(t.Context(), letter()) }()
			select {
			case o := <-done:
				if o.Sent || o.Final || o.Say != "邮件服务器没有按时答复" {
					t.Errorf("%+v", o)
				}
			case <-time.After(5 * time.Second):
				t.Error("it hangs with the server")
			}
		})
	}
}

// TestNothingIsInjected: an address or a subject that would add a header or a command
// reaches no server.
func TestNothingIsInjected(t *testing.T) {
	t.Parallel()
	p := &post{}
	s := serve(t, p)
	for _, change := range []func(*mail.Letter){
		func(l *mail.Letter) { l.Subject = "你好\r\nBcc: all@example.org" },
		func(l *mail.Letter) { l.Subject = "你好\nX: y" },
		func(l *mail.Letter) { l.To = "zhang@example.org\r\nRCPT TO:<li@example.org>" },
		func(l *mail.Letter) { l.To = "zhang@example.org, li@example.org" },
		func(l *mail.Letter) { l.To = "张 <zhang@example.org>" },
		func(l *mail.Letter) { l.To = "\"a\r\nb\"@example.org" },
		func(l *mail.Letter) { l.To = "" },
		func(l *mail.Letter) { l.ID = "dlv_1>\r\nX: y" },
	} {
		l := letter()
		change(&l)
		if o := s.Send(t.Context(), l); o.Sent || !o.Final {
			t.Errorf("%q to %q: %+v", l.Subject, l.To, o)
		}
	}
	if p.tries > 0 {
		t.Errorf("%d letters came", p.tries)
	}
	l := letter()
	l.Text = "正文\r\n.\r\nMAIL FROM:<x@example.org>\r\n"
	if o := s.Send(t.Context(), l); !o.Sent || len(p.got) != 1 {
		t.Errorf("a text with a lone dot: %+v, %d letters", o, len(p.got))
	}
}

// TestInto: without a server each letter is a file, and the same letter the same file.
func TestInto(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "letters")
	s, err := mail.Into(dir, "office@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if o := s.Send(t.Context(), letter()); !o.Sent {
			t.Fatal(o)
		}
	}
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != 1 || all[0].Name() != "dlv_1.eml" {
		t.Errorf("%v: %v", all, err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "dlv_1.eml"))
	if err != nil || !strings.Contains(string(b), "Message-ID: <dlv_1@example.org>") {
		t.Errorf("%s: %v", b, err)
	}
}

// TestSettings: what cannot be a server or a sender is said at the start.
func TestSettings(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail.example.org/x", "smtp://mail.example.org:x", "smtp://mail.example.org?tls=some"} {
		if _, err := mail.To(bad, "office@example.org"); !errors.Is(err, mail.ErrServer) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "office", "a@b", "a@example.org, b@example.org", "x\r\ny <a@example.org>"} {
		if _, err := mail.To("smtps://mail.example.org", bad); !errors.Is(err, mail.ErrFrom) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := mail.To("smtps://user:word@mail.example.org:465", "办公室 <office@example.org>"); err != nil {
		t.Error(err)
	}
}
