package play

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Demo is a theatre for people to walk in: they enter as anybody of its cast and
// move its clock.
type Demo struct {
	*Theatre
	playing sync.Mutex // one scene after another
}

// demoHouses is how many organisations the demonstration has.
const demoHouses = 30

var errBack = fault.Define(fault.Invalid, "demo.clock.back",
	"时钟只能往前拨。现在是%s，选一个更晚的日期。", "")

// OpenDemo opens the demonstration on a store: a new one is filled with a past
// round and an open call, so that there is something to do for every role; one that
// was filled before goes on where it stood. The clock stands at 9:00 of today. seed
// is fresh randomness: identifiers of a demonstration that goes on must not repeat.
// files is where uploaded files are kept.
func OpenDemo(ctx context.Context, s *store.Store, files casework.Files, file []byte, today calendar.Date, seed [32]byte) (*Demo, error) {
	t := stageOn(ctx, s, today, seed)
	t.Desk.Files = files
	first, err := t.Desk.FirstStart(ctx)
	if err != nil {
		return nil, err
	}
	if !first {
		return t.resume(file)
	}
	begin := today.AddYears(-3)
	if t, err = Open(ctx, s, file, begin, demoHouses); err != nil {
		return nil, err
	}
	t.Desk.Rand, t.Desk.Files = &chances{from: rand.NewChaCha8(seed)}, files
	return &Demo{Theatre: t}, run(func() { t.furnish(today) })
}

// update brings what is known of an organisation up to the year.
func (t *Theatre) update(h House) {
	must(t.Desk.EditFacts(t.ctx, t.Cast.Clerk, h.ID, 0, t.facts(t.today().Year)))
	if !aboutParty(t.Programme) {
		return
	}
	b := see(t, func(tx *store.Tx) ([]party.Body, error) { return tx.BodiesOf(h.ID) })[0]
	fresh := EligibleBody(b.Name, t.today().Year)
	fresh.ID = b.ID
	must(t.Desk.EditParty(t.ctx, t.Cast.Clerk, h.ID, 0, fresh))
}

// worded gives the charter of an organisation words of its own.
func (t *Theatre) worded(h House, wording string) {
	if !aboutParty(t.Programme) {
		return
	}
	f := t.facts(t.today().Year)
	f.Charter.Wording = wording
	must(t.Desk.EditFacts(t.ctx, t.Cast.Clerk, h.ID, 0, f))
}

// furnish lives a round of three years ago, and opens this year's.
func (t *Theatre) furnish(today calendar.Date) {
	past := newLife()
	t.firstRound(past)
	t.on(today.AddDays(-12), 9)
	for n := 12; n < demoHouses; n++ {
		t.update(t.Houses[n])
	}
	l := newLife()
	l.first = t.callFor(today.Year)
	t.later(4)
	for n := 12; n < 18; n++ {
		l.files[n] = t.file(l.first, t.Houses[n])
	}
	for n := 18; n < 21; n++ {
		t.draft(l.first, t.Houses[n])
	}
	for n := 12; n < 15; n++ {
		must(t.Desk.AcceptApplication(t.ctx, t.Cast.Clerk, l.files[n]))
	}
	t.review(l.files[12], "recommend")
	t.to(today.Start().Add(9 * time.Hour))
}

// resume finds the people and the clock of a demonstration that was left.
func (t *Theatre) resume(file []byte) (*Demo, error) {
	lines, err := t.Timeline(t.ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		if l.At.After(t.now) && l.Role != string(stage.Operator) {
			t.now = l.At
		}
	}
	return &Demo{Theatre: t}, run(func() {
		if p, problems := t.Desk.CheckProgramme(file); len(problems) == 0 {
			t.Programme = one(t.Desk.Programme(t.ctx, stage.Anyone, p.Name)).Programme
		}
		t.rehire()
	})
}

// rehire finds everybody's account again, by the login names of hire.
func (t *Theatre) rehire() {
	find := func(login string) stage.Actor {
		a := one(t.Desk.AccountByLogin(t.ctx, casework.Console, login))
		return a.Actor(a.Grants[0])
	}
	c := &t.Cast
	c.Operator, c.Auditor = find("operator"), find("auditor")
	c.Clerk, c.Second, c.Third = find("clerk1"), find("clerk2"), find("clerk3")
	c.Director, c.Chair, c.Vice = find("director"), find("chair"), find("vice")
	for i := range 6 {
		c.Members = append(c.Members, find(fmt.Sprintf("member%d", i+1)))
		c.Assessors = append(c.Assessors, find(fmt.Sprintf("assessor%d", i+1)))
	}
	for i := range 4 {
		c.Scrutineers = append(c.Scrutineers, find(fmt.Sprintf("scrutineer%d", i+1)))
	}
	for i, o := range Organisations(demoHouses) {
		by := find(fmt.Sprintf("unit%d", i+1))
		t.Houses = append(t.Houses, House{Invented: o, ID: by.Organisation, By: by})
	}
}

// Roles lists whom one may enter as, in the order of the life.
func (d *Demo) Roles() []casework.DemoRole {
	c := d.Cast
	as := func(by stage.Actor, name, note string) casework.DemoRole {
		return casework.DemoRole{Account: by.Account, Grant: casework.Grant{Role: by.Role, Organisation: by.Organisation, Programme: by.Programme}, Name: name, Note: note}
	}
	roles := []casework.DemoRole{
		as(d.Houses[21].By, d.Houses[21].Name, "还没有申报，从“我要申报”开始"),
		as(d.Houses[18].By, d.Houses[18].Name, "有一件没有提交的草稿"),
		as(d.Houses[12].By, d.Houses[12].Name, "已提交，正在办理"),
		as(d.Houses[0].By, d.Houses[0].Name, "持有称号，正在复查"),
		as(c.Clerk, "经办人甲", "受理、初审、安排考核、召集会议、起草公示"),
		as(c.Second, "经办人乙", "初审、复核"),
		as(c.Third, "经办人丙", "核查异议"),
		as(c.Director, "办公室负责人甲", "发布通知和公示，确认初审，放行命名"),
		as(c.Assessors[0], "考核员甲", "实地考核和复查"),
		as(c.Assessors[1], "考核员乙", "考核组成员"),
		as(c.Assessors[2], "考核员丙", "考核组成员"),
	}
	for n, m := range c.Members {
		roles = append(roles, as(m, "委员"+ordinals[n], "签到、回避、表决"))
	}
	return append(roles,
		as(c.Chair, "主任委员甲", "主持会议，宣布结果，作出决定"),
		as(c.Vice, "副主任委员乙", "主持人回避时代为主持"),
		as(c.Scrutineers[0], "监票人甲", "清点纸质票，保管密钥"),
		as(c.Scrutineers[1], "监票人乙", "清点纸质票，保管密钥"),
		as(c.Scrutineers[2], "监票人丙", "保管密钥，解密票数"),
		as(c.Scrutineers[3], "监票人丁", "做监督员，制作投票凭证"),
		as(c.Auditor, "审计员甲", "查看存证日志，不办理"),
		as(c.Operator, "系统管理员甲", "账号和方案"),
	)
}

// Jumps lists the instants ahead that are worth moving to.
func (d *Demo) Jumps(ctx context.Context) ([]casework.Milestone, error) {
	return d.Desk.Milestones(ctx)
}

// MoveTo moves the clock forward and does what falls due on the way.
func (d *Demo) MoveTo(ctx context.Context, to time.Time) error {
	if !to.After(d.Now()) {
		return errBack.At("day", calendar.DateOf(d.Now()).Chinese())
	}
	return d.Theatre.MoveTo(ctx, to)
}
