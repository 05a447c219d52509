package page

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/raters"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// Ahead says how far a clock is before ours, or behind it: 快约1天2小时.
func Ahead(d time.Duration) string {
	word := "快约"
	if d < 0 {
		word, d = "慢约", -d
	}
	hours := int((d + time.Hour/2) / time.Hour)
	if days := hours / 24; days > 0 {
		word += strconv.Itoa(days) + "天"
	}
	if hours %= 24; hours > 0 {
		word += strconv.Itoa(hours) + "小时"
	}
	return word
}

// refusalWord is the sentence of a refusal.
func refusalWord(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Say
	}
	return ""
}

func editNames(all []id.Edit) string {
	words := make([]string, len(all))
	for i, e := range all {
		words[i] = string(e)
	}
	return strings.Join(words, " ")
}

var arrivals = []Option{{Value: checklist.Here, Word: "已到场"}, {Value: checklist.Away, Word: "未到场"}}

// fieldWord is how people call a field of the checklist.
func fieldWord(field string) string {
	p := strings.Split(field, ".")
	switch {
	case field == checklist.Arrival:
		return "到场签到"
	case p[0] == "marks":
		return "指标 " + p[1] + " " + map[string]string{"rating": "评价", "score": "得分", "note": "现场情况"}[p[len(p)-1]]
	case len(p) == 4:
		return assessment.Surveys[p[3]] + "：调查人数"
	case len(p) == 5:
		return assessment.Surveys[p[3]] + "：其中满意"
	}
	return assessment.Methods[p[1]] + "：" + map[string]string{"text": "看到的情况", "skipped": "没有采用的原因", "people": "人数"}[p[2]]
}

// valueWord is how people read a value of the checklist.
func valueWord(field, value string) string {
	for _, o := range append(arrivals, visitRatings...) {
		if o.Value == value && (field == checklist.Arrival || strings.HasSuffix(field, ".rating")) {
			return o.Word
		}
	}
	return orBlank(value)
}

// conflictsOf lists what the viewer has to choose between: the team's fields and the
// viewer's own.
func conflictsOf(v casework.ChecklistView, who stage.Actor) (keys []checklist.Key) {
	for _, k := range v.Fields.Conflicts() {
		if k.Owner == "" || k.Owner == who.Account {
			keys = append(keys, k)
		}
	}
	return keys
}

// writtenBy says who wrote a value, and when.
func writtenBy(v casework.ChecklistView, e checklist.Edit) string {
	return v.NameOf(e.By) + " " + writtenAt(e)
}

// writtenAt says when a value came here, and whether the clock of its device was off.
func writtenAt(e checklist.Edit) string {
	s := Minute(e.At)
	if checklist.Off(e.Ahead) {
		s += "（手机时间" + Ahead(e.Ahead) + "）"
	}
	return s
}

func arrivedFacts(v casework.ChecklistView) (all []Fact) {
	for _, s := range v.Visit.Team {
		word := "没有签到"
		if e := v.Fields.ArrivedAt(s.Account); e.ID != "" {
			word = "到场签到 " + writtenAt(e)
		}
		all = append(all, Fact{Word: s.Name, Value: word})
	}
	return all
}

func photosOf(v casework.ChecklistView, indicator string) (all []casework.PhotoLine) {
	for _, p := range v.Photos {
		if p.Field == indicator {
			all = append(all, p)
		}
	}
	return all
}

func photoOptions(v casework.ChecklistView) []Option {
	all := []Option{{Value: "", Word: "整个现场"}}
	for _, i := range v.Indicators() {
		all = append(all, Option{Value: i.Code, Word: i.Code + " " + i.Title})
	}
	return all
}

// markWord says what a member judged, as far as it is to be seen.
func markWord(i programme.Indicator, m checklist.Mark, mine bool) string {
	if !m.Given {
		if mine {
			return "还没有给出"
		}
		return "—"
	}
	s := assessment.Ratings[m.Rating]
	if i.Scored() {
		s += fmt.Sprintf("，%d分", m.Score)
	}
	if m.Changed > 0 {
		s += fmt.Sprintf("（改过%d次）", m.Changed)
	}
	return s
}

// gapWord says how far the marks lie apart.
func gapWord(i programme.Indicator, g checklist.Gap) (Tone, string) {
	switch {
	case g.Given < 2:
		return Open, "不足两人"
	case g.Differ && i.Scored() && g.Score > 0:
		return Warn, fmt.Sprintf("评价不同，相差%d分", g.Score)
	case g.Differ:
		return Warn, "评价不同"
	case g.Score > 0:
		return Now, fmt.Sprintf("相差%d分", g.Score)
	}
	return OK, "一致"
}

func deliberationHint(who stage.Actor, v visit.Visit) string {
	if who.Role == stage.Assessor {
		return "其他组员对一项指标的评价，自己在考核单里给出评价后才显示。"
	}
	if v.State == visit.Scheduled || v.State == visit.Planned {
		return "组员各自的评价在考核意见提交后显示。"
	}
	return "组员各自的评价，供对照；考核意见以全组签署的为准。"
}

// spreadOf measures the points that members gave to one indicator, as far as they are
// seen.
func spreadOf(marks []checklist.Mark) score.Spread {
	var all []*big.Rat
	for _, m := range marks {
		if m.Given {
			all = append(all, big.NewRat(int64(m.Score), 1))
		}
	}
	return score.SpreadOf(all)
}

// agreementOf is how far the members agree on the whole checklist, as far as the viewer
// may see it: where nothing is scored, by the order of the ratings.
func agreementOf(v casework.ChecklistView) raters.Agreement {
	scale, all := raters.Ordinal, []raters.Rating{}
	for _, i := range v.Indicators() {
		if i.Scored() {
			scale = raters.Interval
		}
		for _, m := range v.Fields.Marks(&v.Visit, i.Code) {
			if m.Given {
				all = append(all, raters.Rating{Rater: string(m.Seat.Account), Thing: i.Code, Value: assessment.Share(i, m.Finding)})
			}
		}
	}
	return raters.Agree(all, scale)
}
