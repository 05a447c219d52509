package fact

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

var (
	errText   = fault.Define(fault.Invalid, "fact.text.bad", "%s里有看不见的控制字符，请重新输入这一项。", "")
	errLong   = fault.Define(fault.Invalid, "fact.text.long", "%s有%d字，最多%d字，请删短。", "")
	errEmpty  = fault.Define(fault.Invalid, "fact.text.empty", "%s没有填写。", "")
	errChoice = fault.Define(fault.Invalid, "fact.check.choice", "%s没有选择，或者选的不在列出的范围内。", "")
	errYears  = fault.Define(fault.Invalid, "fact.check.year", "%s的年度“%d”不对。只能填2000年至%d年。", "")
	errTwice  = fault.Define(fault.Invalid, "fact.check.twice", "%s有两条。一个年度只填一条。", "")
	errOrder  = fault.Define(fault.Invalid, "fact.check.order", "%s早于%s。核对两个日期。", "")
	errRank   = fault.Define(fault.Invalid, "fact.check.rank", "名次%d大于总数%d。核对名次和总数。", "")
	errMany   = fault.Define(fault.Invalid, "fact.check.many", "%s超过%d条，请只填需要的年度。", "")
)

var (
	errLater  = fault.Define(fault.Invalid, "fact.date.future", "%s%s还没有到。核对日期。", "")
	errNoDate = fault.Define(fault.Invalid, "fact.date.missing", "%s没有填写。", "")
)

// The longest texts, in 字.
const (
	NameMax = 80  // names, numbers of documents
	TextMax = 300 // sentences
)

// factsMost bounds each list of facts.
const factsMost = 60

// Check says everything that is wrong with facts at once.
func (f *Facts) Check(today calendar.Date) error {
	faults := []*fault.Fault{
		Few("inspections", "年检", len(f.Inspections)), Few("penalties", "行政处罚", len(f.Penalties)), Few("grades", "评估等级", len(f.Grades)),
		Few("listings", "名录", len(f.Listings)), Few("regulations", "规章制度", len(f.Regulations)), Few("metrics", "业务指标", len(f.Metrics)),
		Few("ledgers", "台账", len(f.Ledgers)),
		Text("charter.wording", "章程条文", f.Charter.Wording, TextMax, false), Text("charter.clause", "章程条款", f.Charter.Clause, NameMax, false),
		notLater("charter.approved_on", "章程核准日期", f.Charter.ApprovedOn, today),
	}
	seen := map[string]bool{}
	once := func(path, label string, year int) {
		key := label + fmt.Sprint(year)
		if year < 2000 || year > today.Year {
			faults = append(faults, errYears.At(path, label, year, today.Year))
		} else if seen[key] {
			faults = append(faults, errTwice.At(path, fmt.Sprintf("%d年度%s", year, label)))
		}
		seen[key] = true
	}
	for i, v := range f.Inspections {
		at := fmt.Sprintf("inspections.%d", i)
		once(at+".year", "年检", v.Year)
		faults = append(faults, Chosen(at+".conclusion", "年检结论", Conclusions, v.Conclusion))
	}
	for i, v := range f.Grades {
		at := fmt.Sprintf("grades.%d", i)
		if v.Rank < 1 || v.Rank > 5 {
			faults = append(faults, errChoice.At(at+".rank", "评估等级"))
		}
		faults = append(faults, Past(at+".announced_on", "等级公告日期", v.AnnouncedOn, today), Ordered(at+".revoked_on", "等级取消日期", v.RevokedOn, "公告日期", v.AnnouncedOn))
	}
	for i := range f.Ledgers {
		at := fmt.Sprintf("ledgers.%d", i)
		faults = append(faults, f.Ledgers[i].check(at, today)...)
		once(at+".year", "台账", f.Ledgers[i].Year)
	}
	return fault.All(append(faults, f.checkRest(today)...)...)
}

func (f *Facts) checkRest(today calendar.Date) (faults []*fault.Fault) {
	for i, v := range f.Penalties {
		at := fmt.Sprintf("penalties.%d", i)
		faults = append(faults, Chosen(at+".kind", "处罚种类", PenaltyKinds, v.Kind), Text(at+".number", "处罚文号", v.Number, NameMax, false),
			Chosen(at+".against", "处罚对象", Against, v.Against), Text(at+".authority", "处罚机关", v.Authority, NameMax, true), Past(at+".decided_on", "处罚决定日期", v.DecidedOn, today),
			Ordered(at+".quashed_on", "处罚撤销日期", v.QuashedOn, "决定日期", v.DecidedOn), notLater(at+".quashed_on", "处罚撤销日期", v.QuashedOn, today))
	}
	for i, v := range f.Listings {
		at := fmt.Sprintf("listings.%d", i)
		faults = append(faults, Chosen(at+".list", "名录", Lists, v.List), Text(at+".why", "列入原因", v.Why, TextMax, false),
			Past(at+".from", "列入日期", v.From, today), Ordered(at+".to", "移出日期", v.To, "列入日期", v.From), notLater(at+".to", "移出日期", v.To, today))
	}
	for i, v := range f.Regulations {
		at := fmt.Sprintf("regulations.%d", i)
		faults = append(faults, Text(at+".title", "制度名称", v.Title, NameMax, true), Past(at+".adopted_on", "制定日期", v.AdoptedOn, today),
			Ordered(at+".ended_on", "废止日期", v.EndedOn, "制定日期", v.AdoptedOn))
	}
	for i, v := range f.Metrics {
		at := fmt.Sprintf("metrics.%d", i)
		faults = append(faults, Text(at+".name", "指标名称", v.Name, NameMax, true), Text(at+".unit", "单位", v.Unit, 10, true),
			Text(at+".among", "排名范围", v.Among, NameMax, v.Rank > 0))
		if v.Rank < 0 || v.Rank > v.Of {
			faults = append(faults, errRank.At(at+".rank", v.Rank, v.Of))
		}
		if v.Year < 2000 || v.Year > today.Year {
			faults = append(faults, errYears.At(at+".year", "业务指标", v.Year, today.Year))
		}
	}
	return faults
}

// Text checks a short text: that it is there when it must be, its length
// in 字, and that it can be read.
func Text(path, label, s string, most int, must bool) *fault.Fault {
	n := utf8.RuneCountInString(s)
	switch {
	case must && strings.TrimSpace(s) == "":
		return errEmpty.At(path, label)
	case n > most:
		return errLong.At(path, label, n, most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unseen):
		return errText.At(path, label)
	}
	return nil
}

// unseen reports whether a sign is a control or a format character: what turns the direction
// of writing or has no width would make one name look like another on a public list.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// Past wants a date that has come.
func Past(path, label string, d, today calendar.Date) *fault.Fault {
	if d.IsZero() {
		return errNoDate.At(path, label)
	}
	return notLater(path, label, d, today)
}

// notLater allows no date, and no date to come.
func notLater(path, label string, d, today calendar.Date) *fault.Fault {
	if d.After(today) {
		return errLater.At(path, label, d.Chinese())
	}
	return nil
}

// Ordered wants a later date not to be earlier than the one it follows.
func Ordered(path, label string, d calendar.Date, first string, before calendar.Date) *fault.Fault {
	if !d.IsZero() && d.Before(before) {
		return errOrder.At(path, label, first)
	}
	return nil
}

// Chosen wants a value to be one of those offered.
func Chosen(path, label string, all []Choice, value string) *fault.Fault {
	if WordOf(all, value) == "" {
		return errChoice.At(path, label)
	}
	return nil
}

// Few wants a list not to be absurdly long.
func Few(path, label string, n int) *fault.Fault {
	if n > factsMost {
		return errMany.At(path, label, factsMost)
	}
	return nil
}
