package jobs_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
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
