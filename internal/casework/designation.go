package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// ReturnDesignation gives a title back for its holder (S73). The version is the
// one that the holder saw.
func (d *Desk) ReturnDesignation(ctx context.Context, by stage.Actor, key id.Designation, version int64, reason string) error {
	return d.designationAct(ctx, by, key, version, "return", func(_ *store.Tx, t *designation.Designation, now time.Time) (stage.Move, error) {
		return t.Return(by, reason, now)
	})
}

// DissolveDesignation ends a title whose holder is no more. One whose holder was
// merged waits for the committee (S73).
func (d *Desk) DissolveDesignation(ctx context.Context, by stage.Actor, key id.Designation, version int64) error {
	return d.designationAct(ctx, by, key, version, "dissolve", func(tx *store.Tx, t *designation.Designation, now time.Time) (stage.Move, error) {
		h, _, err := holderOf(tx, t)
		if err != nil {
			return stage.Move{}, err
		}
		return t.Dissolve(by, h, "", now)
	})
}

// AnnotateDesignation writes the office's own note beside a title.
func (d *Desk) AnnotateDesignation(ctx context.Context, by stage.Actor, key id.Designation, version int64, note string) error {
	return d.designationAct(ctx, by, key, version, "note", func(_ *store.Tx, t *designation.Designation, _ time.Time) (stage.Move, error) {
		return t.Annotate(by, note)
	})
}

// designationAct runs one move of a title: it loads the title for those who may
// act on it, lets do decide, and saves it with its line in the record. The plaque
// follows.
func (d *Desk) designationAct(ctx context.Context, by stage.Actor, key id.Designation, version int64, act string, do func(*store.Tx, *designation.Designation, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: designation.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		t, err := tx.Designation(key)
		if err != nil {
			return record.Entry{}, err
		}
		if by.Programme != "" && by.Programme != t.Programme || by.Role == stage.Applicant && by.Organisation != t.Organisation {
			return record.Entry{}, fault.Missing()
		}
		if version != 0 && version != t.Version {
			return record.Entry{}, fault.Stale()
		}
		m, err := do(tx, &t, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.titleEntry(by, &t, m, now), d.keepTitle(tx, by, &t, now)
	})
}

// holderOf says what is known of the organisation that holds a title.
func holderOf(tx *store.Tx, t *designation.Designation) (designation.Holder, organisation.Organisation, error) {
	o, err := tx.Organisation(t.Organisation)
	if err != nil {
		return designation.Holder{}, o, err
	}
	h := designation.Holder{Registered: o.State == organisation.Registered, EndedOn: o.EndedOn, Word: organisation.Kind.Word(string(o.State))}
	if o.State != organisation.Merged {
		return h, o, nil
	}
	if h.Successor = o.Successor; len(o.Others) > 0 {
		err = splitUp(tx, t, &o, &h)
	}
	return h, o, err
}

// splitUp says of a title whose holder was split up who may hold it: those that are
// registered, and first of them the one about which nobody decided yet.
func splitUp(tx *store.Tx, t *designation.Designation, o *organisation.Organisation, h *designation.Holder) error {
	open := t.Open(o.Successors())
	h.Successor = ""
	for _, key := range o.Successors() {
		next, err := tx.Organisation(key)
		if err != nil {
			return err
		}
		waits := slices.Contains(open, key)
		if waits && next.State != organisation.Registered {
			continue
		}
		if h.Heirs = append(h.Heirs, key); waits && h.Successor == "" {
			h.Successor = key
		}
	}
	return nil
}

// expireTitles ends the titles whose last valid day is over (S15).
func (d *Desk) expireTitles(ctx context.Context, now time.Time) (int, error) {
	return d.titlesDue(ctx, func(tx *store.Tx) ([]designation.Designation, error) {
		return tx.DesignationsExpiring(now)
	}, "expire", func(_ *store.Tx, t *designation.Designation, now time.Time) (stage.Move, error) {
		return t.Expire(stage.TheClock, now)
	})
}

// abolishTitles ends the titles of programmes that were abolished and whose file
// says that their titles end with them (facts.md §5).
func (d *Desk) abolishTitles(ctx context.Context, _ time.Time) (acts int, err error) {
	return d.titlesDue(ctx, func(tx *store.Tx) (due []designation.Designation, err error) {
		all, err := tx.Programmes()
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			ends, err := endsTitles(tx, s)
			if err != nil {
				return nil, err
			}
			if !ends {
				continue
			}
			held, err := tx.HoldersOf(s.Name)
			if err != nil {
				return nil, err
			}
			for _, t := range held {
				of, err := programmeOfTitle(tx, &t)
				if err != nil {
					return nil, err
				}
				if of.EndsTitles(programme.Abolished) {
					due = append(due, t)
				}
			}
		}
		return due, nil
	}, "abolish", func(tx *store.Tx, t *designation.Designation, now time.Time) (stage.Move, error) {
		_, state, err := tx.ProgrammeNow(t.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		p, err := programmeOfTitle(tx, t)
		if err != nil {
			return stage.Move{}, err
		}
		return t.Abolish(stage.TheClock, p, state, calendar.DateOf(now), now)
	})
}

// endsTitles reports whether a programme as it stands ends titles of any of its
// versions: otherwise none of them is read.
func endsTitles(tx *store.Tx, s programme.Standing) (bool, error) {
	if s.State != programme.Abolished {
		return false, nil
	}
	all, err := versionsOf(tx, s)
	return slices.ContainsFunc(all, func(p *programme.Programme) bool { return p.EndsTitles(s.State) }), err
}

// titlesDue runs one act of the clock on every title that a read lists.
func (d *Desk) titlesDue(ctx context.Context, list func(*store.Tx) ([]designation.Designation, error), act string, do func(*store.Tx, *designation.Designation, time.Time) (stage.Move, error)) (acts int, err error) {
	return dueActs(ctx, d, list, func(t designation.Designation) error {
		return d.designationAct(ctx, stage.TheClock, t.ID, 0, act, do)
	})
}

// succession is how a title whose holder was merged comes before the committee:
// carried, the successor gets a title of its own; lost, the title ends with its
// holder (S73). Where the holder was split up each of those it went into comes
// before it by itself.
func (d *Desk) succession() matter {
	return matter{
		facts: func(tx *store.Tx, key string) (item.Facts, error) {
			t, heir, err := heirOf(tx, key)
			if err != nil {
				return item.Facts{}, err
			}
			return successionFacts(tx, &t, heir)
		},
		waiting: successionsWaiting,
		decided: d.succeed,
	}
}

// heirOf reads what a succession is about: a title, and after a dot which of several
// successors; a merger's has none.
func heirOf(tx *store.Tx, key string) (t designation.Designation, heir id.Organisation, err error) {
	title, of, _ := strings.Cut(key, ".")
	t, err = tx.Designation(id.Designation(title))
	return t, id.Organisation(of), err
}

func successionsWaiting(tx *store.Tx, p id.Programme, _ id.Round) (all []item.Facts, err error) {
	titles, err := tx.TitlesWithoutHolder(p)
	if err != nil {
		return nil, err
	}
	divided, err := tx.TitlesDivided(p)
	for _, t := range append(titles, divided...) {
		heirs, err := heirsOf(tx, &t)
		if err != nil {
			return nil, err
		}
		for _, heir := range heirs {
			f, err := successionFacts(tx, &t, heir)
			if err != nil {
				return nil, err
			}
			if f.Waiting {
				all = append(all, f)
			}
		}
	}
	return all, err
}

// heirsOf lists about whom a decision on a title waits: one without a name after a merger,
// each of several when the holder was split up.
func heirsOf(tx *store.Tx, t *designation.Designation) ([]id.Organisation, error) {
	h, _, err := holderOf(tx, t)
	if err != nil || h.Successor == "" || t.Ended() && t.State != designation.Succeeded {
		return nil, err
	}
	if len(h.Heirs) == 0 {
		return []id.Organisation{""}, nil
	}
	return t.Open(h.Heirs), nil
}

// holderFor is holderOf where a decision is about one of several successors.
func holderFor(tx *store.Tx, t *designation.Designation, heir id.Organisation) (designation.Holder, error) {
	h, _, err := holderOf(tx, t)
	if len(h.Heirs) > 0 || heir != "" {
		h.Successor = heir
	}
	return h, err
}

func successionFacts(tx *store.Tx, t *designation.Designation, heir id.Organisation) (item.Facts, error) {
	h, err := holderFor(tx, t, heir)
	if err != nil {
		return item.Facts{}, err
	}
	f := item.Facts{
		Subject: item.Subject{Kind: "succession", ID: string(t.ID)}, Programme: t.Programme, Organisation: h.Successor,
		Title: "承继称号：" + t.Name + "（" + t.Number + "）", Reviewed: true, Visited: true,
	}
	live := t.Live()
	if len(h.Heirs) > 0 {
		f.Subject.ID += "." + string(h.Successor)
		live = (live || t.State == designation.Succeeded) && slices.Contains(t.Open(h.Heirs), h.Successor)
	}
	if h.Successor != "" {
		next, err := tx.Organisation(h.Successor)
		if err != nil {
			return f, err
		}
		f.Waiting = live && next.State == organisation.Registered
		f.Title += "，承继单位" + next.Name()
	}
	return f, nil
}

// succeed carries out the committee's decision about a succession.
func (d *Desk) succeed(tx *store.Tx, by stage.Actor, i item.Item, carried bool, now time.Time) error {
	t, heir, err := heirOf(tx, i.Subject.ID)
	if err != nil {
		return err
	}
	h, err := holderFor(tx, &t, heir)
	if err != nil {
		return err
	}
	if !carried {
		m, err := t.Refuse(by, h, i.ID, now)
		if err != nil {
			return err
		}
		return d.moveTitle(tx, by, &t, m, now)
	}
	next, err := tx.Organisation(h.Successor)
	if err != nil {
		return err
	}
	taken, err := tx.TitleNumbers(t.Programme, t.NamedOn.Year)
	if err != nil {
		return err
	}
	made, m, err := t.Succeed(by, h, designation.Award{
		ID: id.New[id.Designation](d.Rand), Number: designation.NextNumber(t.NamedOn.Year, taken), Name: next.NameOn(calendar.DateOf(now)),
	}, i.ID, now)
	if err != nil {
		return err
	}
	if err := d.moveTitle(tx, by, &t, m, now); err != nil {
		return err
	}
	tx.Also(d.titleEntry(by, made, designation.Inherited(by), now))
	if err := tx.AddDesignation(made); err != nil {
		return err
	}
	if err := d.followCredential(tx, by, made, now); err != nil {
		return err
	}
	return d.orderPlaque(tx, by, made, now)
}
