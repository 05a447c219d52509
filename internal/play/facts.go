package play

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/facts"
)

// partyFacts are what a condition reads of a Party organisation.
var partyFacts = []string{"党组织形式", "正式党员数", "按时换届", "换届状态", "章程写入", "每年培训次数", "每年按时收缴月数"}

// aboutParty reports whether a programme asks for anything of a Party organisation: the
// invented organisations of one that does not have none.
func aboutParty(p *programme.Programme) bool {
	asks := func(names []string) bool {
		return slices.ContainsFunc(names, func(s string) bool { return slices.Contains(partyFacts, s) })
	}
	for _, r := range p.Eligibility {
		if asks(facts.Reads(r.Expr)) || asks(facts.Reads(r.Doubt)) || asks(facts.Reads(r.Wait)) {
			return true
		}
	}
	for _, g := range p.Criteria {
		for _, i := range g.Indicators {
			if asks(i.Known) {
				return true
			}
		}
	}
	return p.Applicants.Party
}

// facts are EligibleFacts, without what the programme does not ask about.
func (t *Theatre) facts(year int) fact.Facts {
	f := EligibleFacts(year)
	if aboutParty(t.Programme) {
		return f
	}
	f.Charter, f.Regulations = fact.Charter{}, nil
	for i, l := range f.Ledgers {
		f.Ledgers[i] = fact.Ledger{Year: l.Year, Charity: l.Charity, CharityYuan: l.CharityYuan, Beneficiaries: l.Beneficiaries}
	}
	return f
}

// EligibleFacts returns facts that satisfy every rule of the notice for a
// deadline in a year.
func EligibleFacts(year int) fact.Facts {
	declared := fact.Source{On: calendar.On(year, 1, 1)}
	f := fact.Facts{
		NoPenalty: declared, NoListing: declared,
		Grades:      []fact.Grade{{Rank: 4, AnnouncedOn: calendar.On(year-2, 12, 1)}},
		Charter:     fact.Charter{Wording: "本会坚持党的全面领导。", Clause: "第四条", ApprovedOn: calendar.On(year-2, 6, 30)},
		Regulations: []fact.Regulation{{Title: "党支部工作制度", AdoptedOn: calendar.On(year-3, 4, 1)}},
		Metrics:     []fact.Metric{{Name: "业务收入", Unit: "万元", Year: year - 1, Values: [3]int{310, 342, 388}, Rank: 2, Of: 25, Among: "全省同行业协会"}},
	}
	for y := year - 3; y < year; y++ {
		f.Inspections = append(f.Inspections, fact.Inspection{Year: y, Conclusion: fact.Passed})
		f.Ledgers = append(f.Ledgers, fact.Ledger{
			Year: y, Members: 11, Probationary: 1, Seats: 3, Filled: 3, Leaders: 9, PartyInLead: 2, LeadInParty: 2,
			Meetings: [4]int{1, 1, 1, 1}, Committees: [4]int{3, 3, 3, 3}, Lectures: [4]int{1, 1, 1, 1}, ThemeDays: 12, LifeMeetings: 1, Appraised: [4]int{3, 8, 0, 0},
			Trainings: 2, TrainingHours: 40, DuesMonths: 12, Activists: 2, Planned: 1, Admitted: 1, Recruited: 4, Graduates: 1, PlatformRate: 95,
			Themes: 6, RoomArea: 60, RoomSharedBy: 1, Outlets: 2, Charity: 3, CharityYuan: 50000, Beneficiaries: 400,
		})
	}
	return f
}

// EligibleBody returns a branch whose elections were all on time for a deadline
// in a year.
func EligibleBody(name string, year int) party.Body {
	return party.Body{
		Name: name, Form: party.Branch, FoundedOn: calendar.On(year-10, 5, 16), Superior: "省社会组织联合党委", Members: 11, Head: "书记甲",
		Elections: []party.Election{{HeldOn: calendar.On(year-7, 5, 16)}, {HeldOn: calendar.On(year-4, 5, 16)}, {HeldOn: calendar.On(year-1, 5, 12)}},
	}
}
