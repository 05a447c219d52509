package simulate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/record"
	"shifan/internal/store"
)

// begins is when every life begins.
var begins = calendar.On(2021, time.January, 4).Start().Add(9 * time.Hour)

// troupe is who acts on a database. It is small, so that a life is short.
type troupe struct {
	people
	operator stage.Actor
	houses   []house
	spare    []house // that others are split up into
}

// house is an organisation with who acts for it.
type house struct {
	play.Invented
	ID id.Organisation
	By stage.Actor
}

// stages makes what lives begin with: the programme as it is written, twice as often as the
// same one with an exercise before the visits and a sample of the yearly plan.
func stages(ctx context.Context, dir string, o Options, text []byte) (all []*premises, err error) {
	at, err := furnish(ctx, filepath.Join(dir, "plain"), o, o.Programme, text)
	if err != nil {
		return nil, err
	}
	strict := bytes.Replace(text, []byte("\nvisit:\n"), []byte("\nvisit:\n  calibration: required\n"), 1)
	strict = bytes.Replace(strict, []byte("\nrecheck:\n"), []byte("\nrecheck:\n  sample_number: 1\n"), 1)
	p, problems := format.Read(strict)
	if len(problems) > 0 {
		return []*premises{at}, nil // it says so itself
	}
	other, err := furnish(ctx, filepath.Join(dir, "strict"), o, p, strict)
	return []*premises{at, at, other}, err
}

// furnish makes the database that lives begin with.
func furnish(ctx context.Context, dir string, o Options, p *programme.Programme, text []byte) (*premises, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	at := &premises{dir: dir, programme: p}
	file := filepath.Join(dir, database)
	s, err := store.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	if at.key, err = record.NewKey(seeded(o.Seed), "simulate.example/record"); err == nil {
		err = s.UseKey(ctx, at.key)
	}
	if err == nil {
		d := &casework.Desk{Store: s, Now: func() time.Time { return begins }, Rand: rand.NewChaCha8([32]byte{byte(o.Seed)})}
		n := o.Organisations
		if n <= 0 {
			n = 4
		}
		err = at.hire(ctx, d, text, n)
	}
	if err == nil {
		err = s.View(ctx, func(tx *store.Tx) error {
			all, err := tx.Entries(stage.Actor{Role: stage.Auditor}, store.EntryFilter{Limit: 1})
			if len(all) > 0 {
				at.last = all[0].Ticket
			}
			return err
		})
	}
	if err = errors.Join(err, s.Close()); err == nil {
		at.file, err = os.ReadFile(file)
	}
	return at, err
}

// hire gives everybody an account, loads the programme and registers the
// organisations.
func (at *premises) hire(ctx context.Context, d *casework.Desk, text []byte, organisations int) error {
	var failed error
	person := func(g casework.Grant, n int) stage.Actor {
		name := fmt.Sprintf("%s%d", g.Role, n)
		key, err := d.AddAccount(ctx, casework.Console, casework.NewAccount{Login: name, Name: g.Role.Word() + fmt.Sprint(n), Grants: []casework.Grant{g}})
		failed = errors.Join(failed, err)
		a := casework.Account{ID: key}
		return a.Actor(g)
	}
	some := func(role stage.Role, n int) (all []stage.Actor) {
		for i := range n {
			all = append(all, person(casework.Grant{Role: role}, i+1))
		}
		return all
	}
	at.operator = person(casework.Grant{Role: stage.Operator}, 1)
	at.clerks, at.directors, at.chairs = some(stage.Clerk, 3), some(stage.Director, 1), some(stage.Chair, 2)
	at.members, at.assessors, at.scrutineers = some(stage.Member, 2), some(stage.Assessor, 5), some(stage.Scrutineer, 2)
	_, err := d.LoadProgramme(ctx, at.operator, text)
	failed = errors.Join(failed, err)
	const spare = 2
	for n, o := range play.Organisations(organisations + spare) {
		key, err := d.RegisterOrganisation(ctx, at.clerks[0], organisation.Registration{
			Code: o.Code, Name: o.Name, Registrar: "吉林省民政厅", Industry: "现代服务业", LegalHead: "负责人", Contact: "办公室电话",
			RegisteredOn: calendar.On(2010, time.March, 1),
		})
		if err == nil {
			err = d.EditFacts(ctx, at.clerks[0], key, 0, play.EligibleFacts(2021))
		}
		if err == nil {
			_, err = d.AddParty(ctx, at.clerks[0], key, play.EligibleBody(o.Party, 2021))
		}
		failed = errors.Join(failed, err)
		at.houses = append(at.houses, house{o, key, person(casework.Grant{Role: stage.Applicant, Organisation: key}, n+1)})
	}
	at.houses, at.spare = at.houses[:organisations:organisations], at.houses[organisations:]
	for _, who := range at.readers() {
		failed = errors.Join(failed, at.subscribe(ctx, d, who.Account))
	}
	return failed
}

// readers have letters sent to them: where assessors practise first, so that the other lives
// are as short as they were.
func (at *premises) readers() []stage.Actor {
	if at.programme.Visit.Calibration != "required" {
		return nil
	}
	return []stage.Actor{at.houses[0].By, at.members[0], at.assessors[0]}
}

// anyone is somebody, most of the time in the right role.
func (k *kept) anyone(right []stage.Actor) stage.Actor {
	if !k.chance(6) {
		return pick(k, right)
	}
	return pick(k, pick(k, [][]stage.Actor{k.clerks, k.directors, k.chairs, k.members, k.assessors, k.scrutineers, {pick(k, k.houses).By}}))
}

// applicant is who acts for an organisation, or now and then for another one.
func (k *kept) applicant(o id.Organisation) stage.Actor {
	for _, h := range k.houses {
		if h.ID == o && !k.chance(3) {
			return h.By
		}
	}
	return pick(k, k.houses).By
}

// as is an account of the office, the team or the committee in its role.
func as(key id.Account, role stage.Role) stage.Actor { return stage.Actor{Account: key, Role: role} }
