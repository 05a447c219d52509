package fact

import (
	"encoding/json"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
)

// Change is how one section of what is known of an organisation was before and
// after an act, so that an earlier declaration stays to be seen.
type Change struct {
	ID           id.FactChange
	Organisation id.Organisation
	Section      string // "inspections", "ledgers" …
	Was, Now     Facts  // with this section and nothing else
	By           id.Account
	Office       bool // by the office; otherwise by the organisation
	At           time.Time
}

// Sections lists the sections of facts in their order, with their words.
var Sections = []Choice{
	{"inspections", "年度检查"},
	{"grades", "评估等级"},
	{"penalties", "行政处罚"},
	{"listings", "异常名录和失信名单"},
	{"charter", "章程"},
	{"regulations", "规章制度"},
	{"metrics", "业务指标"},
	{"ledgers", "工作台账"},
}

// Section returns the facts with one section and nothing else.
func (f Facts) Section(name string) (s Facts) {
	switch name {
	case "inspections":
		s.Inspections = f.Inspections
	case "grades":
		s.Grades = f.Grades
	case "penalties":
		s.Penalties, s.NoPenalty = f.Penalties, f.NoPenalty
	case "listings":
		s.Listings, s.NoListing = f.Listings, f.NoListing
	case "charter":
		s.Charter = f.Charter
	case "regulations":
		s.Regulations = f.Regulations
	case "metrics":
		s.Metrics = f.Metrics
	case "ledgers":
		s.Ledgers = f.Ledgers
	}
	return s
}

// ConfirmedOn is the last day on which the office confirmed something of a section that
// stands now, zero when it confirmed nothing.
func (f Facts) ConfirmedOn(section string) (last calendar.Date) {
	part := f.Section(section)
	for _, s := range part.sources() {
		if s.Confirmed && s.On.After(last) {
			last = s.On
		}
	}
	return last
}

// Changes lists the sections in which two states of the facts differ.
func Changes(was, now Facts) (all []Change) {
	for _, c := range Sections {
		a, b := was.Section(c.Value), now.Section(c.Value)
		if said(a) != said(b) {
			all = append(all, Change{Section: c.Value, Was: a, Now: b})
		}
	}
	return all
}

// said is what facts say, as text.
func said(f Facts) string {
	b, err := json.Marshal(f)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
