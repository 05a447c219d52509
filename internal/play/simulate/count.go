package simulate

import (
	"slices"

	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/lifecycle/visit"
)

// mayConcludeRound ends a round in which nothing is left to do; now and then somebody
// tries earlier.
func (l *life) mayConcludeRound(e *edition) {
	open := slices.ContainsFunc(e.files, func(f *file) bool {
		return f.State == application.Underway || f.State == application.Selected ||
			slices.ContainsFunc(f.objections, func(o *objection.Objection) bool { _, over := objection.Kind.Ends[o.State]; return !over })
	})
	if open && !l.rarely() {
		return
	}
	l.may(1, func() {
		n, by := e.counts(), l.anyone(l.directors)
		if wrong := n.Reconcile(); len(wrong) > 0 {
			l.violate("the numbers of the stages add up", wrong[0])
		}
		if open && n.Unfinished() == 0 {
			return // its objections are still to be answered
		}
		if !open {
			l.reconcile(e, n)
		}
		attempt(l, round.Kind, e.Round, string(e.ID), &e.c, by, func() (stage.Move, error) { return e.Conclude(by, n) })
	})
}

// counts counts what came of the applications, stage by stage.
func (e *edition) counts() (n round.Funnel) {
	n.Started = len(e.files)
	for _, f := range e.files {
		if !f.SubmittedAt.IsZero() {
			n.Received++
		}
		switch f.State {
		case application.Draft:
			n.Drafts++
		case application.Forfeited:
			n.Forfeited++
		case application.Submitted, application.Correcting:
			n.Waiting++
		case application.Declined:
			n.Declined++
		case application.Withdrawn:
			if f.SubmittedAt.IsZero() {
				n.Discarded++
			} else {
				n.Withdrawn++
			}
		case application.Underway:
			n.Underway++
		case application.Selected:
			n.Selected++
		case application.Named:
			n.Named++
		case application.NotChosen:
			n.NotChosen++
		case application.Disqualified:
			n.Disqualified++
		}
		f.count(&n)
	}
	n.Accepted = n.Underway + n.Selected + n.Named + n.NotChosen + n.Disqualified
	return n
}

// count counts the stages that an application came through.
func (f *file) count(n *round.Funnel) {
	if f.review != nil && f.review.State == review.Confirmed {
		n.Reviewed++
	}
	if f.visit != nil && (f.visit.State == visit.Signed || f.visit.State == visit.Waived) {
		n.Visited++
	}
	if i := f.matter(); i != nil && i.State == item.Carried {
		n.Carried++
	} else if i != nil && i.State == item.Lost {
		n.Lost++
	}
	if f.title != nil {
		n.Designations++
	}
	if f.candidate == nil || f.list.PublishedAt.IsZero() || f.candidate.State == publicity.Removed {
		return
	}
	n.Publicised++
	switch f.candidate.State {
	case publicity.Listed:
		n.Held++
	case publicity.Cleared:
		n.Cleared++
	case publicity.Upheld:
		n.Upheld++
	}
}

// reconcile looks whether the statistics of a round that is over come out: what came to a
// step went on or ended there, and each chapter let go on what the next one got (S76).
func (l *life) reconcile(e *edition, n round.Funnel) {
	all := make([]statistic.Tally, len(e.files))
	for i, f := range e.files {
		all[i] = f.tally()
	}
	counted := map[string]int{
		review.Kind.Name: n.Reviewed, visit.Kind.Name: n.Visited, meeting.Kind.Name: n.Carried, publicity.Kind.Name: n.Cleared, statistic.Naming: n.Designations,
	}
	steps := statistic.Funnel(l.programme.Procedure, all)
	for step := range counted {
		if !slices.ContainsFunc(steps, func(s statistic.Step) bool { return s.Code == step }) {
			delete(counted, step)
		}
	}
	if wrong := statistic.Reconcile(steps, statistic.Counts{All: len(e.files), Out: counted}); len(wrong) > 0 {
		l.violate("the statistics of a round come out", wrong[0])
	}
}

// tally is how an application is counted: where it stands, and how far it came.
func (f *file) tally() statistic.Tally {
	t := statistic.Tally{State: f.State, Stage: f.Stage, Filed: !f.SubmittedAt.IsZero(), N: 1}
	left := func(step string, state stage.State) bool { return slices.Contains(statistic.Left(step), state) }
	t.Came = statistic.Came{
		Reviewed: f.review != nil && left(review.Kind.Name, f.review.State),
		Visited:  f.visit != nil && left(visit.Kind.Name, f.visit.State),
		Carried:  slices.ContainsFunc(f.items, func(i *item.Item) bool { return left(meeting.Kind.Name, i.State) }),
		Cleared:  f.candidate != nil && left(publicity.Kind.Name, f.candidate.State),
		Upheld:   f.candidate != nil && f.candidate.State == publicity.Upheld,
	}
	return t
}
