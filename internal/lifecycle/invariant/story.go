package invariant

import (
	"slices"

	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/story"
)

// ofStories are the promises of what is told of holders.
var ofStories = []Invariant{
	{"story.offered.consented", "what is offered, reviewed or public is what its organisation consented to, to the letter", "五(三)；制度:经本单位同意方可公开 (S74)", each(theStories, func(_ *Case, s *story.Story) bool {
		return s.State != story.Offered && s.State != story.Reviewed && s.State != story.Published ||
			s.Consent.By != "" && !s.Consent.At.IsZero() && s.Consent.Digest == s.Content().Digest()
	})},
	{"story.published.reviewed", "nothing is public that nobody reviewed", "五(三)；制度:起草与审核分开 (S74)", each(theStories, func(_ *Case, s *story.Story) bool {
		return s.State != story.Published && s.State != story.Reviewed || s.ReviewedBy != "" && !s.ReviewedAt.IsZero()
	})},
	{"story.reviewed.four_eyes", "who wrote in a story, or consented to it, neither reviews nor publishes it, and who reviewed it does not publish it", "五(三)；制度:起草与审核分开 (S74)", each(theStories, func(_ *Case, s *story.Story) bool {
		mine := append(slices.Clone(s.Writers), s.Consent.By)
		return (s.ReviewedBy == "" || !slices.Contains(mine, s.ReviewedBy)) &&
			(s.PublishedBy == "" || !slices.Contains(append(mine, s.ReviewedBy), s.PublishedBy))
	})},
	{"story.published.described", "every picture of a public story is described, and nothing of it holds a number of a person", "无障碍环境建设法；个人信息保护法 (S74)", each(theStories, func(_ *Case, s *story.Story) bool {
		return s.State != story.Published || len(s.Content().Lacks()) == 0
	})},
	{"story.draft.unconsented", "a draft holds no consent: what changes is consented to anew", "制度:经本单位同意方可公开 (S74)", each(theStories, func(_ *Case, s *story.Story) bool {
		return s.State != story.Drafted || s.Consent == story.Consent{} && s.ReviewedBy == ""
	})},
	{"story.revoked.unseen", "of a title that was withdrawn no story is shown or listed", "五(二) 撤销称号；五(三) (S74)", each(theStories, func(c *Case, s *story.Story) bool {
		if c.Designation == nil || c.Designation.ID != s.Designation || c.Designation.State != designation.Revoked {
			return true
		}
		at := s.Standing(c.Designation)
		return !at.Shown && !at.Listed
	})},
	{"story.preparing.once", "a title has one story at a time that is not public yet", "五(三) (S74)", each(theStories, func(c *Case, s *story.Story) bool {
		return !s.Preparing() || !slices.ContainsFunc(c.Stories, func(o *story.Story) bool { return o.ID != s.ID && o.Preparing() })
	})},
}

func theStories(c *Case) []*story.Story { return c.Stories }
