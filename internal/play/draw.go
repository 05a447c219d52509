package play

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/lot"
	"shifan/internal/store"
)

// draw gives visits their teams by lot. Two lives have to be alike, and identifiers are
// random, so the last of the invented secrets is one with which the cast's first
// assessors come first: whoever knows all secrets can do so, which is why there are
// three parties.
func (t *Theatre) draw(keys []id.Application, team []stage.Actor) {
	var visits []id.Visit
	var first visit.Visit
	for n, key := range keys {
		v := see(t, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitOf(key) })
		if n == 0 {
			first = v
		}
		visits = append(visits, v.ID)
	}
	key := one(t.Desk.OpenDraw(t.ctx, t.Cast.Clerk, first.Round, visits))
	must(t.Desk.RuleDraw(t.ctx, t.Cast.Director, key, t.Desk.Now().Add(24*time.Hour), ""))
	host := stage.Actor{Account: t.house(first.Organisation).By.Account, Role: stage.Applicant, Organisation: first.Organisation}
	parties := []stage.Actor{host, t.Cast.Scrutineers[0], t.Cast.Clerk}
	reveals := t.secrets(see(t, func(tx *store.Tx) (draw.Draw, error) { return tx.Draw(key) }), team)
	for n, by := range parties {
		must(t.Desk.CommitToDraw(t.ctx, by, key, draw.Commitment{Digest: reveals[n].Commitment()}))
	}
	must(t.Desk.CloseDraw(t.ctx, t.Cast.Director, key))
	for n, by := range parties {
		must(t.Desk.RevealToDraw(t.ctx, by, key, reveals[n]))
	}
	must(t.Desk.ConcludeDraw(t.ctx, t.Cast.Clerk, key))
}

// secrets are three reveals by which the given team is drawn.
func (t *Theatre) secrets(d draw.Draw, team []stage.Actor) []lot.Reveal {
	said := func(n int, more string) lot.Reveal {
		return lot.Reveal{Secret: "虚构的一句秘密" + more, Nonce: strings.Repeat(fmt.Sprint(n), 32)}
	}
	for try := 0; ; try++ {
		reveals := []lot.Reveal{said(1, "甲"), said(2, "乙"), said(3, fmt.Sprint("丙", try))}
		got := lot.TeamFor(d.Rule, lot.Rank(lot.Seed(d.Pool.Text(), d.Rule.Text(), reveals, ""), d.Pool, d.Rule), func(string) bool { return false })
		alike := len(got) == len(team)
		for n := range team {
			alike = alike && d.Name(got[n]).Account == team[n].Account
		}
		if alike {
			return reveals
		}
	}
}

// writeDraws leaves the published record of each draw.
func (t *Theatre) writeDraws(ctx context.Context, dir string) error {
	all, err := t.Desk.Draws(ctx, stage.Anyone, store.DrawFilter{})
	if err != nil {
		return err
	}
	for _, v := range all {
		if err := write(dir, filepath.Join("draws", string(v.Draw.ID)+".json"), v.Document); err != nil {
			return err
		}
	}
	return nil
}
