package simulate

import (
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/store"
)

// mayTell is what may be done about the stories of titles: they are written, consented to,
// read, published and taken down, also after their title ended.
func (k *kept) mayTell() {
	for _, d := range read(k, func(tx *store.Tx) ([]designation.Designation, error) {
		return tx.Designations(reader, store.DesignationFilter{Programme: k.programme.Name, Limit: 100})
	}) {
		preparing := false
		for _, s := range read(k, func(tx *store.Tx) ([]story.Story, error) { return tx.StoriesOf(d.ID) }) {
			preparing = preparing || s.Preparing()
			switch {
			case s.Preparing() && (d.Live() || k.chance(4)):
				k.may(4, func() { k.tell(d, s) })
			case s.State == story.Published && k.chance(2):
				k.may(2, func() { k.untell(d, s) })
			}
		}
		if (!preparing || k.chance(2)) && k.chance(6) && (d.Live() || k.chance(4)) {
			k.may(2, func() { k.draftStory(d) })
		}
	}
}

func (k *kept) draftStory(d designation.Designation) {
	by := k.anyone(k.clerks)
	if k.chance(60) {
		by = k.applicant(d.Organisation)
	}
	var chosen []string
	if v, err := k.desk.StoryMaterials(k.ctx, by, d.ID); err == nil {
		for _, m := range v.Materials[:min(len(v.Materials), 2)] {
			chosen = append(chosen, m.Key())
		}
	}
	_, err := k.desk.DraftStory(k.ctx, by, d.ID, chosen)
	k.try("story.draft", err)
}

// tell takes a story on towards the public.
func (k *kept) tell(d designation.Designation, s story.Story) {
	switch s.State {
	case story.Drafted:
		k.writeStory(d, s)
	case story.Offered:
		by := k.anyone(k.clerks)
		switch {
		case k.chance(10):
			k.try("story.reclaim", k.desk.ReclaimStory(k.ctx, k.applicant(d.Organisation), s.ID, k.seen(s.Version)))
		case k.chance(15):
			k.try("story.send_back", k.desk.SendBackStory(k.ctx, by, s.ID, k.seen(s.Version), pick(k, []string{"事例再具体一些", ""})))
		default:
			k.try("story.pass", k.desk.PassStory(k.ctx, by, s.ID, k.seen(s.Version)))
		}
	default:
		by := k.anyone(k.directors)
		if k.chance(12) {
			k.try("story.send_back", k.desk.SendBackStory(k.ctx, by, s.ID, k.seen(s.Version), "标题不妥"))
			return
		}
		k.try("story.publish", k.desk.PublishStory(k.ctx, by, s.ID, k.seen(s.Version)))
	}
}

// writeStory writes in a draft, offers it, or gives it up.
func (k *kept) writeStory(d designation.Designation, s story.Story) {
	by := k.anyone(k.clerks)
	if k.chance(50) {
		by = k.applicant(d.Organisation)
	}
	switch n := k.IntN(20); {
	case n == 0:
		k.try("story.discard", k.desk.DiscardStory(k.ctx, by, s.ID, k.seen(s.Version)))
	case n < 7 || s.Title == "":
		c := story.Content{Title: "把支部建在服务一线", Text: pick(k, []string{"坚持一线服务。\n全年走访四十户。", "一年走访四十户。", "联系电话13800138000", ""})}
		k.try("story.edit", k.desk.EditStory(k.ctx, by, s.ID, k.seen(s.Version), c))
	default:
		k.try("story.offer", k.desk.OfferStory(k.ctx, k.applicant(d.Organisation), s.ID, k.seen(s.Version), !k.chance(6), !k.chance(6)))
	}
}

// untell takes a public story down, by the office or because the holder takes its consent
// back.
func (k *kept) untell(d designation.Designation, s story.Story) {
	if by := k.applicant(d.Organisation); by.Role == stage.Applicant && k.chance(50) {
		k.try("story.reclaim", k.desk.ReclaimStory(k.ctx, by, s.ID, k.seen(s.Version)))
		return
	}
	k.try("story.withdraw", k.desk.WithdrawStory(k.ctx, k.anyone(k.directors), s.ID, k.seen(s.Version), pick(k, []string{"内容有误", ""})))
}
