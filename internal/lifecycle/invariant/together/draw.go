package together

import (
	"slices"

	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/lot"
)

// Drawn is a draw with the others of its round.
type Drawn struct {
	*draw.Draw
	Fixed  string       // Fix of it when somebody committed first; empty: nobody knows
	Others []*draw.Draw // of the same round
}

// Fix is what nobody may change once somebody committed: the digests of pool and rule.
func Fix(d *draw.Draw) string { return d.Pool.Digest() + d.Rule.Digest() }

const (
	frozenFirst = "制度:承诺以后不得更改名单和规则 (S48)"
	opposed     = "制度:利益不同的各方承诺 (S48)"
	inOrder     = "办法(三) 组织考核组；制度:按抽取的排序 (S48)"
)

// ofDraws are the promises of how assessors are drawn.
var ofDraws = []Promise{
	{"draw.pool.frozen", "from the first commitment on pool and rule are what they were", frozenFirst, drawn(func(_ *Case, d *Drawn) bool {
		return d.Fixed == "" || len(d.Parties) == 0 || Fix(d.Draw) == d.Fixed
	})},
	{"draw.party.opposed", "each side commits once, by somebody who cannot be drawn, and nothing is revealed before three did", opposed, drawn(func(_ *Case, d *Drawn) bool {
		seen := map[string]bool{}
		for _, p := range d.Parties {
			if lot.Sides[p.Side] == "" || seen[p.Side] || seen[p.Commitment] || seen[string(p.Account)] || d.Seated(p.Account) {
				return false
			}
			seen[p.Side], seen[p.Commitment], seen[string(p.Account)] = true, true, true
		}
		return len(d.Parties) >= lot.LeastParties || d.State != draw.Committed && d.State != draw.Revealed && d.State != draw.Concluded
	})},
	{"draw.commit.in_time", "nobody commits after the published time", "制度:规则事先公布 (S48)", drawn(func(_ *Case, d *Drawn) bool {
		return !slices.ContainsFunc(d.Parties, func(p draw.Party) bool { return !p.CommittedAt.Before(d.Rule.RevealBy) })
	})},
	{"draw.reveal.as_committed", "what was revealed is what was committed to", "制度:承诺的各方揭示 (S48)", drawn(func(_ *Case, d *Drawn) bool {
		return !slices.ContainsFunc(d.Parties, func(p draw.Party) bool {
			return !p.RevealedAt.IsZero() && p.Reveal.Commitment() != p.Commitment
		})
	})},
	{"draw.reveal.together", "nobody reads a secret before all are there", "制度:全部揭示后公开 (S48)", drawn(func(_ *Case, d *Drawn) bool {
		said := slices.ContainsFunc(d.Parties, func(p draw.Party) bool { return !p.RevealedAt.IsZero() })
		return !said || d.State == draw.Revealed || d.State == draw.Concluded || !slices.ContainsFunc(d.Published("", "").Parties, func(p lot.Published) bool { return p.Reveal != lot.Reveal{} })
	})},
	{"draw.concluded.by_all", "a draw has a result only when everybody who committed revealed, and with the value from outside where the rule names one", "制度:承诺的各方揭示；外部数值由两人分别录入 (S48)", drawn(func(_ *Case, d *Drawn) bool {
		_, agreed := d.Value()
		return d.State != draw.Concluded || len(d.Missing()) == 0 && agreed == (d.Rule.External != "")
	})},
	{"draw.concluded.recomputed", "the published record of a draw gives its result to anybody", "制度:任何人可以重算 (S48)", drawn(func(_ *Case, d *Drawn) bool {
		if d.State != draw.Concluded || d.Document == "" {
			return true
		}
		r, err := lot.Verify([]byte(d.Document))
		return err == nil && slices.EqualFunc(r.Ranking, d.Ranking(), func(a, b lot.Ranking) bool { return a.Stratum == b.Stratum && slices.Equal(a.Order, b.Order) })
	})},
	{"draw.failed.after_time", "a draw fails after its time and not before", "制度:逾期没有承诺或揭示的记录在案 (S48)", drawn(func(c *Case, d *Drawn) bool { return d.State != draw.Failed || d.Over(c.Now) })},
	{"draw.restarted.once", "a draw that failed begins again once, from a pool of its own, and the record says which it was", "制度:没有完成的抽取只重来一次 (S48)", drawn(func(_ *Case, d *Drawn) bool {
		return d.Attempt == 1 && d.Earlier == nil || d.Attempt == 2 && d.Earlier != nil && d.Earlier.Draw != string(d.ID) && d.Earlier.Pool != d.Pool.Digest()
	})},
	{"draw.manual.last", "lots are drawn by hand only after two draws that failed", "制度:两次没有完成的，监督下人工抽取 (S48)", drawn(func(_ *Case, d *Drawn) bool {
		return d.State != draw.Manual || d.Attempt == 2 && d.Document == ""
	})},
	{"draw.case.once", "a visit waits for one draw at a time", inOrder, drawn(func(_ *Case, d *Drawn) bool {
		return !d.Live() || !slices.ContainsFunc(d.Others, func(o *draw.Draw) bool {
			return o.ID != d.ID && o.Live() && slices.ContainsFunc(d.Cases, func(k draw.Case) bool { return o.Case(k.Visit) != nil })
		})
	})},
}

func drawn(holds func(*Case, *Drawn) bool) func(*Case) string {
	return one(func(c *Case) *Drawn { return c.Draw }, func(d *Drawn) string { return string(d.ID) }, holds)
}

// Visited is a visit with the draw that its team came from, and everybody's ties to who
// is visited.
type Visited struct {
	*visit.Visit
	Draw *draw.Draw // nil: its team did not come from one
	Ties review.Interests
}

// ofTeams are the promises of teams that were drawn.
var ofTeams = []Promise{
	{"visit.drawn.in_pool", "who was drawn was in the frozen pool, and not recused from this visit when it was frozen", inOrder, seated(func(v *Visited, _ string, s *lot.Member) bool {
		return s != nil && !slices.Contains(s.Recusals, v.Draw.Case(v.ID).Case)
	})},
	{"visit.drawn.next_of_order", "nobody of the order was passed over who could go: replacements follow it, too", inOrder, seated(func(v *Visited, member string, _ *lot.Member) bool {
		for _, k := range v.Draw.Ranking() {
			at := slices.IndexFunc(k.Order, func(r lot.Ranked) bool { return r.ID == member })
			for n := range max(at, 0) {
				if v.free(k.Order[n].ID) {
					return false
				}
			}
		}
		return true
	})},
	{"visit.signed.untied", "nobody signs for a visit who has an interest in it", "制度:回避 (S48)", one(func(c *Case) *Visited { return c.Visit }, func(v *Visited) string { return string(v.ID) }, func(_ *Case, v *Visited) bool {
		return v.State != visit.Reported && v.State != visit.Signed || !slices.ContainsFunc(v.Signatures, func(s visit.Signature) bool { return v.Ties[s.Account] != "" })
	})},
}

// seated looks at each of a team whom the draw put there, with their place in the pool.
func seated(holds func(v *Visited, member string, place *lot.Member) bool) func(*Case) string {
	return one(func(c *Case) *Visited { return c.Visit }, func(v *Visited) string { return string(v.ID) }, func(_ *Case, v *Visited) bool {
		if v.Draw == nil || v.Draw.State != draw.Concluded {
			return true
		}
		for _, s := range v.Team {
			if s.Drawn != v.Draw.ID {
				continue
			}
			key := ""
			if i := slices.IndexFunc(v.Draw.Seats, func(d draw.Seat) bool { return d.Account == s.Account }); i >= 0 {
				key = v.Draw.Seats[i].Member
			}
			if !holds(v, key, v.place(key)) {
				return false
			}
		}
		return true
	})
}

func (v *Visited) place(member string) *lot.Member {
	i := slices.IndexFunc(v.Draw.Pool.Members, func(m lot.Member) bool { return m.ID == member })
	if i < 0 {
		return nil
	}
	return &v.Draw.Pool.Members[i]
}

// free reports whether somebody of the pool could go and is not going.
func (v *Visited) free(member string) bool {
	who, place := v.Draw.Name(member).Account, v.place(member)
	gone := slices.ContainsFunc(v.Replaced, func(r visit.Replaced) bool { return r.Account == who })
	return place != nil && !slices.Contains(place.Recusals, v.Draw.Case(v.ID).Case) && v.Ties[who] == "" && !gone && v.Seat(who) == nil
}
