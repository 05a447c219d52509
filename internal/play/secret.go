package play

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"slices"

	crypt "shifan/internal/ballot"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Balloting is a secret ballot of invented people. What in life is done in browsers
// and never reaches the server, the keys, the credentials and the votes, is done here
// by the same arithmetic in package ballot.
type Balloting struct {
	Desk        *casework.Desk
	Meeting     id.Meeting
	Random      io.Reader
	Trustees    []stage.Actor // three scrutineers: two decrypt
	Registrar   stage.Actor
	Seeds       []string              // the trustees' secrets, in their order
	Credentials map[id.Account]string // what is on the voters' slips

	order []stage.Actor // the trustees as the ceremony numbers them
}

func (b *Balloting) random() crypt.Random { return crypt.Uniform(b.Random) }

func (b *Balloting) ceremony(ctx context.Context) (c *ceremony.Ceremony, err error) {
	err = b.Desk.Store.View(ctx, func(tx *store.Tx) error {
		c, err = tx.CeremonyOf(b.Meeting)
		return err
	})
	return c, err
}

// MakeKey lives the ceremony: appointed by the clerk, each trustee certifies, deals
// and accepts.
func (b *Balloting) MakeKey(ctx context.Context, clerk stage.Actor) error {
	var accounts []id.Account
	for _, t := range b.Trustees {
		accounts = append(accounts, t.Account)
	}
	if err := b.Desk.AppointTrustees(ctx, clerk, b.Meeting, accounts, b.Registrar.Account); err != nil {
		return err
	}
	c, err := b.ceremony(ctx)
	if err != nil {
		return err
	}
	for _, t := range c.Trustees {
		seed, err := crypt.NewSeed(b.Random)
		if err != nil {
			return err
		}
		b.Seeds = append(b.Seeds, seed)
		b.order = append(b.order, b.Trustees[slices.IndexFunc(b.Trustees, func(a stage.Actor) bool { return a.Account == t.Account })])
	}
	for _, act := range []string{"certify", "deal", "accept"} {
		if c, err = b.ceremony(ctx); err != nil {
			return err
		}
		for n, seed := range b.Seeds {
			message, err := b.step(c.Made(), act, n, seed)
			if err != nil {
				return err
			}
			if err := b.Desk.SendToCeremony(ctx, b.order[n], b.Meeting, act, string(message), true); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Balloting) step(c crypt.Ceremony, act string, n int, seed string) ([]byte, error) {
	switch act {
	case "certify":
		return crypt.Certify(c.Group, seed, b.random())
	case "deal":
		return c.Deal(n, seed, b.random())
	}
	dealt, err := c.SharesFor(n)
	if err != nil {
		return nil, err
	}
	return c.Accept(n, seed, dealt, b.random())
}

// elections returns the elections of the meeting as they are kept.
func (b *Balloting) elections(ctx context.Context) (all []election.Election, err error) {
	err = b.Desk.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.ElectionsOf(b.Meeting)
		return err
	})
	return all, err
}

// Register makes a credential for each voter and registers the public halves for all
// prepared elections.
func (b *Balloting) Register(ctx context.Context) error {
	all, err := b.elections(ctx)
	if err != nil {
		return err
	}
	b.Credentials = map[id.Account]string{}
	public := map[id.Election]string{}
	for _, e := range all {
		if e.State != election.Prepared {
			continue
		}
		uuid, err := uuidOf(e.Object)
		if err != nil {
			return err
		}
		var keys []*big.Int
		for _, who := range e.Voters {
			if b.Credentials[who] == "" {
				if b.Credentials[who], err = crypt.NewCredential(b.Random); err != nil {
					return err
				}
			}
			secret, err := crypt.SecretOf(b.Credentials[who], uuid, crypt.Belenios2048)
			if err != nil {
				return err
			}
			keys = append(keys, crypt.PublicOf(secret, crypt.Belenios2048))
		}
		text, err := crypt.WriteCredentials(keys)
		if err != nil {
			return err
		}
		public[e.ID] = string(text)
	}
	return b.Desk.RegisterElections(ctx, b.Registrar, b.Meeting, public)
}

func uuidOf(object string) (string, error) {
	var o crypt.Election
	err := json.Unmarshal([]byte(object), &o)
	return o.UUID, err
}

// Encrypt is what a voter's browser makes: choices holds for each question which
// answer is chosen, from 0.
func (b *Balloting) Encrypt(e election.Election, credential string, choices ...int) ([]byte, error) {
	votes := make([][]int, len(choices))
	for n, c := range choices {
		votes[n] = make([]int, len(election.Answers))
		votes[n][c] = 1
	}
	return crypt.Vote([]byte(e.Object), credential, votes, b.random())
}

// Cast votes for somebody with a credential of their own.
func (b *Balloting) Cast(ctx context.Context, by stage.Actor, e election.Election, choices ...int) (string, error) {
	body, err := b.Encrypt(e, b.Credentials[by.Account], choices...)
	if err != nil {
		return "", err
	}
	return b.Desk.CastBallot(ctx, by, e.ID, string(body))
}

// Share is what the browser of the trustee with a number, from 0, makes of an
// encrypted sum.
func (b *Balloting) Share(ctx context.Context, e election.Election, n int) ([]byte, error) {
	c, err := b.ceremony(ctx)
	if err != nil {
		return nil, err
	}
	private, err := crypt.PrivateKey([]byte(c.Trustees[n].Acceptance))
	if err != nil {
		return nil, err
	}
	secret, err := crypt.ShareOf(crypt.Belenios2048, b.Seeds[n], private)
	if err != nil {
		return nil, err
	}
	_, file, err := b.Desk.ElectionArchive(ctx, b.Registrar, e.ID)
	if err != nil {
		return nil, err
	}
	part, _, err := crypt.Decrypt(file, n+1, secret, b.random())
	return part, err
}

// Decrypt lets trustees, numbered from 0, decrypt all tallied elections.
func (b *Balloting) Decrypt(ctx context.Context, trustees ...int) error {
	all, err := b.elections(ctx)
	for _, e := range all {
		if e.State != election.Tallied {
			continue
		}
		for _, n := range trustees {
			part, err := b.Share(ctx, e, n)
			if err != nil {
				return err
			}
			if err := b.Desk.DecryptElection(ctx, b.order[n], e.ID, string(part)); err != nil {
				return err
			}
		}
	}
	return err
}

// secretly decides one application by a secret ballot in a meeting of its own: the
// trustees make their key, the registrar hands out credentials, one member votes a
// second time, and two trustees decrypt.
func (t *Theatre) secretly(r id.Round, title string, file id.Application) {
	m, items := t.convene(r, title, "secret", oneBallot(file))
	b := &Balloting{Desk: t.Desk, Meeting: m, Random: t.Desk.Rand, Trustees: t.Cast.Scrutineers[:3], Registrar: t.Cast.Scrutineers[3]}
	must(b.MakeKey(t.ctx, t.Cast.Clerk))
	t.sit(m)
	must(t.Desk.PrepareElections(t.ctx, t.Cast.Chair, m, items, false))
	must(b.Register(t.ctx))
	must(t.Desk.OpenElections(t.ctx, t.Cast.Chair, m))
	e := one(b.elections(t.ctx))[0]
	for n, by := range t.committee() {
		_ = one(b.Cast(t.ctx, by, e, []int{0, 0, 0, 1, 2, 0, 0, 0}[n%8]))
	}
	_ = one(b.Cast(t.ctx, t.committee()[3], e, 0))
	must(t.Desk.CloseElections(t.ctx, t.Cast.Chair, m))
	must(b.Decrypt(t.ctx, 0, 2))
	must(t.Desk.Declare(t.ctx, t.Cast.Chair, items[0], "", ""))
	t.settle(m, items) // where the meeting before gave all places away
	must(t.Desk.CloseMeeting(t.ctx, t.Cast.Chair, m))
	t.signs(casework.MeetingMinutes, string(m))
	must(t.Desk.MinuteMeeting(t.ctx, t.Cast.Clerk, m, 0, "会议听取了"+t.heard()+"汇报，用无记名方式表决，当场解密计票。"))
}

// oneBallot puts one application on an agenda.
func oneBallot(file id.Application) []item.Subject {
	return []item.Subject{{Kind: "application", ID: string(file)}}
}

// writeBallots keeps the archive of each secret ballot below ballots, in a folder
// named after its meeting and its first item.
func (t *Theatre) writeBallots(ctx context.Context, dir string) error {
	meetings, err := t.Desk.Meetings(ctx, reader, store.MeetingFilter{States: []stage.State{meeting.Closed, meeting.Adjourned}, Limit: 1000})
	if err != nil {
		return err
	}
	for _, m := range meetings {
		v, err := t.Desk.Elections(ctx, reader, m.ID)
		if err != nil {
			return err
		}
		for _, e := range v.Elections {
			if e.State != election.Resolved || e.Rehearsal {
				continue
			}
			name, file, err := t.Desk.ElectionArchive(ctx, stage.Anyone, e.ID)
			if err != nil {
				return err
			}
			if err := write(dir, filepath.Join("ballots", fmt.Sprintf("%s-%s", m.ID, e.Items[0]), name), file); err != nil {
				return err
			}
		}
	}
	return nil
}
