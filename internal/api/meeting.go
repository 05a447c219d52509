package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

// meetingRow is a meeting in a list.
type meetingRow struct {
	ID        string      `json:"id"`
	Programme string      `json:"programme"`
	Round     string      `json:"round,omitempty"`
	Title     string      `json:"title"`
	At        time.Time   `json:"at"`
	Place     string      `json:"place,omitempty"`
	State     stage.State `json:"state"`
	StateWord string      `json:"state_word"`
}

// meetingData is one meeting.
type meetingData struct {
	meetingRow
	Roster       []meetingSeat `json:"roster"`
	Presiding    string        `json:"presiding,omitempty"`
	Entitled     int           `json:"entitled"`
	Present      int           `json:"present"`
	Needed       int           `json:"needed" doc:"the quorum; 0 when it cannot be told"`
	CirculatedOn calendar.Date `json:"circulated_on,omitzero"`
	OpenedAt     time.Time     `json:"opened_at,omitzero"`
	EndedAt      time.Time     `json:"ended_at,omitzero"`
	Items        []ballotRow   `json:"items" doc:"the agenda, as the token's person may see it; each is a ballot"`
	Rankings     []rankingData `json:"rankings,omitempty" doc:"the votes that chose among what was carried beyond the places"`
	Acts         []string      `json:"acts" doc:"what the token's role may do with it now"`
}

// meetingSeat is a seat on the roster.
type meetingSeat struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Post    string `json:"post"`
	Present bool   `json:"present"`
}

func meetingRowOf(m meeting.Meeting) meetingRow {
	return meetingRow{string(m.ID), string(m.Programme), string(m.Round), m.Title, m.At, m.Place, m.State, meeting.Kind.Word(string(m.State))}
}

// meetingPlan is when and where a meeting is.
type meetingPlan struct {
	Round     string    `json:"round,omitempty" doc:"whose applications it decides"`
	Title     string    `json:"title"`
	At        time.Time `json:"at"`
	Place     string    `json:"place"`
	Presiding string    `json:"presiding" doc:"an account"`
	Attending []string  `json:"attending,omitempty" doc:"who else attends, by post"`
	Ballot    string    `json:"ballot,omitempty" doc:"open, paper or secret; as the programme says when left out"`
}

func (p meetingPlan) plan() meeting.Plan {
	return meeting.Plan{Round: id.Round(p.Round), Title: p.Title, At: p.At, Place: p.Place, Presiding: id.Account(p.Presiding), Attending: p.Attending, Ballot: p.Ballot}
}

// meetingCall convenes a meeting.
type meetingCall struct {
	Programme string `json:"programme"`
	meetingPlan
}

// subject names what is put on an agenda.
type subject struct {
	Kind string `json:"kind" doc:"application, objection, recheck, rectification, revocation, appeal or succession"`
	ID   string `json:"id"`
}

// person names an account; one's own when left out.
type person struct {
	Who string `json:"who,omitempty" doc:"an account; the token's own when left out"`
}

func (p person) or(c *call) id.Account {
	if p.Who == "" {
		return c.Actor.Account
	}
	return id.Account(p.Who)
}

// excuse is leave from a meeting, or a recusal.
type excuse struct {
	person
	Reason string `json:"reason"`
}

// meetingNotes are what the minutes say beside the figures.
type meetingNotes struct {
	Notes string `json:"notes"`
}

// meetingQuery narrows a list of meetings.
type meetingQuery struct {
	paging
	Round string   `query:"round"`
	State []string `query:"state" doc:"one or more states"`
}

var (
	seesMeetings = []stage.Role{stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Scrutineer, stage.Auditor}
	seated       = []stage.Role{stage.Clerk, stage.Member, stage.Chair}
)

func meetingRoutes() []route {
	key := func(c *call) id.Meeting { return id.Meeting(c.PathValue("id")) }
	return []route{
		list("/meetings", "listMeetings", "List the meetings of the committee.", "GET /meetings", seesMeetings, func(c *call, q *meetingQuery, limit int) ([]meetingRow, string, error) {
			all, err := c.desk.Meetings(c.Context(), c.Actor, casework.MeetingFilter{Round: id.Round(q.Round), States: states(q.State), After: id.Meeting(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(m meeting.Meeting) string { return string(m.ID) }, meetingRowOf)
		}),
		one("/meetings/{id}", "getMeeting", "Read one meeting with its agenda.", "GET /meetings/{id}", seesMeetings, func(c *call, key string) (meetingData, int64, error) {
			v, err := c.desk.Meeting(c.Context(), c.Actor, id.Meeting(key))
			if err != nil {
				return meetingData{}, 0, err
			}
			m := v.Meeting
			return meetingData{
				meetingRow: meetingRowOf(m), Presiding: string(m.Presiding), Entitled: v.Attendance.Entitled, Present: v.Attendance.Present, Needed: v.Needed,
				CirculatedOn: m.CirculatedOn, OpenedAt: m.OpenedAt, EndedAt: m.EndedAt, Items: each(v.Items, ballotRowOf), Rankings: each(m.Rankings, rankingDataOf), Acts: acts(v.Acts),
				Roster: each(m.Roster, func(s meeting.Seat) meetingSeat {
					return meetingSeat{string(s.Account), s.Name, s.Post, s.Present}
				}),
			}, m.Version, nil
		}),
		act("/meetings", "conveneMeeting", "Convene a meeting.", "POST /meetings/new", clerk, func(c *call, in meetingCall) error {
			_, err := c.desk.ConveneMeeting(c.Context(), c.Actor, id.Programme(in.Programme), in.plan())
			return err
		}).making(),
		act("/meetings/{id}/reschedule", "rescheduleMeeting", "Move a meeting.", "POST /meetings/{id}/reschedule", clerk, func(c *call, in meetingPlan) error {
			return c.desk.RescheduleMeeting(c.Context(), c.Actor, key(c), c.match, in.plan())
		}).matching(),
		act("/meetings/{id}/items", "listItem", "Put something on the agenda.", "POST /meetings/{id}/items", clerk, func(c *call, in subject) error {
			_, err := c.desk.ListItem(c.Context(), c.Actor, key(c), item.Subject{Kind: in.Kind, ID: in.ID})
			return err
		}),
		act("/meetings/{id}/circulate", "circulateMeeting", "Enter that the material was sent.", "POST /meetings/{id}/circulate", clerk, func(c *call, _ none) error {
			return c.desk.CirculateMeeting(c.Context(), c.Actor, key(c))
		}),
		act("/meetings/{id}/sign-in", "signIntoMeeting", "Sign in.", "POST /meetings/{id}/sign-in", seated, func(c *call, in person) error {
			return c.desk.SignIntoMeeting(c.Context(), c.Actor, key(c), in.or(c))
		}),
		act("/meetings/{id}/depart", "departMeeting", "Leave early.", "POST /meetings/{id}/depart", seated, func(c *call, in person) error {
			return c.desk.DepartMeeting(c.Context(), c.Actor, key(c), in.or(c))
		}),
		act("/meetings/{id}/excuse", "excuseFromMeeting", "Enter leave from a meeting.", "POST /meetings/{id}/excuse", seated, func(c *call, in excuse) error {
			return c.desk.ExcuseFromMeeting(c.Context(), c.Actor, key(c), in.or(c), in.Reason)
		}),
		act("/meetings/{id}/open", "openMeeting", "Open a meeting.", "POST /meetings/{id}/open", chair, func(c *call, _ none) error {
			return c.desk.OpenMeeting(c.Context(), c.Actor, key(c))
		}),
		act("/meetings/{id}/close", "closeMeeting", "Close a meeting; what was decided takes effect.", "POST /meetings/{id}/close", chair, func(c *call, _ none) error {
			return c.desk.CloseMeeting(c.Context(), c.Actor, key(c))
		}),
		act("/meetings/{id}/adjourn", "adjournMeeting", "Adjourn a meeting.", "POST /meetings/{id}/adjourn", chair, func(c *call, in reasoned) error {
			return c.desk.AdjournMeeting(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/meetings/{id}/cancel", "cancelMeeting", "Cancel a meeting.", "POST /meetings/{id}/cancel", []stage.Role{stage.Clerk, stage.Chair}, func(c *call, in reasoned) error {
			return c.desk.CancelMeeting(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/meetings/{id}/notes", "minuteMeeting", "Write the notes of the minutes.", "POST /meetings/{id}/notes", clerk, func(c *call, in meetingNotes) error {
			return c.desk.MinuteMeeting(c.Context(), c.Actor, key(c), c.match, in.Notes)
		}).matching(),
	}
}

// ballotRow is an item of an agenda, on which the committee votes.
type ballotRow struct {
	ID        string      `json:"id"`
	Meeting   string      `json:"meeting"`
	Position  int         `json:"position"`
	Title     string      `json:"title"`
	Category  string      `json:"category,omitempty"`
	Subject   subject     `json:"subject"`
	State     stage.State `json:"state"`
	StateWord string      `json:"state_word"`
	DecidedAt time.Time   `json:"decided_at,omitzero"`
}

// ballotData is one item.
type ballotData struct {
	ballotRow
	Recommendation string        `json:"recommendation,omitempty"`
	Opinion        string        `json:"opinion,omitempty"`
	Reason         string        `json:"reason,omitempty"`
	Vote           int           `json:"vote" doc:"which vote on it this is, from 1; 0 before the first"`
	Tally          *ballot.Tally `json:"tally,omitempty" doc:"once the vote is counted"`
	Entitled       int           `json:"entitled"`
	Present        int           `json:"present"`
	Recused        bool          `json:"recused" doc:"the token's person is"`
	May            bool          `json:"may" doc:"the token's person has a vote here and has not given it"`
	Outcome        string        `json:"outcome,omitempty"`
	Sheets         []scanned     `json:"sheets,omitempty" doc:"scans of how paper ballots were counted"`
}

// scanned is the scan of a count sheet.
type scanned struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	SHA256 string    `json:"sha256" doc:"of its bytes, in hex"`
	Vote   int       `json:"vote" doc:"which vote on the item it is of"`
	Holds  bool      `json:"holds" doc:"it stands for the figures that count now"`
	At     time.Time `json:"at"`
}

func ballotRowOf(i item.Item) ballotRow {
	return ballotRow{
		ID: string(i.ID), Meeting: string(i.Meeting), Position: i.Position, Title: i.Title, Category: i.Category, Subject: subject{i.Subject.Kind, i.Subject.ID},
		State: i.State, StateWord: item.Kind.Word(string(i.State)), DecidedAt: i.DecidedAt,
	}
}

func ballotDataOf(v casework.ItemView) ballotData {
	i := v.Item
	d := ballotData{
		ballotRow: ballotRowOf(i), Recommendation: i.Recommendation, Opinion: i.Opinion, Reason: i.Reason, Vote: i.Ballot,
		Entitled: v.Attendance.Entitled, Present: v.Attendance.Present, Recused: v.Recused, May: v.May, Outcome: v.Outcome,
	}
	if i.State != item.Voting && i.Tally.Issued > 0 {
		t := i.Tally
		d.Tally = &t
	}
	for _, s := range v.Sheets {
		d.Sheets = append(d.Sheets, scanned{ID: string(s.ID), Name: s.Name, SHA256: s.SHA256, Vote: s.Ballot, Holds: s.Holds, At: s.At})
	}
	return d
}

// ballotQuery says whose items are meant.
type ballotQuery struct {
	paging
	Meeting string `query:"meeting" doc:"identifier of the meeting; needed"`
}

// vote is somebody's vote.
type vote struct {
	Choice string `json:"choice" doc:"aye, no or abstain"`
}

// opinion is the written opinion of a member on leave.
type opinion struct {
	Choice string `json:"choice"`
	Text   string `json:"text,omitempty"`
}

// count is a count of paper ballots.
type count struct {
	Issued      int `json:"issued"`
	Collected   int `json:"collected"`
	Ayes        int `json:"ayes"`
	Noes        int `json:"noes"`
	Abstentions int `json:"abstentions"`
	Invalid     int `json:"invalid"`
}

// declaration declares an outcome.
type declaration struct {
	Casting string `json:"casting,omitempty" doc:"the casting vote, where there is a tie and the programme gives one"`
	Reason  string `json:"reason,omitempty"`
}

func ballotRoutes() []route {
	key := func(c *call) id.Item { return id.Item(c.PathValue("id")) }
	does := func(path, name, say string, allow []stage.Role, do func(*call, id.Item) error) route {
		return act("/ballots/{id}/"+path, name, say, "POST /items/{id}/"+path, allow, func(c *call, _ none) error { return do(c, key(c)) })
	}
	because := func(path, name, say string, allow []stage.Role, do func(*call, id.Item, string) error) route {
		return act("/ballots/{id}/"+path, name, say, "POST /items/{id}/"+path, allow, func(c *call, in reasoned) error { return do(c, key(c), in.Reason) })
	}
	return []route{
		list("/ballots", "listBallots", "List the items of a meeting's agenda.", "GET /meetings/{id}", seesMeetings, func(c *call, q *ballotQuery, _ int) ([]ballotRow, string, error) {
			v, err := c.desk.Meeting(c.Context(), c.Actor, id.Meeting(q.Meeting))
			return whole(v.Items, err, &q.paging, func(i item.Item) string { return string(i.ID) }, ballotRowOf)
		}),
		one("/ballots/{id}", "getBallot", "Read one item and how the vote on it stands.", "GET /items/{id}", seesMeetings, func(c *call, key string) (ballotData, int64, error) {
			v, err := c.desk.Item(c.Context(), c.Actor, id.Item(key))
			if err != nil {
				return ballotData{}, 0, err
			}
			return ballotDataOf(v), v.Item.Version, nil
		}),
		one("/ballots/{id}/file", "getItemFile", "Read the application that an item is about, with both opinions, for those before whom it comes.", "GET /items/{id}/file", []stage.Role{stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Auditor}, func(c *call, key string) (itemFile, int64, error) {
			v, err := c.desk.ItemFile(c.Context(), c.Actor, id.Item(key))
			if err != nil {
				return itemFile{}, 0, err
			}
			return itemFileOf(v), 0, nil
		}),
		act("/ballots/{id}/recuse", "recuseFromItem", "Recuse somebody, or oneself.", "POST /items/{id}/recuse", seated, func(c *call, in excuse) error {
			return c.desk.RecuseFromItem(c.Context(), c.Actor, key(c), in.or(c), in.Reason)
		}),
		act("/ballots/{id}/write", "writeOpinion", "Give a written opinion, being on leave.", "POST /items/{id}/write", voters, func(c *call, in opinion) error {
			return c.desk.WriteOpinion(c.Context(), c.Actor, key(c), item.Written{Choice: in.Choice, Text: in.Text})
		}),
		does("open-vote", "openVote", "Open the vote.", chair, func(c *call, i id.Item) error { return c.desk.OpenVote(c.Context(), c.Actor, i) }),
		act("/ballots/{id}/vote", "vote", "Vote.", "POST /items/{id}/vote", voters, func(c *call, in vote) error {
			return c.desk.Vote(c.Context(), c.Actor, key(c), in.Choice)
		}),
		does("close-vote", "closeVote", "Close the vote.", chair, func(c *call, i id.Item) error { return c.desk.CloseVote(c.Context(), c.Actor, i) }),
		act("/ballots/{id}/count", "countBallots", "Enter a count of paper ballots.", "POST /items/{id}/count", []stage.Role{stage.Scrutineer}, func(c *call, in count) error {
			return c.desk.CountBallots(c.Context(), c.Actor, key(c), ballot.Tally{
				Issued: in.Issued, Collected: in.Collected, Ayes: in.Ayes, Noes: in.Noes, Abstentions: in.Abstentions, Invalid: in.Invalid,
			})
		}),
		act("/ballots/{id}/declare", "declareOutcome", "Declare the outcome.", "POST /items/{id}/declare", chair, func(c *call, in declaration) error {
			return c.desk.Declare(c.Context(), c.Actor, key(c), in.Casting, in.Reason)
		}),
		because("annul", "annulVote", "Annul a vote.", chair, func(c *call, i id.Item, why string) error { return c.desk.AnnulVote(c.Context(), c.Actor, i, why) }),
		because("defer", "deferItem", "Defer an item to a later meeting.", chair, func(c *call, i id.Item, why string) error { return c.desk.DeferItem(c.Context(), c.Actor, i, why) }),
		because("withdraw", "withdrawItem", "Take an item off the agenda.", clerk, func(c *call, i id.Item, why string) error { return c.desk.WithdrawItem(c.Context(), c.Actor, i, why) }),
		does("second-ballot", "secondBallot", "Vote again on an item, because there are too few places.", chair, func(c *call, i id.Item) error { return c.desk.SecondBallot(c.Context(), c.Actor, i) }),
		does("displace", "displaceItem", "Leave an item out, because there are too few places.", chair, func(c *call, i id.Item) error { return c.desk.Displace(c.Context(), c.Actor, i) }),
	}
}
