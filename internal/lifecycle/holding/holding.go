// Package holding is what a title that one holds, or lost, means for applying
// again (S67, S72): the programme's settings applied to what its own register
// knows of an applicant.
package holding

import (
	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
)

// Titles is what the programme's own register knows of an applicant.
type Titles struct {
	Holds     bool          // a valid title of the programme
	ValidTo   calendar.Date // its last day; zero: without end
	RevokedOn calendar.Date // when one was last withdrawn; zero: never
	FraudOn   calendar.Date // when an untruth was last found; zero: never
}

// BarEnds returns the last day on which a withdrawal bars from applying, and
// whether there is one (S72; the programme says how many months).
func (t Titles) BarEnds(months int) (calendar.Date, bool) {
	if t.RevokedOn.IsZero() || months <= 0 {
		return calendar.Date{}, false
	}
	return t.RevokedOn.AddMonths(months), true
}

// May: who holds the title applies again only when the programme lets it:
// never, or in the last year of the title, whose corresponding day belongs to it
// (S67). A title without end has no last year.
func May(a programme.Applicants, t Titles, day calendar.Date) (v programme.Verdict, why, mend string) {
	last := a.HolderMay == "last_year" && !t.ValidTo.IsZero() && !t.ValidTo.After(day.AddMonths(12))
	switch {
	case !t.Holds:
		return programme.Meets, "没有本方案的有效称号。", ""
	case a.HolderMay == "always" || last:
		return programme.Meets, "持有称号，可以再申报。", ""
	case a.HolderMay == "last_year" && !t.ValidTo.IsZero():
		return programme.Fails, "称号有效至" + t.ValidTo.Chinese() + "，截止日还不在最后一年内。", "到期前一年再申报。"
	}
	return programme.Fails, "已经持有本方案的称号。", "称号有效期内不用再申报，按期参加复查。"
}

// NotBarred: after a revocation one does not apply until the bar of the programme
// has passed; its last day still bars (S72).
func NotBarred(a programme.Applicants, t Titles, day calendar.Date) (v programme.Verdict, why, mend string) {
	if ends, barred := t.BarEnds(a.BarMonths); barred && !day.After(ends) {
		return programme.Fails, "称号于" + t.RevokedOn.Chinese() + "被撤销，" + ends.Chinese() + "以前不能申报。", "期满以后再申报。"
	}
	return programme.Meets, "不在禁止申报期内。", ""
}
