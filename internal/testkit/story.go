package testkit

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/store"
)

// StoryText is what StoryDrafted writes.
const StoryText = "一、把培训办到车间\n三年来办了12期培训，326名从业人员参加，会员单位的安全记录逐年变好。\n二、把难题摆上桌\n每月第一个星期一开放会议室，会员有难题当面说，能办的当场办，不能办的三天内答复。"

// TitleOf returns a title, whoever may see what of it.
func (w *World) TitleOf(key id.Designation) designation.Designation {
	w.Helper()
	return kept(w, func(tx *store.Tx) (designation.Designation, error) { return tx.Designation(key) })
}

// StoryOf returns a story, whoever may see it.
func (w *World) StoryOf(key id.Story) story.Story {
	w.Helper()
	return kept(w, func(tx *store.Tx) (story.Story, error) { return tx.Story(key) })
}

// HolderOf returns who acts for the holder of a title.
func (w *World) HolderOf(key id.Designation) stage.Actor {
	w.Helper()
	return w.ApplicantOf(w.TitleOf(key).Organisation)
}

// StoryDrafted has the holder of a title write a story.
func (w *World) StoryDrafted(title id.Designation) id.Story {
	w.Helper()
	holder := w.HolderOf(title)
	key, err := w.Desk.DraftStory(w.Context(), holder, title, nil)
	w.do(err)
	w.do(w.Desk.EditStory(w.Context(), holder, key, 0, story.Content{Title: "党员带头，把培训办到车间", Text: StoryText}))
	return key
}

// StoryOffered has the holder consent to it, too.
func (w *World) StoryOffered(title id.Designation) id.Story {
	w.Helper()
	key := w.StoryDrafted(title)
	w.do(w.Desk.OfferStory(w.Context(), w.HolderOf(title), key, 0, true, true))
	return key
}

// StoryPublished has the office review and publish it, too.
func (w *World) StoryPublished(title id.Designation) id.Story {
	w.Helper()
	key := w.StoryOffered(title)
	w.do(w.Desk.PassStory(w.Context(), w.Office().Clerk, key, 0))
	w.do(w.Desk.PublishStory(w.Context(), w.Office().Director, key, 0))
	return key
}
