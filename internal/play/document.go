package play

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// signs signs a document that no act signs, as far as there are fonts.
func (t *Theatre) signs(sort, subject string) {
	if _, err := t.Desk.SignDocument(t.ctx, t.Cast.Director, sort, subject); fault.CodeOf(err) != "paper.fonts" {
		must(err)
	}
}

// prints keeps a list as it is on its day, as far as there are fonts.
func (t *Theatre) prints(p casework.Paper, err error) {
	switch code := fault.CodeOf(err); {
	case err == nil:
		t.printed = append(t.printed, p)
	case code == "paper.fonts", code == "plaque.ceremony.empty":
	default:
		must(err)
	}
}

// writeDocuments leaves every document of a life below documents. A program that was
// built without fonts leaves a file that says so instead.
func (t *Theatre) writeDocuments(ctx context.Context, dir string) error {
	keep := func(p casework.Paper, err error) error {
		if err != nil {
			return err
		}
		name := filepath.Join("documents", strings.ReplaceAll(p.Name, " ", "-"))
		b, err := p.DOCX()
		return errors.Join(err, write(dir, name+".pdf", p.PDF), write(dir, name+".docx", b))
	}
	for _, p := range t.printed {
		if err := keep(p, nil); err != nil {
			return err
		}
	}
	err := errors.Join(t.writeFiled(ctx, keep), t.writePublic(ctx, keep), t.writeTitles(ctx, keep), t.writeRounds(ctx, keep), t.writeCases(ctx, keep))
	if fault.CodeOf(err) == "paper.fonts" {
		return write(dir, filepath.Join("documents", "没有字体.txt"), []byte("这个程序没有带字体，不能出具文书。运行 make assets 后重新编译。\n"))
	}
	return err
}

// reader may see every document.
var reader = stage.Actor{Role: stage.Auditor}

// writeFiled keeps the documents of the applications.
func (t *Theatre) writeFiled(ctx context.Context, keep func(casework.Paper, error) error) error {
	f := casework.ApplicationFilter{Limit: 100}
	for {
		lines, err := t.Desk.Applications(ctx, reader, f)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := t.writeApplication(ctx, l.Application.ID, keep); err != nil {
				return err
			}
		}
		if len(lines) < f.Limit {
			return nil
		}
		f.After = lines[len(lines)-1].Application.ID
	}
}

func (t *Theatre) writeApplication(ctx context.Context, key id.Application, keep func(casework.Paper, error) error) error {
	v, err := t.Desk.Application(ctx, reader, key)
	if err != nil {
		return err
	}
	for _, l := range v.Papers() {
		if err := keep(t.Desk.ApplicationPaper(ctx, reader, key, l.Kind)); err != nil {
			return err
		}
	}
	return nil
}

// writePublic keeps the certificates of draws and the lists that were publicised.
func (t *Theatre) writePublic(ctx context.Context, keep func(casework.Paper, error) error) error {
	draws, err := t.Desk.Draws(ctx, stage.Anyone, store.DrawFilter{})
	if err != nil {
		return err
	}
	for _, v := range draws {
		if v.Draw.State != draw.Concluded {
			continue
		}
		if err := keep(t.Desk.DrawPaper(ctx, stage.Anyone, v.Draw.ID)); err != nil {
			return err
		}
	}
	publicities, err := t.Desk.Publicities(ctx, reader, casework.PublicityFilter{Limit: 1000})
	if err != nil {
		return err
	}
	for _, v := range publicities {
		if !v.Publicity.Published() {
			continue
		}
		if err := keep(t.Desk.PublicityPaper(ctx, reader, v.Publicity.ID)); err != nil {
			return err
		}
	}
	return nil
}

// writeTitles keeps the documents by which titles are given and taken.
func (t *Theatre) writeTitles(ctx context.Context, keep func(casework.Paper, error) error) error {
	namings, err := t.Desk.Namings(ctx, stage.Anyone, casework.NamingFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, n := range namings {
		if err := keep(t.Desk.NamingPaper(ctx, stage.Anyone, n.ID)); err != nil {
			return err
		}
	}
	orders, err := t.Desk.Rectifications(ctx, reader, casework.RectificationFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, o := range orders {
		if err := keep(t.Desk.RectificationPaper(ctx, reader, o.Order.ID)); err != nil {
			return err
		}
	}
	proceedings, err := t.Desk.Revocations(ctx, reader, casework.RevocationFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, r := range proceedings {
		v, err := t.Desk.Revocation(ctx, reader, r.Proceeding.ID)
		if err != nil {
			return err
		}
		for _, l := range v.Papers() {
			if err := keep(t.Desk.RevocationPaper(ctx, reader, r.Proceeding.ID, l.Kind)); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeRounds keeps what a round issues: its call, the report of the review, what the
// visits wrote and what the meetings had and said.
func (t *Theatre) writeRounds(ctx context.Context, keep func(casework.Paper, error) error) error {
	rounds, err := t.Desk.Rounds(ctx, reader, casework.RoundFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, v := range rounds {
		if !v.Round.Published() {
			continue
		}
		if err := keep(t.Desk.CallDocument(ctx, reader, v.Round.ID)); err != nil {
			return err
		}
		s, err := t.Desk.ReviewSummary(ctx, reader, v.Round.ID)
		if err != nil {
			return err
		}
		if s.Reported() {
			if err := keep(t.Desk.ReviewReport(ctx, reader, v.Round.ID)); err != nil {
				return err
			}
		}
		if v.Round.State == round.Concluded {
			if err := keep(t.Desk.RoundReportPaper(ctx, v.Round.ID)); err != nil {
				return err
			}
		}
	}
	visits, err := t.Desk.Visits(ctx, reader, casework.VisitFilter{Limit: 200})
	if err != nil {
		return err
	}
	for _, l := range visits.Lines {
		v, err := t.Desk.Visit(ctx, reader, l.Visit.ID)
		if err != nil {
			return err
		}
		for _, p := range v.Papers() {
			if err := keep(t.Desk.VisitPaper(ctx, reader, l.Visit.ID, p.Kind)); err != nil {
				return err
			}
		}
	}
	return t.writeMeetings(ctx, keep)
}

// writeMeetings keeps the documents of the meetings, and each member's own papers.
func (t *Theatre) writeMeetings(ctx context.Context, keep func(casework.Paper, error) error) error {
	meetings, err := t.Desk.Meetings(ctx, reader, casework.MeetingFilter{Limit: 100})
	if err != nil {
		return err
	}
	clerk := stage.Actor{Role: stage.Clerk}
	for _, m := range meetings {
		v, err := t.Desk.Meeting(ctx, reader, m.ID)
		if err != nil {
			return err
		}
		for _, l := range v.Papers(reader) {
			if err := keep(t.Desk.MeetingPaper(ctx, reader, m.ID, l.Kind, "")); err != nil {
				return err
			}
		}
		for _, s := range v.Seats(clerk) {
			if err := keep(t.Desk.MeetingPaper(ctx, clerk, m.ID, casework.MeetingMaterial, s.Account)); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeCases keeps the documents of objections, plaques and rechecks.
func (t *Theatre) writeCases(ctx context.Context, keep func(casework.Paper, error) error) error {
	objections, err := t.Desk.Objections(ctx, reader, casework.ObjectionFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, o := range objections {
		if o.AnsweredAt.IsZero() {
			continue
		}
		if err := keep(t.Desk.ObjectionPaper(ctx, reader, o.ID)); err != nil {
			return err
		}
	}
	plaques, err := t.Desk.Plaques(ctx, reader, casework.PlaqueFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, q := range plaques {
		if len(q.Papers()) == 0 {
			continue
		}
		if err := keep(t.Desk.PlaquePaper(ctx, reader, q.Plaque.ID)); err != nil {
			return err
		}
	}
	rechecks, _, err := t.Desk.Rechecks(ctx, reader, casework.RecheckFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, row := range rechecks {
		v, err := t.Desk.Recheck(ctx, reader, row.Recheck.ID)
		if err != nil {
			return err
		}
		for _, l := range v.Papers() {
			if err := keep(t.Desk.RecheckPaper(ctx, reader, row.Recheck.ID, l.Kind)); err != nil {
				return err
			}
		}
	}
	return nil
}
