package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// Newest sorts the list of reviews by when they were opened, the last first.
const Newest = "newest"

// ReviewQuery is the filter of the list of reviews, as it stands in the address.
type ReviewQuery struct{ Query, State, Mine, Due, Sort string }

func reviewURL(key id.Review) string { return "/reviews/" + string(key) }

// EveryState is the value of a filter of states that shows what is over too.
const EveryState = "all"

// inHandFirst lists what a list of cases filters by: what is in hand, everything, or one
// state.
func inHandFirst(k stage.Kind) []Option {
	all := []Option{{Value: "", Word: "在办"}, {Value: EveryState, Word: "全部"}}
	for _, s := range k.States() {
		all = append(all, Option{Value: string(s), Word: k.Word(string(s))})
	}
	return all
}

func reviewStateOptions() []Option {
	return inHandFirst(review.Kind)
}

var (
	verdictOptions   = []Option{{Value: "meets", Word: "符合"}, {Value: "fails", Word: "不符合"}, {Value: "doubtful", Word: "存疑"}}
	recommendOptions = []Option{{Value: "recommend", Word: "建议列入"}, {Value: "not_recommend", Word: "不建议列入"}, {Value: "doubtful", Word: "存疑", Hint: "说明疑点，请会议审议"}}
)

func reviewTone(s stage.State, late bool) Tone {
	switch {
	case s == review.Confirmed:
		return Plain
	case s == review.Ended:
		return Locked
	case late:
		return Warn
	}
	return Now
}

func findingTone(v string) Tone {
	return map[string]Tone{"meets": OK, "fails": Bad, "doubtful": Warn, "": Open}[v]
}

func selfWord(rating string) string {
	return map[string]string{"meets": "符合", "partly": "部分符合", "fails": "不符合"}[rating]
}

func unjudgedWord(i programme.Indicator) string {
	if review.Asked(i) {
		return "未审"
	}
	return "由实地考核"
}

func verdictHint(i programme.Indicator) string {
	if review.Asked(i) {
		return ""
	}
	return "这一项由实地考核看，初审可以不选。"
}

func findingHint(i programme.Indicator) string {
	if review.Subjective(i) {
		return "这一项没有规定佐证材料，选哪种结论都要写依据。"
	}
	return "选不符合或存疑时必填。"
}

func scoreText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// found says how many reviews a list has on all its pages.
func found(v casework.ReviewList) string {
	if v.More {
		return fmt.Sprintf("共%d件以上，写得具体一些可以缩小范围", v.Total)
	}
	return fmt.Sprintf("共%d件", v.Total)
}

func leftWord(r review.Review, left int, known, late bool) string {
	switch {
	case r.State == review.Confirmed || r.State == review.Ended:
		return ""
	case late:
		return "已超期"
	case !known || r.Provisional:
		return "暂算"
	}
	return fmt.Sprintf("还剩%d个工作日", left)
}

func reviewStrip(v casework.ReviewView, who stage.Actor) Strip {
	r := v.Review
	s := Strip{
		Stage: review.Kind.Word(string(r.State)), Due: Day(r.DueOn), DueNote: leftWord(r, v.Left, v.LeftKnown, v.Overdue()), Who: orWord(v.Reviewer, "办公室（未指定）"),
	}
	if r.Reviewer == who.Account && who.Account != "" {
		s.Who += "（本人）"
	}
	switch r.State {
	case review.Open:
		s.WhoNote = "完成后由另一人复核"
	case review.Drafted:
		s.Who, s.WhoNote = "另一人复核", "初审人 "+v.Reviewer
	case review.Confirmed:
		s.Who, s.WhoNote = Over, "初审人 "+v.Reviewer+"，复核人 "+v.Confirmer
	}
	n, all := 0, 0
	for _, i := range v.Indicators() {
		if review.Asked(i) {
			all++
			if r.Findings[i.Code].Verdict != "" {
				n++
			}
		}
	}
	s.More = []StripFact{{Word: "进度", Value: fmt.Sprintf("%d/%d项已有结论", n, all)}}
	return s
}

func clerkOptions(v casework.ReviewView) (all []Option) {
	for _, c := range v.Clerks {
		all = append(all, Option{Value: string(c.Account), Word: fmt.Sprintf("%s（在办%d件）", c.Name, c.Open)})
	}
	return all
}

func countWords(n map[string]int) string {
	var all []string
	for _, o := range verdictOptions {
		if n[o.Value] > 0 {
			all = append(all, fmt.Sprintf("%s%d项", o.Word, n[o.Value]))
		}
	}
	return strings.Join(all, "，")
}

func reviewFacts(v casework.ReviewView) []Fact {
	return []Fact{
		{Word: "初审建议", Value: recommendations[v.Review.Recommendation]},
		{Word: "初审意见", Value: v.Review.Opinion},
		{Word: "逐项结论", Value: countWords(review.Count(v.Indicators(), v.Review.Findings))},
	}
}

func confirmAnswers(v casework.ReviewView) []Answer {
	all := []Answer{{Word: "单位", Value: v.Application.Name}, {Word: "初审人", Value: v.Reviewer}}
	for _, f := range reviewFacts(v) {
		all = append(all, Answer{Word: f.Word, Value: f.Value})
	}
	for _, i := range v.Indicators() {
		if f := v.Review.Findings[i.Code]; f.Verdict == "fails" || f.Verdict == "doubtful" {
			all = append(all, Answer{Word: i.Code + " " + review.Verdicts[f.Verdict], Value: f.Reason})
		}
	}
	return all
}

// nextStage says where an application is now.
func nextStage(v casework.ReviewView) string {
	if k := lifecycle.Named(v.Application.Stage); k.Label != "" {
		return k.Label
	}
	return application.Kind.Word(string(v.Application.State))
}

type summaryLine struct {
	Word  string
	N     int
	Total bool
}

func summaryLines(s casework.SummarySums) []summaryLine {
	all := []summaryLine{{"收到申报", s.Received, true}, {"待受理或补正中", s.Waiting, false}, {"撤回", s.Withdrawn, false}, {"不予受理", s.Declined, false}, {"初审中", s.Reviewing, false}}
	if s.Ended > 0 {
		all = append(all, summaryLine{"初审中止", s.Ended, false})
	}
	if s.Elsewhere > 0 {
		all = append(all, summaryLine{"不经初审", s.Elsewhere, false})
	}
	return append(all, summaryLine{"完成初审", s.Reviewed, true}, summaryLine{"建议列入", s.Recommended, false}, summaryLine{"不建议列入", s.NotRecommended, false}, summaryLine{"存疑", s.Doubtful, false})
}

func verdictCount(r casework.SummaryRow) string { return countWords(r.Verdicts) }

func summaryState(r casework.SummaryRow) string {
	a := r.Application
	if a.State != application.Underway {
		return application.Kind.Word(string(a.State))
	}
	s := lifecycle.Named(a.Stage).Label
	if r.Visit.State == visit.Signed {
		s += "，考核" + visitOpinions[r.Visit.Opinion]
	}
	return s
}

// comparesTexts reports whether a viewer is offered the comparison of what
// applicants wrote. What they may see is decided in store.
func comparesTexts(who stage.Actor) bool {
	return slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Auditor}, who.Role)
}
