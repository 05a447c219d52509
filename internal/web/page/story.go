package page

import (
	"fmt"
	"regexp"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/chars"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
)

func storyURL(key id.Story) string { return "/stories/" + string(key) }

func pictureURL(key id.Story, place int) string {
	return fmt.Sprintf("%s/pictures/%d", storyURL(key), place)
}

// storyPart is a heading, a paragraph or a picture of a story as it is set.
type storyPart struct {
	Heading string
	Text    string
	Picture *casework.StoryPicture
}

// numbered is how a heading of an official text begins (GB/T 9704-2012, 7.3.3).
var numbered = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、[^。！？；]+$`)

// headingMost is the longest line that is set as a heading, in 字.
const headingMost = 30

// laidOut sets a story: its paragraphs with the pictures spread among them, never
// directly below a heading.
func laidOut(v casework.StoryView) (parts []storyPart) {
	lines := story.Paragraphs(v.Story.Text)
	next := 0
	for n, line := range lines {
		heading := numbered.MatchString(line) && chars.Count(line) <= headingMost
		if heading {
			parts = append(parts, storyPart{Heading: line})
			continue
		}
		parts = append(parts, storyPart{Text: line})
		for next < len(v.Pictures) && n+1 >= (next+1)*len(lines)/(len(v.Pictures)+1) {
			parts = append(parts, storyPart{Picture: &v.Pictures[next]})
			next++
		}
	}
	for ; next < len(v.Pictures); next++ {
		parts = append(parts, storyPart{Picture: &v.Pictures[next]})
	}
	return parts
}

// citedSays tells where the passages of a story were taken from.
func citedSays(s *story.Story) string {
	var said []string
	for _, c := range s.Sources {
		said = append(said, story.SourceKinds[c.Kind]+"“"+c.Title+"”")
	}
	return strings.Join(said, "、")
}

func storyTone(s stage.State) Tone {
	switch s {
	case story.Published:
		return OK
	case story.Offered, story.Reviewed:
		return Now
	case story.Withdrawn, story.Discarded:
		return Ended
	}
	return Open
}

var storySteps = []string{"起草", "单位同意", "办公室审核", "发布"}

// storyStrip says where a story is and whom it waits for.
func storyStrip(v casework.StoryView) Strip {
	s := Strip{Steps: storySteps, Stage: story.Kind.Word(string(v.Story.State))}
	switch v.Story.State {
	case story.Drafted:
		s.Step, s.Who = 2, "持有单位经办人"
		s.WhoNote = "看过全文后同意公开并送审"
		if len(v.Lacks) > 0 {
			s.Step, s.Who, s.WhoNote = 1, "持有单位或者办公室经办人", "写完再送审"
		}
	case story.Offered:
		s.Step, s.Who, s.WhoNote = 3, "办公室经办人", "没有起草、修改过它的另一人"
	case story.Reviewed:
		s.Step, s.Who = 4, "办公室负责人"
	case story.Published:
		s.Step, s.Who, s.Due = 5, Over, calendar.DateOf(v.Story.PublishedAt).Chinese()
	default:
		s.Steps, s.Who, s.Due = nil, Over, calendar.DateOf(v.Story.EndedAt).Chinese()
	}
	return s
}

// storyFacts are the facts of a story for those who work with it.
func storyFacts(v casework.StoryView, by stage.Actor) []Fact {
	s := v.Story
	at := func(word, who string) string {
		if who == "" {
			return ""
		}
		return word + who
	}
	consent := ""
	if !s.Consent.At.IsZero() {
		consent = calendar.DateOf(s.Consent.At).Chinese() + " 由本单位经办人"
	}
	all := []Fact{
		{Word: "持有单位", Value: v.Title.Name, Link: "/designations/" + string(v.Title.ID)},
		{Word: "称号", Value: v.Programme.Base + "，编号" + v.Title.Number + "，" + designation.Kind.Word(string(v.Title.State))},
		{Word: "素材来源", Value: citedSays(&s)},
		{Word: "同意公开", Value: consent},
		{Word: "发布", Value: calendar.DateOf(s.PublishedAt).Chinese()},
		{Word: "撤下的理由", Value: s.Reason},
	}
	if s.PublishedAt.IsZero() {
		all[4].Value = ""
	}
	if by.Role != stage.Applicant {
		all = append(all, Fact{Word: "起草和修改", Value: strings.Join(v.Names, "、")}, Fact{Word: "审核", Value: at("", v.Reviewer)})
	}
	return known(all)
}

// storySays is what a line of a list says beside the title.
func storySays(r casework.StoryRow) string {
	return r.Title.Name + " · " + r.Programme.Base
}
