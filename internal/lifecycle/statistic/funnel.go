package statistic

import (
	"cmp"
	"fmt"
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// The steps of a funnel that no procedure names: before its stages, and after them.
const (
	Draft  = "draft"
	Intake = "intake"
	Naming = "naming"
)

// words are what the steps are called: a stage as its chapter calls it.
var words = map[string]string{
	Draft: "起草", Intake: "受理", Naming: naming.Kind.Label, "objection": "异议办理",
	review.Kind.Name: review.Kind.Label, visit.Kind.Name: visit.Kind.Label,
	meeting.Kind.Name: meeting.Kind.Label, publicity.Kind.Name: publicity.Kind.Label,
}

// Word is what a step is called.
func Word(step string) string { return cmp.Or(words[step], step) }

// Tally is how many applications of a round are alike in everything that is counted.
type Tally struct {
	Round    id.Round
	Category string // its code; empty: none
	Region   string // division code of the register that the organisation is in; empty: not known
	State    stage.State
	Stage    string // the stage that has them; empty where none does
	Came     Came   // of those that ended underway: how far they had come
	Filed    bool   // they were submitted at all
	N        int
}

// Came is what the chapters have of an application whose own state does not tell where it
// ended. What the chapters have of others does not matter.
type Came struct{ Reviewed, Visited, Carried, Cleared, Upheld bool }

// Asked are the states of an application in which Came is needed to say where it ended.
var Asked = []stage.State{application.NotChosen, application.Disqualified}

// left are the states in which what a stage has of an application let it go on.
var left = map[string][]stage.State{
	review.Kind.Name: {review.Confirmed}, visit.Kind.Name: {visit.Signed, visit.Waived},
	meeting.Kind.Name: {item.Carried}, publicity.Kind.Name: {publicity.Cleared},
}

// Left lists the states in which what a stage has of an application, its review, visit,
// item or candidate, let it go on.
func Left(step string) []stage.State { return left[step] }

// passed is the last stage that an application had left; empty: none.
func (c Came) passed() string {
	switch {
	case c.Cleared:
		return publicity.Kind.Name
	case c.Carried:
		return meeting.Kind.Name
	case c.Visited:
		return visit.Kind.Name
	case c.Reviewed:
		return review.Kind.Name
	}
	return ""
}

// lost is the stage in which one that was not chosen ended: the meeting, unless an
// objection was upheld after it.
func (c Came) lost() string {
	if c.Upheld {
		return publicity.Kind.Name
	}
	return meeting.Kind.Name
}

// place says at which step the applications of a tally stand, and whether they ended
// there or left it as titles.
func (t Tally) place(procedure []string) (step string, ended, named bool) {
	switch t.State {
	case application.Draft:
		return Draft, false, false
	case application.Forfeited:
		return Draft, true, false
	case application.Withdrawn:
		if t.Filed {
			return Intake, true, false
		}
		return Draft, true, false
	case application.Submitted, application.Correcting:
		return Intake, false, false
	case application.Declined:
		return Intake, true, false
	case application.Selected:
		return Naming, false, false
	case application.Named:
		return Naming, false, true
	case application.NotChosen:
		return t.Came.lost(), true, false
	case application.Disqualified:
		after := append(slices.Clone(procedure), Naming)
		return after[slices.Index(procedure, t.Came.passed())+1], true, false // none passed: -1, so the first
	}
	return t.Stage, false, false
}

// Step is one step of a funnel. In is what came to it; each of them went on, ended
// here or waits here.
type Step struct {
	Code, Word string
	In         int
	Out        int // to the next step; at the last one: became titles
	Ended      []Part
	Waiting    int
}

// Part is how many ended in one way.
type Part struct {
	State stage.State
	Word  string
	N     int
}

// Ends counts those that ended at the step.
func (s Step) Ends() (n int) {
	for _, p := range s.Ended {
		n += p.N
	}
	return n
}

// Permille is the share of those that came which went on; 0 when none came.
func (s Step) Permille() int { return permille(s.Out, s.In) }

func permille(part, whole int) int {
	if whole <= 0 {
		return 0
	}
	return part * 1000 / whole
}

// Steps lists the steps of a procedure in order.
func Steps(procedure []string) []string {
	return slices.Concat([]string{Draft, Intake}, procedure, []string{Naming})
}

// Funnel tells how many applications came to each step of a procedure. What stands at
// a step that the procedure does not have comes to none of them; Reconcile says so.
func Funnel(procedure []string, all []Tally) []Step {
	codes := Steps(procedure)
	steps := make([]Step, len(codes))
	for i, c := range codes {
		steps[i] = Step{Code: c, Word: Word(c)}
	}
	for _, t := range all {
		code, ended, named := t.place(procedure)
		at := slices.Index(codes, code)
		if at < 0 {
			continue
		}
		for i := range at + 1 {
			steps[i].In += t.N
			if i < at {
				steps[i].Out += t.N
			}
		}
		switch s := &steps[at]; {
		case named:
			s.Out += t.N
		case ended:
			s.end(t)
		default:
			s.Waiting += t.N
		}
	}
	for i := range steps {
		slices.SortFunc(steps[i].Ended, func(a, b Part) int { return cmp.Or(b.N-a.N, cmp.Compare(a.State, b.State)) })
	}
	return steps
}

// end counts applications that ended at the step.
func (s *Step) end(t Tally) {
	for i := range s.Ended {
		if s.Ended[i].State == t.State {
			s.Ended[i].N += t.N
			return
		}
	}
	word := application.Kind.Word(string(t.State))
	if t.State == application.Withdrawn && !t.Filed {
		word = "放弃草稿"
	}
	s.Ended = append(s.Ended, Part{t.State, word, t.N})
}

// Counts is what the chapters themselves counted of a round: how many each stage let
// go on, by its name, and how many titles there are under Naming. All is how many
// applications there are.
type Counts struct {
	All int
	Out map[string]int
}

// Reconcile says which steps do not come out: where the parts differ from the whole,
// where one step gives on what the next does not get, and where a chapter counted
// something else (S76). Nothing is said when all do.
func Reconcile(steps []Step, c Counts) (wrong []string) {
	for i, s := range steps {
		if sum := s.Out + s.Ends() + s.Waiting; sum != s.In {
			wrong = append(wrong, fmt.Sprintf("%s：进入%d件，去向合计%d件", s.Word, s.In, sum))
		}
		if i+1 < len(steps) && steps[i+1].In != s.Out {
			wrong = append(wrong, fmt.Sprintf("%s：转出%d件，下一环节%s进入%d件", s.Word, s.Out, steps[i+1].Word, steps[i+1].In))
		}
		if n, counted := c.Out[s.Code]; counted && n != s.Out {
			wrong = append(wrong, fmt.Sprintf("%s：转出%d件，这一环节的办理记录是%d件", s.Word, s.Out, n))
		}
	}
	if len(steps) > 0 && steps[0].In != c.All {
		wrong = append(wrong, fmt.Sprintf("共有%d件申报，%d件不在本届程序的任何环节", c.All, c.All-steps[0].In))
	}
	return wrong
}
