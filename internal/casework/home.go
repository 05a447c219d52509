package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// HomeView is what the front page shows to anybody: what one can do now, what
// was decided, and how much there is. To add a chapter's part, write a function
// like homeCalls in its casework file and give it a line in Home's list. It
// reads as stage.Anyone.
type HomeView struct {
	Now         time.Time
	Today       calendar.Day
	Publicities []HomePublicity // running, the next to end first
	Calls       []HomeCall      // open, the next deadline first; then those just closed
	Named       HomeNamed       // the latest naming
	Stories     []HomeStory     // the latest three
	Notices     []HomeNotice    // the latest first
	Figures     []HomeFigure
}

// HomePublicity is a publicity that runs.
type HomePublicity struct {
	URL, Title string
	Objection  string          // URL of the form; empty when objections are closed
	Period     calendar.Period // every day of it
	Served     int             // which working day today is; 0 before the first
	Left       int             // working days after today
	Candidates int
}

// HomeCall is a call for applications.
type HomeCall struct {
	URL, Title string
	Who        string // who may apply, in words
	Until      time.Time
	Left       int // working days after today
	LeftKnown  bool
	Open       bool
}

// HomeNamed is a naming and some of those named.
type HomeNamed struct {
	Caption string // 2025年度党建创新示范基地，共11家，列出5家。
	Rows    []HomeTitle
}

// HomeTitle is a designation.
type HomeTitle struct {
	URL, Name, Category, Number string
	State                       stage.State // of designation.Kind
}

// HomeNotice is something that was made public.
type HomeNotice struct {
	URL, Title string
	At         time.Time
}

// HomeFigure is a count.
type HomeFigure struct {
	Word, Unit string
	Value      int
}

// Home gathers the front page.
func (d *Desk) Home(ctx context.Context) (v HomeView, err error) {
	defer fault.Wrap(&err, "casework.Home")
	v, err = d.gather(ctx)
	v.Notices = v.Notices[:min(len(v.Notices), 6)]
	return v, err
}

// Published lists what was made public, the latest first, for the feed.
func (d *Desk) Published(ctx context.Context) (all []HomeNotice, err error) {
	defer fault.Wrap(&err, "casework.Published")
	v, err := d.gather(ctx)
	return v.Notices[:min(len(v.Notices), 50)], err
}

func (d *Desk) gather(ctx context.Context) (v HomeView, err error) {
	v.Now = d.Now()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Calendar()
		if err != nil {
			return err
		}
		v.Today = c.Day(calendar.DateOf(v.Now))
		for _, part := range []func(*store.Tx, *calendar.Calendar, *HomeView) error{
			// One line a chapter, in the order of the life.
			d.homeCalls,
			d.homePublicities,
			d.homeNamed,
			d.homeStories,
		} {
			if err := part(tx, c, &v); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortStableFunc(v.Notices, func(a, b HomeNotice) int { return b.At.Compare(a.At) })
	return v, err
}

// homeCalls shows the calls one can answer, and those of the latest year that
// closed.
func (d *Desk) homeCalls(tx *store.Tx, c *calendar.Calendar, v *HomeView) error {
	rounds, err := tx.Rounds(stage.Anyone, store.RoundFilter{Limit: 12})
	if err != nil {
		return err
	}
	for _, r := range rounds {
		p, err := tx.ProgrammeOf(r.ID)
		if err != nil {
			return err
		}
		title := fmt.Sprintf("%s %d年度", p.Base, r.Year)
		url := "/calls/" + string(r.ID)
		v.Notices = append(v.Notices, HomeNotice{URL: url, Title: r.Title, At: r.PublishedAt})
		if r.State == round.Cancelled {
			continue
		}
		call := HomeCall{URL: url, Title: title, Who: whoMayApply(p), Until: r.Deadline, Open: r.FilingOpen(v.Now)}
		call.Left, call.LeftKnown = c.WorkingDaysBetween(v.Today.Date, r.LastDay)
		if call.Open || r.Year == rounds[0].Year {
			v.Calls = append(v.Calls, call)
		}
	}
	slices.SortStableFunc(v.Calls, func(a, b HomeCall) int {
		if a.Open != b.Open {
			if a.Open {
				return -1
			}
			return 1
		}
		return a.Until.Compare(b.Until)
	})
	return nil
}

// whoMayApply says in words who may apply under a programme.
func whoMayApply(p *programme.Programme) string {
	s := words.Applicant(p.Applicants)
	if len(p.Applicants.Kinds) > 0 {
		s = words.Kinds(p.Applicants)
	}
	if p.Applicants.Party {
		s += "的党组织"
	}
	return s
}
