package web

import (
	"encoding/json"
	"net/http"
	"slices"

	"shifan/internal/ballot"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) electionRoutes() []route {
	voters := []stage.Role{stage.Member, stage.Chair}
	scrutineers := []stage.Role{stage.Scrutineer}
	return []route{
		{pattern: "GET /meetings/{id}/elections", allow: seesMeetings, serve: s.showElections},
		{pattern: "GET /meetings/{id}/elections/state", allow: seesMeetings, serve: s.electionsState},
		{pattern: "POST /meetings/{id}/elections/appoint", allow: clerks, serve: s.appointTrustees, form: s.showElections},
		{pattern: "POST /meetings/{id}/elections/cancel", allow: clerks, serve: s.electionsDo("密钥已作废，可以重新指定监票人。", s.desk.CancelCeremony), form: s.showElections},
		{pattern: "POST /meetings/{id}/elections/send", allow: scrutineers, serve: s.sendToCeremony, form: s.showElections},
		{pattern: "POST /meetings/{id}/elections/prepare", allow: chairs, serve: s.prepareElections, form: s.showElections},
		{pattern: "POST /meetings/{id}/elections/register", allow: scrutineers, serve: s.registerElections, form: s.showElections},
		{pattern: "POST /meetings/{id}/elections/open", allow: chairs, serve: s.electionsDo("投票已开始。", s.desk.OpenElections), form: s.showElections},
		{pattern: "POST /meetings/{id}/elections/close", allow: chairs, serve: s.electionsDo("投票已结束，等监票人解密。", s.desk.CloseElections), form: s.showElections},
		{pattern: "POST /meetings/{id}/elections/spoil", allow: chairs, serve: s.spoilElections, form: s.showElections},
		{pattern: "POST /elections/{id}/cast", allow: voters, serve: s.castBallot},
		{pattern: "POST /elections/{id}/decrypt", allow: scrutineers, serve: s.decryptElection},
		{pattern: "GET /elections/{id}", allow: append(slices.Clone(everyone), seesMeetings...), serve: s.showElection},
		{pattern: "GET /elections/{id}/archive", allow: append(slices.Clone(everyone), seesMeetings...), serve: s.giveArchive},
	}
}

func (s *Site) electionsDo(say string, act actOnMeeting) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, meetingOf(r)); err != nil {
			return err
		}
		return s.toElections(w, r, say)
	}
}

func (s *Site) toElections(w http.ResponseWriter, r *request, say string) error {
	if r.script() {
		return s.saved(w, nil)
	}
	return s.seeOther(w, r, "/meetings/"+r.PathValue("id")+"/elections", say)
}

func (s *Site) showElections(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Elections(r.Context(), r.Actor, meetingOf(r))
	if err != nil {
		return err
	}
	f := s.page(r, "无记名表决", meetingsLink, page.Link{Word: v.Meeting.Title, URL: "/meetings/" + string(v.Meeting.ID)})
	return s.render(w, r, http.StatusOK, page.Elections(f, v, r.Actor, page.BallotScripts{Page: s.balloting, Library: s.ballot}))
}

// electionState is what a browser needs of one election.
type electionState struct {
	ID        id.Election `json:"id"`
	State     stage.State `json:"state"`
	Object    string      `json:"object"`
	Voters    []voter     `json:"voters"`
	Mine      bool        `json:"mine"` // the viewer may vote
	Tally     string      `json:"tally,omitempty"`
	Decrypted bool        `json:"decrypted,omitempty"` // by the viewer
}

// voter is somebody on the list of an election: two may have the same name.
type voter struct {
	Key  id.Account `json:"key"`
	Name string     `json:"name"`
}

// ballotState is what the browsers of trustees, the registrar and voters compute from.
// There is no secret in it.
type ballotState struct {
	Number    int             `json:"number"` // which trustee the viewer is, from 1
	Phase     string          `json:"phase"`
	Threshold int             `json:"threshold"`
	Sent      bool            `json:"sent"` // the viewer has, in this phase
	Certs     []string        `json:"certs"`
	Names     []string        `json:"names"`
	Shares    string          `json:"shares,omitempty"` // dealt to the viewer, encrypted
	Sealed    string          `json:"sealed,omitempty"` // the viewer's part of the key, encrypted to itself
	Elections []electionState `json:"elections"`
}

func (s *Site) electionsState(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Elections(r.Context(), r.Actor, meetingOf(r))
	if err != nil {
		return err
	}
	out, err := stateOf(v, r.Actor)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(out)
}

func stateOf(v casework.ElectionsView, by stage.Actor) (out ballotState, err error) {
	out.Certs, out.Names, out.Elections = []string{}, []string{}, []electionState{} // lists, never null
	if c := v.Ceremony; c != nil {
		out.Number, out.Phase, out.Threshold = c.Number(by.Account), c.Phase(), c.Threshold
		for _, t := range c.Trustees {
			out.Names = append(out.Names, t.Name)
			if t.Certificate != "" {
				out.Certs = append(out.Certs, t.Certificate)
			}
		}
		if out.Number > 0 {
			t := c.Trustees[out.Number-1]
			out.Sent = !c.Owes(by.Account)
			if out.Phase == "accept" {
				var shares []byte
				shares, err = c.Made().SharesFor(out.Number - 1)
				out.Shares = string(shares)
			}
			if err == nil && t.Acceptance != "" {
				out.Sealed, err = ballot.PrivateKey([]byte(t.Acceptance))
			}
		}
	}
	for _, e := range v.Elections {
		if e.State == election.Void {
			continue
		}
		one := electionState{ID: e.ID, State: e.State, Object: e.Object, Mine: slices.Contains(e.Voters, by.Account), Tally: e.Tally}
		for _, who := range e.Voters {
			one.Voters = append(one.Voters, voter{who, v.Names[who]})
		}
		for _, p := range e.Parts {
			one.Decrypted = one.Decrypted || p.Trustee == out.Number
		}
		out.Elections = append(out.Elections, one)
	}
	return out, err
}

func (s *Site) appointTrustees(w http.ResponseWriter, r *request) error {
	var trustees []id.Account
	for _, t := range r.all("trustees") {
		trustees = append(trustees, id.Account(t))
	}
	if err := s.desk.AppointTrustees(r.Context(), r.Actor, meetingOf(r), trustees, id.Account(r.FormValue("registrar"))); err != nil {
		return err
	}
	return s.toElections(w, r, "监票人和监督员已指定。请监票人在各自的电脑上生成密钥。")
}

func (s *Site) sendToCeremony(w http.ResponseWriter, r *request) error {
	if err := s.desk.SendToCeremony(r.Context(), r.Actor, meetingOf(r), r.FormValue("act"), r.FormValue("message"), r.yes("read")); err != nil {
		return err
	}
	return s.toElections(w, r, "")
}

func (s *Site) prepareElections(w http.ResponseWriter, r *request) error {
	var items []id.Item
	for _, i := range r.all("items") {
		items = append(items, id.Item(i))
	}
	if err := s.desk.PrepareElections(r.Context(), r.Actor, meetingOf(r), items, r.FormValue("rehearsal") == "yes"); err != nil {
		return err
	}
	return s.toElections(w, r, "投票名单已确定。请监督员制作投票凭证。")
}

func (s *Site) registerElections(w http.ResponseWriter, r *request) error {
	all := map[id.Election]string{}
	for name := range r.PostForm {
		all[id.Election(name)] = r.FormValue(name)
	}
	if err := s.desk.RegisterElections(r.Context(), r.Actor, meetingOf(r), all); err != nil {
		return err
	}
	return s.toElections(w, r, "公开凭证已登记。")
}

func (s *Site) spoilElections(w http.ResponseWriter, r *request) error {
	if err := s.desk.SpoilElections(r.Context(), r.Actor, meetingOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.toElections(w, r, "本次无记名表决已作废，议题可以重新表决。")
}

func (s *Site) castBallot(w http.ResponseWriter, r *request) error {
	tracker, err := s.desk.CastBallot(r.Context(), r.Actor, id.Election(r.PathValue("id")), r.FormValue("ballot"))
	if err != nil {
		return err
	}
	return tell(w, http.StatusOK, told{Saved: tracker})
}

func (s *Site) decryptElection(w http.ResponseWriter, r *request) error {
	if err := s.desk.DecryptElection(r.Context(), r.Actor, id.Election(r.PathValue("id")), r.FormValue("part")); err != nil {
		return err
	}
	return s.saved(w, nil)
}

func (s *Site) showElection(w http.ResponseWriter, r *request) error {
	v, err := s.desk.PublishedElection(r.Context(), r.Actor, id.Election(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Election(s.page(r, "无记名表决结果", page.Link{Word: v.Meeting.Title}), v, r.text("tracker")))
}

func (s *Site) giveArchive(w http.ResponseWriter, r *request) error {
	name, file, err := s.desk.ElectionArchive(r.Context(), r.Actor, id.Election(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/x-tar")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err = w.Write(file)
	return err
}
