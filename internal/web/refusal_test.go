package web_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// unmoved fails the test when what do does leaves a row of the database other than it
// was. That somebody was there stands in their session, and is no change.
func unmoved(t *testing.T, w *testkit.World, what string, do func()) {
	t.Helper()
	rows := func() []string {
		return slices.DeleteFunc(testkit.Rows(t, w.Desk.Store), func(s string) bool { return strings.HasPrefix(s, "sessions ") })
	}
	before := rows()
	do()
	if after := rows(); !slices.Equal(before, after) {
		t.Errorf("%s: refused, and something changed", what)
	}
}

// TestBadVotes: each way of voting that is none is refused at the door with its sentence,
// and leaves everything as it was (docs/refusals.md).
func TestBadVotes(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	in := w.OpenRound()
	app := w.Accepted(in)
	w.Reviewed(app)
	w.Visited(app)
	m, items := w.MeetingOn(in, app)
	w.Sitting(m)
	at, seat := "/items/"+string(items[0]), "/meetings/"+string(m)
	chair, one := w.Browser(w.Office().Chair), []*testkit.Browser{}
	for _, by := range w.Members() {
		one = append(one, w.Browser(by))
	}
	refused := func(what string, by *testkit.Browser, path, say string, form ...string) {
		t.Helper()
		unmoved(t, w, what, func() { by.Post(path, form...).Want(409, say) })
	}
	refused("before the vote", one[1], at+"/vote", "不收票", "choice", "aye")
	one[0].Post(at+"/recuse", "reason", "离任不满两年").Want(303)
	chair.Post(at + "/open-vote").Want(303)
	refused("recused", one[0], at+"/vote", "本项已回避，不能表决", "choice", "aye")
	one[1].Post(at+"/vote", "choice", "aye").Want(303)
	refused("twice", one[1], at+"/vote", "投出后不能更改", "choice", "no")
	one[2].Post(seat + "/depart").Want(303)
	refused("absent", one[2], at+"/vote", "没有签到或已经离会", "choice", "aye")
	one[1].Post(seat + "/depart").Want(303)
	one[3].Post(seat + "/depart").Want(303)
	refused("the quorum is lost", chair, at+"/vote", "法定人数", "choice", "aye")
	refused("the quorum is lost: the close", chair, at+"/close-vote", "法定人数")
	for _, b := range one[1:] {
		b.Post(seat + "/sign-in").Want(303)
	}
	one[2].Post(at+"/vote", "choice", "aye").Want(303)
	chair.Post(at + "/close-vote").Want(303)
	refused("after the close", one[3], at+"/vote", "由主持人按方案重新表决", "choice", "aye")
}

// TestBadCounts: more paper ballots than were given out make a vote void, and a committee
// without anybody is not convened.
func TestBadCounts(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure("ballot: named", "ballot: paper")
	in := w.OpenRound()
	app := w.Accepted(in)
	w.Reviewed(app)
	w.Visited(app)
	m, items := w.MeetingOn(in, app)
	one, two := w.Person("监票人甲", stage.Scrutineer), w.Person("监票人乙", stage.Scrutineer)
	w.Sitting(m)
	at, chair, voter := "/items/"+string(items[0]), w.Browser(w.Office().Chair), w.Browser(w.Members()[0])
	counters := []*testkit.Browser{w.Browser(one), w.Browser(two)}
	chair.Post(at + "/open-vote").Want(303)
	unmoved(t, w, "a paper vote on a screen", func() {
		voter.Post(at+"/vote", "choice", "aye").Want(409, "用纸质票表决")
	})
	chair.Post(at + "/close-vote").Want(303)
	unmoved(t, w, "more issued than are there", func() {
		counters[0].Post(at+"/count", "issued", "6", "collected", "6", "ayes", "6", "noes", "0", "abstentions", "0", "invalid", "0").Want(422, "多于到会有表决权的5人")
	})
	unmoved(t, w, "figures that do not add up", func() {
		counters[0].Post(at+"/count", "issued", "5", "collected", "5", "ayes", "4", "noes", "0", "abstentions", "0", "invalid", "0").Want(422, "与收回5不符")
	})
	for _, b := range counters {
		b.Post(at+"/count", "issued", "4", "collected", "5", "ayes", "5", "noes", "0", "abstentions", "0", "invalid", "0").Want(303)
	}
	unmoved(t, w, "more collected than issued", func() { chair.Post(at+"/declare").Want(409, "收回的票多于发出的票") })
	chair.Post(at+"/annul", "reason", "收回5张，发出4张。").Want(303)

	w = testkit.New(t) // with nobody but the office
	clerk, name := w.Browser(w.Person("经办人甲", stage.Clerk)), w.Programme().Name
	day := calendar.DateOf(w.Now()).AddDays(10).String()
	unmoved(t, w, "nobody on the roster", func() {
		clerk.Post("/meetings/new", "about", "programme:"+string(name), "title", "全体委员会议", "place", "三楼会议室", "at", day, "at-time", "09:00", "presiding", "acc_none").Want(422, "名册里没有有表决权的委员")
	})
}

// TestBadBallots: a secret ballot that was altered, sent again or is another's, one after
// the close, and a part of the decryption that is not the trustee's.
func TestBadBallots(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	ctx, office := t.Context(), w.Office()
	in := w.OpenRound()
	app := w.Accepted(in)
	w.Reviewed(app)
	w.Visited(app)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	members := w.Members()
	on := calendar.DateOf(w.Now()).AddDays(w.Programme().Meeting.MaterialDays + 1)
	m, err := w.Desk.ConveneMeeting(ctx, office.Clerk, w.Programme().Name, meeting.Plan{
		Round: in, Title: "无记名表决会议", At: on.Start().Add(9 * time.Hour), Place: "三楼会议室", Presiding: office.Chair.Account, Ballot: "secret",
	})
	do(err)
	i, err := w.Desk.ListItem(ctx, office.Clerk, m, item.Subject{Kind: "application", ID: string(app)})
	do(err)
	do(w.Desk.CirculateMeeting(ctx, office.Clerk, m))
	b := &play.Balloting{Desk: w.Desk, Meeting: m, Random: rand.NewChaCha8([32]byte{7}), Registrar: w.Person("监督员", stage.Scrutineer)}
	for n := range 3 {
		b.Trustees = append(b.Trustees, w.Person(fmt.Sprintf("监票人%d", n+1), stage.Scrutineer))
	}
	do(b.MakeKey(ctx, office.Clerk))
	w.Sitting(m)
	do(w.Desk.PrepareElections(ctx, office.Chair, m, []id.Item{i}, false))
	do(b.Register(ctx))
	do(w.Desk.OpenElections(ctx, office.Chair, m))
	kept := func() (e election.Election) {
		t.Helper()
		do(w.Desk.Store.View(ctx, func(tx *store.Tx) error {
			all, err := tx.ElectionsOf(m)
			e = all[0]
			return err
		}))
		return e
	}
	e := kept()
	at, voter, other := "/elections/"+string(e.ID), w.Browser(members[0]), w.Browser(members[1])
	own, err := b.Encrypt(e, b.Credentials[members[0].Account], 0)
	do(err)
	n := bytes.Index(own, []byte(`"response":"`)) + len(`"response":"`)
	altered := bytes.Clone(own)
	altered[n] = '1' + (altered[n]-'0')%9
	refused := func(what string, by *testkit.Browser, body []byte, say string) {
		t.Helper()
		unmoved(t, w, what, func() { by.Post(at+"/cast", "ballot", string(body)).Want(409, say) })
	}
	refused("altered", voter, altered, "选票核对不成立")
	voter.Post(at+"/cast", "ballot", string(own)).Want(200)
	refused("replayed", voter, own, "同一张选票已经收到")
	refused("another's", other, own, "同一张选票已经收到")
	do(w.Desk.CloseElections(ctx, office.Chair, m))
	refused("after the close", other, altered, "没有收下这张选票")
	part, err := b.Share(ctx, kept(), 0)
	do(err)
	c, err := w.Desk.Elections(ctx, b.Registrar, m)
	do(err)
	trustee := func(n int) *testkit.Browser {
		who := c.Ceremony.Trustees[n].Account
		return w.Browser(b.Trustees[slices.IndexFunc(b.Trustees, func(a stage.Actor) bool { return a.Account == who })])
	}
	first, second := trustee(0), trustee(1)
	unmoved(t, w, "another trustee's part", func() { second.Post(at+"/decrypt", "part", string(part)).Want(409, "解密结果核对不成立") })
	first.Post(at+"/decrypt", "part", string(part)).Want(200)
	unmoved(t, w, "a part twice", func() { first.Post(at+"/decrypt", "part", string(part)).Want(409, "本人已经解密") })
}

// TestBadSync: what a phone brings for a visit that was closed meanwhile, before its day
// whatever the phone's clock says, and a photo larger than allowed.
func TestBadSync(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Desk.Files.Room = file.Room{File: 2000}
	app := w.Accepted(w.OpenRound())
	w.Reviewed(app)
	v, on := w.Visitable(app)
	at := "/visits/" + string(v)
	edits := `[{"id":"device-0001","field":"records.papers.text","value":"会议记录齐全"}]`
	sync := func(b *testkit.Browser, clock time.Time) *testkit.Page {
		return send(t, w, b, "POST", at+"/sync", "sitting=0&clock="+strconv.FormatInt(clock.UnixMilli(), 10)+"&edits="+edits, "Accept", "application/json", "Sec-Fetch-Site", "same-origin")
	}
	w.At(on.AddDays(-1).String() + " 10:00:00")
	phone := w.Browser(w.Team()[0])
	unmoved(t, w, "a day early by a clock a day ahead", func() { sync(phone, w.Now().AddDate(0, 0, 1)).Want(409, "当天起才能填写考核单") })
	w.At(on.String() + " 10:00:00")
	phone = w.Browser(w.Team()[0])
	unmoved(t, w, "too large a photo", func() {
		phone.Upload(at+"/photos", testkit.Offer{Name: "阵地.png", Body: append(play.Photo(1), make([]byte, 2000)...)}).Want(422, "阵地.png", "一个文件最多")
	})
	if p := sync(phone, w.Now().AddDate(0, 0, -1)).Want(200); !strings.Contains(p.Body, "慢约1天") {
		t.Errorf("a clock a day behind is not told: %s", p.Body)
	}
	phone.Post(at+"/report", account(w, w.VisitOf(app).Round, w.VisitOf(app).Version, "report")...).Want(303)
	edits = strings.Replace(edits, "device-0001", "device-0002", 1)
	unmoved(t, w, "closed meanwhile", func() { sync(phone, w.Now()).Want(409, "不再接收现场记录") })
}
