package casework

import (
	"context"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/record"
	"shifan/internal/store"
)

// DraftStory begins a story of a title with some passages of what was assessed, by
// their keys (S74).
func (d *Desk) DraftStory(ctx context.Context, by stage.Actor, title id.Designation, chosen []string) (key id.Story, err error) {
	defer fault.Wrap(&err, "casework.DraftStory(%s)", title)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		t, err := tx.TitleToTell(by, title)
		if err != nil {
			return record.Entry{}, err
		}
		others, err := tx.StoriesOf(title)
		if err != nil {
			return record.Entry{}, err
		}
		all, err := materials(tx, by, &t)
		if err != nil {
			return record.Entry{}, err
		}
		key = id.New[id.Story](d.Rand)
		s, m, err := story.Draft(by, key, &t, story.Chosen(all, chosen), others, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.storyEntry(by, &s, m, now), tx.AddStory(&s)
	})
	return key, err
}

// materials lists what a story of a title may begin with. What the visit noted is for
// the office, which decides whether the holder is to read it in a draft.
func materials(tx *store.Tx, by stage.Actor, t *designation.Designation) ([]story.Material, error) {
	if t.Application == "" {
		return nil, nil
	}
	a, err := tx.Application(t.Application)
	if err != nil {
		return nil, err
	}
	r, err := tx.Round(a.Round)
	if err != nil {
		return nil, err
	}
	p, err := tx.ProgrammeOf(a.Round)
	if err != nil {
		return nil, err
	}
	reviewed, err := tx.ReviewOf(a.ID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	visited, err := tx.VisitOf(a.ID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	all := story.Assessed(p.Indicators(r.Year), a.Answers, reviewed.Findings, visited.Findings)
	if by.Role == stage.Applicant {
		all = story.Told(all)
	}
	return all, nil
}

// storyCase is what an act on a story gets.
type storyCase struct {
	tx    *store.Tx
	Story *story.Story
	Title designation.Designation
	now   time.Time
}

// storyAct runs one move of a story that the actor works with. version is the one that
// the actor saw; 0 when it does not matter.
func (d *Desk) storyAct(ctx context.Context, by stage.Actor, key id.Story, version int64, act string, do func(*storyCase) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: story.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		s, err := tx.StoryInside(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if version != 0 && version != s.Version {
			return record.Entry{}, fault.Stale()
		}
		t, err := tx.Designation(s.Designation)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := do(&storyCase{tx: tx, Story: &s, Title: t, now: now})
		if err != nil {
			return record.Entry{}, err
		}
		return d.storyEntry(by, &s, m, now), tx.PutStory(&s)
	})
}

// storyEntry is the line of the record, which everybody may read: from the consent on
// the digest of what it is for, and of which title only once the story is public. The
// words are never in it.
func (d *Desk) storyEntry(by stage.Actor, s *story.Story, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, story.Kind, string(s.ID), m, now)
	e.Programme = s.Programme
	e.Facts = map[string]string{}
	if s.Consent.Digest != "" {
		e.Facts["content"] = s.Consent.Digest
	}
	if s.WasPublic() {
		e.Facts["designation"] = string(s.Designation)
	}
	return e
}

// EditStory keeps what somebody wrote.
func (d *Desk) EditStory(ctx context.Context, by stage.Actor, key id.Story, version int64, c story.Content) error {
	return d.storyAct(ctx, by, key, version, "edit", func(s *storyCase) (stage.Move, error) {
		usable, err := picturesFor(s.tx, &s.Title)
		if err != nil {
			return stage.Move{}, err
		}
		var keys []id.File
		for _, f := range usable {
			keys = append(keys, f.ID)
		}
		return s.Story.Edit(by, c, keys)
	})
}

// picturesFor lists the files that may be pictures of a story of a title, in the order
// of their upload.
func picturesFor(tx *store.Tx, t *designation.Designation) (usable []file.File, err error) {
	if t.Application == "" {
		return nil, nil
	}
	a, err := tx.Application(t.Application)
	if err != nil {
		return nil, err
	}
	all, err := tx.FilesOf(a.ID)
	if err != nil {
		return nil, err
	}
	copies, err := tx.CopiesOf(a.ID)
	if err != nil {
		return nil, err
	}
	made := map[id.File]bool{}
	for _, c := range copies {
		made[c.File] = c.Outcome == file.Copied
	}
	for _, f := range all {
		if story.Usable(&f, made[f.ID]) && file.Submitted(&a, f.SHA256) {
			usable = append(usable, f)
		}
	}
	return usable, nil
}

// OfferStory is the organisation's consent: see story.Story.Offer.
func (d *Desk) OfferStory(ctx context.Context, by stage.Actor, key id.Story, version int64, agreed, persons bool) error {
	return d.storyAct(ctx, by, key, version, "offer", func(s *storyCase) (stage.Move, error) {
		return s.Story.Offer(by, &s.Title, agreed, persons, s.now)
	})
}

// PassStory is the review of the office.
func (d *Desk) PassStory(ctx context.Context, by stage.Actor, key id.Story, version int64) error {
	return d.storyAct(ctx, by, key, version, "pass", func(s *storyCase) (stage.Move, error) {
		interested, err := s.tx.InterestsIn(s.Story.Organisation)
		if err != nil {
			return stage.Move{}, err
		}
		return s.Story.Pass(by, interested[by.Account], s.now)
	})
}

// SendBackStory returns a story to who writes it.
func (d *Desk) SendBackStory(ctx context.Context, by stage.Actor, key id.Story, version int64, reason string) error {
	return d.storyAct(ctx, by, key, version, "send_back", func(s *storyCase) (stage.Move, error) {
		return s.Story.SendBack(by, reason)
	})
}

// PublishStory makes a story public.
func (d *Desk) PublishStory(ctx context.Context, by stage.Actor, key id.Story, version int64) error {
	return d.storyAct(ctx, by, key, version, "publish", func(s *storyCase) (stage.Move, error) {
		return s.Story.Publish(by, &s.Title, s.now)
	})
}

// WithdrawStory takes a public story down.
func (d *Desk) WithdrawStory(ctx context.Context, by stage.Actor, key id.Story, version int64, reason string) error {
	return d.storyAct(ctx, by, key, version, "withdraw", func(s *storyCase) (stage.Move, error) {
		return s.Story.Withdraw(by, reason, s.now)
	})
}

// ReclaimStory takes the organisation's consent back.
func (d *Desk) ReclaimStory(ctx context.Context, by stage.Actor, key id.Story, version int64) error {
	return d.storyAct(ctx, by, key, version, "reclaim", func(s *storyCase) (stage.Move, error) {
		return s.Story.Reclaim(by, s.now)
	})
}

// DiscardStory gives a draft up.
func (d *Desk) DiscardStory(ctx context.Context, by stage.Actor, key id.Story, version int64) error {
	return d.storyAct(ctx, by, key, version, "discard", func(s *storyCase) (stage.Move, error) {
		return s.Story.Discard(by, s.now)
	})
}
