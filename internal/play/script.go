package play

import (
	"bytes"
	"errors"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// houses is how many organisations a script needs.
const houses = 12

var errNobodyWaits = errors.New("play: nobody of the round waits for publicity")

// lifeOf is what a script brought about: by house, the applications of the first
// round and the titles.
type lifeOf struct {
	first, second id.Round
	year          int // of the first round
	files         map[int]id.Application
	titles        map[int]id.Designation
	carried       []int // houses that the committee chose in the first round, in order
	named         []int // of them, those that got a title
}

func newLife() *lifeOf {
	return &lifeOf{files: map[int]id.Application{}, titles: map[int]id.Designation{}}
}

// roundTakes is how many days a round takes in a script, roughly.
const roundTakes = 200

// Live plays a programme's whole life: two rounds, what comes after naming,
// in the order in which the programme makes them fall due, and the years until the
// programme is abolished. A second round that no
// published calendar reaches is left out. It stops at the first act that is refused
// although the script needs it.
func (t *Theatre) Live() error {
	return run(func() {
		l := newLife()
		t.firstRound(l)
		if opens, ok := t.recheckOpens(l); ok && opens.Before(t.callDay(t.nextYear(l)).AddDays(roundTakes)) {
			t.after(l)
			t.secondRound(l)
			t.between(l)
		} else {
			t.secondRound(l)
			t.after(l)
			t.between(l)
		}
		t.divide(l)
		t.years(l)
	})
}

// firstYear is the year of the first deadline of the programme that leaves enough time
// to apply.
func (t *Theatre) firstYear() int {
	year := t.today().Year
	if !t.dated || !t.deadline(year).Before(t.today().AddDays(max(t.Programme.Filing.MinDays, 20))) {
		return year
	}
	return year + 1
}

// nextYear is the year of the next regular round that can still be called in time.
func (t *Theatre) nextYear(l *lifeOf) int {
	cycle := max(t.Programme.Cycle.EveryYears, 1)
	year := l.year + cycle
	for t.callDay(year).Before(t.today()) {
		year += cycle
	}
	return year
}

// firstRound: eleven begin. One is late, one takes it back, one corrects, one has a
// charter in words of its own, which leaves a rule in doubt until the director
// overrides it, one is voted down, one ends in a tie, one
// is put off because too many have left and then chosen by a secret ballot, and of those publicised one
// falls by an objection while another objection is dismissed.
func (t *Theatre) firstRound(l *lifeOf) {
	l.year = t.firstYear()
	registered := t.today().Year
	l.first = t.callFor(l.year)
	if t.today().Year != registered {
		for _, h := range t.Houses {
			t.update(h)
		}
	}
	t.later(6)
	t.worded(t.Houses[4], "本会坚持中国共产党的全面领导。")
	for n := range 9 {
		l.files[n] = t.file(l.first, t.Houses[n])
	}
	late := t.draft(l.first, t.Houses[9])
	must(t.Desk.WithdrawApplication(t.ctx, t.Houses[8].By, l.files[8]))
	t.to(one(t.Desk.Round(t.ctx, stage.Anyone, l.first)).Round.Deadline)
	t.wantRefused(t.Desk.SubmitApplication(t.ctx, t.Houses[9].By, late, 0, t.Desk.SubmissionKey()))

	t.later(1)
	for n := range 8 {
		if n == 5 {
			t.correct(l.files[n], t.Houses[n])
		}
		must(t.Desk.AcceptApplication(t.ctx, t.Cast.Clerk, l.files[n]))
	}
	t.later(3)
	for n := range 8 {
		t.review(l.files[n], map[bool]string{true: "not_recommend", false: "recommend"}[n == 6])
	}
	t.visits(t.some(l.files, 8), map[id.Application]string{l.files[6]: "partly"}, true)
	t.later(1)
	var ballots []ballot
	for n := 1; n < 8; n++ { // the first is decided by a secret ballot
		b := ballot{subject: item.Subject{Kind: "application", ID: string(l.files[n])}, ayes: -1}
		switch n {
		case 1:
			b.recuse = 2
		case 6:
			b.ayes = 0
		case 7:
			b.tie, b.reason = true, "委员会认为业绩尚不突出，下一届再议。"
		}
		ballots = append(ballots, b)
	}
	// The last item of the day: too many have left, and it is the one of the secret ballot.
	ballots = append(ballots, ballot{subject: item.Subject{Kind: "application", ID: string(l.files[0])}, short: true})
	t.meet(l.first, "第1次"+t.Programme.Meeting.Body, ballots)
	t.secretly(l.first, "第1次"+t.Programme.Meeting.Body+"（无记名表决）", l.files[0])
	t.later(1)
	for n := range 8 {
		if a := see(t, func(tx *store.Tx) (application.Application, error) { return tx.Application(l.files[n]) }); a.Stage == "publicity" {
			l.carried = append(l.carried, n)
		}
	}
	p := t.publicise(l.first)
	t.objections(l)
	t.to(p.Ends.Add(time.Hour))
	l.named = t.name(l, l.first, l.carried)
	t.stories(l)
}

// objections: one against the candidate in the middle of the list is upheld, one
// against the next is dismissed. Where only one was chosen, it is the dismissed one.
func (t *Theatre) objections(l *lifeOf) {
	middle := len(l.carried) / 2
	if len(l.carried) == 1 {
		o := t.object(l.files[l.carried[0]], "活动场所与材料不符。")
		t.later(1)
		t.conclude(o, false)
		return
	}
	against := (middle + 1) % len(l.carried)
	upheld, dismissed := t.object(l.files[l.carried[middle]], "三年前的处罚没有申报。"), t.object(l.files[l.carried[against]], "活动场所与材料不符。")
	t.later(1)
	t.conclude(dismissed, false)
	t.conclude(upheld, true)
	t.meet("", "第2次"+t.Programme.Meeting.Body+"（异议复议）", []ballot{{subject: item.Subject{Kind: "objection", ID: string(upheld)}, ayes: -1}})
	must(t.Desk.AnswerObjection(t.ctx, t.Cast.Director, upheld, "经会议复议，异议成立，已从名单中去掉。"))
}

// secondRound, a cycle later: two apply and are named, one of them with a
// correction.
func (t *Theatre) secondRound(l *lifeOf) {
	year := t.nextYear(l)
	if !one(t.Desk.Calendar(t.ctx)).Knows(year) {
		return
	}
	for n := 10; n < 12; n++ {
		t.update(t.Houses[n])
	}
	l.second = t.callFor(year)
	t.later(10)
	for n := 10; n < 12; n++ {
		l.files[n] = t.file(l.second, t.Houses[n])
	}
	t.to(one(t.Desk.Round(t.ctx, stage.Anyone, l.second)).Round.Deadline)
	t.later(1)
	t.correct(l.files[10], t.Houses[10])
	for n := 10; n < 12; n++ {
		must(t.Desk.AcceptApplication(t.ctx, t.Cast.Second, l.files[n]))
		t.review(l.files[n], "recommend")
	}
	two := []id.Application{l.files[10], l.files[11]}
	t.visits(two, nil, false)
	t.later(1)
	t.meet(l.second, "第3次"+t.Programme.Meeting.Body, []ballot{
		{subject: item.Subject{Kind: "application", ID: string(two[0])}, ayes: -1}, {subject: item.Subject{Kind: "application", ID: string(two[1])}, ayes: -1},
	})
	t.later(1)
	p := t.publicise(l.second)
	t.to(p.Ends.Add(time.Hour))
	t.name(l, l.second, []int{10, 11})
}

func (t *Theatre) some(files map[int]id.Application, n int) (all []id.Application) {
	for i := range n {
		all = append(all, files[i])
	}
	return all
}

// wantRefused ends the script unless an act was refused.
func (t *Theatre) wantRefused(err error) {
	if err == nil {
		panic(halt{errors.New("play: what is late was taken")})
	}
}

// name releases and issues the naming of everybody who waits in a round, and hands
// the plaques over.
func (t *Theatre) name(l *lifeOf, r id.Round, houses []int) (named []int) {
	t.later(1)
	choices := one(t.Desk.NamingChoices(t.ctx, t.Cast.Clerk, r))
	key := one(t.Desk.DraftNaming(t.ctx, t.Cast.Clerk, r, choices.Plan))
	for _, by := range t.Cast.Releasing[:t.Programme.Naming.Releases] {
		must(t.Desk.ReleaseNaming(t.ctx, by, key, 0))
	}
	must(t.Desk.IssueNaming(t.ctx, t.Cast.Director, key, 0))
	_ = see(t, func(tx *store.Tx) (naming.Naming, error) { return tx.Naming(key) })
	t.later(7)
	t.prints(t.Desk.CeremonyPaper(t.ctx, t.Cast.Clerk))
	for _, n := range houses {
		if a := see(t, func(tx *store.Tx) (application.Application, error) { return tx.Application(l.files[n]) }); a.State != application.Named {
			continue
		}
		named = append(named, n)
		d := see(t, func(tx *store.Tx) (designation.Designation, error) { return tx.DesignationOf(l.files[n]) })
		l.titles[n] = d.ID
		q := see(t, func(tx *store.Tx) (plaque.Plaque, error) { return tx.PlaqueOf(d.ID) })
		must(t.Desk.HandOverPlaque(t.ctx, t.Cast.Clerk, q.ID, 0, "负责人", t.today()))
		if len(named) == 1 {
			must(t.Desk.AddPhotograph(t.ctx, t.Cast.Clerk, q.ID, "牌匾.png", "红底金字的牌匾，挂在大门右侧的墙上", bytes.NewReader(PlaquePhoto(len(l.titles)))))
		}
	}
	must(t.Desk.ConcludeRound(t.ctx, t.Cast.Director, r))
	return named
}
