package store

import (
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
)

var stories = table[story.Story]{
	name: "stories",
	columns: []string{
		"id", "programme", "designation", "organisation", "state", "title", "text", "pictures", "sources", "writers", "consent",
		"reviewed_by", "reviewed_at", "reply", "published_by", "published_at", "ended_at", "reason", "drafted_at", "version",
	},
	fields: func(s *story.Story) []any {
		return []any{
			&s.ID, &s.Programme, &s.Designation, &s.Organisation, &s.State, &s.Title, &s.Text, asJSON(&s.Pictures), asJSON(&s.Sources), asJSON(&s.Writers), asJSON(&s.Consent),
			&s.ReviewedBy, asTime(&s.ReviewedAt), &s.Reply, &s.PublishedBy, asTime(&s.PublishedAt), asTime(&s.EndedAt), &s.Reason, asTime(&s.DraftedAt), &s.Version,
		}
	},
	version: func(s *story.Story) *int64 { return &s.Version },
}

// Story returns the story with the given identifier, or fault.Missing. It does not ask
// who looks; StoryFor does.
func (tx *Tx) Story(key id.Story) (story.Story, error) { return stories.get(tx, string(key)) }

// AddStory adds a story. A title has one at a time that is not public yet.
func (tx *Tx) AddStory(s *story.Story) error { return stories.insert(tx, s) }

// PutStory saves a story, unless someone else saved it since it was read.
func (tx *Tx) PutStory(s *story.Story) error { return stories.update(tx, s) }

// seesStories lists the roles that see every story of their programme, whatever its
// state.
var seesStories = []stage.Role{stage.Clerk, stage.Director}

// StoryFor returns a story as a viewer may see it: the clerks of its organisation and
// the office of its programme see it from the first draft on; everybody else once it
// was published, without who wrote and who read it. What of it is shown then follows
// from its title (story.Standing). Of the office, who has an interest in the
// organisation sees what everybody sees.
func (tx *Tx) StoryFor(viewer stage.Actor, key id.Story) (story.Story, error) {
	s, err := tx.Story(key)
	if err != nil {
		return s, err
	}
	inside, err := tx.storyInside(viewer, &s)
	switch {
	case err != nil:
		return story.Story{}, err
	case inside:
		return s, nil
	case !s.WasPublic():
		return story.Story{}, fault.Missing()
	}
	d, err := tx.Designation(s.Designation)
	if err != nil {
		return story.Story{}, err
	}
	seen := story.Story{
		ID: s.ID, Programme: s.Programme, Designation: s.Designation, Organisation: s.Organisation, State: s.State,
		PublishedAt: s.PublishedAt, EndedAt: s.EndedAt, Reason: s.Reason,
	}
	if s.Standing(&d).Shown {
		seen.Title, seen.Text, seen.Pictures, seen.Sources = s.Title, s.Text, s.Pictures, s.Sources
	}
	return seen, nil
}

// StoryInside returns a story that a viewer works with, whole, or fault.Missing.
func (tx *Tx) StoryInside(viewer stage.Actor, key id.Story) (story.Story, error) {
	s, err := tx.Story(key)
	if err != nil {
		return s, err
	}
	inside, err := tx.storyInside(viewer, &s)
	if err == nil && !inside {
		err = fault.Missing()
	}
	if err != nil {
		return story.Story{}, err
	}
	return s, nil
}

// TitleToTell returns a title of which a viewer may begin a story, or fault.Missing: who
// would work with the story works with its beginning.
func (tx *Tx) TitleToTell(viewer stage.Actor, key id.Designation) (designation.Designation, error) {
	t, err := tx.Designation(key)
	if err != nil {
		return t, err
	}
	inside, err := tx.storyInside(viewer, &story.Story{Programme: t.Programme, Organisation: t.Organisation})
	if err == nil && !inside {
		err = fault.Missing()
	}
	if err != nil {
		return designation.Designation{}, err
	}
	return t, nil
}

// storyInside reports whether a viewer sees a story whatever its state.
func (tx *Tx) storyInside(viewer stage.Actor, s *story.Story) (bool, error) {
	if !inProgramme(viewer, s.Programme) {
		return false, nil
	}
	if holds(viewer, s.Organisation) {
		return true, nil
	}
	if !slices.Contains(seesStories, viewer.Role) {
		return false, nil
	}
	tied, err := tx.tied(viewer, s.Organisation, "")
	return !tied, err
}

// StoryFilter narrows a list of stories.
type StoryFilter struct {
	Programme id.Programme
	States    []stage.State
	Query     string   // part of the title, or of the holder's name at the naming
	After     id.Story // the story that ended the page before
	Limit     int      // 0: 50
}

// Stories lists the stories that a viewer works with, the last begun first: the office
// all of its programme, without those of organisations in which it has an interest, and
// an applicant its organisation's. Others work with none.
func (tx *Tx) Stories(viewer stage.Actor, f StoryFilter) ([]story.Story, error) {
	var q where
	switch {
	case slices.Contains(seesStories, viewer.Role):
		ties, err := tx.TiesOf(viewer.Account)
		if err != nil {
			return nil, err
		}
		for _, o := range ties {
			q.and("organisation <> ?", string(o))
		}
	case viewer.Role == stage.Applicant && viewer.Organisation != "":
		q.and("organisation = ?", string(viewer.Organisation))
	default:
		return nil, nil
	}
	f.narrow(&q, viewer.Programme)
	if f.After != "" {
		q.and("(drafted_at, id) < (SELECT drafted_at, id FROM stories WHERE id = ?)", string(f.After))
	}
	return stories.list(tx, q.String()+" ORDER BY drafted_at DESC, id DESC LIMIT "+q.mark(f.most()), q.args...)
}

// StoriesListed lists the stories that everybody finds, the last published first: as
// their titles stand now. Each is as StoryFor shows it to anybody.
func (tx *Tx) StoriesListed(f StoryFilter) ([]story.Story, error) {
	var q where
	f.States = []stage.State{story.Published}
	f.narrow(&q, "")
	with := story.ListedWith()
	states := make([]any, len(with))
	for n, s := range with {
		states[n] = string(s)
	}
	q.and("designation IN (SELECT id FROM designations WHERE state IN (?"+strings.Repeat(", ?", len(states)-1)+"))", states...)
	if f.After != "" {
		q.and("(published_at, id) < (SELECT published_at, id FROM stories WHERE id = ?)", string(f.After))
	}
	all, err := stories.list(tx, q.String()+" ORDER BY published_at DESC, id DESC LIMIT "+q.mark(f.most()), q.args...)
	for n := range all {
		if all[n], err = tx.StoryFor(stage.Anyone, all[n].ID); err != nil {
			return nil, err
		}
	}
	return all, err
}

func (f StoryFilter) most() int {
	if f.Limit <= 0 {
		return 50
	}
	return f.Limit
}

func (f StoryFilter) narrow(q *where, of id.Programme) {
	if of != "" {
		q.and("programme = ?", string(of))
	}
	if f.Programme != "" {
		q.and("programme = ?", string(f.Programme))
	}
	if len(f.States) > 0 {
		all := make([]any, len(f.States))
		for n, s := range f.States {
			all[n] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(all)-1)+")", all...)
	}
	if f.Query != "" {
		like := "%" + escapeLike(f.Query) + "%"
		q.and("(title LIKE ? ESCAPE '!' OR designation IN (SELECT id FROM designations WHERE name LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!'))", like, like, like)
	}
}

// StoriesOf lists every story of a title, the first first, for the rules.
func (tx *Tx) StoriesOf(key id.Designation) ([]story.Story, error) {
	return stories.list(tx, "WHERE designation = $1 ORDER BY drafted_at, id", string(key))
}

// StoryTexts lists the texts of a programme's stories that were not given up, the last
// begun first, at most so many, each with its identifiers and its text only: what one
// story is compared with. Who sees every story of the programme sees it, nobody else
// any.
func (tx *Tx) StoryTexts(viewer stage.Actor, p id.Programme, limit int) ([]story.Story, error) {
	if !slices.Contains(seesStories, viewer.Role) || !inProgramme(viewer, p) {
		return nil, nil
	}
	var q where
	q.and("programme = ?", string(p))
	q.and("state <> ?", string(story.Discarded))
	ties, err := tx.TiesOf(viewer.Account)
	if err != nil {
		return nil, err
	}
	for _, o := range ties {
		q.and("organisation <> ?", string(o))
	}
	return storyTexts.list(tx, q.String()+" ORDER BY drafted_at DESC, id DESC LIMIT "+q.mark(limit), q.args...)
}

var storyTexts = stories.some(
	[]string{"id", "designation", "organisation", "state", "title", "text", "published_at"},
	func(s *story.Story) []any {
		return []any{&s.ID, &s.Designation, &s.Organisation, &s.State, &s.Title, &s.Text, asTime(&s.PublishedAt)}
	},
)

// PictureOf returns how a file is shown to people who see a story that has it: the page
// drawn of it, or where none is, its copy without what it says of persons, places and
// machines. It does not ask who looks.
func (tx *Tx) PictureOf(key id.File) (f file.File, drawn *file.Preview, c file.Copy, err error) {
	if f, err = tx.File(key); err != nil {
		return f, nil, c, err
	}
	if err = f.Previewable(); err != nil {
		return f, nil, c, err
	}
	if c, err = tx.CopyOf(key); err != nil {
		return f, nil, c, err
	}
	if c.Outcome != file.Copied {
		return f, nil, c, fault.Missing()
	}
	drawn, err = there(previews.get(tx, file.PreviewKey(key, 1)))
	return f, drawn, c, err
}
