package simulate

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/invariant/together"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
)

// mayTell is what may be done about the stories of a title: they are written, consented
// to, read, published, taken down, and stay when their title ends.
func (l *life) mayTell(t *title) {
	if !t.Live() && len(t.stories) == 0 {
		return
	}
	preparing := false
	for _, s := range t.stories {
		preparing = preparing || s.Preparing()
		switch {
		case s.Preparing() && l.chance(50) && (t.Live() || l.chance(2)):
			l.may(3, func() { l.tell(t, s) })
		case s.State == story.Published && l.IntN(400) == 0:
			l.may(3, func() { l.untell(t, s) })
		}
	}
	if (!preparing || l.rarely()) && l.IntN(12) == 0 && (t.Live() || l.rarely()) {
		l.may(3, func() { l.draftStory(t) })
	}
}

func (l *life) draftStory(t *title) {
	by := l.anyone(l.clerks)
	if l.chance(60) {
		by = t.org.by
	}
	var others []story.Story
	for _, s := range t.stories {
		others = append(others, *s)
	}
	var chosen []story.Material
	if f := t.file; f != nil && f.review != nil {
		visited := story.Assessed(l.asked(f.edition.Year), f.Answers, f.review.Findings, nil)
		if f.visit != nil {
			visited = story.Assessed(l.asked(f.edition.Year), f.Answers, f.review.Findings, f.visit.Findings)
		}
		chosen = visited[:min(len(visited), 2)]
	}
	s, m, err := story.Draft(by, id.Story(l.key("sty")), t.Designation, chosen, others, l.now)
	if err != nil {
		l.refused(story.Kind, err)
		return
	}
	t.stories = append(t.stories, &s)
	t.sync()
	l.did(story.Kind, string(s.ID), m, &t.c)
	l.told(t, &s, m)
}

// tell takes a story on towards the public.
func (l *life) tell(t *title, s *story.Story) {
	by := l.anyone(l.clerks)
	switch s.State {
	case story.Drafted:
		l.writeStory(t, s)
	case story.Offered:
		l.storyAct(t, s, by, func() (stage.Move, error) {
			if l.chance(15) {
				return s.SendBack(by, pick(l, []string{"事例再具体一些", ""}))
			}
			tie := ""
			if t.file != nil {
				tie = t.file.ties[by.Account]
			}
			return s.Pass(by, tie, l.now)
		})
	default:
		by := l.anyone(l.directors)
		l.storyAct(t, s, by, func() (stage.Move, error) {
			if l.chance(12) {
				return s.SendBack(by, "标题不妥")
			}
			return s.Publish(by, t.Designation, l.now)
		})
	}
}

// writeStory writes in a draft, offers it, or gives it up.
func (l *life) writeStory(t *title, s *story.Story) {
	by := l.anyone(l.clerks)
	if l.chance(50) {
		by = t.org.by
	}
	switch n := l.IntN(20); {
	case n == 0:
		l.storyAct(t, s, by, func() (stage.Move, error) { return s.Discard(by, l.now) })
	case n < 9 || s.Title == "":
		c := story.Content{Title: "把支部建在服务一线", Text: pick(l, []string{"坚持一线服务。\n全年走访四十户。", "一年走访四十户。", "联系电话13800138000", ""})}
		l.storyAct(t, s, by, func() (stage.Move, error) { return s.Edit(by, c, nil) })
	default:
		l.storyAct(t, s, t.org.by, func() (stage.Move, error) {
			return s.Offer(t.org.by, t.Designation, !l.chance(8), !l.chance(8), l.now)
		})
	}
	if s.State == story.Offered && l.chance(5) {
		l.storyAct(t, s, t.org.by, func() (stage.Move, error) { return s.Reclaim(t.org.by, l.now) })
	}
}

// untell takes a public story down, by the office or because the holder takes its consent
// back.
func (l *life) untell(t *title, s *story.Story) {
	by := l.anyone(l.directors)
	if l.chance(50) {
		by = t.org.by
	}
	l.storyAct(t, s, by, func() (stage.Move, error) {
		if by.Role == stage.Applicant {
			return s.Reclaim(by, l.now)
		}
		return s.Withdraw(by, pick(l, []string{"内容有误", ""}), l.now)
	})
}

func (l *life) storyAct(t *title, s *story.Story, by stage.Actor, do func() (stage.Move, error)) {
	var m stage.Move
	if attempt(l, story.Kind, s, string(s.ID), &t.c, by, func() (was stage.Move, err error) {
		m, err = do()
		return m, err
	}) {
		l.told(t, s, m)
	}
}

// told looks at a story with its title.
func (l *life) told(t *title, s *story.Story, m stage.Move) {
	l.together("story."+m.Act, &together.Case{Story: &together.Story{Story: s, Title: t.Designation}})
}

// retold looks at the stories of a title whose state changed.
func (l *life) retold(t *title) {
	for _, s := range t.stories {
		l.together("designation", &together.Case{Story: &together.Story{Story: s, Title: t.Designation}})
	}
}
