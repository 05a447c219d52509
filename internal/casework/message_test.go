package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// inbox lists what somebody was told, as kinds; what is hidden is "-".
func inbox(t *testing.T, w *testkit.World, by stage.Actor) (kinds []string) {
	t.Helper()
	all, err := w.Desk.Messages(t.Context(), by, casework.MessageFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.URL == "" {
			kinds = append(kinds, "-")
			continue
		}
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

// addressed gives somebody an address that is verified, without a sender.
func addressed(t *testing.T, w *testkit.World, by stage.Actor, mode string) {
	t.Helper()
	who := testkit.SignedIn(by)
	if _, err := w.Desk.SetMailbox(t.Context(), who, casework.SetMailbox{Address: "zhang@example.org", Mode: mode, Quiet: message.Night}); err != nil {
		t.Fatal(err)
	}
	out := taken(t, w)
	if len(out) != 1 {
		t.Fatalf("%d letters", len(out))
	}
	_, code, _ := strings.Cut(out[0].Text, "/account/mail/")
	code, _, _ = strings.Cut(code, "\n")
	if err := w.Desk.VerifyMailbox(t.Context(), who, code); err != nil {
		t.Fatal(err)
	}
}

// taken takes what is due and notes that it was sent.
func taken(t *testing.T, w *testkit.World) (all []casework.Outgoing) {
	t.Helper()
	due, err := w.Desk.DeliveriesDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		out, err := w.Desk.TakeDelivery(t.Context(), d.ID, "https://example.org/")
		if err != nil {
			t.Fatal(err)
		}
		if out == nil {
			continue
		}
		if err := w.Desk.CloseDelivery(t.Context(), out.Delivery, message.Outcome{Sent: true}); err != nil {
			t.Fatal(err)
		}
		all = append(all, *out)
	}
	return all
}

// TestADigest: who wants one letter a day gets the messages of the day before in the
// morning, once; what was read meanwhile is not in it.
func TestADigest(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	key := w.Drafted(round)
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	addressed(t, w, by, message.Daily)
	first := w.Accepted(round)
	other := w.ApplicantOf(w.ApplicationOf(first).Organisation)
	addressed(t, w, other, message.Daily)
	if got := inbox(t, w, other); len(got) != 2 || !slices.Contains(got, "accepted") || !slices.Contains(got, "received") {
		t.Fatal(got)
	}
	if out := taken(t, w); len(out) != 0 {
		t.Fatalf("%d letters at once", len(out))
	}
	next := message.Morning(w.Now())
	w.At(next.Add(-time.Second).Format("2006-01-02 15:04:05"))
	if out := taken(t, w); len(out) != 0 {
		t.Fatalf("%d letters before the morning", len(out))
	}
	for range 2 {
		w.At(next.Format("2006-01-02 15:04:05"))
	}
	out := taken(t, w)
	if len(out) != 1 || out[0].Subject != "消息汇总：2条" || !strings.Contains(out[0].Text, "已经受理") || !strings.Contains(out[0].Text, "已经提交") || out[0].To != "zhang@example.org" {
		t.Errorf("%+v", out)
	}
	if out := taken(t, w); len(out) != 0 {
		t.Errorf("%d letters more", len(out))
	}
}

// TestReminders: an applicant whose draft must be filed within three days is reminded in
// the morning, and not before.
func TestReminders(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	addressed(t, w, by, message.Each)
	w.At("2021-07-07 08:00:00") // the deadline is the end of 2021-07-10
	if got := inbox(t, w, by); len(got) != 0 {
		t.Errorf("reminded too early: %v", got)
	}
	w.At("2021-07-08 07:59:59")
	if got := inbox(t, w, by); len(got) != 0 {
		t.Errorf("reminded before the morning: %v", got)
	}
	w.At("2021-07-08 08:00:00")
	if got := inbox(t, w, by); strings.Join(got, " ") != "deadline" {
		t.Errorf("%v", got)
	}
	if out := taken(t, w); len(out) != 1 || !strings.Contains(out[0].Text, "2021年7月10日止") {
		t.Errorf("%+v", out)
	}
}

// TestATieHidesAMessage: an assessor who declares a tie to an applicant reads no more of
// the visit there, and the letter on its way is not sent.
func TestATieHidesAMessage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	w.Reviewed(app)
	by := w.Team()[1]
	addressed(t, w, by, message.Each)
	w.Visitable(app)
	if got := inbox(t, w, by); strings.Join(got, " ") != "visit" {
		t.Fatal(got)
	}
	a := w.ApplicationOf(app)
	if err := declare(w, by, casework.NewTie{Organisation: a.Name, Kind: "kin", Reason: "配偶任副会长"}); err != nil {
		t.Fatal(err)
	}
	if got := inbox(t, w, by); strings.Join(got, " ") != "-" {
		t.Errorf("%v", got)
	}
	all, err := w.Desk.Messages(t.Context(), by, casework.MessageFilter{})
	if err != nil || strings.Contains(all[0].Subject+all[0].Text, a.Name) || all[0].Thing != "" {
		t.Errorf("%+v: %v", all, err)
	}
	for _, out := range taken(t, w) {
		if out.To == "zhang@example.org" {
			t.Errorf("sent: %s", out.Subject)
		}
	}
}

// TestTheObjectorsLetter: who objected and left an address is told that there is an
// answer, and neither the letter nor the log says who it is or of what.
func TestTheObjectorsLetter(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	app := w.Carried(round, 1)[0]
	w.Publicised(app)
	ctx, office := t.Context(), w.Office()
	r, err := w.Desk.FileObjection(ctx, stage.Anyone, w.CandidateOf(app).ID, objection.Filing{
		Channel: objection.Web, Name: "柳树林", Contact: "liu@example.org", Text: "2020年度的年报没有公开。",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	w.Inquired(r.Objection.ID)
	if err := w.Desk.ConcludeObjection(ctx, office.Clerk, r.Objection.ID, objection.Conclusion{Summary: "反映年报没有公开", Finding: "年报已按期公开"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AnswerObjection(ctx, office.Director, r.Objection.ID, "经查，年报已按期公开，异议不成立。"); err != nil {
		t.Fatal(err)
	}
	w.At(message.Night.After(w.Now()).Format("2006-01-02 15:04:05"))
	var letters []casework.Outgoing
	for _, out := range taken(t, w) {
		if out.To == "liu@example.org" {
			letters = append(letters, out)
		}
	}
	if len(letters) != 1 || !strings.Contains(letters[0].Text, "https://example.org/objections/query") {
		t.Fatalf("%+v", letters)
	}
	for _, word := range []string{"柳树林", w.ApplicationOf(app).Name, "年报"} {
		if strings.Contains(letters[0].Subject+letters[0].Text, word) {
			t.Errorf("the letter says %s", word)
		}
	}
	lines, err := w.Desk.Deliveries(ctx, office.Clerk, casework.DeliveryFilter{})
	if err != nil || len(lines) != 1 || lines[0].To != "异议人" {
		t.Errorf("%+v: %v", lines, err)
	}
}

// TestMessagesAreForgotten: what was read goes after 400 days, with the log; what was not
// read stays.
func TestMessagesAreForgotten(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(app).Organisation)
	all, err := w.Desk.Messages(t.Context(), by, casework.MessageFilter{})
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	if err := w.Desk.MarkMessage(t.Context(), by, all[1].ID); err != nil {
		t.Fatal(err)
	}
	read := w.Now()
	left := func() int { return len(inbox(t, w, by)) }
	w.At(read.Add(message.Kept).Format("2006-01-02 15:04:05"))
	if n := left(); n < 2 {
		t.Errorf("%d left at 400 days", n)
	}
	n := left()
	w.At(read.Add(message.Kept + time.Second).Format("2006-01-02 15:04:05"))
	if left() != n-1 {
		t.Errorf("%d left of %d after 400 days", left(), n)
	}
}

// TestACalendar: the address of a calendar leads to what falls due for its person, in the
// role in which it was made, until it is ended or the account is.
func TestACalendar(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	a := w.ApplicationOf(key)
	by := w.ApplicantOf(a.Organisation)
	who := testkit.SignedIn(by)
	token, err := w.Desk.Subscribe(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	due, _, err := w.Desk.Calendared(t.Context(), token)
	if err != nil || len(due) != 1 || due[0].On.String() != "2021-07-10" || strings.Contains(due[0].Stage+due[0].Thing, a.Name) {
		t.Fatalf("%+v: %v", due, err)
	}
	again, _, err := w.Desk.Calendared(t.Context(), token)
	if err != nil || again[0].ID != due[0].ID {
		t.Error("another identifier of the same", err)
	}
	gone := func(token string) {
		t.Helper()
		if _, _, err := w.Desk.Calendared(t.Context(), token); fault.KindOf(err) != fault.NotFound {
			t.Errorf("got %v", err)
		}
	}
	gone("shc_other")
	gone(strings.Repeat("x", 1000))
	gone("")
	feeds, err := w.Desk.Feeds(t.Context(), who)
	if err != nil || len(feeds) != 1 || strings.Contains(feeds[0].Hash, token) {
		t.Fatal(feeds, err)
	}
	other := testkit.SignedIn(w.Person("审计员", stage.Auditor))
	if err := w.Desk.Unsubscribe(t.Context(), other, feeds[0].ID); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if err := w.Desk.Unsubscribe(t.Context(), who, feeds[0].ID); err != nil {
		t.Fatal(err)
	}
	gone(token)
	for n := range casework.FeedsMost {
		if token, err = w.Desk.Subscribe(t.Context(), who); err != nil {
			t.Fatal(n, err)
		}
	}
	_, err = w.Desk.Subscribe(t.Context(), who)
	w.Refused(err, "feed.many")
	if err := w.Desk.GrantAccount(t.Context(), testkit.TheOperator, by.Account, []casework.Grant{{Role: stage.Auditor}}, 1); err != nil {
		t.Fatal(err)
	}
	gone(token)
}
