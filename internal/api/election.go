package api

import (
	"encoding/json"
	"slices"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/stage"
)

// electionsData is how the secret ballots of a meeting stand. There is no secret in it.
type electionsData struct {
	Meeting   string           `json:"meeting"`
	Phase     string           `json:"phase,omitempty" doc:"of the making of the key; left out before trustees are appointed"`
	Threshold int              `json:"threshold,omitempty" doc:"how many trustees open a ballot"`
	Trustees  []electionHolder `json:"trustees"`
	Elections []electionRow    `json:"elections"`
	Acts      []string         `json:"acts" doc:"what the token's role may do with it now"`
}

// electionHolder holds a part of the key.
type electionHolder struct {
	Account     string `json:"account"`
	Name        string `json:"name"`
	Certificate string `json:"certificate,omitempty" doc:"of the Belenios protocol"`
	Owes        bool   `json:"owes" doc:"the present phase waits for it"`
}

// electionRow is one secret ballot.
type electionRow struct {
	ID        string          `json:"id"`
	State     stage.State     `json:"state"`
	StateWord string          `json:"state_word"`
	Object    json.RawMessage `json:"object,omitempty" doc:"the election of the Belenios protocol"`
	Voters    []string        `json:"voters" doc:"accounts"`
	Tally     json.RawMessage `json:"tally,omitempty" doc:"the encrypted tally"`
	Parts     int             `json:"parts" doc:"trustees who opened theirs"`
}

// electionData is a secret ballot that is over, as everybody may read it.
type electionData struct {
	electionRow
	Cast    []string        `json:"cast" doc:"trackers of all ballots"`
	Counted []string        `json:"counted" doc:"trackers of those that counted: the last of each credential"`
	Report  json.RawMessage `json:"report" doc:"what was counted; shifan ballot verify recomputes it from the archive"`
}

// object is the JSON of the protocol; nothing when there is none.
func protocol(s string) json.RawMessage {
	if !json.Valid([]byte(s)) {
		return nil
	}
	return json.RawMessage(s)
}

func electionRowOf(e election.Election) electionRow {
	return electionRow{string(e.ID), e.State, election.Kind.Word(string(e.State)), protocol(e.Object), each(e.Voters, func(a id.Account) string { return string(a) }), protocol(e.Tally), len(e.Parts)}
}

func electionsDataOf(v casework.ElectionsView) electionsData {
	d := electionsData{Meeting: string(v.Meeting.ID), Trustees: []electionHolder{}, Elections: []electionRow{}, Acts: []string{}}
	if c := v.Ceremony; c != nil {
		d.Phase, d.Threshold = c.Phase(), c.Threshold
		for _, t := range c.Trustees {
			d.Trustees = append(d.Trustees, electionHolder{string(t.Account), t.Name, t.Certificate, c.Owes(t.Account)})
		}
	}
	for _, e := range v.Elections {
		if e.State != election.Void {
			d.Elections = append(d.Elections, electionRowOf(e))
		}
	}
	return d
}

// electionTrustees names those who hold the key.
type electionTrustees struct {
	Trustees  []string `json:"trustees" doc:"accounts"`
	Registrar string   `json:"registrar" doc:"the account that makes the credentials"`
}

// electionMessage is what a trustee sends in the making of the key.
type electionMessage struct {
	Act     string `json:"act" doc:"certify, deal or accept: the present phase"`
	Message string `json:"message" doc:"of the Belenios protocol"`
	Read    bool   `json:"read,omitempty" doc:"the fingerprints of the others were compared"`
}

// electionItems says what is voted on.
type electionItems struct {
	Items     []string `json:"items"`
	Rehearsal bool     `json:"rehearsal,omitempty" doc:"it counts for nothing"`
}

// electionCredentials are the public credentials of each election.
type electionCredentials struct {
	Credentials map[string]string `json:"credentials" doc:"by election"`
}

// electionBallot is a ballot, encrypted where it was filled in.
type electionBallot struct {
	Ballot string `json:"ballot" doc:"of the Belenios protocol"`
}

// electionPart is a trustee's part of opening a tally.
type electionPart struct {
	Part string `json:"part" doc:"of the Belenios protocol"`
}

// electionRoutes are secret ballots. What is secret is made where the person is and never
// comes here: a program that votes computes the ballot by itself, as the page does.
func electionRoutes() []route {
	sees := append([]stage.Role{stage.Public}, seesMeetings...)
	scrutineer := []stage.Role{stage.Scrutineer}
	meeting := func(c *call) id.Meeting { return id.Meeting(c.PathValue("id")) }
	one1 := func(path, name, say string, allow []stage.Role, do func(*call) error) route {
		return act("/meetings/{id}/elections/"+path, name, say, "POST /meetings/{id}/elections/"+path, allow, func(c *call, _ none) error { return do(c) })
	}
	return append([]route{
		one("/meetings/{id}/elections", "getElections", "Read how the secret ballots of a meeting stand.", "GET /meetings/{id}/elections", seesMeetings, func(c *call, key string) (electionsData, int64, error) {
			v, err := c.desk.Elections(c.Context(), c.Actor, id.Meeting(key))
			if err != nil {
				return electionsData{}, 0, err
			}
			return electionsDataOf(v), 0, nil
		}),
		one("/elections/{id}", "getElection", "Read a secret ballot that is over.", "GET /elections/{id}", sees, func(c *call, key string) (electionData, int64, error) {
			v, err := c.desk.PublishedElection(c.Context(), c.Actor, id.Election(key))
			if err != nil {
				return electionData{}, 0, err
			}
			report, err := json.Marshal(v.Report)
			return electionData{electionRowOf(v.Election), slices.Clone(acts(v.Report.Cast)), slices.Clone(acts(v.Report.Counted)), report}, 0, err
		}),
		bytesOf("/elections/{id}/archive", "getElectionArchive", "Read the archive by which anybody recounts a secret ballot.", "GET /elections/{id}/archive", sees, []string{"application/x-tar"}, func(c *call, _ *none) (raw, error) {
			name, b, err := c.desk.ElectionArchive(c.Context(), c.Actor, id.Election(c.PathValue("id")))
			return rawOf("application/x-tar", name, b), err
		}),
		one1("cancel", "cancelCeremony", "Begin the making of the key anew.", clerk, func(c *call) error { return c.desk.CancelCeremony(c.Context(), c.Actor, meeting(c)) }),
		one1("open", "openElections", "Begin the voting.", chair, func(c *call) error { return c.desk.OpenElections(c.Context(), c.Actor, meeting(c)) }),
		one1("close", "closeElections", "End the voting.", chair, func(c *call) error { return c.desk.CloseElections(c.Context(), c.Actor, meeting(c)) }),
		act("/meetings/{id}/elections/spoil", "spoilElections", "Declare the secret ballots void.", "POST /meetings/{id}/elections/spoil", chair, func(c *call, in reasoned) error {
			return c.desk.SpoilElections(c.Context(), c.Actor, meeting(c), in.Reason)
		}),
	}, ceremonyRoutes(scrutineer, meeting)...)
}

// trackerHeader is where the answer to a ballot has its tracker.
const trackerHeader = "Shifan-Tracker"

// ceremonyRoutes bring what trustees, the registrar and voters compute by themselves.
func ceremonyRoutes(scrutineer []stage.Role, meeting func(*call) id.Meeting) []route {
	return []route{
		act("/meetings/{id}/elections/appoint", "appointTrustees", "Say who holds the key, and who makes the credentials.", "POST /meetings/{id}/elections/appoint", clerk, func(c *call, in electionTrustees) error {
			return c.desk.AppointTrustees(c.Context(), c.Actor, meeting(c), accounts(in.Trustees), id.Account(in.Registrar))
		}),
		act("/meetings/{id}/elections/send", "sendToCeremony", "Bring a trustee's part of the making of the key.", "POST /meetings/{id}/elections/send", scrutineer, func(c *call, in electionMessage) error {
			return c.desk.SendToCeremony(c.Context(), c.Actor, meeting(c), in.Act, in.Message, in.Read)
		}),
		act("/meetings/{id}/elections/prepare", "prepareElections", "Fix what is voted on, and who votes.", "POST /meetings/{id}/elections/prepare", chair, func(c *call, in electionItems) error {
			return c.desk.PrepareElections(c.Context(), c.Actor, meeting(c), each(in.Items, func(s string) id.Item { return id.Item(s) }), in.Rehearsal)
		}),
		act("/meetings/{id}/elections/register", "registerElections", "Bring the public credentials of the elections.", "POST /meetings/{id}/elections/register", scrutineer, func(c *call, in electionCredentials) error {
			all := map[id.Election]string{}
			for key, s := range in.Credentials {
				all[id.Election(key)] = s
			}
			return c.desk.RegisterElections(c.Context(), c.Actor, meeting(c), all)
		}),
		act("/elections/{id}/cast", "castBallot", "Bring a ballot that was encrypted where it was filled in; the last one counts.", "POST /elections/{id}/cast", voters, func(c *call, in electionBallot) error {
			tracker, err := c.desk.CastBallot(c.Context(), c.Actor, id.Election(c.PathValue("id")), in.Ballot)
			c.tell = tracker
			return err
		}).telling(trackerHeader, "by which the voter finds the ballot among those that were cast; not in the answer to a request that is sent again"),
		act("/elections/{id}/decrypt", "decryptElection", "Bring a trustee's part of opening the tally.", "POST /elections/{id}/decrypt", scrutineer, func(c *call, in electionPart) error {
			return c.desk.DecryptElection(c.Context(), c.Actor, id.Election(c.PathValue("id")), in.Part)
		}),
	}
}
