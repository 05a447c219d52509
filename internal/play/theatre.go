package play

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Theatre is a desk on a database of its own, the people of an invented world,
// and a clock that a script moves.
type Theatre struct {
	Desk      *casework.Desk
	Cast      Cast
	Programme *programme.Programme
	Houses    []House

	printed []casework.Paper // lists that are printed once and are otherwise afterwards

	dated bool // rounds are called as the programme's own deadline asks, and not for today
	ctx   context.Context
	lock  sync.Mutex
	now   time.Time
}

// Cast is the people who run a programme. Every name is invented.
type Cast struct {
	Operator, Auditor               stage.Actor
	Clerk, Second, Third            stage.Actor // 办公室经办人; the third handles objections
	Director                        stage.Actor
	Chair, Vice                     stage.Actor
	Members, Assessors, Scrutineers []stage.Actor
	Releasing                       []stage.Actor // who may release a naming, in this order
	names                           map[id.Account]string
}

// House is an organisation of the world with who acts for it.
type House struct {
	Invented
	ID id.Organisation
	By stage.Actor
}

// halt ends a script whose act did not succeed.
type halt struct{ err error }

// must ends the script when an act that should succeed was refused.
func must(err error) {
	if err != nil {
		panic(halt{err})
	}
}

func one[T any](v T, err error) T {
	must(err)
	return v
}

// run runs a script until it ends or an act of it does not succeed.
func run(script func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			h, ours := p.(halt)
			if !ours {
				panic(p)
			}
			err = h.err
		}
	}()
	script()
	return nil
}

// Open makes a theatre on a store whose record has its key: the programme is
// loaded, the people have accounts, and n organisations are registered with facts
// that satisfy the usual rules. The clock stands at 9:00 of the given day.
func Open(ctx context.Context, s *store.Store, file []byte, day calendar.Date, n int) (*Theatre, error) {
	t := stageOn(ctx, s, day, [32]byte{7})
	return t, run(func() {
		t.hire()
		name := one(t.Desk.LoadProgramme(ctx, t.Cast.Operator, file))
		t.Programme = one(t.Desk.Programme(ctx, t.Cast.Operator, name)).Programme
		t.hireMore()
		for _, o := range organisationsFor(t.Programme, n) {
			t.register(o)
		}
	})
}

// stageOn sets up an empty theatre.
func stageOn(ctx context.Context, s *store.Store, day calendar.Date, seed [32]byte) *Theatre {
	t := &Theatre{ctx: ctx, now: day.Start().Add(9 * time.Hour)}
	t.Desk = &casework.Desk{Store: s, Now: t.Now, Rand: &chances{from: rand.NewChaCha8(seed)}, Files: casework.Files{Blobs: blob.Memory(t.Now)}}
	s.Follow(t.Desk.Followed)
	return t
}

// Now is the theatre's time.
func (t *Theatre) Now() time.Time {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.now
}

func (t *Theatre) set(now time.Time) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.now = now
}

// MoveTo moves the clock forward and does what falls due on the way, each thing
// at its own instant.
func (t *Theatre) MoveTo(ctx context.Context, to time.Time) error {
	for t.Now().Before(to) {
		next := to
		ahead, err := t.Desk.Milestones(ctx)
		if err != nil {
			return err
		}
		if len(ahead) > 0 && ahead[0].At.Before(to) {
			next = ahead[0].At
		}
		t.set(next)
		if _, err := t.Desk.Tick(ctx); err != nil {
			return err
		}
	}
	return nil
}

// chances is randomness that several may read at once: seeded, so that a script
// makes the same identifiers each time.
type chances struct {
	one  sync.Mutex
	from io.Reader
}

// Read implements io.Reader.
func (c *chances) Read(p []byte) (int, error) {
	c.one.Lock()
	defer c.one.Unlock()
	return c.from.Read(p)
}

// ordinals tell apart who has the same role.
var ordinals = []string{"甲", "乙", "丙", "丁", "戊", "己"}

// hire gives everybody an account.
func (t *Theatre) hire() {
	c := &t.Cast
	c.names = map[id.Account]string{}
	c.Operator = t.person("operator", "系统管理员甲", stage.Operator)
	c.Auditor = t.person("auditor", "审计员甲", stage.Auditor)
	c.Clerk, c.Second = t.person("clerk1", "经办人甲", stage.Clerk), t.person("clerk2", "经办人乙", stage.Clerk)
	c.Third = t.person("clerk3", "经办人丙", stage.Clerk)
	c.Director = t.person("director", "办公室负责人甲", stage.Director)
	c.Chair, c.Vice = t.person("chair", "主任委员甲", stage.Chair), t.person("vice", "副主任委员乙", stage.Chair)
	for i, n := range ordinals {
		c.Members = append(c.Members, t.person(fmt.Sprintf("member%d", i+1), "委员"+n, stage.Member))
		c.Assessors = append(c.Assessors, t.person(fmt.Sprintf("assessor%d", i+1), "考核员"+n, stage.Assessor))
	}
	for i, n := range []string{"甲", "乙", "丙", "丁"} {
		c.Scrutineers = append(c.Scrutineers, t.person(fmt.Sprintf("scrutineer%d", i+1), "监票人"+n, stage.Scrutineer))
	}
}

// hireMore gives accounts to those whom the programme wants beyond the usual cast:
// larger teams, and more people who release the naming.
func (t *Theatre) hireMore() {
	c := &t.Cast
	for n := len(c.Assessors) + 1; n <= t.Programme.Visit.TeamMin; n++ {
		c.Assessors = append(c.Assessors, t.person(fmt.Sprintf("assessor%d", n), fmt.Sprintf("考核员第%d", n), stage.Assessor))
	}
	c.Releasing = []stage.Actor{c.Director, c.Chair, c.Vice}
	for n := 2; len(c.Releasing) < t.Programme.Naming.Releases; n++ {
		c.Releasing = append(c.Releasing, t.person(fmt.Sprintf("director%d", n), fmt.Sprintf("办公室负责人第%d", n), stage.Director))
	}
}

func (t *Theatre) person(login, name string, role stage.Role) stage.Actor {
	return t.grant(login, name, casework.Grant{Role: role})
}

func (t *Theatre) grant(login, name string, g casework.Grant) stage.Actor {
	key := one(t.Desk.AddAccount(t.ctx, casework.Console, casework.NewAccount{Login: login, Name: name, Grants: []casework.Grant{g}}))
	t.Cast.names[key] = name
	a := casework.Account{ID: key}
	return a.Actor(g)
}

// Name returns how an account of the cast is called.
func (t *Theatre) Name(key id.Account) string { return t.Cast.names[key] }

// register enters an organisation, with facts that the office confirmed and
// somebody who acts for it.
func (t *Theatre) register(o Invented) {
	year := calendar.DateOf(t.Now()).Year
	key := one(t.Desk.RegisterOrganisation(t.ctx, t.Cast.Clerk, organisation.Registration{
		Code: o.Code, Name: o.Name, Registrar: registrar(t.Programme), Industry: "现代服务业", LegalHead: "负责人甲", Contact: "办公室电话",
		RegisteredOn: calendar.On(year-11, time.March, 1),
	}))
	must(t.Desk.EditFacts(t.ctx, t.Cast.Clerk, key, 0, t.facts(year)))
	if aboutParty(t.Programme) {
		_ = one(t.Desk.AddParty(t.ctx, t.Cast.Clerk, key, EligibleBody(o.Party, year)))
	}
	by := t.grant(fmt.Sprintf("unit%d", len(t.Houses)+1), "经办人（"+o.Name+"）", casework.Grant{Role: stage.Applicant, Organisation: key})
	t.Houses = append(t.Houses, House{Invented: o, ID: key, By: by})
}
