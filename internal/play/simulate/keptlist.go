package simulate

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"slices"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// reader reads for the actors what rules are not asked about.
var reader = stage.Actor{Role: stage.Auditor}

// mayMeet convenes a meeting about what waits, makes its agenda, and holds it.
func (k *kept) mayMeet() {
	pending := read(k, func(tx *store.Tx) ([]meeting.Meeting, error) { return tx.MeetingsFrom(reader) })
	for _, m := range pending {
		if k.now.Before(m.At) && m.CirculatedOn.IsZero() {
			k.may(8, func() { k.prepare(m) })
		}
		if k.now.Before(m.At.Add(-time.Hour)) && !k.chance(1) {
			if k.chance(8) {
				k.may(1, func() { k.changeMeeting(m) })
			}
			continue
		}
		if k.now.After(m.At.AddDate(0, 0, 20)) || k.chance(2) {
			k.may(8, func() {
				k.try("meeting.cancel", k.desk.CancelMeeting(k.ctx, k.anyone(k.clerks), m.ID, "不足法定人数"))
			})
			continue
		}
		if !m.CirculatedOn.IsZero() || k.chance(4) {
			k.may(12, func() { k.sit(m) })
		}
	}
	if len(pending) > 0 {
		return
	}
	if k.chance(6) {
		k.may(2, k.vacate)
	}
	files, others := k.waiting()
	for _, r := range k.running() {
		if slices.Contains(files, r.ID) || k.chance(1) {
			k.may(4, func() { k.convene(r.ID) })
		}
	}
	if others || k.chance(1) {
		k.may(4, func() { k.convene("") })
	}
}

// vacate empties a member's place in the committee, or fills it again.
func (k *kept) vacate() {
	who := pick(k, k.members).Account
	if !k.try("account.disable", k.desk.DisableAccount(k.ctx, k.operator, who)) {
		k.try("account.enable", k.desk.EnableAccount(k.ctx, k.operator, who))
	}
}

// waiting says of which rounds applications wait for the committee, and whether
// anything else does.
func (k *kept) waiting() (files []id.Round, others bool) {
	p := k.programme.Name
	n := read(k, func(tx *store.Tx) (int, error) {
		all, err := tx.ApplicationsIn(p, "", meeting.Kind.Name)
		for _, a := range all {
			files = append(files, a.Round)
		}
		objections, err2 := tx.ObjectionsWaiting(p)
		orders, err3 := tx.RectificationsVerified(p)
		heard, err4 := tx.RevocationsIn(p, revocation.Heard)
		appeals, err5 := tx.RevocationsIn(p, revocation.Appealed)
		orphans, err6 := tx.TitlesWithoutHolder(p)
		return len(objections) + len(orders) + len(heard) + len(appeals) + len(orphans), errors.Join(err, err2, err3, err4, err5, err6)
	})
	return files, n > 0
}

// convene calls a meeting, unless there is nothing for it to decide.
func (k *kept) convene(r id.Round) {
	plan := meeting.Plan{
		Round: r, Title: "全体委员会议", At: k.now.Add(time.Duration(24*(1+k.programme.Meeting.MaterialDays)+k.IntN(200)) * time.Hour).Truncate(time.Hour),
		Place: "会议室", Presiding: pick(k, k.chairs).Account,
	}
	key, err := k.desk.ConveneMeeting(k.ctx, k.anyone(k.clerks), k.programme.Name, plan)
	if !k.try("meeting.convene", err) {
		return
	}
	m := read(k, func(tx *store.Tx) (meeting.Meeting, error) { return tx.Meeting(key) })
	k.prepare(m)
}

// prepare lists what waits and sends the papers out. A meeting about nothing is
// cancelled.
func (k *kept) prepare(m meeting.Meeting) {
	v, err := k.desk.Meeting(k.ctx, k.clerks[0], m.ID)
	if err != nil {
		k.violate("a clerk sees a meeting", err.Error())
		return
	}
	listed := len(v.Items)
	for _, f := range v.Waiting {
		if !k.chance(5) {
			_, err := k.desk.ListItem(k.ctx, k.anyone(k.clerks), m.ID, f.Subject)
			if k.try("item.list", err) {
				listed++
			}
		}
	}
	if listed == 0 && k.chance(95) {
		k.try("meeting.cancel", k.desk.CancelMeeting(k.ctx, k.clerks[0], m.ID, "没有议题"))
		return
	}
	k.try("meeting.circulate", k.desk.CirculateMeeting(k.ctx, k.anyone(k.clerks), m.ID))
}

// changeMeeting calls it for another time, or excuses somebody, rarely.
func (k *kept) changeMeeting(m meeting.Meeting) {
	switch k.IntN(2) {
	case 0:
		plan := meeting.Plan{Round: m.Round, Title: m.Title, At: k.now.Add(time.Duration(k.IntN(300)) * time.Hour), Place: m.Place, Presiding: m.Presiding}
		k.try("meeting.reschedule", k.desk.RescheduleMeeting(k.ctx, k.anyone(k.clerks), m.ID, 0, plan))
	case 1:
		by := pick(k, k.members)
		k.try("meeting.excuse", k.desk.ExcuseFromMeeting(k.ctx, by, m.ID, by.Account, "出差"))
	}
}

// tickle lets a minute or so pass within a sitting.
func (k *kept) tickle() { k.now = k.now.Add(time.Duration(1+k.IntN(90)) * time.Second) }

// sit holds a whole sitting: who is there signs in, the items are decided one by
// one, and the meeting is closed, or adjourned when it cannot be.
func (k *kept) sit(m meeting.Meeting) {
	for _, s := range m.Roster {
		if k.chance(92) {
			k.try("meeting.sign_in", k.desk.SignIntoMeeting(k.ctx, seated(s), m.ID, s.Account))
			k.tickle()
		}
	}
	chair := as(m.Presiding, stage.Chair)
	if k.chance(5) {
		chair = k.anyone(k.chairs)
	}
	if !k.try("meeting.open", k.desk.OpenMeeting(k.ctx, chair, m.ID)) && m.State != meeting.Sitting {
		return
	}
	for range 3 {
		open := false
		for _, i := range read(k, func(tx *store.Tx) ([]item.Item, error) { return tx.ItemsOf(m.ID) }) {
			if !i.Settled() {
				open = true
				k.decide(m, i)
			}
		}
		if k.places(m); !open {
			break
		}
		if k.chance(10) {
			k.crash() // in the midst of a meeting
		}
	}
	if !k.try("meeting.close", k.desk.CloseMeeting(k.ctx, as(m.Presiding, stage.Chair), m.ID)) {
		k.try("meeting.adjourn", k.desk.AdjournMeeting(k.ctx, as(m.Presiding, stage.Chair), m.ID, "时间已到"))
	}
}

// seated is who sits on a seat, in the role of their post.
func seated(s meeting.Seat) stage.Actor {
	if s.Post == meeting.Chair {
		return as(s.Account, stage.Chair)
	}
	return as(s.Account, stage.Member)
}

// decide takes an item through its vote.
func (k *kept) decide(m meeting.Meeting, i item.Item) {
	if k.chance(15) {
		by := pick(k, k.members)
		k.try("item.recuse", k.desk.RecuseFromItem(k.ctx, by, i.ID, by.Account, "亲属任职"))
	}
	chair := k.conductor(m, i.ID)
	if i.State == item.Listed && !k.try("item.open_vote", k.desk.OpenVote(k.ctx, chair, i.ID)) {
		k.try("item.defer", k.desk.DeferItem(k.ctx, chair, i.ID, "不足法定人数或者材料不全"))
		return
	}
	if k.programme.Meeting.Ballot == "named" || k.chance(3) {
		k.vote(m, i.ID)
	}
	if i.State != item.Counting && !k.try("item.close_vote", k.desk.CloseVote(k.ctx, chair, i.ID)) {
		k.try("item.defer", k.desk.DeferItem(k.ctx, chair, i.ID, "中途不足法定人数"))
		return
	}
	if k.programme.Meeting.Ballot != "named" { // a secret meeting votes on paper here: the secret ballot has its own test
		k.count(i.ID)
	}
	k.declare(i.ID, chair)
}

// conductor is who may conduct an item: the one who presides, or the other chair.
func (k *kept) conductor(m meeting.Meeting, key id.Item) stage.Actor {
	if k.chance(4) {
		return k.anyone(k.chairs)
	}
	for _, c := range k.chairs {
		if v, err := k.desk.Item(k.ctx, c, key); err == nil && v.Conducts {
			return c
		}
	}
	return as(m.Presiding, stage.Chair)
}

// vote lets everybody vote, the one who presides last; some twice, some not at all.
func (k *kept) vote(m meeting.Meeting, key id.Item) {
	lean := 40 + k.IntN(60)
	for pass := range 2 {
		for _, s := range m.Roster {
			if (s.Account == m.Presiding) != (pass == 1) && !k.chance(4) || k.chance(3) {
				continue
			}
			if k.chance(2) {
				k.try("meeting.depart", k.desk.DepartMeeting(k.ctx, seated(s), m.ID, s.Account))
			}
			choice := "no"
			switch n := k.IntN(100); {
			case n < lean:
				choice = "aye"
			case n > 94:
				choice = "abstain"
			}
			k.try("item.vote", k.desk.Vote(k.ctx, seated(s), key, choice))
			k.tickle()
		}
	}
}

// countSheet is the scan of a count sheet: the least picture that is one.
var countSheet = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
}()

// count lets two scrutineers count paper ballots; now and then they disagree with
// what was issued.
func (k *kept) count(key id.Item) {
	n := read(k, func(tx *store.Tx) (item.Item, error) { return tx.Item(key) }).Base.Present
	ayes := k.IntN(n + 1)
	t := ballot.Tally{Issued: n, Collected: n, Ayes: ayes, Noes: n - ayes}
	if k.chance(8) {
		t.Collected, t.Noes = t.Collected+1, t.Noes+1
	}
	for _, by := range k.scrutineers {
		k.try("item.count", k.desk.CountBallots(k.ctx, by, key, t))
	}
	if k.chance(90) {
		k.try("item.attach_sheet", k.desk.AttachCountSheet(k.ctx, pick(k, k.scrutineers), key, "计票单.png", bytes.NewReader(countSheet)))
	}
}

func (k *kept) declare(key id.Item, chair stage.Actor) {
	casting := pick(k, []string{"aye", "no", ""})
	if k.chance(40) && k.try("item.declare", k.desk.Declare(k.ctx, chair, key, casting, "")) {
		return
	}
	if k.try("item.declare", k.desk.Declare(k.ctx, chair, key, pick(k, []string{"aye", "no"}), "委员会认为情况与初审时不同")) ||
		k.try("item.annul", k.desk.AnnulVote(k.ctx, chair, key, "收回多于发出")) {
		return
	}
	k.try("item.defer", k.desk.DeferItem(k.ctx, chair, key, "没有结果"))
}

// places applies the round's places to what was carried.
func (k *kept) places(m meeting.Meeting) {
	for _, i := range read(k, func(tx *store.Tx) ([]item.Item, error) { return tx.ItemsOf(m.ID) }) {
		v, err := k.desk.Item(k.ctx, as(m.Presiding, stage.Chair), i.ID)
		if err != nil {
			continue
		}
		if v.Out {
			k.try("item.displace", k.desk.Displace(k.ctx, k.conductor(m, i.ID), i.ID))
		}
		if v.Again {
			k.try("item.second_ballot", k.desk.SecondBallot(k.ctx, k.conductor(m, i.ID), i.ID))
		}
	}
}

func (k *kept) publicities() []publicity.Publicity {
	return read(k, func(tx *store.Tx) ([]publicity.Publicity, error) {
		return tx.Publicities(reader, store.PublicityFilter{Programme: k.programme.Name})
	})
}

// mayPublicise makes a list of what the committee carried public.
func (k *kept) mayPublicise() {
	choices, err := k.desk.PublicityChoices(k.ctx, k.clerks[0])
	if err != nil {
		k.violate("a clerk sees who waits for publicity", err.Error())
	}
	for _, c := range choices {
		k.may(5, func() {
			_, err := k.desk.DraftPublicity(k.ctx, k.anyone(k.clerks), c.Round.ID, c.Plan())
			k.try("publicity.draft", err)
		})
	}
	for _, p := range k.publicities() {
		switch p.State {
		case publicity.Drafted:
			k.may(8, func() {
				from := k.today().AddDays(-pick(k, []int{0, 0, 0, 0, 1}))
				k.try("publicity.publish", k.desk.PublishPublicity(k.ctx, k.anyone(k.directors), p.ID, k.seen(p.Version), from, k.chance(85)))
			})
			if k.chance(4) {
				k.may(1, func() {
					k.try("publicity.cancel", k.desk.CancelPublicity(k.ctx, k.anyone(k.clerks), p.ID, "名单有误"))
				})
			}
		case publicity.Running:
			if p.Elsewhere() && p.Posting.At.IsZero() {
				k.may(12, func() {
					at := k.now.Add(-time.Duration(k.IntN(7200)) * time.Second)
					k.try("publicity.post", k.desk.PostPublicity(k.ctx, k.anyone(k.clerks), p.ID, publicity.Posting{URL: "https://portal.example/list.html", At: at}, k.chance(85)))
				})
			}
			if k.chance(10) {
				k.may(1, func() { k.disturb(p) })
			}
		}
	}
}

// disturb interrupts, recounts or withdraws what is running, or ends it early.
func (k *kept) disturb(p publicity.Publicity) {
	by := k.anyone(k.directors)
	switch n := k.IntN(13); n / 4 {
	case 0:
		from := k.now.Add(-time.Duration(1+k.IntN(40)) * time.Hour)
		k.try("publicity.interrupt", k.desk.InterruptPublicity(k.ctx, by, p.ID, from, k.now, "网站停机", k.chance(50)))
	case 1:
		k.try("publicity.recount", k.desk.RecountPublicity(k.ctx, by, p.ID))
	case 2:
		k.try("publicity.take_down", k.desk.TakeDownPublicity(k.ctx, k.anyone(k.clerks), p.ID, k.now))
	default:
		k.try("publicity.withdraw", k.desk.WithdrawPublicity(k.ctx, by, p.ID, "名单有误"))
	}
}

// mayObject lets anybody object, and the office look into it.
func (k *kept) mayObject() {
	for _, p := range k.publicities() {
		if p.State != publicity.Running && p.State != publicity.Served {
			continue
		}
		for _, c := range read(k, func(tx *store.Tx) ([]publicity.Candidate, error) { return tx.CandidatesOf(p.ID) }) {
			if p.State == publicity.Running && k.chance(25) || k.chance(1) {
				k.may(1, func() { k.object(c) })
			}
			for _, o := range read(k, func(tx *store.Tx) ([]objection.Objection, error) { return tx.ObjectionsAgainst(c.ID) }) {
				k.mayInquire(o)
			}
		}
	}
}

func (k *kept) object(c publicity.Candidate) {
	f := objection.Filing{Channel: objection.Web, Name: "来信人", Contact: "来信地址", Text: fmt.Sprintf("第%d件：材料与事实不符", k.last), Anonymous: k.chance(15)}
	by := stage.Anyone
	if k.chance(20) {
		f.Channel, f.On, by = objection.Letter, k.today().AddDays(-k.IntN(3)), k.anyone(k.clerks)
	}
	_, err := k.desk.FileObjection(k.ctx, by, c.ID, f, "")
	k.try("objection.file", err)
}

func (k *kept) mayInquire(o objection.Objection) {
	handler := as(o.Handler, stage.Clerk)
	switch o.State {
	case objection.Received:
		k.may(6, func() { k.try("objection.admit", k.desk.AdmitObjection(k.ctx, k.anyone(k.clerks), o.ID)) })
	case objection.Admitted:
		k.may(6, func() {
			k.try("objection.assign", k.desk.AssignObjection(k.ctx, k.anyone(k.directors), o.ID, pick(k, k.clerks).Account))
		})
	case objection.Investigating:
		if o.AskedAt.IsZero() {
			k.may(4, func() {
				k.try("objection.ask", k.desk.AskObjection(k.ctx, handler, o.ID, "请说明情况", 1+k.IntN(4)))
			})
		} else if o.RepliedAt.IsZero() {
			k.may(3, func() {
				k.try("objection.reply", k.desk.ReplyObjection(k.ctx, k.applicant(o.Organisation), o.ID, "情况说明"))
			})
		}
		k.may(3, func() {
			by := handler
			if k.chance(10) {
				by = k.anyone(k.clerks)
			}
			k.try("objection.conclude", k.desk.ConcludeObjection(k.ctx, by, o.ID, objection.Conclusion{Founded: k.chance(50), Summary: "反映材料不实", Finding: "经核查"}))
		})
	case objection.Unfounded, objection.Upheld, objection.Overruled:
		k.may(6, func() {
			if o.State == objection.Unfounded && k.chance(10) {
				k.try("objection.send_back", k.desk.SendBackObjection(k.ctx, k.anyone(k.directors), o.ID, "核查不清"))
				return
			}
			k.try("objection.answer", k.desk.AnswerObjection(k.ctx, k.anyone(k.directors), o.ID, "已核实，答复如下"))
		})
	}
}

// mayName drafts, releases and issues a naming.
func (k *kept) mayName() {
	heads := append(slices.Clone(k.directors), k.chairs...)
	for _, r := range k.running() {
		open := false
		for _, n := range read(k, func(tx *store.Tx) ([]naming.Naming, error) { return tx.NamingsOf(r.ID) }) {
			if n.State != naming.Drafted && n.State != naming.Released {
				continue
			}
			open = true
			enough := len(n.Releases) >= naming.Releases(k.programme)
			if !enough {
				k.may(8, func() { k.try("naming.release", k.desk.ReleaseNaming(k.ctx, k.anyone(heads), n.ID, k.seen(n.Version))) })
			}
			if enough || k.chance(4) {
				k.may(8, func() {
					k.try("naming.issue", k.desk.IssueNaming(k.ctx, k.anyone(k.directors), n.ID, k.seen(n.Version)))
				})
			}
			if k.chance(5) {
				k.may(1, func() {
					k.try("naming.send_back", k.desk.SendBackNaming(k.ctx, k.anyone(heads), n.ID, 0, "名单要核对"))
				})
				k.may(1, func() { k.try("naming.cancel", k.desk.CancelNaming(k.ctx, k.anyone(heads), n.ID, 0, "重新起草")) })
			}
		}
		if open {
			continue
		}
		v, err := k.desk.NamingChoices(k.ctx, k.clerks[0], r.ID)
		if err == nil && (len(v.Plan.List) > 0 || k.chance(1)) {
			k.may(6, func() {
				_, err := k.desk.DraftNaming(k.ctx, k.anyone(k.clerks), r.ID, v.Plan)
				k.try("naming.draft", err)
			})
		}
	}
}
