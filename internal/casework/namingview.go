package casework

import (
	"context"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// NamingView is what the pages of one naming show.
type NamingView struct {
	Naming     naming.Naming
	Programme  *programme.Programme
	Round      round.Round
	Candidates []naming.Candidate // everybody who may be named or may come to it; for the office
	Left       error              // why it cannot go on now, as the next act would say; nil when it can
	Next       string             // the document number that would be taken now
	Names      map[id.Account]string
	Titles     []designation.Designation // once issued
	Need       int                       // releases needed
	Acts       []string
	Now        time.Time

	Signed SignedPapers // its documents
}

// Has reports whether an application is on the list.
func (v NamingView) Has(a id.Application) bool {
	return slices.ContainsFunc(v.Naming.List, func(e naming.Entry) bool { return e.Application == a })
}

// Naming returns one naming as the viewer may see it.
func (d *Desk) Naming(ctx context.Context, by stage.Actor, key id.Naming) (v NamingView, err error) {
	defer fault.Wrap(&err, "casework.Naming(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v, err = d.namingView(tx, by, key); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), v.Naming.Programme)
		return err
	})
	return v, err
}

func (d *Desk) namingView(tx *store.Tx, by stage.Actor, key id.Naming) (v NamingView, err error) {
	v.Now = d.Now()
	if v.Naming, err = tx.NamingFor(by, key); err != nil {
		return v, err
	}
	if v.Naming.Round != "" {
		if v.Round, err = tx.Round(v.Naming.Round); err != nil {
			return v, err
		}
		if v.Programme, err = tx.ProgrammeOf(v.Naming.Round); err != nil {
			return v, err
		}
	} else if v.Programme, _, err = tx.ProgrammeNow(v.Naming.Programme); err != nil {
		return v, err
	}
	v.Need = naming.Releases(v.Programme)
	if v.Naming.State == naming.Issued {
		v.Titles, err = tx.DesignationsBy(key)
		return v, err
	}
	return v, d.openNaming(tx, by, &v)
}

// openNaming adds what the office sees of a naming that is not issued.
func (d *Desk) openNaming(tx *store.Tx, by stage.Actor, v *NamingView) error {
	f, err := namingFacts(tx, v.Naming.Round, v.Naming.ID, v.Now)
	if err != nil {
		return err
	}
	v.Candidates = f.Candidates
	if f.Register, err = tx.NumbersOf(f.Programme.Naming.Numbers); err != nil {
		return err
	}
	if n, err := nextPrinted(tx, f.Programme, f.Register, calendar.DateOf(v.Now).Year); err == nil {
		v.Next = n.String()
	}
	v.Left = v.Naming.Blocked(f)
	v.Names = map[id.Account]string{}
	for _, who := range append([]id.Account{v.Naming.PreparedBy}, releasers(v.Naming)...) {
		if a, err := tx.Account(who); err == nil {
			v.Names[who] = a.Name
		}
	}
	if by.Programme == "" || by.Programme == v.Naming.Programme {
		v.Acts = v.Naming.May(by, v.Need)
	}
	return nil
}

func releasers(n naming.Naming) (all []id.Account) {
	for _, r := range n.Releases {
		all = append(all, r.By)
	}
	return all
}

// Namings lists the namings that the viewer may see.
func (d *Desk) Namings(ctx context.Context, by stage.Actor, f NamingFilter) (all []naming.Naming, err error) {
	defer fault.Wrap(&err, "casework.Namings")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Namings(by, f)
		return err
	})
	return all, err
}

// NamingChoices is what the page shows that begins a naming of a round.
type NamingChoices struct {
	Round      round.Round
	Programme  *programme.Programme
	Candidates []naming.Candidate
	Plan       naming.Plan // with what may be proposed
	Now        time.Time
}

// NamingChoices returns who may be named in a round, with the gate's findings.
func (d *Desk) NamingChoices(ctx context.Context, by stage.Actor, key id.Round) (v NamingChoices, err error) {
	defer fault.Wrap(&err, "casework.NamingChoices(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v.Now = d.Now()
		if v.Round, err = tx.RoundFor(by, key); err != nil {
			return err
		}
		if !naming.Kind.Takes("edit", by.Role) || by.Programme != "" && by.Programme != v.Round.Programme {
			return fault.Missing()
		}
		f, err := namingFacts(tx, key, "", v.Now)
		if err != nil {
			return err
		}
		v.Programme, v.Candidates = f.Programme, f.Candidates
		v.Plan = naming.Plan{Title: "关于命名" + strconv.Itoa(v.Round.Year) + "年度" + v.Programme.Base + "的通知", Addressees: v.Round.Addressees}
		for _, c := range v.Candidates {
			if c.Ready() {
				v.Plan.List = append(v.Plan.List, c.Application)
			}
		}
		return nil
	})
	return v, err
}

// namingWork is what namings ask of the office: a round whose candidates wait for
// naming, a list to release, a list to issue.
func (d *Desk) namingWork(tx *store.Tx, by stage.Actor, now time.Time) (items []WorkItem, err error) {
	if by.Role != stage.Clerk && by.Role != stage.Director && by.Role != stage.Chair {
		return nil, nil
	}
	open, err := tx.Namings(by, store.NamingFilter{States: []stage.State{naming.Drafted, naming.Released}})
	if err != nil {
		return nil, err
	}
	busy := map[id.Round]bool{}
	for _, n := range open {
		if by.Programme != "" && by.Programme != n.Programme {
			continue
		}
		busy[n.Round] = true
		p, err := tx.ProgrammeOf(n.Round)
		if err != nil {
			return nil, err
		}
		w := WorkItem{URL: "/namings/" + string(n.ID), Stage: "命名"}
		switch acts := n.May(by, naming.Releases(p)); {
		case slices.Contains(acts, "issue"):
			w.Title = "印发 " + n.Title
		case slices.Contains(acts, "release"):
			w.Title = "放行 " + n.Title
		case slices.Contains(acts, "edit"):
			w.Title = "核对 " + n.Title
		default:
			continue
		}
		items = append(items, w)
	}
	if by.Role != stage.Clerk {
		return items, nil
	}
	rounds, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Open, round.Closed}})
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		selected, err := tx.SelectedIn(r.ID)
		if err != nil {
			return nil, err
		}
		if selected > 0 && !busy[r.ID] {
			items = append(items, WorkItem{Title: "起草命名名单：" + strconv.Itoa(selected) + "家待命名", Thing: strconv.Itoa(r.Year) + "年度", URL: "/rounds/" + string(r.ID) + "/naming", Stage: "命名"})
		}
	}
	return items, nil
}

// homeNamed shows the latest naming and how many titles are held.
func (d *Desk) homeNamed(tx *store.Tx, _ *calendar.Calendar, v *HomeView) error {
	latest, err := tx.Namings(stage.Anyone, store.NamingFilter{Limit: 6})
	if err != nil {
		return err
	}
	for i, n := range latest {
		v.Notices = append(v.Notices, HomeNotice{URL: "/namings/" + string(n.ID), Title: n.Title, At: n.IssuedAt})
		if i > 0 {
			continue
		}
		titles, err := tx.DesignationsBy(n.ID)
		if err != nil {
			return err
		}
		p, _, err := tx.ProgrammeNow(n.Programme)
		if err != nil {
			return err
		}
		shown := titles[:min(len(titles), 5)]
		v.Named.Caption = strconv.Itoa(n.DatedOn.Year) + "年命名的" + p.Base + "，共" + strconv.Itoa(len(titles)) + "家"
		if len(shown) < len(titles) {
			v.Named.Caption += "，列出" + strconv.Itoa(len(shown)) + "家"
		}
		v.Named.Caption += "。"
		for _, t := range shown {
			_, o, err := holderOf(tx, &t)
			if err != nil {
				return err
			}
			v.Named.Rows = append(v.Named.Rows, HomeTitle{URL: "/designations/" + string(t.ID), Name: t.Name, Category: creditcode.KindWord(o.Kind), Number: t.Number, State: t.State})
		}
	}
	held, err := tx.CountDesignations("", designation.Valid, designation.Rectifying)
	if err != nil {
		return err
	}
	ever, err := tx.CountDesignations("")
	if ever > 0 {
		v.Figures = append(v.Figures, HomeFigure{Word: "在册称号", Unit: "家", Value: held}, HomeFigure{Word: "累计命名", Unit: "家", Value: ever})
	}
	return err
}
