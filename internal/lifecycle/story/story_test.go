package story_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
)

var (
	now      = time.Date(2024, 9, 2, 9, 0, 0, 0, calendar.Zone)
	holder   = stage.Actor{Account: "acc_holder", Role: stage.Applicant, Organisation: "org_1"}
	other    = stage.Actor{Account: "acc_other", Role: stage.Applicant, Organisation: "org_2"}
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	second   = stage.Actor{Account: "acc_second", Role: stage.Clerk}
	director = stage.Actor{Account: "acc_director", Role: stage.Director}
)

func titleIn(state stage.State) *designation.Designation {
	d := &designation.Designation{ID: "dsg_1", Programme: "p", Organisation: "org_1", Name: "云杉物流行业协会", State: state}
	if d.Ended() {
		d.EndedOn = calendar.MustDate("2024-09-01")
	}
	return d
}

var content = story.Content{Title: "把培训办到车间", Text: "三年来办了12期培训。\n会员满意。", Pictures: []story.Picture{{File: "fil_1", Describes: "十几个人围着一台叉车听讲。"}}}

// in brings a story of org_1, begun by the clerk, to a state.
func in(t *testing.T, state stage.State) *story.Story {
	t.Helper()
	s, _, err := story.Draft(clerk, "sty_1", titleIn(designation.Valid), nil, nil, now)
	ok(t, err)
	do := func(_ stage.Move, err error) { t.Helper(); ok(t, err) }
	do(s.Edit(clerk, content, []id.File{"fil_1", "fil_2"}))
	for _, step := range []struct {
		from stage.State
		take func()
	}{
		{story.Drafted, func() { do(s.Offer(holder, titleIn(designation.Valid), true, true, now)) }},
		{story.Offered, func() { do(s.Pass(second, "", now)) }},
		{story.Reviewed, func() { do(s.Publish(director, titleIn(designation.Valid), now)) }},
		{story.Published, func() { do(s.Withdraw(director, "内容有误", now)) }},
	} {
		if state == step.from {
			break
		}
		step.take()
	}
	if s.State != state {
		t.Fatalf("it is %s", s.State)
	}
	return &s
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks why something was refused: by the fault's code, or "field x" for a
// fault at that field; "" when it was not.
func refused(t *testing.T, err error, want string) {
	t.Helper()
	f, _ := errors.AsType[*fault.Fault](err)
	switch field, atField := strings.CutPrefix(want, "field "); {
	case want == "":
		ok(t, err)
	case f == nil:
		t.Errorf("got %v, want %s", err, want)
	case atField && (len(f.Fields) == 0 || f.Fields[0].Path != field), !atField && f.Code != want:
		t.Errorf("got %s at %v, want %s", f.Code, f.Fields, want)
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     stage.Actor
		title  stage.State
		others []story.Story
		code   string
	}{
		"the office":                     {clerk, designation.Valid, nil, ""},
		"the holder":                     {holder, designation.Valid, nil, ""},
		"while it is put right":          {holder, designation.Rectifying, nil, ""},
		"after another was published":    {holder, designation.Valid, []story.Story{{State: story.Published}, {State: story.Discarded}}, ""},
		"another organisation":           {other, designation.Valid, nil, "thing.not_found"},
		"the director may not":           {director, designation.Valid, nil, "stage.not_allowed"},
		"of an expired title":            {holder, designation.Expired, nil, "story.title_ended"},
		"of a withdrawn title":           {holder, designation.Revoked, nil, "story.title_ended"},
		"while another is being drafted": {holder, designation.Valid, []story.Story{{State: story.Drafted}}, "story.draft.open"},
		"while another is reviewed":      {clerk, designation.Valid, []story.Story{{State: story.Reviewed}}, "story.draft.open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := story.Draft(tt.by, "sty_1", titleIn(tt.title), nil, tt.others, now)
			refused(t, err, tt.code)
		})
	}
}

// TestAssessed: only what was found met comes in; what the visit found counts before
// what the review read; numbers of persons do not come over, and the source does.
func TestAssessed(t *testing.T) {
	t.Parallel()
	indicators := []programme.Indicator{{Code: "1", Title: "培训"}, {Code: "2", Title: "服务"}, {Code: "3", Title: "阵地"}, {Code: "4", Title: "制度"}}
	answers := map[string]answer.Answer{"1": {Statement: "联系13800001234报名。\n\n　　共12期。"}, "2": {Statement: "二"}, "3": {Statement: "三"}, "4": {Statement: " "}}
	reviewed := map[string]review.Finding{"1": {Verdict: "meets"}, "2": {Verdict: "doubtful"}, "3": {Verdict: "meets"}, "4": {Verdict: "meets"}}
	visited := map[string]assessment.Finding{"2": {Rating: "meets", Note: "现场看到三天答复。"}, "3": {Rating: "partly", Note: "小"}}
	all := story.Assessed(indicators, answers, reviewed, visited)
	var keys []string
	for _, m := range all {
		keys = append(keys, m.Key())
	}
	if diff := cmp.Diff([]string{"statement.1", "statement.2", "finding.2"}, keys); diff != "" {
		t.Error(diff)
	}
	if told := story.Told(all); len(told) != 2 || len(all) != 3 {
		t.Errorf("the holder is told %v", told)
	}
	s, _, err := story.Draft(clerk, "sty_1", titleIn(designation.Valid), story.Chosen(all, []string{"finding.2", "statement.1", "statement.4"}), nil, now)
	ok(t, err)
	if s.Text != "联系138****1234报名。\n共12期。\n现场看到三天答复。" {
		t.Errorf("%q", s.Text)
	}
	if diff := cmp.Diff([]story.Source{{Kind: "statement", Indicator: "1", Title: "培训"}, {Kind: "finding", Indicator: "2", Title: "服务"}}, s.Sources); diff != "" {
		t.Error(diff)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	pictures := func(keys ...id.File) (c story.Content) {
		for _, k := range keys {
			c.Pictures = append(c.Pictures, story.Picture{File: k})
		}
		return c
	}
	usable := []id.File{"a", "b", "c", "d", "e", "f", "g"}
	for name, tt := range map[string]struct {
		by   stage.Actor
		c    story.Content
		code string
	}{
		"nothing":                  {holder, story.Content{}, ""},
		"as much as fits":          {holder, story.Content{Title: strings.Repeat("字", story.TitleMax), Text: strings.Repeat("字", story.TextMax)}, ""},
		"a title too long":         {holder, story.Content{Title: strings.Repeat("字", story.TitleMax+1)}, "field title"},
		"a text too long":          {holder, story.Content{Text: strings.Repeat("字", story.TextMax+1)}, "field text"},
		"a mobile number":          {holder, story.Content{Text: "电话138 0000 1234。"}, "field text"},
		"an identity card's":       {clerk, story.Content{Title: "11010519491231002X"}, "field title"},
		"a number in a caption":    {clerk, story.Content{Pictures: []story.Picture{{File: "a", Caption: "13800001234"}}}, "field caption.a"},
		"six pictures":             {holder, pictures("a", "b", "c", "d", "e", "f"), ""},
		"seven pictures":           {holder, pictures("a", "b", "c", "d", "e", "f", "g"), "field pictures"},
		"a picture twice":          {holder, pictures("a", "a"), "field pictures"},
		"somebody else's picture":  {holder, pictures("z"), "field pictures"},
		"a control character":      {holder, story.Content{Text: "a\x00b"}, "field text"},
		"another organisation":     {other, story.Content{}, "thing.not_found"},
		"the director writes none": {director, story.Content{}, "stage.not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := in(t, story.Drafted)
			_, err := s.Edit(tt.by, tt.c, usable)
			refused(t, err, tt.code)
			if wrote := s.Text == tt.c.Text && s.Title == tt.c.Title; wrote != (tt.code == "") {
				t.Errorf("it says %q", s.Title)
			}
		})
	}
	s := in(t, story.Offered)
	_, err := s.Edit(holder, content, []id.File{"fil_1"})
	refused(t, err, "stage.not_allowed")
}

func TestOffer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by              stage.Actor
		title           stage.State
		agreed, persons bool
		change          func(*story.Story)
		code            string
	}{
		"with both":                {holder, designation.Valid, true, true, nil, ""},
		"without consent":          {holder, designation.Valid, false, true, nil, "field agreed"},
		"without that of people":   {holder, designation.Valid, true, false, nil, "field persons"},
		"the office cannot":        {clerk, designation.Valid, true, true, nil, "stage.not_allowed"},
		"another cannot":           {other, designation.Valid, true, true, nil, "thing.not_found"},
		"of an ended title":        {holder, designation.Returned, true, true, nil, "story.title_ended"},
		"a picture not described":  {holder, designation.Valid, true, true, func(s *story.Story) { s.Pictures[0].Describes = " " }, "field describes.fil_1"},
		"without a title":          {holder, designation.Valid, true, true, func(s *story.Story) { s.Title = "" }, "field title"},
		"without a text":           {holder, designation.Valid, true, true, func(s *story.Story) { s.Text = " \n" }, "field text"},
		"with a number of someone": {holder, designation.Valid, true, true, func(s *story.Story) { s.Text += "13800001234" }, "field text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := in(t, story.Drafted)
			s.Pictures = []story.Picture{content.Pictures[0]}
			if tt.change != nil {
				tt.change(s)
			}
			_, err := s.Offer(tt.by, titleIn(tt.title), tt.agreed, tt.persons, now)
			refused(t, err, tt.code)
			if given := s.Consent.By == tt.by.Account && s.Consent.At.Equal(now) && s.Consent.Digest == s.Content().Digest(); given != (tt.code == "") {
				t.Errorf("%+v", s.Consent)
			}
		})
	}
}

// TestFourEyes: who wrote or consented does not review; who did any of these or
// reviewed does not publish, in whatever role.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	as := func(who stage.Actor, role stage.Role) stage.Actor {
		return stage.Actor{Account: who.Account, Role: role}
	}
	for name, by := range map[string]stage.Actor{"the writer": clerk, "who consented": as(holder, stage.Clerk)} {
		s := in(t, story.Offered)
		_, err := s.Pass(by, "", now)
		refused(t, err, "story.four_eyes")
		if len(s.May(by)) != 1 || s.State != story.Offered {
			t.Errorf("%s may %v", name, s.May(by))
		}
	}
	s := in(t, story.Offered)
	_, err := s.Pass(second, "兼任该单位经办人", now)
	refused(t, err, "story.pass.interest")
	for name, by := range map[string]stage.Actor{"the writer": as(clerk, stage.Director), "who consented": as(holder, stage.Director), "who reviewed": as(second, stage.Director)} {
		s := in(t, story.Reviewed)
		_, err := s.Publish(by, titleIn(designation.Valid), now)
		refused(t, err, "story.four_eyes")
		if s.WasPublic() {
			t.Errorf("%s published it", name)
		}
	}
	if s := in(t, story.Reviewed); len(s.May(director)) != 2 {
		t.Errorf("the director may %v", s.May(director))
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	s := in(t, story.Reviewed)
	_, err := s.Publish(director, titleIn(designation.Revoked), now)
	refused(t, err, "story.title_ended")
	s.Text += "另加一句。"
	_, err = s.Publish(director, titleIn(designation.Valid), now)
	refused(t, err, "story.changed")
	s = in(t, story.Published)
	if !s.PublishedAt.Equal(now) || s.PublishedBy != director.Account {
		t.Errorf("%+v", s)
	}
}

// TestBack: what comes back for whatever reason is a draft without consent or review;
// what was public comes down.
func TestBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from stage.State
		do   func(*story.Story) (stage.Move, error)
		to   stage.State
		code string
	}{
		"sent back by the clerk":           {story.Offered, func(s *story.Story) (stage.Move, error) { return s.SendBack(clerk, "第二段夸大。") }, story.Drafted, ""},
		"sent back by the director":        {story.Reviewed, func(s *story.Story) (stage.Move, error) { return s.SendBack(director, "第二段夸大。") }, story.Drafted, ""},
		"sent back without a reason":       {story.Offered, func(s *story.Story) (stage.Move, error) { return s.SendBack(clerk, " ") }, story.Offered, "field reason"},
		"sent back with an endless reason": {story.Offered, func(s *story.Story) (stage.Move, error) { return s.SendBack(clerk, strings.Repeat("字", 501)) }, story.Offered, "field reason"},
		"reclaimed before the review":      {story.Offered, func(s *story.Story) (stage.Move, error) { return s.Reclaim(holder, now) }, story.Drafted, ""},
		"reclaimed before publication":     {story.Reviewed, func(s *story.Story) (stage.Move, error) { return s.Reclaim(holder, now) }, story.Drafted, ""},
		"reclaimed when public":            {story.Published, func(s *story.Story) (stage.Move, error) { return s.Reclaim(holder, now) }, story.Withdrawn, ""},
		"reclaimed by another":             {story.Published, func(s *story.Story) (stage.Move, error) { return s.Reclaim(other, now) }, story.Published, "thing.not_found"},
		"taken down":                       {story.Published, func(s *story.Story) (stage.Move, error) { return s.Withdraw(director, "内容有误", now) }, story.Withdrawn, ""},
		"taken down without a reason":      {story.Published, func(s *story.Story) (stage.Move, error) { return s.Withdraw(director, "", now) }, story.Published, "field reason"},
		"given up":                         {story.Drafted, func(s *story.Story) (stage.Move, error) { return s.Discard(clerk, now) }, story.Discarded, ""},
		"given up too late":                {story.Offered, func(s *story.Story) (stage.Move, error) { return s.Discard(holder, now) }, story.Offered, "stage.not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := in(t, tt.from)
			_, err := tt.do(s)
			refused(t, err, tt.code)
			if s.State != tt.to {
				t.Errorf("it is %s", s.State)
			}
			if s.State == story.Drafted && (s.Consent != story.Consent{} || s.ReviewedBy != "" || !s.ReviewedAt.IsZero()) {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestStanding: what everybody sees follows from the story and from its title now.
func TestStanding(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		story, title  stage.State
		listed, shown bool
		says          string
	}{
		{story.Drafted, designation.Valid, false, false, ""},
		{story.Offered, designation.Valid, false, false, ""},
		{story.Reviewed, designation.Valid, false, false, ""},
		{story.Published, designation.Valid, true, true, ""},
		{story.Published, designation.Rectifying, true, true, "整改"},
		{story.Published, designation.Expired, true, true, "2024年9月1日到期"},
		{story.Published, designation.Returned, true, true, "交回称号"},
		{story.Published, designation.Dissolved, true, true, "注销"},
		{story.Published, designation.Succeeded, true, true, "承继单位"},
		{story.Published, designation.Abolished, true, true, "随方案终止"},
		{story.Published, designation.Revoked, false, false, "2024年9月1日撤销"},
		{story.Withdrawn, designation.Valid, false, false, "撤下：内容有误"},
	} {
		got := in(t, tt.story).Standing(titleIn(tt.title))
		if got.Listed != tt.listed || got.Shown != tt.shown || !strings.Contains(got.Mark, tt.says) || tt.says == "" && got.Mark != "" {
			t.Errorf("%s of a title that is %s: %+v", tt.story, tt.title, got)
		}
	}
	if with := story.ListedWith(); len(with) != len(designation.Kind.States())-1 {
		t.Errorf("listed with %v", with)
	}
}

func TestUsable(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		f      file.File
		copied bool
		want   bool
	}{
		"a photo":                 {file.File{Kind: "jpg", State: file.Clean}, true, true},
		"a drawing":               {file.File{Kind: "png", State: file.Unscanned}, true, true},
		"a PDF":                   {file.File{Kind: "pdf", State: file.Clean}, true, false},
		"with its metadata":       {file.File{Kind: "jpg", State: file.Clean}, false, false},
		"not scanned yet":         {file.File{Kind: "jpg", State: file.Waiting}, true, false},
		"with a virus":            {file.File{Kind: "jpg", State: file.Infected}, true, false},
		"that the assessors took": {file.File{Kind: "jpg", State: file.Clean, Visit: "vis_1"}, true, false},
	} {
		if got := story.Usable(&tt.f, tt.copied); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
