package web_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/lot"
	"shifan/internal/testkit"
)

// secret is something that only some may know. tell does the same act in a world with
// one of two texts; n counts the acts, first is which of the two worlds it is.
type secret struct {
	name    string
	worlds  int      // how many pairs of worlds differ in it
	known   []string // to whom, by the names of cast
	prepare func(l *life) error
	tell    func(l *life, n int, first bool, text string) error
}

// life is one of the two worlds, with what the acts need.
type life struct {
	*testkit.World
	f       testkit.Furnishing
	who     map[string]stage.Actor
	tokens  map[string]string // of their programs, by the names of cast
	members []stage.Actor
	some    *testkit.World // the world that both were copied from, for what does not change
	made    string         // an address that the last act made; empty: none
}

var office = []string{"chair", "clerk", "clerk2", "director", "auditor"}

// sentBack opens the review that is drafted again.
func sentBack(l *life) error {
	return l.Desk.SendBackReview(l.Context(), l.who["director"], l.ReviewOf(l.f.Reviewing).ID, 0, "请补充理由。")
}

// secrets lists what is hidden from somebody before it is decided on.
var secrets = []secret{
	{"what the reviewer thinks", 300, office, sentBack, func(l *life, n int, _ bool, text string) error {
		r := l.ReviewOf(l.f.Reviewing)
		verdict := []string{"meets", "fails", "doubtful"}[(n+len(text))%3]
		i := l.some.Criteria(l.f.Round)[0]
		return l.Desk.SaveReview(l.Context(), stage.Actor{Account: r.Reviewer, Role: stage.Clerk}, r.ID, 0, review.Judgement{
			Findings: map[string]review.Finding{i.Code: {Verdict: verdict, Reason: text}}, Recommendation: "doubtful", Opinion: text,
		})
	}},
	{"who reviews", 100, office, sentBack, func(l *life, n int, first bool, _ string) error {
		to := l.who["clerk"]
		if (n%2 == 0) == first {
			to = l.who["clerk2"]
		}
		return l.Desk.AssignReview(l.Context(), l.who["director"], l.ReviewOf(l.f.Reviewing).ID, to.Account)
	}},
	{"what the team found", 200, append([]string{"assessor"}, office...), func(l *life) error {
		v := l.VisitOf(l.f.Visiting)
		l.Jump(v.Begins())
		return nil
	}, func(l *life, n int, _ bool, text string) error {
		v := l.VisitOf(l.f.Visiting)
		i := l.some.Criteria(v.Round)[n%3]
		a := testkit.Account(nil)
		a.Text, a.Opinion = text, []string{"meets", "partly", "fails"}[len(text)%3]
		a.Findings = map[string]assessment.Finding{i.Code: {Rating: "fails", Note: text}}
		l.made = "/visits/" + string(v.ID) + "/report" // linked to only when its day has come
		return l.Desk.RecordVisit(l.Context(), l.some.Team()[1], v.ID, 0, a)
	}},
	{"what another gave to a sample", 12, office, nil, func(l *life, n int, first bool, text string) error {
		clerk, sample := l.who["clerk"], calibration.Sample{Title: fmt.Sprint("样本", n), Answers: map[string]string{}, Reference: map[string]assessment.Finding{}}
		marks := map[string]assessment.Finding{}
		for _, i := range calibration.Asked(l.some.Criteria(l.f.Round)) {
			sample.Answers[i.Code], sample.Reference[i.Code] = "虚构的情况。", assessment.Finding{Rating: "partly", Score: i.Points, Note: text}
			marks[i.Code] = assessment.Finding{Rating: map[bool]string{true: "meets", false: "fails"}[first], Score: i.Points, Note: text}
		}
		key, err := l.Desk.PrepareCalibration(l.Context(), clerk, l.f.Round, sample.Title)
		if err == nil {
			err = l.Desk.IssueCalibration(l.Context(), clerk, key, 0, sample)
		}
		if err != nil {
			return err
		}
		l.made = "/calibrations/" + string(key)
		return l.Desk.MarkCalibration(l.Context(), l.some.Team()[1], key, marks)
	}},
	{"another's draft", 350, []string{"applicant0"}, nil, func(l *life, n int, _ bool, text string) error {
		i := l.some.Criteria(l.f.Round)[n%5]
		return l.Desk.SaveApplication(l.Context(), l.who["applicant0"], l.f.Draft, 0, answer.Part{Answers: map[string]answer.Answer{i.Code: {Rating: answer.Meets, Statement: text}}})
	}},
	{"a vote before the count", 3, nil, nil, func(l *life, n int, first bool, _ string) error {
		choice := "aye"
		if first {
			choice = "no"
		}
		return l.Desk.Vote(l.Context(), l.members[n+1], l.f.Voting, choice)
	}},
	{"who objects", 25, []string{"director"}, nil, func(l *life, n int, _ bool, text string) error {
		r, err := l.Desk.FileObjection(l.Context(), stage.Anyone, l.some.CandidateOf(l.f.Listed).ID, objection.Filing{
			Channel: objection.Web, Name: text, Contact: text + "，信箱" + fmt.Sprint(len(text)), Text: fmt.Sprintf("第%d件，年报没有公开。", n),
		}, "")
		l.made = "/objections/" + string(r.Objection.ID)
		return err
	}},
	{"what an objector writes", 25, []string{"clerk", "clerk2", "director"}, nil, func(l *life, n int, _ bool, text string) error {
		r, err := l.Desk.FileObjection(l.Context(), stage.Anyone, l.some.CandidateOf(l.f.Listed).ID, objection.Filing{
			Channel: objection.Web, Name: fmt.Sprintf("白桦%d", n), Contact: "信箱", Text: text,
		}, "")
		l.made = "/objections/" + string(r.Objection.ID)
		return err
	}},
	{"who reports a misuse", 12, nil, nil, func(l *life, n int, _ bool, text string) error {
		r, err := l.Desk.FileMisuse(l.Context(), l.some.PlaqueOf(l.f.Titles[3]).Code, misuse.Filing{
			About: "other", Name: text, Contact: text + "，信箱" + fmt.Sprint(len(text)), Text: fmt.Sprintf("第%d件，用称号收费。", n),
		}, "")
		l.made = "/misuses/" + string(r.Report.ID)
		return err
	}},
	{"whose letter tells of a misuse", 12, nil, nil, func(l *life, n int, _ bool, text string) error {
		r, err := l.Desk.RegisterMisuse(l.Context(), l.who["clerk2"], l.some.PlaqueOf(l.f.Titles[3]).Code, misuse.Filing{
			Channel: objection.Letter, About: "other", Name: text, Contact: text + "，信箱" + fmt.Sprint(len(text)), Text: fmt.Sprintf("第%d封来信，用称号收费。", n),
		}, "")
		l.made = "/misuses/" + string(r.Report.ID)
		return err
	}},
	{"what a reporter writes", 12, []string{"clerk", "clerk2", "director"}, nil, func(l *life, n int, _ bool, text string) error {
		r, err := l.Desk.FileMisuse(l.Context(), l.some.PlaqueOf(l.f.Titles[3]).Code, misuse.Filing{About: "other", Place: text, Name: fmt.Sprintf("白桦%d", n), Contact: "信箱", Text: text}, "")
		l.made = "/misuses/" + string(r.Report.ID)
		return err
	}},
	{"a story before it is public", 15, []string{"applicant8", "clerk", "clerk2", "director"}, nil, func(l *life, _ int, _ bool, text string) error {
		l.made = "/stories/" + string(l.f.Telling)
		return l.Desk.EditStory(l.Context(), l.who["applicant8"], l.f.Telling, 0, story.Content{Title: text, Text: text + "。写到一半。"})
	}},
	{"whom an unannounced check will be of", 8, office, func(l *life) error {
		l.Reconfigure("  lead_days: 90\n", "  lead_days: 90\n  sample_share: 100\n  sample_silent: true\n")
		for n := range 3 {
			l.TitleFor(l.who["director"], l.who[fmt.Sprintf("applicant%d", n)].Organisation, fmt.Sprintf("2021-9%02d", n), calendar.DateOf(l.Now()))
		}
		return nil
	}, func(l *life, n int, first bool, text string) error { return l.plan(n, first, text) }},
	{"to whom somebody is tied", 12, office, nil, func(l *life, n int, first bool, text string) error {
		key, err := l.Desk.AddAccount(l.Context(), testkit.TheOperator, casework.NewAccount{Login: fmt.Sprintf("tied%d", n), Name: fmt.Sprintf("有关系的%d", n), Grants: []casework.Grant{{Role: stage.Assessor}}})
		if err != nil {
			return err
		}
		to := l.some.ApplicationOf(l.f.Visiting)
		if first {
			to = l.some.ApplicationOf(l.f.Reviewing)
		}
		return l.Desk.DeclareInterests(l.Context(), stage.Actor{Account: key, Role: stage.Assessor}, casework.Declaring{
			Whole: true, Employers: []string{text}, Ties: []casework.NewTie{{Organisation: to.Name, Kind: "kin", Reason: text}},
		})
	}},
}

// commitment is what the public record says of every act: a salted hash, or a signature
// over such, which two worlds with different secrets do not share, and which tells nobody
// the secret.
var commitment = regexp.MustCompile(`[0-9a-f]{64}|[A-Za-z0-9+/]{40,}=*`)

// enclosed is a file in a PDF, and the table and the digest that depend on its length and bytes.
var enclosed = regexp.MustCompile(`(?s)<</Type/EmbeddedFile.*?endstream|\nxref\n.*`)

// TestNonInterference: over a thousand pairs of worlds that differ in one secret, whoever
// may not know it gets the same bytes in both, whatever address they ask for.
func TestNonInterference(t *testing.T) {
	t.Parallel()
	base := testkit.New(t)
	f := base.Furnish()
	who := cast(base, f)
	paths := addresses(t, base, f, who)
	tokens := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(who)) {
		tokens[name] = base.Program(who[name], "read").Token
	}
	if err := base.Desk.Store.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	worlds := 0
	for at, s := range secrets {
		first, second := copied(t, base, f, who, byte(at)), copied(t, base, f, who, byte(at))
		first.tokens, second.tokens = tokens, tokens
		worlds += s.worlds
		s.differ(t, first, second, paths, rand.New(rand.NewPCG(7, uint64(at)))) //nolint:gosec // a test's choice
	}
	if worlds < 1000 || len(paths) < 150 {
		t.Errorf("only %d worlds and %d addresses", worlds, len(paths))
	}
}

// cast names somebody of each role and each applicant.
func cast(w *testkit.World, f testkit.Furnishing) map[string]stage.Actor {
	o := w.Office()
	who := map[string]stage.Actor{
		"public": stage.Anyone, "clerk": o.Clerk, "clerk2": w.Person("经办人乙", stage.Clerk), "director": o.Director, "chair": o.Chair,
		"member": w.Members()[0], "assessor": w.Team()[0], "scrutineer": w.Person("监票人甲", stage.Scrutineer),
		"auditor": w.Person("审计员甲", stage.Auditor), "operator": w.Person("系统管理员甲", stage.Operator),
	}
	for n, a := range f.Applicants {
		who[fmt.Sprintf("applicant%d", n)] = a
	}
	return who
}

// addresses lists every address that anybody is shown a link to, a few of a kind.
func addresses(t *testing.T, w *testkit.World, _ testkit.Furnishing, who map[string]stage.Actor) (all []string) {
	for _, name := range []string{"applicant0", "applicant3", "assessor", "auditor", "chair", "clerk", "director", "member", "operator", "public", "scrutineer"} {
		walk(t, w, name, w.Browser(who[name]), func(path string, p *testkit.Page) {
			if p.Status == http.StatusOK && !slices.Contains(all, path) {
				all = append(all, path)
			}
		})
	}
	for _, path := range slices.Clone(all) {
		if at := asked(path); at != "" && !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	for _, c := range casework.Chapters {
		all = append(all, "/api/v1/"+c[0])
	}
	slices.Sort(all)
	return all
}

// asked is where a program reads what a page shows; "" for pages of no chapter.
func asked(path string) string {
	path, _, _ = strings.Cut(path, "?")
	chapter, key, one := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case !one || len(key) != 20 || key[3] != '_':
		return ""
	case chapter == "items":
		chapter = "ballots"
	case chapter == "files":
		chapter = "evidence"
	case !slices.ContainsFunc(casework.Chapters, func(c [2]string) bool { return c[0] == chapter }):
		return ""
	}
	return "/api/v1/" + chapter + "/" + key
}

// copied opens one of two equal worlds, with the randomness that belongs to a secret.
func copied(t *testing.T, base *testkit.World, f testkit.Furnishing, who map[string]stage.Actor, seed byte) *life {
	t.Helper()
	dir := t.TempDir()
	if err := base.CopyTo(dir); err != nil {
		t.Fatal(err)
	}
	w := testkit.On(t, dir+"/shifan.db", base.Now())
	w.Desk.Files, w.Desk.Rand = base.Desk.Files, rand.NewChaCha8([32]byte{100, seed})
	return &life{World: w, f: f, who: who, members: base.Members(), some: base}
}

// differ tells the secret in both worlds, time after time, each time with two texts, and
// compares what everybody gets who may not know it.
func (s secret) differ(t *testing.T, first, second *life, paths []string, chance *rand.Rand) {
	t.Helper()
	var names []string
	a, b := map[string]*testkit.Browser{}, map[string]*testkit.Browser{}
	for name := range first.who {
		if !slices.Contains(s.known, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if s.prepare != nil {
		for _, l := range []*life{first, second} {
			if err := s.prepare(l); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
		}
	}
	for _, name := range append(slices.Clone(names), s.known...) {
		a[name], b[name] = first.Browser(first.who[name]), second.Browser(second.who[name])
		a[name].Visit("shifan.example")
		b[name].Visit("shifan.example")
		a[name].Token, b[name].Token = first.tokens[name], second.tokens[name]
	}
	look := func(times int) {
		for range times {
			name, path := names[chance.IntN(len(names))], paths[chance.IntN(len(paths))]
			one, other := said(a[name].Get(path), path), said(b[name].Get(path), path)
			if one != other {
				t.Errorf("%s: %s learns something at %s:\n%s", s.name, name, path, apart(one, other))
			}
			if strings.Contains(one, canary) {
				t.Errorf("%s: %s reads it at %s", s.name, name, path)
			}
		}
	}
	for n := range s.worlds {
		for i, l := range []*life{first, second} {
			text := fmt.Sprintf("%s%s%d", canary, []string{"甲", "乙乙"}[i], chance.IntN(1000))
			if err := s.tell(l, n, i == 0, text); err != nil {
				t.Fatalf("%s, world %d: %v", s.name, n, err)
			}
		}
		if first.made != "" && !slices.Contains(paths, first.made) {
			paths = append(slices.Clip(paths), first.made)
			if at := asked(strings.TrimSuffix(first.made, "/report")); at != "" {
				paths = append(paths, at)
			}
		}
		look(2)
	}
	look(120)
	if len(s.known) > 0 && !slices.ContainsFunc(paths, func(path string) bool {
		return said(a[s.known[0]].Get(path), path) != said(b[s.known[0]].Get(path), path)
	}) {
		t.Errorf("%s: who may know it cannot tell the two worlds apart either", s.name)
	}
}

// canary stands in every secret text.
const canary = "不该看到的话"

// said is all that a page tells: status, where it leads, its tag and its bytes.
func said(p *testkit.Page, path string) string {
	s := fmt.Sprint(p.Status, p.Location, p.Header.Get("ETag"), "\n", p.Body)
	switch {
	case strings.Contains(path, "/papers/receipt"): // has a proof in it, and what stands after it elsewhere for that
		s = fmt.Sprint(p.Status, "\n", enclosed.ReplaceAllString(p.Body, "#"))
	case strings.HasSuffix(path, "/kit.zip"): // holds a proof, and packs it
		s = fmt.Sprint(p.Status)
	case strings.HasPrefix(path, "/record"), strings.HasPrefix(path, "/api/v1/record"), strings.HasSuffix(path, "/proof"), strings.HasSuffix(path, "/proof.txt"):
		s = commitment.ReplaceAllString(fmt.Sprint(p.Status, "\n", p.Body), "#")
	}
	return s
}

// apart shows the first line in which two texts differ.
func apart(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			at := 0
			for at < min(len(x[i]), len(y[i])) && x[i][at] == y[i][at] {
				at++
			}
			from := max(0, at-100)
			return x[i][from:min(len(x[i]), at+100)] + "\n" + y[i][from:min(len(y[i]), at+100)]
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// plan drafts the plan of the year, takes its sample through the draw with other secrets in
// either world, and says anew how deep a check goes.
func (l *life) plan(n int, first bool, text string) error {
	ctx, clerk := l.Context(), l.who["clerk"]
	if n == 0 {
		key, err := l.Desk.DraftPlan(ctx, clerk, l.Programme().Name, calendar.DateOf(l.Now()).Year+1)
		if err != nil {
			return err
		}
		l.made = "/plans/" + string(key)
		if err := l.Desk.FreezePlan(ctx, clerk, key, l.Now().Add(time.Hour), 0); err != nil {
			return err
		}
		for _, step := range []func(stage.Actor, lot.Reveal) error{
			func(by stage.Actor, r lot.Reveal) error {
				return l.Desk.CommitToPlan(ctx, by, key, draw.Commitment{Digest: r.Commitment()})
			},
			func(by stage.Actor, r lot.Reveal) error { return l.Desk.RevealToPlan(ctx, by, key, r) },
		} {
			for _, side := range []string{"clerk", "chair", "scrutineer"} {
				if err := step(l.who[side], lot.Reveal{Secret: text + side + "八个字以上", Nonce: strings.Repeat("0a", 16)}); err != nil {
					return err
				}
			}
		}
		return l.Desk.DrawPlan(ctx, clerk, key)
	}
	key := id.Plan(strings.TrimPrefix(l.made, "/plans/"))
	v, err := l.Desk.Plan(ctx, clerk, key)
	if err != nil {
		return err
	}
	at := n % len(v.Plan.Drawn)
	if first {
		at = len(v.Plan.Drawn) - 1 - at
	}
	return l.Desk.DeepenPlan(ctx, clerk, key, v.Plan.Drawn[at].Designation, recheck.Site, text, 0)
}
