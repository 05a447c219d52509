package casework_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// picture reads a picture that a story shows somebody.
func picture(w *testkit.World, by stage.Actor, key id.Story, n int) (kind, body string, err error) {
	w.Helper()
	var r blob.File
	if kind, _, r, err = w.Desk.OpenStoryPicture(w.Context(), by, key, n); err != nil {
		return "", "", err
	}
	defer r.Close()
	b, err := io.ReadAll(io.NewSectionReader(r, 0, 1<<20))
	return kind, string(b), err
}

// TestAStoryIsTold: from what the assessment found to a public story with a picture,
// which is the copy without what the file says of its maker; and that the record says
// each act, and no word of it (S74).
func TestAStoryIsTold(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-06-21")
	a := w.Drafted(w.OpenRound())
	f := w.Uploaded(a, "0-1", "会场.png", signed(play.Photo(3)))
	holder, office := w.ApplicantOf(w.ApplicationOf(a).Organisation), w.Office()
	ctx, second := t.Context(), w.Person("经办人乙", stage.Clerk)
	ok(t, w.Desk.SubmitApplication(ctx, holder, a, 0, w.Desk.SubmissionKey()))
	ok(t, w.Desk.AcceptApplication(ctx, office.Clerk, a))
	w.Reviewed(a)
	w.Visited(a)
	w.Decided(w.ApplicationOf(a).Round, a)
	w.Cleared(a)
	title := w.Named(a)[0]

	m, err := w.Desk.StoryMaterials(ctx, second, title)
	ok(t, err)
	if len(m.Materials) == 0 {
		t.Fatal("nothing to begin with")
	}
	key, err := w.Desk.DraftStory(ctx, second, title, []string{m.Materials[0].Key()})
	ok(t, err)
	if s := w.StoryOf(key); s.Text == "" || len(s.Sources) != 1 || s.Sources[0].Indicator != m.Materials[0].Indicator {
		t.Errorf("%+v", s)
	}
	c := story.Content{Title: "把培训办到车间", Text: testkit.StoryText, Pictures: []story.Picture{{File: f.ID, Describes: "会场里坐满了人。"}}}
	w.Refused(w.Desk.EditStory(ctx, second, key, 1, c), "story.content.picture") // no copy of it yet
	_, err = w.Desk.TendFiles(ctx)
	ok(t, err)
	ok(t, w.Desk.EditStory(ctx, second, key, 1, c))
	w.Refused(w.Desk.EditStory(ctx, holder, key, 1, c), "thing.stale")
	if _, err := w.Desk.Story(ctx, stage.Anyone, key); fault.KindOf(err) != fault.NotFound {
		t.Errorf("everybody reads a draft: %v", err)
	}
	ok(t, w.Desk.OfferStory(ctx, holder, key, 0, true, true))
	w.Refused(w.Desk.PassStory(ctx, second, key, 0), "story.four_eyes")
	ok(t, w.Desk.SendBackStory(ctx, office.Clerk, key, 0, "第二段请写明年份。"))
	ok(t, w.Desk.OfferStory(ctx, holder, key, 0, true, true))
	ok(t, w.Desk.PassStory(ctx, office.Clerk, key, 0))
	if _, _, err := picture(w, stage.Anyone, key, 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("everybody sees its picture before it is public: %v", err)
	}
	ok(t, w.Desk.PublishStory(ctx, office.Director, key, 0))

	kind, body, err := picture(w, stage.Anyone, key, 1)
	if err != nil || kind != "png" || !strings.HasPrefix(body, "\x89PNG") || strings.Contains(body, "Author") {
		t.Errorf("%s %q %v", kind, body[:min(len(body), 60)], err)
	}
	for _, n := range []int{0, 2} {
		if _, _, err := picture(w, stage.Anyone, key, n); fault.KindOf(err) != fault.NotFound {
			t.Errorf("picture %d: %v", n, err)
		}
	}
	home, err := w.Desk.Home(ctx)
	if err != nil || len(home.Stories) != 1 || !slices.ContainsFunc(home.Notices, func(n casework.HomeNotice) bool { return n.URL == "/stories/"+string(key) }) {
		t.Errorf("%+v %v", home.Stories, err)
	}
	record := strings.Join(w.Record(string(key)), "\n")
	if got := strings.Count(record, "story."); got != 7 || strings.Contains(record, "培训") {
		t.Errorf("%d acts:\n%s", got, record)
	}
	ok(t, w.Desk.ReclaimStory(ctx, holder, key, 0))
	v, err := w.Desk.Story(ctx, stage.Anyone, key)
	if err != nil || v.Standing.Shown || v.Story.Text != "" || !strings.Contains(v.Standing.Mark, story.Reclaimed) {
		t.Errorf("after the consent is gone: %+v %v", v.Standing, err)
	}
	if _, _, err := picture(w, stage.Anyone, key, 1); fault.KindOf(err) != fault.NotFound {
		t.Errorf("its picture is still there: %v", err)
	}
}

// TestAStoryFollowsItsTitle: nobody presses a button when the title is withdrawn or
// given back; the story is gone from the list, the front page and its own page.
func TestAStoryFollowsItsTitle(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-06-21")
	first, second := w.Designation(), w.Designation()
	ctx, office := t.Context(), w.Office()
	revoked, returned := w.StoryPublished(first), w.StoryPublished(second)
	public := func() (listed int, of map[id.Story]casework.StoryView) {
		t.Helper()
		all, err := w.Desk.Stories(ctx, stage.Anyone, casework.StoryFilter{})
		ok(t, err)
		of = map[id.Story]casework.StoryView{}
		for _, key := range []id.Story{revoked, returned} {
			if of[key], err = w.Desk.Story(ctx, stage.Anyone, key); err != nil {
				t.Fatal(err)
			}
		}
		return len(all), of
	}
	if n, of := public(); n != 2 || !of[revoked].Standing.Shown || of[revoked].Standing.Mark != "" {
		t.Errorf("%d listed, %+v", n, of[revoked].Standing)
	}
	r, err := w.Desk.ProposeRevocation(ctx, office.Clerk, first, revocation.Untrue, "年检结论系伪造，经登记机关证实。")
	ok(t, err)
	ok(t, w.Desk.NotifyRevocation(ctx, office.Clerk, r, w.TitleOf(first).ValidFrom, 0))
	ok(t, w.Desk.StateAgainstRevocation(ctx, w.HolderOf(first), r, "有客观原因。", 0))
	w.Resolve(true, item.Subject{Kind: "revocation", ID: string(r)})
	if at := w.TitleOf(first).State; at != designation.Revoked {
		t.Fatal(at)
	}
	ok(t, w.Desk.ReturnDesignation(ctx, w.HolderOf(second), second, 0, "业务转型。"))
	n, of := public()
	if n != 1 || of[revoked].Standing.Shown || of[revoked].Story.Title != "" || !strings.Contains(of[revoked].Standing.Mark, "撤销") {
		t.Errorf("%d listed; of the withdrawn title: %+v", n, of[revoked].Standing)
	}
	if !of[returned].Standing.Shown || of[returned].Story.Text == "" || !strings.Contains(of[returned].Standing.Mark, "交回") {
		t.Errorf("of the title given back: %+v", of[returned].Standing)
	}
	if s := w.StoryOf(revoked); s.State != story.Published {
		t.Errorf("somebody moved it: %s", s.State)
	}
	_, err = w.Desk.DraftStory(ctx, w.HolderOf(second), second, nil)
	w.Refused(err, "story.title_ended")
}

// TestStoriesAlike: a story written from another is shown to the office with what both
// have, and to nobody else.
func TestStoriesAlike(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-06-21")
	first, second := w.Designation(), w.Designation()
	ctx, office := t.Context(), w.Office()
	one, other := w.StoryPublished(first), w.StoryOffered(second)
	v, err := w.Desk.Story(ctx, office.Clerk, other)
	if err != nil || len(v.Alike) != 1 || v.Alike[0].Story.ID != one || v.Alike[0].Percent < 90 || v.Alike[0].Paragraphs == 0 {
		t.Errorf("%+v %v", v.Alike, err)
	}
	if v, err := w.Desk.Story(ctx, w.HolderOf(second), other); err != nil || v.Alike != nil || v.Names != nil || v.Story.Writers != nil {
		t.Errorf("the holder is told %+v %v", v.Alike, err)
	}
	s, err := w.Desk.CompareStories(ctx, office.Clerk, other, one)
	if err != nil || len(s.HerePieces) == 0 || !s.HerePieces[0].Shared {
		t.Errorf("%+v %v", s.HerePieces, err)
	}
	w.Refused(func() error { _, err := w.Desk.CompareStories(ctx, w.HolderOf(second), other, one); return err }(), "thing.not_found")
	work, err := w.Desk.Work(ctx, office.Clerk)
	if err != nil || len(work) == 0 || !strings.Contains(work[len(work)-1].Title, "审核先进事迹") {
		t.Errorf("%+v %v", work, err)
	}
}
