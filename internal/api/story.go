package api

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
)

// storyRow is a story in a list.
type storyRow struct {
	ID string `json:"id"`
	titleShort
	Title       string      `json:"title"`
	State       stage.State `json:"state"`
	StateWord   string      `json:"state_word"`
	TitleState  stage.State `json:"title_state" doc:"of the designation"`
	Mark        string      `json:"mark,omitempty" doc:"what is to be said of it first: its title ended, or it was taken down"`
	PublishedAt time.Time   `json:"published_at,omitzero"`
}

// storyData is one story, as the token's person may see it.
type storyData struct {
	storyRow
	Text      string         `json:"text,omitempty" doc:"paragraphs, one a line"`
	Pictures  []storyPicture `json:"pictures"`
	Sources   []storySource  `json:"sources" doc:"what it was drafted from"`
	Consented calendar.Date  `json:"consented_on,omitzero" doc:"for those who work with it"`
	Reply     string         `json:"reply,omitempty" doc:"why it was sent back the last time"`
	Lacks     []string       `json:"lacks" doc:"before it can be offered"`
	Usable    []string       `json:"usable" doc:"files that may be pictures of it, for who may edit it now"`
	Alike     []storyAlike   `json:"alike" doc:"a hint for the office, never a verdict"`
	Acts      []string       `json:"acts" doc:"what the token's role may do with it now"`
}

// storyPicture is a picture of a story.
type storyPicture struct {
	File      string `json:"file"`
	Describes string `json:"describes" doc:"what is to be seen, for who does not see it"`
	Caption   string `json:"caption,omitempty"`
	URL       string `json:"url,omitempty" doc:"where it is shown"`
}

// storySource cites where a passage was taken from.
type storySource struct {
	Kind      string `json:"kind" doc:"statement, finding"`
	Indicator string `json:"indicator"`
	Title     string `json:"title"`
}

// storyAlike is another story like it.
type storyAlike struct {
	Story      string `json:"story"`
	Title      string `json:"title"`
	Name       string `json:"name" doc:"of its holder"`
	Paragraphs int    `json:"paragraphs"`
	Percent    int    `json:"percent"`
}

func storyRowOf(r casework.StoryRow) storyRow {
	return storyRow{
		ID: string(r.Story.ID), titleShort: titleShortOf(r.Title), Title: r.Story.Title, State: r.Story.State, StateWord: story.Kind.Word(string(r.Story.State)),
		TitleState: r.Title.State, Mark: r.Standing.Mark, PublishedAt: r.Story.PublishedAt,
	}
}

func storyDataOf(v casework.StoryView) storyData {
	d := storyData{
		storyRow: storyRowOf(v.StoryRow), Text: v.Story.Text, Reply: v.Story.Reply, Lacks: acts(v.Lacks), Acts: acts(v.Acts), Usable: []string{},
		Pictures: each(v.Pictures, func(p casework.StoryPicture) storyPicture {
			return storyPicture{string(p.File), p.Describes, p.Caption, fmt.Sprintf("/stories/%s/pictures/%d", v.Story.ID, p.Place)}
		}),
		Sources: each(v.Story.Sources, func(s story.Source) storySource { return storySource{s.Kind, s.Indicator, s.Title} }),
		Alike: each(v.Alike, func(a casework.StoryAlike) storyAlike {
			return storyAlike{string(a.Story.ID), a.Story.Title, a.Name, a.Paragraphs, a.Percent}
		}),
	}
	if !v.Story.Consent.At.IsZero() {
		d.Consented = calendar.DateOf(v.Story.Consent.At)
	}
	for _, f := range v.Usable {
		d.Usable = append(d.Usable, string(f.ID))
	}
	return d
}

// storyDraft begins a story.
type storyDraft struct {
	Designation string   `json:"designation"`
	Materials   []string `json:"materials,omitempty" doc:"statement.1-1 or finding.1-1: what the assessment found met"`
}

// storyContent is what somebody writes.
type storyContent struct {
	Title    string         `json:"title"`
	Text     string         `json:"text" doc:"paragraphs, one a line"`
	Pictures []storyPicture `json:"pictures,omitempty" doc:"six at most"`
}

func (c storyContent) content() story.Content {
	out := story.Content{Title: c.Title, Text: c.Text}
	for _, p := range c.Pictures {
		out.Pictures = append(out.Pictures, story.Picture{File: id.File(p.File), Describes: p.Describes, Caption: p.Caption})
	}
	return out
}

// storyConsent is the organisation's yes.
type storyConsent struct {
	Agreed  bool `json:"agreed" doc:"the organisation agrees that everybody reads it"`
	Persons bool `json:"persons" doc:"whoever is named or can be made out in a picture agreed, or there is nobody"`
}

// storyQuery narrows a list of stories.
type storyQuery struct {
	paging
	Programme string   `query:"programme"`
	State     []string `query:"state" doc:"one or more states; of those that are public there is one"`
	Query     string   `query:"q" doc:"part of the title, or of the holder's name or number"`
}

func storyRoutes() []route {
	works := []stage.Role{stage.Applicant, stage.Clerk, stage.Director}
	anybody := append([]stage.Role{stage.Public}, works...)
	write := []stage.Role{stage.Applicant, stage.Clerk}
	key := func(c *call) id.Story { return id.Story(c.PathValue("id")) }
	return []route{
		list("/stories", "listStories", "List stories: those that everybody may read, or all that the token's person works with.", "GET /stories", anybody, func(c *call, q *storyQuery, limit int) ([]storyRow, string, error) {
			all, err := c.desk.Stories(c.Context(), c.Actor, casework.StoryFilter{Programme: id.Programme(q.Programme), States: states(q.State), Query: q.Query, After: id.Story(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(r casework.StoryRow) string { return string(r.Story.ID) }, storyRowOf)
		}),
		one("/stories/{id}", "getStory", "Read one story.", "GET /stories/{id}", anybody, func(c *call, key string) (storyData, int64, error) {
			v, err := c.desk.Story(c.Context(), c.Actor, id.Story(key))
			if err != nil {
				return storyData{}, 0, err
			}
			return storyDataOf(v), v.Story.Version, nil
		}),
		act("/stories", "draftStory", "Begin a story of a title, with passages of what was assessed.", "POST /stories/new", write, func(c *call, in storyDraft) error {
			_, err := c.desk.DraftStory(c.Context(), c.Actor, id.Designation(in.Designation), in.Materials)
			return err
		}).making(),
		act("/stories/{id}/edit", "editStory", "Change a draft.", "POST /stories/{id}/edit", write, func(c *call, in storyContent) error {
			return c.desk.EditStory(c.Context(), c.Actor, key(c), c.match, in.content())
		}).matching(),
		act("/stories/{id}/offer", "offerStory", "Consent to its publication, as its organisation.", "POST /stories/{id}/offer", applicant, func(c *call, in storyConsent) error {
			return c.desk.OfferStory(c.Context(), c.Actor, key(c), c.match, in.Agreed, in.Persons)
		}).matching(),
		act("/stories/{id}/reclaim", "reclaimStory", "Take the consent back; what is public comes down.", "POST /stories/{id}/reclaim", applicant, func(c *call, _ none) error {
			return c.desk.ReclaimStory(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/stories/{id}/discard", "discardStory", "Give a draft up.", "POST /stories/{id}/discard", write, func(c *call, _ none) error {
			return c.desk.DiscardStory(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/stories/{id}/pass", "passStory", "Review it: nothing in it must not be published.", "POST /stories/{id}/pass", clerk, func(c *call, _ none) error {
			return c.desk.PassStory(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/stories/{id}/send-back", "sendBackStory", "Return it to who writes it.", "POST /stories/{id}/send-back", office, func(c *call, in reasoned) error {
			return c.desk.SendBackStory(c.Context(), c.Actor, key(c), c.match, in.Reason)
		}).matching(),
		act("/stories/{id}/publish", "publishStory", "Publish it.", "POST /stories/{id}/publish", director, func(c *call, _ none) error {
			return c.desk.PublishStory(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/stories/{id}/withdraw", "withdrawStory", "Take it down.", "POST /stories/{id}/withdraw", director, func(c *call, in reasoned) error {
			return c.desk.WithdrawStory(c.Context(), c.Actor, key(c), c.match, in.Reason)
		}).matching(),
	}
}
