package casework

import (
	"context"
	"encoding/json"
	"slices"

	"shifan/internal/ballot"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// ElectionsView is what the page of a meeting's secret ballots shows.
type ElectionsView struct {
	Meeting     meeting.Meeting
	Ceremony    *ceremony.Ceremony
	Elections   []election.Election // as the viewer may see them, the first first
	Items       map[id.Item]item.Item
	Listed      []item.Item // may be put to a secret ballot
	Scrutineers []Account   // who may be appointed; for the office
	Names       map[id.Account]string
	Voted       map[id.Election]bool // the viewer has
	Presides    bool
}

// Elections returns a meeting's secret ballots as the viewer may see them.
func (d *Desk) Elections(ctx context.Context, by stage.Actor, key id.Meeting) (v ElectionsView, err error) {
	defer fault.Wrap(&err, "casework.Elections(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Meeting, err = tx.MeetingFor(by, key); err != nil {
			return err
		}
		if v.Ceremony, err = tx.CeremonyOf(key); err != nil {
			return err
		}
		if v.Elections, err = tx.ElectionsFor(by, &v.Meeting); err != nil {
			return err
		}
		items, err := tx.Items(by, &v.Meeting)
		if err != nil {
			return err
		}
		v.Items = map[id.Item]item.Item{}
		for _, i := range items {
			v.Items[i.ID] = i
			if i.State == item.Listed {
				v.Listed = append(v.Listed, i)
			}
		}
		v.Names, v.Presides = map[id.Account]string{}, by.Account == v.Meeting.Presiding
		for _, s := range v.Meeting.Roster {
			v.Names[s.Account] = s.Name
		}
		if by.Role == stage.Clerk {
			if v.Scrutineers, err = tx.AccountsWith(stage.Scrutineer, v.Meeting.Programme); err != nil {
				return err
			}
		}
		v.Voted, err = votedIn(tx, by, v.Elections)
		return err
	})
	return v, err
}

// votedIn says in which running elections somebody has voted: to that one alone.
func votedIn(tx *store.Tx, by stage.Actor, all []election.Election) (map[id.Election]bool, error) {
	voted := map[id.Election]bool{}
	for _, seen := range all {
		if seen.State != election.Voting || !slices.Contains(seen.Voters, by.Account) {
			continue
		}
		e, err := tx.Election(seen.ID)
		if err != nil {
			return nil, err
		}
		before, err := tx.BallotsBefore(e.ID)
		if err != nil {
			return nil, err
		}
		tag := e.Tag(by.Account)
		voted[e.ID] = slices.ContainsFunc(before, func(b election.Ballot) bool { return b.Voter == tag })
	}
	return voted, nil
}

// electionTask says what somebody is to do about a meeting's secret ballots now, or "".
func electionTask(tx *store.Tx, by stage.Actor, m *meeting.Meeting) (string, error) {
	if m.Rules.Ballot != "secret" || m.State != meeting.Convened && m.State != meeting.Sitting {
		return "", nil
	}
	c, err := tx.CeremonyOf(m.ID)
	if err != nil {
		return "", err
	}
	all, err := tx.ElectionsOf(m.ID)
	if err != nil {
		return "", err
	}
	switch {
	case c == nil && by.Role == stage.Clerk:
		return "指定监票人和监督员", nil
	case c == nil:
		return "", nil
	case by.Role == stage.Scrutineer && c.Owes(by.Account):
		return "生成密钥", nil
	}
	voted, err := votedIn(tx, by, all)
	for _, e := range all {
		switch {
		case by.Role == stage.Scrutineer && e.State == election.Prepared && c.Registrar.Account == by.Account:
			return "制作投票凭证", err
		case by.Role == stage.Scrutineer && e.Awaits(c.Number(by.Account)):
			return "解密票数", err
		case by.Role == stage.Member || by.Role == stage.Chair:
			if has, may := voted[e.ID]; may && !has {
				return "无记名投票", err
			}
		}
	}
	return "", err
}

// PublishedElection is an election with the box of ballots that anyone may look
// into once voting is over.
type PublishedElection struct {
	Election election.Election
	Meeting  meeting.Meeting
	Report   ballot.Report // what its archive says
	Counts   [][]int
}

// PublishedElection returns an election after its close, with what is in the box.
func (d *Desk) PublishedElection(ctx context.Context, by stage.Actor, key id.Election) (v PublishedElection, err error) {
	defer fault.Wrap(&err, "casework.PublishedElection(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Election, v.Meeting, err = tx.ElectionFor(by, key); err != nil {
			return err
		}
		if slices.Contains([]stage.State{election.Prepared, election.Registered, election.Voting, election.Void}, v.Election.State) {
			return fault.Missing()
		}
		all, err := tx.BallotsBefore(key)
		if err != nil {
			return err
		}
		last := map[string]string{}
		for _, b := range all {
			v.Report.Cast, last[b.Credential] = append(v.Report.Cast, b.Tracker), b.Tracker
		}
		for _, b := range all {
			if last[b.Credential] == b.Tracker {
				v.Report.Counted = append(v.Report.Counted, b.Tracker)
			}
		}
		slices.Sort(v.Report.Cast) // the order of their coming is nobody's business
		slices.Sort(v.Report.Counted)
		var o ballot.Election
		if err := json.Unmarshal([]byte(v.Election.Object), &o); err != nil {
			return err
		}
		v.Report.UUID, v.Report.Questions, v.Report.Name, v.Report.Voters = o.UUID, o.Questions, o.Name, len(v.Election.Voters)
		v.Report.Fingerprint, v.Report.Group = ballot.B64([]byte(v.Election.Object)), o.Group
		if v.Election.Result != "" {
			var r ballot.Result
			err = json.Unmarshal([]byte(v.Election.Result), &r)
			v.Counts = r.Result
		}
		return err
	})
	return v, err
}

// ElectionArchive returns the archive of an election after its close, and its name.
func (d *Desk) ElectionArchive(ctx context.Context, by stage.Actor, key id.Election) (name string, file []byte, err error) {
	defer fault.Wrap(&err, "casework.ElectionArchive(%s)", key)
	v, err := d.PublishedElection(ctx, by, key)
	if err != nil {
		return "", nil, err
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		file, err = archiveOf(tx, &v.Election)
		return err
	})
	return v.Report.UUID + ".bel", file, err
}
