package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/store"
)

func fullStory(key id.Story, d id.Designation) story.Story {
	s := story.Story{
		ID: key, Programme: "base", Designation: d, Organisation: "org_1", State: story.Published, Title: "把培训办到车间，𠮷", Text: "一段。\n又一段。",
		Pictures: []story.Picture{{File: "fil_1", Describes: "几个人围着叉车。", Caption: "2020年"}}, Sources: []story.Source{{Kind: story.Statement, Indicator: "1-1", Title: "培训"}},
		Writers: []id.Account{"acc_one", "acc_two"}, ReviewedBy: "acc_three", ReviewedAt: someInstant, Reply: "改一处",
		PublishedBy: "acc_four", PublishedAt: someInstant, EndedAt: someInstant, Reason: "理由", DraftedAt: someInstant,
	}
	s.Consent = story.Consent{By: "acc_one", At: someInstant, Digest: s.Content().Digest()}
	return s
}

func TestAStoryIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	title(t, s, "dsg_a")
	want := fullStory("sty_a", "dsg_a")
	whole(t, want)
	if err := written(t, s, func(tx *store.Tx) error { v := want; return tx.AddStory(&v) }); err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	var got story.Story
	view := func(do func(*store.Tx) error) {
		t.Helper()
		if err := s.View(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	view(func(tx *store.Tx) (err error) { got, err = tx.Story("sty_a"); return err })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	drafting := func(key id.Story) error {
		return written(t, s, func(tx *store.Tx) error {
			v := fullStory(key, "dsg_a")
			v.State = story.Drafted
			return tx.AddStory(&v)
		})
	}
	if err := drafting("sty_b"); err != nil {
		t.Fatal(err)
	}
	if err := drafting("sty_c"); err == nil {
		t.Error("two stories of one title on their way")
	}
}

// TestWhoSeesAStory: what is not public is for its organisation's clerks and the office
// of its programme; what is public for everybody, as its title stands, and never who
// wrote, consented and read.
func TestWhoSeesAStory(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	d := title(t, s, "dsg_a")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	drafted, public := fullStory("sty_draft", "dsg_a"), fullStory("sty_public", "dsg_a")
	drafted.State, drafted.PublishedAt = story.Drafted, time.Time{}
	must(written(t, s, func(tx *store.Tx) error { return tx.AddStory(&drafted) }))
	must(written(t, s, func(tx *store.Tx) error { return tx.AddStory(&public) }))
	sees := func(by stage.Actor, key id.Story) (v story.Story) {
		t.Helper()
		must(s.View(t.Context(), func(tx *store.Tx) (err error) {
			if v, err = tx.StoryFor(by, key); fault.KindOf(err) == fault.NotFound {
				err = nil
			}
			return err
		}))
		return v
	}
	lists := func(by stage.Actor) (n int) {
		t.Helper()
		must(s.View(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Stories(by, store.StoryFilter{})
			n = len(all)
			return err
		}))
		return n
	}
	for name, tt := range map[string]struct {
		by     stage.Actor
		inside bool
	}{
		"its clerk":                     {stage.Actor{Account: "x", Role: stage.Applicant, Organisation: "org_1"}, true},
		"a clerk of the programme":      {stage.Actor{Account: "x", Role: stage.Clerk, Programme: "base"}, true},
		"a director of all":             {stage.Actor{Account: "x", Role: stage.Director}, true},
		"another organisation's":        {stage.Actor{Account: "x", Role: stage.Applicant, Organisation: "org_2"}, false},
		"an applicant of none":          {stage.Actor{Account: "x", Role: stage.Applicant}, false},
		"another programme's clerk":     {stage.Actor{Account: "x", Role: stage.Clerk, Programme: "other"}, false},
		"another programme's applicant": {stage.Actor{Account: "x", Role: stage.Applicant, Organisation: "org_1", Programme: "other"}, false},
		"an assessor":                   {stage.Actor{Account: "x", Role: stage.Assessor}, false},
		"an auditor":                    {stage.Actor{Account: "x", Role: stage.Auditor}, false},
		"anybody":                       {stage.Anyone, false},
	} {
		if got := sees(tt.by, "sty_draft"); (got.ID != "") != tt.inside {
			t.Errorf("%s and a draft: %+v", name, got)
		}
		got := sees(tt.by, "sty_public")
		if got.Text == "" || (got.Consent.By != "" || got.Writers != nil || got.ReviewedBy != "" || got.PublishedBy != "" || got.Reply != "") != tt.inside {
			t.Errorf("%s and a public one: %+v", name, got)
		}
		if n := lists(tt.by); (n == 2) != tt.inside || n == 1 {
			t.Errorf("%s is shown %d", name, n)
		}
	}
	listed := func() (all []story.Story) {
		t.Helper()
		must(s.View(t.Context(), func(tx *store.Tx) (err error) { all, err = tx.StoriesListed(store.StoryFilter{}); return err }))
		return all
	}
	if all := listed(); len(all) != 1 || all[0].ID != "sty_public" || all[0].Writers != nil {
		t.Errorf("listed: %+v", all)
	}
	d.State = designation.Expired
	must(written(t, s, func(tx *store.Tx) error { return tx.PutDesignation(&d) }))
	if all := listed(); len(all) != 1 {
		t.Errorf("of an expired title: %+v", all)
	}
	d.State = designation.Revoked
	must(written(t, s, func(tx *store.Tx) error { return tx.PutDesignation(&d) }))
	if got := sees(stage.Anyone, "sty_public"); len(listed()) != 0 || got.ID == "" || got.Title != "" || got.Text != "" || got.Pictures != nil {
		t.Errorf("of a withdrawn title: %+v", got)
	}
}
