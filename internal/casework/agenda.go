package casework

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ranking"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// MeetingView is what the pages of one meeting show.
type MeetingView struct {
	Meeting    meeting.Meeting
	Items      []item.Item // as the viewer may see them
	Attendance meeting.Attendance
	Needed     int           // the quorum; 0 when it cannot be told
	Mine       *meeting.Seat // the viewer's own seat
	Presides   bool          // the viewer presides
	Waiting    []item.Facts  // what may still be listed; for the office while the agenda is open
	Settlement meeting.Settlement
	Acts       []string              // what the viewer may do with it now
	Ranks      bool                  // the viewer votes in the ranking that is open now
	RankSay    error                 // why they do not
	Sheets     map[int]RankingSheets // of the rankings with paper ballots, by their numbers
	Now        time.Time

	Signed SignedPapers // its documents
}

// Next returns the first item that is not settled, or nil.
func (v MeetingView) Next() *item.Item {
	for n := range v.Items {
		if !v.Items[n].Settled() {
			return &v.Items[n]
		}
	}
	return nil
}

// Meeting returns one meeting as the viewer may see it.
func (d *Desk) Meeting(ctx context.Context, by stage.Actor, key id.Meeting) (v MeetingView, err error) {
	defer fault.Wrap(&err, "casework.Meeting(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		m, err := tx.MeetingFor(by, key)
		if err != nil {
			return err
		}
		if v, err = d.meetingView(tx, by, m); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), m.Programme)
		return err
	})
	return v, err
}

// Meetings lists the meetings that the viewer may see, the latest first.
func (d *Desk) Meetings(ctx context.Context, by stage.Actor, f store.MeetingFilter) (all []meeting.Meeting, err error) {
	defer fault.Wrap(&err, "casework.Meetings")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Meetings(by, f)
		return err
	})
	return all, err
}

func (d *Desk) meetingView(tx *store.Tx, by stage.Actor, m meeting.Meeting) (v MeetingView, err error) {
	v = MeetingView{Meeting: m, Attendance: m.Attendance(), Mine: m.Seat(by.Account), Presides: by.Account == m.Presiding, Now: d.Now()}
	v.Needed, _ = ballot.Needed(m.Rules.Quorum, v.Attendance.Entitled) //nolint:errcheck // 0 says that it cannot be told
	if v.Items, err = tx.Items(by, &v.Meeting); err != nil {
		return v, err
	}
	if _, v.RankSay = ranking.May(by, &m, v.Items); ranking.Live(&m) != nil {
		v.Ranks = v.RankSay == nil
	}
	if v.Sheets, err = rankingSheets(tx, by, &m); err != nil {
		return v, err
	}
	v.Meeting.Rankings = ranking.Seen(&m, v.Items, by)
	v.Acts = meeting.Kind.May(m.State, by.Role)
	if by.Role == stage.Chair && v.Presides {
		if _, v.Settlement, err = d.settlement(tx, &v.Meeting); err != nil {
			return v, err
		}
	}
	if by.Role == stage.Clerk && m.State == meeting.Convened && m.CirculatedOn.IsZero() {
		v.Waiting, err = d.waitingFor(tx, &v.Meeting)
	}
	return v, err
}

// waitingFor lists what may be put on a meeting's agenda: everything that waits
// for the committee and stands on no agenda yet.
func (d *Desk) waitingFor(tx *store.Tx, m *meeting.Meeting) (all []item.Facts, err error) {
	matters := d.matters()
	for _, kind := range slices.Sorted(maps.Keys(matters)) {
		facts, err := matters[kind].waiting(tx, m.Programme, m.Round)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			f.Subject.Kind = kind
			full, _, err := d.factsToList(tx, m, f.Subject)
			if err != nil {
				return nil, err
			}
			if !full.Elsewhere {
				all = append(all, full)
			}
		}
	}
	return all, nil
}

// ItemView is what the pages of one item show.
type ItemView struct {
	Meeting     meeting.Meeting
	Item        item.Item          // as the viewer may see it
	Of          int                // how many items the agenda has
	Next        *item.Item         // the next one on the agenda
	Attendance  meeting.Attendance // of the item
	Quorum      int                // heads that must be present for it
	Pass        int                // ayes that carry it
	Outstanding []meeting.Seat     // who has not voted; for the chair
	Votes       []ballot.Vote      // the viewer's own, and all where the viewer may see them
	Names       map[id.Account]string
	Recused     bool // the viewer is
	May         bool // the viewer has a vote here and has not given it
	Conducts    bool // the viewer conducts the vote on it
	Outcome     string
	Blocked     error       // why its vote cannot be opened or closed now
	Sheets      []SheetLine // scans of the count sheets of paper ballots
	NoSheet     error       // why the viewer cannot bring a scan now
	Again       bool        // among those to be voted on again, because there are too few places
	Out         bool        // beyond the places
	Now         time.Time
}

// Item returns one item as the viewer may see it.
func (d *Desk) Item(ctx context.Context, by stage.Actor, key id.Item) (v ItemView, err error) {
	defer fault.Wrap(&err, "casework.Item(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v, err = d.itemView(tx, by, key)
		return err
	})
	return v, err
}

func (d *Desk) itemView(tx *store.Tx, by stage.Actor, key id.Item) (v ItemView, err error) {
	v.Now = d.Now()
	if v.Item, v.Meeting, err = tx.ItemFor(by, key); err != nil {
		return v, err
	}
	whole, err := tx.Item(key)
	if err != nil {
		return v, err
	}
	v.Names = map[id.Account]string{}
	for _, s := range v.Meeting.Roster {
		v.Names[s.Account] = s.Name
	}
	agenda, err := tx.Items(by, &v.Meeting)
	if err != nil {
		return v, err
	}
	v.Of = len(agenda)
	for n := range agenda {
		if agenda[n].Position > v.Item.Position && v.Next == nil && !agenda[n].Settled() {
			v.Next = &agenda[n]
		}
	}
	if v.Recused = whole.Recused(by.Account); v.Recused {
		return v, nil
	}
	votes, err := tx.VotesIn(key, whole.Ballot)
	if err != nil {
		return v, err
	}
	v.figures(by, whole, votes)
	if v.Votes, err = tx.VotesFor(by, whole); err != nil {
		return v, err
	}
	if whole.OnPaper(&v.Meeting) {
		if v.Sheets, v.NoSheet, err = countSheetsOn(tx, by, &whole, &v.Meeting); err != nil {
			return v, err
		}
	}
	if by.Role == stage.Chair && v.Conducts {
		err = d.forChair(tx, &v, whole, votes)
	}
	return v, err
}

// figures tells how many there are and how many it takes, and what the viewer may
// do with it.
func (v *ItemView) figures(by stage.Actor, whole item.Item, votes []ballot.Vote) {
	m := &v.Meeting
	v.Attendance = m.AttendanceOn(whole.Recusals, votes)
	if !whole.ClosedAt.IsZero() {
		v.Attendance = whole.Base
	}
	v.Quorum, _ = ballot.Needed(m.Rules.Quorum, v.Attendance.Entitled) //nolint:errcheck // 0 says that it cannot be told
	of := v.Attendance.Entitled
	if m.Rules.Of == "present" {
		of = v.Attendance.Present
	}
	v.Pass, _ = ballot.Needed(m.Rules.Majority, of) //nolint:errcheck // the same
	s := m.Seat(by.Account)
	v.May = s != nil && s.Votes() && s.Present && whole.State == item.Voting && !ballot.Voted(votes, by.Account) && m.Rules.Ballot == "named"
	v.Conducts = m.Presides(by, whole.Recusals) == nil
}

// forChair adds what the one who conducts the vote needs to know next.
func (d *Desk) forChair(tx *store.Tx, v *ItemView, whole item.Item, votes []ballot.Vote) error {
	m := &v.Meeting
	if whole.State == item.Voting && m.Rules.Ballot == "named" {
		v.Outstanding = whole.Outstanding(m, votes)
	}
	if whole.State == item.Listed || whole.State == item.Voting {
		v.Blocked = m.MayVote(whole.Recusals, votes)
	}
	if whole.State == item.Counting {
		v.Outcome, v.Blocked = whole.Result(m)
		if v.Blocked == nil {
			v.Blocked = sheetReady(&sitting{tx: tx, meeting: m, item: &whole})
		}
	}
	if whole.State == item.Carried && m.State == meeting.Sitting {
		c, err := d.cutOf(&sitting{tx: tx, meeting: m, item: &whole})
		if err != nil {
			return err
		}
		v.Again, v.Out = slices.Contains(c.Again, whole.ID), slices.Contains(c.Out, whole.ID)
	}
	return nil
}

// MeetingMinutes puts together the minutes of a meeting. Who voted what is in
// them for the chair, scrutineers and auditors.
func (d *Desk) MeetingMinutes(ctx context.Context, by stage.Actor, key id.Meeting) (v MeetingView, out minutes.Minutes, err error) {
	defer fault.Wrap(&err, "casework.MeetingMinutes(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v, out, err = d.minutesView(tx, by, key)
		return err
	})
	return v, out, err
}

func (d *Desk) minutesView(tx *store.Tx, by stage.Actor, key id.Meeting) (v MeetingView, out minutes.Minutes, err error) {
	m, err := tx.MeetingFor(by, key)
	if err != nil {
		return v, out, err
	}
	if v, err = d.meetingView(tx, by, m); err != nil {
		return v, out, err
	}
	var votes []ballot.Vote
	for _, i := range v.Items {
		if by.Role == stage.Member || i.Recused(by.Account) {
			continue
		}
		more, err := tx.VotesFor(by, i)
		if err != nil {
			return v, out, err
		}
		votes = append(votes, more...)
	}
	return v, minutes.Write(&v.Meeting, v.Items, votes), nil
}

// meetingWork lists what waits for somebody about meetings.
func (d *Desk) meetingWork(tx *store.Tx, by stage.Actor, now time.Time) (work []WorkItem, err error) {
	all, err := tx.MeetingsFrom(by)
	for _, m := range all {
		items, err := tx.ItemsOf(m.ID)
		if err != nil {
			return nil, err
		}
		w := WorkItem{Thing: m.Title, URL: "/meetings/" + string(m.ID), Stage: meeting.Kind.Label}
		if m.State == meeting.Convened {
			w.Due = m.At
		}
		w.Title = meetingTask(by, &m, now)
		for _, i := range items {
			title, err := itemTask(tx, by, &m, &i)
			if err != nil {
				return nil, err
			}
			if title != "" {
				w.Title, w.URL = title, "/items/"+string(i.ID)
			}
		}
		title, err := rankingTask(tx, by, &m, items)
		if err != nil {
			return nil, err
		}
		if title != "" {
			w.Title, w.URL = title, "/meetings/"+string(m.ID)+"/rankings"
		}
		if w.Title != "" {
			work = append(work, w)
		}
		title, err = electionTask(tx, by, &m)
		if err != nil {
			return nil, err
		}
		if title != "" {
			work = append(work, WorkItem{Title: title, Thing: m.Title, URL: "/meetings/" + string(m.ID) + "/elections", Stage: election.Kind.Label})
		}
	}
	if err != nil || by.Role != stage.Clerk {
		return work, err
	}
	agenda, err := agendaWork(tx, by, all)
	if err != nil {
		return nil, err
	}
	unwritten, err := tx.Meetings(by, store.MeetingFilter{States: []stage.State{meeting.Closed, meeting.Adjourned}, Unwritten: true})
	for _, m := range unwritten {
		agenda = append(agenda, WorkItem{Title: "写会议记录，出具纪要", Thing: m.Title, URL: "/meetings/" + string(m.ID), Stage: meeting.Kind.Label})
	}
	return append(work, agenda...), err
}

// agendaWork lists the rounds of which applications wait for the committee and stand on no
// agenda: to be put on that of a meeting that is called, or to call one for.
func agendaWork(tx *store.Tx, by stage.Actor, called []meeting.Meeting) (items []WorkItem, err error) {
	rounds, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Open, round.Closed}})
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		n, err := tx.WithoutAgenda(r.ID)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		w := WorkItem{
			Title: fmt.Sprintf("召集会议：%d件申报待审定", n), Thing: strconv.Itoa(r.Year) + "年度", URL: "/meetings/new", Stage: meeting.Kind.Label,
		}
		for _, m := range called {
			if m.Round == r.ID && m.State == meeting.Convened {
				w.Title, w.URL, w.Due = fmt.Sprintf("列入会议：%d件申报待审定", n), "/meetings/"+string(m.ID), m.At
			}
		}
		items = append(items, w)
	}
	return items, nil
}

// meetingTask says what somebody is to do about a meeting itself, or "".
func meetingTask(by stage.Actor, m *meeting.Meeting, now time.Time) string {
	s := m.Seat(by.Account)
	switch {
	case by.Role == stage.Clerk && m.State == meeting.Convened && m.CirculatedOn.IsZero():
		return "列入议题并送达材料"
	case by.Role == stage.Chair && by.Account == m.Presiding && m.State == meeting.Convened && !now.Before(m.At):
		return "宣布开会"
	case by.Role == stage.Chair && by.Account == m.Presiding && m.State == meeting.Sitting:
		return "主持会议"
	case s == nil || !s.Votes() || s.Present || s.Leave != "" || m.CirculatedOn.IsZero():
		return ""
	}
	return "阅读材料，到会签到"
}

// itemTask says what somebody is to do about an item now, or "".
func itemTask(tx *store.Tx, by stage.Actor, m *meeting.Meeting, i *item.Item) (string, error) {
	switch {
	case by.Role == stage.Scrutineer && i.State == item.Counting && i.OnPaper(m):
		if !slices.ContainsFunc(i.Counts, func(c ballot.Count) bool { return c.By == by.Account }) {
			return "计票：" + i.Title, nil
		}
		return sheetTask(tx, by, m, i)
	case i.State == item.Voting && m.Rules.Ballot == "named" && (by.Role == stage.Member || by.Role == stage.Chair):
		votes, err := tx.VotesIn(i.ID, i.Ballot)
		if err != nil {
			return "", err
		}
		for _, s := range i.Outstanding(m, votes) {
			if s.Account == by.Account {
				return "表决：" + i.Title, nil
			}
		}
	}
	return "", nil
}

// sheetTask says whether a scan of the count sheet is to be brought, or "".
func sheetTask(tx *store.Tx, by stage.Actor, m *meeting.Meeting, i *item.Item) (string, error) {
	if sheetReady(&sitting{tx: tx, meeting: m, item: i}) == nil {
		return "", nil
	}
	ties, err := tx.InterestsIn(i.Organisation)
	if err != nil {
		return "", err
	}
	if _, err := countsheet.May(countsheet.On(i, m, ties), by); err != nil {
		return "", nil //nolint:nilerr // it is not theirs to bring
	}
	return "上传计票单：" + i.Title, nil
}

// MeetingFilter is the store's, so that the doors need not know the store.
type MeetingFilter = store.MeetingFilter

// ConveneChoices is what one chooses from when a meeting is called.
type ConveneChoices struct {
	Rounds     []round.Round          // whose applications a meeting may decide
	Programmes []*programme.Programme // for a meeting of other matters
	Chairs     []meeting.Seat         // who may preside
}

// ConveneChoices lists what a meeting may be about and who may preside.
func (d *Desk) ConveneChoices(ctx context.Context, by stage.Actor) (c ConveneChoices, err error) {
	defer fault.Wrap(&err, "casework.ConveneChoices")
	if c.Programmes, err = d.DraftableProgrammes(ctx, by); err != nil {
		return c, err
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c.Rounds, err = tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Open, round.Closed}})
		if err != nil {
			return err
		}
		for _, p := range c.Programmes {
			seats, err := committee(tx, p.Name)
			if err != nil {
				return err
			}
			for _, s := range seats {
				if s.Post == meeting.Chair && !slices.ContainsFunc(c.Chairs, func(o meeting.Seat) bool { return o.Account == s.Account }) {
					c.Chairs = append(c.Chairs, s)
				}
			}
		}
		return nil
	})
	return c, err
}

// meetingsAhead lists when meetings begin and, of those whose papers are not out, the
// last day on which these can be sent.
func meetingsAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	convened, err := tx.MeetingsFrom(stage.Actor{Role: stage.Clerk})
	for _, m := range convened {
		if m.State != meeting.Convened {
			continue
		}
		if last := m.PapersBy(); m.CirculatedOn.IsZero() {
			all = append(all, Milestone{At: last.Start(), Word: "会议材料最后送达日", What: m.Title})
		}
		all = append(all, Milestone{At: m.At, Word: "会议召开", What: m.Title})
	}
	return all, err
}
