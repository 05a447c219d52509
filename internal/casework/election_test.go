package casework_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/ballot"
	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// secretMeeting is a sitting that votes secretly, of seven members and the chair, with
// its key made and two items on the agenda.
func secretMeeting(t *testing.T) (w *testkit.World, b *play.Balloting, members []stage.Actor, items []id.Item) {
	t.Helper()
	w = testkit.New(t)
	ctx, office := t.Context(), w.Office()
	members = append(w.Members(), w.Person("委员五", stage.Member), w.Person("委员六", stage.Member), w.Person("委员七", stage.Member))
	round := w.OpenRound()
	apps := []id.Application{w.Accepted(round), w.Accepted(round)}
	for _, app := range apps {
		w.Reviewed(app)
	}
	for _, app := range apps {
		w.Visited(app)
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	on := calendar.DateOf(w.Now()).AddDays(w.Programme().Meeting.MaterialDays + 1)
	m, err := w.Desk.ConveneMeeting(ctx, office.Clerk, w.Programme().Name, meeting.Plan{
		Round: round, Title: "无记名表决会议", At: on.Start().Add(9 * time.Hour), Place: "三楼会议室", Presiding: office.Chair.Account, Ballot: "secret",
	})
	do(err)
	for _, app := range apps {
		i, err := w.Desk.ListItem(ctx, office.Clerk, m, item.Subject{Kind: "application", ID: string(app)})
		do(err)
		items = append(items, i)
	}
	do(w.Desk.CirculateMeeting(ctx, office.Clerk, m))
	b = &play.Balloting{Desk: w.Desk, Meeting: m, Random: rand.NewChaCha8([32]byte{6}), Registrar: w.Person("监督员", stage.Scrutineer)}
	for n := range 3 {
		b.Trustees = append(b.Trustees, w.Person(fmt.Sprintf("监票人%d", n+1), stage.Scrutineer))
	}
	w.Refused(w.Desk.AppointTrustees(ctx, office.Clerk, m, []id.Account{b.Trustees[0].Account}, b.Registrar.Account), "ceremony.appoint.trustees")
	do(b.MakeKey(ctx, office.Clerk))
	w.Sitting(m)
	return w, b, members, items
}

func electionsOf(t *testing.T, w *testkit.World, m id.Meeting) (all []election.Election) {
	t.Helper()
	err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.ElectionsOf(m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestASecretBallot lives one from the preparation to the result, with everything that
// is refused on the way.
func TestASecretBallot(t *testing.T) {
	t.Parallel()
	w, b, members, items := secretMeeting(t)
	ctx, chair, clerk := t.Context(), w.Office().Chair, w.Office().Clerk
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.Desk.RecuseFromItem(ctx, members[0], items[1], "", "曾在该单位任职"))
	w.Refused(w.Desk.PrepareElections(ctx, clerk, b.Meeting, items, false), "election.prepare.role")
	do(w.Desk.PrepareElections(ctx, chair, b.Meeting, items, false))
	all := electionsOf(t, w, b.Meeting)
	if len(all) != 2 || len(all[0].Voters)+len(all[1].Voters) != 15 {
		t.Fatalf("one election for each set of voters: %d", len(all))
	}
	w.Refused(w.Desk.OpenElections(ctx, chair, b.Meeting), "stage.not_allowed")
	w.Refused(w.Desk.RegisterElections(ctx, b.Trustees[0], b.Meeting, nil), "election.register.other")
	w.Refused(w.Desk.RegisterElections(ctx, b.Registrar, b.Meeting, nil), "election.register.credentials")
	do(b.Register(ctx))
	do(w.Desk.OpenElections(ctx, chair, b.Meeting))
	both, one := electionsOf(t, w, b.Meeting)[0], electionsOf(t, w, b.Meeting)[1] // on the first item all vote
	if len(both.Voters) < len(one.Voters) {
		both, one = one, both
	}

	// Who may not, and with what one may not.
	tracker, err := b.Cast(ctx, members[0], both, 0)
	do(err)
	if tracker == "" {
		t.Error("no tracker")
	}
	body, err := b.Encrypt(one, b.Credentials[members[1].Account], 0)
	do(err)
	if _, err = w.Desk.CastBallot(ctx, members[0], one.ID, string(body)); err == nil {
		t.Error("a recused member votes")
	}
	voted := func(by stage.Actor, body []byte, code string) {
		t.Helper()
		_, err := w.Desk.CastBallot(ctx, by, both.ID, string(body))
		w.Refused(err, code)
	}
	body, err = b.Encrypt(both, b.Credentials[members[0].Account], 1)
	do(err)
	voted(members[1], body, "election.cast.credential")
	own, err := b.Encrypt(both, b.Credentials[members[2].Account], 1)
	do(err)
	voted(members[0], own, "election.cast.credential")
	at := bytes.Index(own, []byte(`"response":"`)) + 13
	voted(members[2], append(append(bytes.Clone(own[:at]), '0'+(own[at]-'0'+1)%10), own[at+1:]...), "election.cast.proof")
	stranger, err := ballot.NewCredential(b.Random)
	do(err)
	body, err = b.Encrypt(both, stranger, 0)
	do(err)
	voted(members[2], body, "election.cast.proof")
	_, err = w.Desk.CastBallot(ctx, members[2], both.ID, string(own))
	do(err)
	voted(members[2], own, "election.cast.replayed")
	_, err = b.Cast(ctx, members[2], both, 0) // again: the last counts
	do(err)
	voted(members[2], own, "election.cast.replayed")
	w.Refused(w.Desk.RecuseFromItem(ctx, members[3], items[0], "", "亲属"), "item.recuse.voted")
	do(w.Desk.DepartMeeting(ctx, members[3], b.Meeting, members[3].Account))
	body, err = b.Encrypt(both, b.Credentials[members[3].Account], 0)
	do(err)
	voted(members[3], body, "election.cast.absent")
	for n, by := range []stage.Actor{members[1], members[4], members[5], chair} {
		_, err = b.Cast(ctx, by, both, []int{0, 1, 2, 0}[n])
		do(err)
	}
	for _, by := range []stage.Actor{members[1], members[2], members[4]} {
		_, err = b.Cast(ctx, by, one, 1)
		do(err)
	}
	w.Refused(w.Desk.DeferItem(ctx, chair, items[0], "缓议"), "item.defer.secret")

	do(w.Desk.CloseElections(ctx, chair, b.Meeting))
	_, err = b.Cast(ctx, members[6], both, 0)
	w.Refused(err, "election.cast.closed")
	for _, e := range electionsOf(t, w, b.Meeting) {
		if e.Pepper != "" || e.State != election.Tallied {
			t.Errorf("after the close: %s, pepper %q", e.State, e.Pepper)
		}
	}
	w.Refused(w.Desk.Declare(ctx, chair, items[0], "", ""), "item.declare.sealed")
	part, err := b.Share(ctx, both, 0)
	do(err)
	w.Refused(w.Desk.DecryptElection(ctx, b.Registrar, both.ID, string(part)), "ceremony.not_trustee")
	w.Refused(w.Desk.DecryptElection(ctx, trusteeOf(t, w, b, 1), both.ID, string(part)), "election.decrypt.share")
	do(b.Decrypt(ctx, 0, 2))

	v, err := w.Desk.PublishedElection(ctx, chair, both.ID)
	do(err)
	if fmt.Sprint(v.Counts) != "[[4 1 1]]" || len(v.Report.Cast) != 7 || len(v.Report.Counted) != 6 {
		t.Errorf("%v, %d cast, %d counted", v.Counts, len(v.Report.Cast), len(v.Report.Counted))
	}
	do(w.Desk.Declare(ctx, chair, items[0], "", "委员会认为条件尚不成熟。"))
	do(w.Desk.Declare(ctx, chair, items[1], "", "委员会认为条件尚不成熟。"))
	if _, _, err := w.Desk.ElectionArchive(ctx, stage.Anyone, both.ID); err == nil {
		t.Error("the archive is public before the meeting is over")
	}
	do(w.Desk.CloseMeeting(ctx, chair, b.Meeting))
	name, file, err := w.Desk.ElectionArchive(ctx, stage.Anyone, both.ID)
	do(err)
	report, err := ballot.Verify(file)
	if err != nil || !report.Complete || !strings.HasSuffix(name, ".bel") {
		t.Errorf("%s: %+v, %v", name, report, err)
	}
	nobodyIsTold(t, w, electionsOf(t, w, b.Meeting))
}

// trusteeOf returns the trustee with a number, from 0, as the ceremony orders them.
func trusteeOf(t *testing.T, w *testkit.World, b *play.Balloting, n int) stage.Actor {
	t.Helper()
	v, err := w.Desk.Elections(t.Context(), b.Registrar, b.Meeting)
	if err != nil {
		t.Fatal(err)
	}
	return stage.Actor{Account: v.Ceremony.Trustees[n].Account, Role: stage.Scrutineer}
}

// nobodyIsTold: the record ties no voter to a ballot, and no ballot to a minute.
func nobodyIsTold(t *testing.T, w *testkit.World, all []election.Election) {
	t.Helper()
	casts := 0
	for _, e := range all {
		for _, l := range w.Entries(string(e.ID)) {
			if l.Act != "election.cast" {
				continue
			}
			casts++
			if l.By != "" || !l.At.Equal(l.At.Truncate(time.Hour)) {
				t.Errorf("the record says of a ballot: %s at %s", l.By, l.At)
			}
		}
	}
	if casts != 10 {
		t.Errorf("%d ballots in the record", casts)
	}
}

// TestWhatSpoilsASecretBallot: too few voters, somebody who comes late, and a sitting
// that ends.
func TestWhatSpoilsASecretBallot(t *testing.T) {
	t.Parallel()
	w, b, members, items := secretMeeting(t)
	ctx, chair := t.Context(), w.Office().Chair
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.Desk.DepartMeeting(ctx, members[6], b.Meeting, members[6].Account))
	do(w.Desk.PrepareElections(ctx, chair, b.Meeting, items, false))
	w.Refused(w.Desk.PrepareElections(ctx, chair, b.Meeting, items, false), "election.live")
	w.Refused(w.Desk.CancelCeremony(ctx, w.Office().Clerk, b.Meeting), "ceremony.cancel.needed")
	do(b.Register(ctx))
	do(w.Desk.SignIntoMeeting(ctx, members[6], b.Meeting, members[6].Account))
	w.Refused(w.Desk.OpenElections(ctx, chair, b.Meeting), "election.open.changed")
	do(w.Desk.SpoilElections(ctx, chair, b.Meeting, "有委员晚到，重新准备。"))
	do(w.Desk.PrepareElections(ctx, chair, b.Meeting, items[:1], false))
	do(b.Register(ctx))
	do(w.Desk.OpenElections(ctx, chair, b.Meeting))
	for _, by := range members[:3] {
		do(w.Desk.DepartMeeting(ctx, by, b.Meeting, by.Account))
	}
	e := electionsOf(t, w, b.Meeting)
	live := slices.IndexFunc(e, func(e election.Election) bool { return e.State == election.Voting })
	_, err := b.Cast(ctx, members[6], e[live], 0)
	w.Refused(err, "meeting.quorum.short")
	w.Refused(w.Desk.CloseElections(ctx, chair, b.Meeting), "meeting.quorum.short")
	do(w.Desk.SpoilElections(ctx, chair, b.Meeting, "不足法定人数。"))
	for _, by := range members[:3] {
		do(w.Desk.SignIntoMeeting(ctx, by, b.Meeting, by.Account))
	}
	for _, by := range members[:4] {
		do(w.Desk.RecuseFromItem(ctx, by, items[1], "", "曾在该单位任职"))
	}
	w.Refused(w.Desk.PrepareElections(ctx, chair, b.Meeting, items[1:], false), "election.prepare.few")
	do(w.Desk.PrepareElections(ctx, chair, b.Meeting, nil, true)) // a rehearsal
	do(b.Register(ctx))
	do(w.Desk.OpenElections(ctx, chair, b.Meeting))
	do(w.Desk.AdjournMeeting(ctx, chair, b.Meeting, "时间已晚。"))
	for _, e := range electionsOf(t, w, b.Meeting) {
		if e.State != election.Void {
			t.Errorf("after the sitting ended early: %s", e.State)
		}
	}
}
