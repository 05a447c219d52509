package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/likeness"
	"shifan/internal/store"
)

// StoryFilter is the store's, so that the doors need not know the store.
type StoryFilter = store.StoryFilter

// StoryRow is a line of a list of stories.
type StoryRow struct {
	Story     story.Story
	Title     designation.Designation // as the public sees it
	Programme *programme.Programme
	Standing  story.Standing
}

// StoryView is what the pages of one story show.
type StoryView struct {
	StoryRow
	Pictures []StoryPicture
	Inside   bool          // the viewer works with it
	Names    []string      // of who wrote in it, for who works with it
	Reviewer string        // of the office, for the office
	Usable   []file.File   // pictures that may be in it, for who may edit it now
	Alike    []StoryAlike  // other stories like it, for the office
	Acts     []string      // what the viewer may do with it now
	Lacks    []string      // before it can be offered
	Today    calendar.Date // of the reading
}

// StoryPicture is a picture as it is shown.
type StoryPicture struct {
	story.Picture
	Place         int // in the story, from 1
	Width, Height int // 0: not known
}

// StoryAlike is another story that shares a good part of its wording: a hint for who
// reviews, never a verdict.
type StoryAlike struct {
	Story      story.Story // its title, state and identifiers
	Name       string      // of its holder
	Percent    int         // of the most alike paragraphs
	Paragraphs int         // that are alike
}

// StoryMaterials is what a story may begin with.
type StoryMaterials struct {
	Title     designation.Designation
	Programme *programme.Programme
	Materials []story.Material
}

// StoryMaterials lists what a story of a title may begin with, for who may begin one.
func (d *Desk) StoryMaterials(ctx context.Context, by stage.Actor, key id.Designation) (v StoryMaterials, err error) {
	defer fault.Wrap(&err, "casework.StoryMaterials(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Title, err = tx.TitleToTell(by, key); err != nil {
			return err
		}
		if v.Programme, err = programmeOfTitle(tx, &v.Title); err != nil {
			return err
		}
		v.Materials, err = materials(tx, by, &v.Title)
		return err
	})
	return v, err
}

// tells reports whether an actor may begin a story of a title now.
func (d *Desk) tells(tx *store.Tx, by stage.Actor, t *designation.Designation) (bool, error) {
	if _, err := tx.TitleToTell(by, t.ID); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return false, nil
		}
		return false, err
	}
	return d.drafts(tx, by, t)
}

// drafts reports whether the chapter lets an actor begin a story of a title now.
func (d *Desk) drafts(tx *store.Tx, by stage.Actor, t *designation.Designation) (bool, error) {
	others, err := tx.StoriesOf(t.ID)
	if err != nil {
		return false, err
	}
	_, _, refused := story.Draft(by, "", t, nil, others, d.Now())
	return refused == nil, nil
}

// TitlesToTell lists the titles of which an actor may begin a story now.
func (d *Desk) TitlesToTell(ctx context.Context, by stage.Actor) (all []designation.Designation, err error) {
	defer fault.Wrap(&err, "casework.TitlesToTell")
	f := store.DesignationFilter{Programme: by.Programme, States: []stage.State{designation.Valid, designation.Rectifying}, Limit: 500}
	if by.Role == stage.Applicant {
		if f.Organisation = by.Organisation; f.Organisation == "" {
			return nil, nil
		}
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		titles, err := tx.Designations(by, f)
		for _, t := range titles {
			may, err := d.drafts(tx, by, &t)
			if err != nil {
				return err
			}
			if may {
				all = append(all, t)
			}
		}
		return err
	})
	return all, err
}

// Stories lists the stories that the viewer works with.
func (d *Desk) Stories(ctx context.Context, by stage.Actor, f StoryFilter) (rows []StoryRow, err error) {
	defer fault.Wrap(&err, "casework.Stories")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		read := func() ([]story.Story, error) { return tx.Stories(by, f) }
		if by.Role == stage.Public {
			read = func() ([]story.Story, error) { return tx.StoriesListed(f) }
		}
		all, err := read()
		for _, s := range all {
			r, err := storyRow(tx, s)
			if err != nil {
				return err
			}
			rows = append(rows, r)
		}
		return err
	})
	return rows, err
}

func storyRow(tx *store.Tx, s story.Story) (r StoryRow, err error) {
	r.Story = s
	if r.Title, err = tx.DesignationFor(stage.Anyone, s.Designation); err != nil {
		return r, err
	}
	r.Standing = s.Standing(&r.Title)
	r.Programme, err = programmeOfTitle(tx, &r.Title)
	return r, err
}

// Story returns one story as the viewer may see it.
func (d *Desk) Story(ctx context.Context, by stage.Actor, key id.Story) (v StoryView, err error) {
	defer fault.Wrap(&err, "casework.Story(%s)", key)
	v.Today = calendar.DateOf(d.Now())
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		s, err := tx.StoryFor(by, key)
		if err != nil {
			return err
		}
		if v.StoryRow, err = storyRow(tx, s); err != nil {
			return err
		}
		if v.Pictures, err = picturesOf(tx, s.Pictures); err != nil {
			return err
		}
		if _, err := tx.StoryInside(by, key); fault.KindOf(err) == fault.NotFound {
			return nil
		} else if err != nil {
			return err
		}
		return d.storyInside(tx, by, &v)
	})
	return v, err
}

// picturesOf says how pictures are shown, without those that may not be shown any more.
func picturesOf(tx *store.Tx, all []story.Picture) (shown []StoryPicture, err error) {
	for n, p := range all {
		_, drawn, _, err := tx.PictureOf(p.File)
		if _, ours := errors.AsType[*fault.Fault](err); ours {
			continue // a virus was found in it, or its copy is gone
		}
		if err != nil {
			return nil, err
		}
		s := StoryPicture{Picture: p, Place: n + 1}
		if drawn != nil {
			s.Width, s.Height = drawn.Width, drawn.Height
		}
		shown = append(shown, s)
	}
	return shown, nil
}

// storyInside adds what is for those who work with a story.
func (d *Desk) storyInside(tx *store.Tx, by stage.Actor, v *StoryView) (err error) {
	s := &v.Story
	v.Inside, v.Lacks = true, s.Content().Lacks()
	v.Acts = s.May(by)
	if slices.Contains(v.Acts, "edit") {
		if v.Usable, err = picturesFor(tx, &v.Title); err != nil {
			return err
		}
	}
	if by.Role == stage.Applicant {
		s.ReviewedBy, s.PublishedBy, s.Writers = "", "", nil
		return nil
	}
	name := namesIn(tx)
	for _, w := range s.Writers {
		who, err := name(w)
		if err != nil {
			return err
		}
		v.Names = append(v.Names, who)
	}
	if v.Reviewer, err = name(s.ReviewedBy); err != nil {
		return err
	}
	v.Alike, err = d.alikeStories(tx, by, s)
	return err
}

// storiesCompared is how many stories of a programme one is compared with, the latest.
const storiesCompared = 2000

// alikeStories compares a story with the others of its programme, paragraph by
// paragraph, the most alike first.
func (d *Desk) alikeStories(tx *store.Tx, by stage.Actor, s *story.Story) (all []StoryAlike, err error) {
	others, err := tx.StoryTexts(by, s.Programme, storiesCompared)
	if err != nil {
		return nil, err
	}
	p, _, err := tx.ProgrammeNow(s.Programme)
	if err != nil {
		return nil, err
	}
	t := templateOf(p)
	var mine likeness.Index
	own := d.paragraphs(s, t)
	for n, o := range own {
		mine.Add(o.sketch, int32(n))
	}
	for _, o := range others {
		if o.ID == s.ID {
			continue
		}
		a := StoryAlike{Story: o}
		for _, there := range d.paragraphs(&o, t) {
			best := 0
			for _, n := range mine.Near(there.sketch) {
				best = max(best, own[n].sketch.Percent(there.sketch))
			}
			if best >= likeLeast {
				a.Paragraphs, a.Percent = a.Paragraphs+1, max(a.Percent, best)
			}
		}
		if a.Paragraphs == 0 {
			continue
		}
		h, err := tx.Designation(o.Designation)
		if err != nil {
			return nil, err
		}
		a.Name = h.Name
		all = append(all, a)
	}
	slices.SortStableFunc(all, func(a, b StoryAlike) int { return cmp.Compare(b.Percent, a.Percent) })
	return all[:min(len(all), 20)], nil
}

// paragraphs sketches the paragraphs of a story that are long enough to say something.
func (d *Desk) paragraphs(s *story.Story, t likeness.Template) []sketched {
	all, _ := d.sketches.get("story "+string(s.Programme)+" "+story.Content{Text: s.Text}.Digest(), func() (all []sketched, err error) { //nolint:errcheck // it reads nothing
		for _, text := range story.Paragraphs(s.Text) {
			if sk := likeness.Of(text, t); !sk.Empty() {
				all = append(all, sketched{sketch: sk})
			}
		}
		return all, nil
	})
	return all
}

// StoriesSideBySide are two stories with the passages that both have.
type StoriesSideBySide struct {
	Here, There             StoryRow
	HerePieces, TherePieces []likeness.Piece
}

// CompareStories puts two stories of one programme side by side for the office, the
// shared passages marked.
func (d *Desk) CompareStories(ctx context.Context, by stage.Actor, here, there id.Story) (v StoriesSideBySide, err error) {
	defer fault.Wrap(&err, "casework.CompareStories(%s, %s)", here, there)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for key, row := range map[id.Story]*StoryRow{here: &v.Here, there: &v.There} {
			s, err := tx.StoryInside(by, key)
			if err != nil {
				return err
			}
			if *row, err = storyRow(tx, s); err != nil {
				return err
			}
		}
		if v.Here.Story.Programme != v.There.Story.Programme || by.Role == stage.Applicant {
			return fault.Missing()
		}
		p, _, err := tx.ProgrammeNow(v.Here.Story.Programme)
		if err != nil {
			return err
		}
		v.HerePieces, v.TherePieces = likeness.Shared(v.Here.Story.Text, v.There.Story.Text, templateOf(p))
		return nil
	})
	return v, err
}

// OpenStoryPicture opens a picture of a story, by its place from 1, as far as the
// viewer may see the story: never the file itself, but the page drawn of it or its copy
// without what it says of persons, places and machines.
func (d *Desk) OpenStoryPicture(ctx context.Context, by stage.Actor, key id.Story, n int) (kind, sum string, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenStoryPicture(%s, %d)", key, n)
	return d.openPicture(ctx, func(tx *store.Tx) (which id.File, err error) {
		s, err := tx.StoryFor(by, key)
		if err == nil && (n < 1 || n > len(s.Pictures)) {
			err = fault.Missing()
		}
		if err != nil {
			return "", err
		}
		return s.Pictures[n-1].File, nil
	})
}

// OpenStoryChoice opens a picture that may be in a story, for who works with it, as it
// would be shown.
func (d *Desk) OpenStoryChoice(ctx context.Context, by stage.Actor, key id.Story, which id.File) (kind, sum string, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenStoryChoice(%s, %s)", key, which)
	return d.openPicture(ctx, func(tx *store.Tx) (id.File, error) {
		s, err := tx.StoryInside(by, key)
		if err != nil {
			return "", err
		}
		t, err := tx.Designation(s.Designation)
		if err != nil {
			return "", err
		}
		usable, err := picturesFor(tx, &t)
		if err == nil && !slices.ContainsFunc(usable, func(f file.File) bool { return f.ID == which }) {
			err = fault.Missing()
		}
		return which, err
	})
}

func (d *Desk) openPicture(ctx context.Context, which func(*store.Tx) (id.File, error)) (kind, sum string, r blob.File, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		key, err := which(tx)
		if err != nil {
			return err
		}
		f, drawn, c, err := tx.PictureOf(key)
		if _, ours := errors.AsType[*fault.Fault](err); ours {
			return fault.Missing() // it may not be shown any more
		}
		if kind, sum = f.Kind, c.SHA256; drawn != nil {
			kind, sum = string(evidence.JPG), drawn.SHA256
		}
		return err
	})
	if err != nil {
		return "", "", nil, err
	}
	if d.Files.Blobs == nil {
		return "", "", nil, errNoFiles.New()
	}
	r, err = d.Files.Blobs.Open(ctx, sum)
	return kind, sum, r, err
}

// storyWork is what stories ask of people: of an organisation, to read a draft and
// consent; of the office, to review; of the director, to publish.
func storyWork(tx *store.Tx, by stage.Actor, _ time.Time, w *waits) ([]WorkItem, error) {
	waits := map[stage.Role]struct {
		state stage.State
		word  string
	}{
		stage.Applicant: {story.Drafted, "确认先进事迹 "}, stage.Clerk: {story.Offered, "审核先进事迹 "}, stage.Director: {story.Reviewed, "发布先进事迹 "},
	}[by.Role]
	if waits.state == "" {
		return nil, nil
	}
	f := store.StoryFilter{States: []stage.State{waits.state}}
	return listing[story.Story]{
		stage: "先进事迹", url: "/stories",
		list: func(after *story.Story, limit int) ([]story.Story, error) {
			if f.Limit = limit; after != nil {
				f.After = after.ID
			}
			return tx.Stories(by, f)
		},
		item: func(s *story.Story) (WorkItem, error) {
			if by.Role == stage.Clerk && slices.Contains(s.Writers, by.Account) {
				return WorkItem{}, nil // somebody else reviews it
			}
			t, err := tx.Designation(s.Designation)
			return WorkItem{Title: waits.word + s.Title, Thing: t.Number, URL: "/stories/" + string(s.ID), Stage: "先进事迹"}, err
		},
	}.gather(w)
}

// HomeStory is a story on the front page.
type HomeStory struct {
	URL, Title, Holder string
	At                 time.Time
}

// homeStories shows the stories that were published last, and tells of them.
func (d *Desk) homeStories(tx *store.Tx, _ *calendar.Calendar, v *HomeView) error {
	all, err := tx.StoriesListed(store.StoryFilter{Limit: 20})
	for n, s := range all {
		t, err := tx.Designation(s.Designation)
		if err != nil {
			return err
		}
		url := "/stories/" + string(s.ID)
		v.Notices = append(v.Notices, HomeNotice{URL: url, Title: "先进事迹：" + s.Title, At: s.PublishedAt})
		if n < 3 {
			v.Stories = append(v.Stories, HomeStory{url, s.Title, t.Name, s.PublishedAt})
		}
	}
	return err
}
