package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shifan/internal/casework"
	"shifan/internal/hook"
	"shifan/internal/jobs"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/mail"
	"shifan/internal/testkit"
)

// box takes letters and answers as a test says.
type box struct {
	lock    sync.Mutex
	letters []mail.Letter
	answers []message.Outcome // one after another; then it takes them
}

func (b *box) Send(_ context.Context, l mail.Letter) message.Outcome {
	b.lock.Lock()
	defer b.lock.Unlock()
	if len(b.answers) > 0 {
		o := b.answers[0]
		b.answers = b.answers[1:]
		return o
	}
	b.letters = append(b.letters, l)
	return message.Outcome{Sent: true}
}

// verified gives somebody an address that letters go to.
func verified(t *testing.T, w *testkit.World, by stage.Actor, mode string) {
	t.Helper()
	who := testkit.SignedIn(by)
	if asked, err := w.Desk.SetMailbox(t.Context(), who, casework.SetMailbox{Address: "zhang@example.org", Mode: mode, Quiet: message.Night}); err != nil || !asked {
		t.Fatal(asked, err)
	}
	b := &box{}
	send(t, w.Desk, b, 1)
	_, code, found := strings.Cut(b.letters[0].Text, "/account/mail/")
	if !found || b.letters[0].To != "zhang@example.org" {
		t.Fatal(b.letters)
	}
	code, _, _ = strings.Cut(code, "\n")
	if err := w.Desk.VerifyMailbox(t.Context(), who, code); err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, d *casework.Desk, b mail.Sender, want int) {
	t.Helper()
	if n, err := jobs.Send(t.Context(), d, jobs.Post{Base: "https://example.org", Mail: b}); err != nil || n != want {
		t.Fatalf("%d deliveries, want %d: %v", n, want, err)
	}
}

// TestLetters: the office accepts an application; its applicant gets one letter, though
// the server fails twice first and two nodes look at the outbox at once.
func TestLetters(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Submitted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	verified(t, w, by, message.Each)
	if err := w.Desk.AcceptApplication(t.Context(), w.Office().Clerk, key); err != nil {
		t.Fatal(err)
	}
	b := &box{answers: []message.Outcome{{Say: "邮件服务器答复 451"}, {Say: "邮件服务器没有按时答复"}}}
	for i, pause := range []time.Duration{0, time.Minute, 5 * time.Minute} {
		w.Jump(w.Now().Add(pause - time.Second))
		if i > 0 {
			send(t, w.Desk, b, 0) // a second too early
		}
		w.Jump(w.Now().Add(time.Second))
		send(t, w.Desk, b, 1)
	}
	if len(b.letters) != 1 {
		t.Fatalf("%d letters: %+v", len(b.letters), b.letters)
	}
	l := b.letters[0]
	if l.To != "zhang@example.org" || !strings.HasPrefix(l.Subject, "申报已受理 2021-") || !strings.Contains(l.Text, "https://example.org/applications/"+string(key)) {
		t.Errorf("%+v", l)
	}
	w.Jump(w.Now().Add(48 * time.Hour))
	send(t, w.Desk, b, 0)
	lines, err := w.Desk.Deliveries(t.Context(), w.Office().Clerk, casework.DeliveryFilter{})
	if err != nil || len(lines) != 1 || lines[0].Delivery.State != message.Sent || lines[0].Delivery.Tries != 3 {
		t.Errorf("%+v: %v", lines, err)
	}
	want := []string{
		"delivery.take queued→sending clock", "delivery.fail sending→failed clock", "delivery.take failed→sending clock", "delivery.fail sending→failed clock",
		"delivery.take failed→sending clock", "delivery.send sending→sent clock",
	}
	if got := w.Record(l.ID); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the record says %q", got)
	}
}

// TestTwoNodesSendOnce: two servers on one database, both awake, many letters.
func TestTwoNodesSendOnce(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Submitted(r)
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	verified(t, w, by, message.Each)
	clerk := w.Office().Clerk
	for n := range 6 {
		c, err := w.Desk.Circular(t.Context(), clerk, r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.WriteCircular(t.Context(), clerk, r, "通知", "第"+string(rune('0'+n))+"件", c.Seen); err != nil {
			t.Fatal(err)
		}
		w.Jump(w.Now().Add(time.Second))
	}
	b, nodes := &box{}, []*casework.Desk{w.Desk, w.Node()}
	var all sync.WaitGroup
	errs := make([]error, len(nodes))
	for i, d := range nodes {
		all.Go(func() {
			for range 3 {
				_, err := jobs.Send(t.Context(), d, jobs.Post{Base: "https://example.org", Mail: b})
				errs[i] = errors.Join(errs[i], err)
			}
		})
	}
	all.Wait()
	once := map[string]bool{}
	for _, l := range b.letters {
		if once[l.ID] {
			t.Errorf("%s was sent twice", l.ID)
		}
		once[l.ID] = true
	}
	if err := errors.Join(errs...); err != nil || len(once) != 6 {
		t.Errorf("%d letters: %v", len(once), err)
	}
}

// TestALeaseEnds: a server that took a letter and was killed leaves it to another one,
// after the lease; what it says too late is refused.
func TestALeaseEnds(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Submitted(w.OpenRound())
	verified(t, w, w.ApplicantOf(w.ApplicationOf(key).Organisation), message.Each)
	if err := w.Desk.AcceptApplication(t.Context(), w.Office().Clerk, key); err != nil {
		t.Fatal(err)
	}
	due, err := w.Desk.DeliveriesDue(t.Context())
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	killed, err := w.Desk.TakeDelivery(t.Context(), due[0].ID, "https://example.org")
	if err != nil {
		t.Fatal(err)
	}
	b := &box{}
	w.Jump(w.Now().Add(message.Lease - time.Second))
	send(t, w.Desk, b, 0)
	w.Jump(w.Now().Add(time.Second))
	send(t, w.Desk, b, 1)
	w.Refused(w.Desk.CloseDelivery(t.Context(), killed.Delivery, message.Outcome{Say: "x"}), "thing.stale")
	if len(b.letters) != 1 || b.letters[0].ID != string(killed.Delivery.ID) {
		t.Errorf("%+v", b.letters)
	}
}

// TestNobodyIsToldWhatTheyMayNotSee: an account that lost its role between the act and
// the sending gets nothing, and the log says why.
func TestNobodyIsToldWhatTheyMayNotSee(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Submitted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	verified(t, w, by, message.Each)
	if err := w.Desk.AcceptApplication(t.Context(), w.Office().Clerk, key); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.GrantAccount(t.Context(), testkit.TheOperator, by.Account, []casework.Grant{{Role: stage.Auditor}}, 1); err != nil {
		t.Fatal(err)
	}
	b := &box{}
	send(t, w.Desk, b, 1)
	lines, err := w.Desk.Deliveries(t.Context(), w.Office().Clerk, casework.DeliveryFilter{})
	if err != nil || len(b.letters) != 0 || lines[0].Delivery.State != message.Dropped || lines[0].Delivery.Say == "" {
		t.Errorf("%d letters, %+v: %v", len(b.letters), lines, err)
	}
}

// TestHooks: a programme's hook is told that something happened, signed, and nothing
// else; one that answers 500 is told again under the same number.
func TestHooks(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Submitted(r)
	var ids, bodies []string
	secret := ""
	status := []int{500, 500, 200}
	s := httptest.NewServer(http.HandlerFunc(func(a http.ResponseWriter, q *http.Request) {
		b, _ := io.ReadAll(q.Body)
		if !hook.Verify(secret, q.Header, b, w.Now()) {
			t.Error("the signature is wrong")
		}
		ids, bodies = append(ids, q.Header.Get(hook.HeaderID)), append(bodies, string(b))
		a.WriteHeader(status[0])
		status = status[1:]
	}))
	defer s.Close()
	w.Desk.HookHosts = []string{strings.TrimPrefix(s.URL, "http://")}
	var err error
	if _, secret, err = w.Desk.AddHook(t.Context(), w.Office().Director, casework.Hook{Programme: w.Programme().Name, Name: "汇总程序", Channel: message.Webhook, Address: s.URL, Kinds: []string{"accepted"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AcceptApplication(t.Context(), w.Office().Clerk, key); err != nil {
		t.Fatal(err)
	}
	p := jobs.Post{Base: "https://example.org", Hook: hook.New(w.Desk.HookHosts)}
	for _, pause := range []time.Duration{0, time.Minute, 5 * time.Minute, time.Hour} {
		w.Jump(w.Now().Add(pause))
		if _, err := jobs.Send(t.Context(), w.Desk, p); err != nil {
			t.Fatal(err)
		}
	}
	a := w.ApplicationOf(key)
	if len(ids) != 3 || ids[0] != ids[2] || bodies[0] != bodies[2] || strings.Contains(bodies[0], a.Name) || !strings.Contains(bodies[0], `"kind":"accepted"`) {
		t.Errorf("%q %q", ids, bodies)
	}
}

// TestAServerThatHangsHoldsUpNobodyElse: the mail server takes connections and says
// nothing, with more letters waiting than are taken at once; a healthy hook and a healthy
// robot hear all the same, at once, and again while the server still hangs.
func TestAServerThatHangsHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Submitted(r)
	verified(t, w, w.ApplicantOf(w.ApplicationOf(key).Organisation), message.Each)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test is over
	var connections atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			defer c.Close() //nolint:errcheck // it says nothing until the test is over
		}
	}()
	smtp, err := mail.To("smtp://"+l.Addr().String()+"?tls=none", "office@example.org")
	if err != nil {
		t.Fatal(err)
	}

	heard := make(chan string, 20)
	s := httptest.NewServer(http.HandlerFunc(func(a http.ResponseWriter, q *http.Request) {
		heard <- q.URL.Path
		_, _ = io.WriteString(a, `{"errcode":0,"errmsg":"ok"}`)
	}))
	defer s.Close()
	w.Desk.HookHosts = []string{strings.TrimPrefix(s.URL, "http://")}
	for path, channel := range map[string]string{"/program": message.Webhook, "/robot?key=k": message.WeCom} {
		h := casework.Hook{Programme: w.Programme().Name, Name: "汇总" + channel, Channel: channel, Address: s.URL + path, Kinds: []string{"accepted"}}
		if _, _, err := w.Desk.AddHook(t.Context(), w.Office().Director, h); err != nil {
			t.Fatal(err)
		}
	}
	clerk := w.Office().Clerk
	for n := range 12 { // more than one lane sends at once
		c, err := w.Desk.Circular(t.Context(), clerk, r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.WriteCircular(t.Context(), clerk, r, "通知", fmt.Sprintf("第%d件", n), c.Seen); err != nil {
			t.Fatal(err)
		}
		w.Jump(w.Now().Add(time.Second))
	}

	hear := func(begun time.Time) {
		t.Helper()
		paths := map[string]bool{}
		for len(paths) < 2 {
			select {
			case p := <-heard:
				paths[p] = true
			case <-time.After(mail.Within - time.Since(begun)):
				t.Fatalf("only %v heard while the mail server hangs", paths)
			}
		}
	}
	second := w.Submitted(r)
	if err := w.Desk.AcceptApplication(t.Context(), clerk, key); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	begun := time.Now()
	go func() {
		defer close(done)
		jobs.Letters(ctx, w.Desk, jobs.Post{Base: "https://example.org", Mail: smtp, Hook: hook.New(w.Desk.HookHosts)}, slog.New(slog.DiscardHandler))
	}()
	hear(begun)
	if err := w.Desk.AcceptApplication(t.Context(), clerk, second); err != nil { // the lane of the mail server is still busy
		t.Fatal(err)
	}
	hear(begun)
	if took := time.Since(begun); took > mail.DialWithin+5*time.Second {
		t.Errorf("the healthy receivers waited %s", took)
	}
	if n := connections.Load(); n < 1 || n > 4 {
		t.Errorf("%d connections to a server that hangs", n)
	}
	stop()
	l.Close() //nolint:errcheck // now the server goes, with its connections
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Error("the letters do not end with their context")
	}
}

// TestAReceiverThatHangsIsLeftAlone: after one attempt without an answer the rest of what
// is for the same receiver is not tried in this turn, and is not counted as tried.
func TestAReceiverThatHangsIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Submitted(r)
	verified(t, w, w.ApplicantOf(w.ApplicationOf(key).Organisation), message.Each)
	for n := range 9 {
		c, err := w.Desk.Circular(t.Context(), w.Office().Clerk, r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.WriteCircular(t.Context(), w.Office().Clerk, r, "通知", fmt.Sprintf("第%d件", n), c.Seen); err != nil {
			t.Fatal(err)
		}
		w.Jump(w.Now().Add(time.Second))
	}
	hung := message.Outcome{Hangs: true, Say: "邮件服务器没有按时答复"}
	b := &box{answers: []message.Outcome{hung, hung, hung, hung, hung, hung, hung, hung, hung}}
	n, err := jobs.Send(t.Context(), w.Desk, jobs.Post{Base: "https://example.org", Mail: b})
	if err != nil || n < 1 || n > 8 {
		t.Errorf("%d of 9 tried, %v", n, err)
	}
	due, err := w.Desk.DeliveriesDue(t.Context())
	if err != nil || len(due) != 9-n || due[0].Tries != 0 {
		t.Errorf("%d wait, %v", len(due), err)
	}
}
