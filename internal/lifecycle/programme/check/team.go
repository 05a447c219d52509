package check

import (
	"fmt"

	"shifan/internal/lifecycle/programme"
)

// team: what a draw takes from each stratum makes a team, and one stratum has the
// leader (S48).
func team(p *programme.Programme) (all []Wrong) {
	seats, seen, lead := 0, map[string]bool{}, -1
	for i, s := range p.Visit.Strata {
		if seen[s.Code] {
			all = append(all, at("“"+s.Code+"”写了两次，抽取时分不清。改掉一个。", "visit", "strata", i, "code"))
		}
		if s.Lead && lead >= 0 {
			all = append(all, at("写了不止一个是，组长只有一人。只留一层。", "visit", "strata", i, "lead").and("visit", "strata", fmt.Sprint(lead), "lead"))
		}
		if s.Lead {
			lead = i
		}
		seen[s.Code] = true
		seats += s.Seats
	}
	if len(p.Visit.Strata) == 0 {
		return nil
	}
	if lead < 0 {
		all = append(all, at("没有一层出组长（lead: true）。写明组长从哪一层产生。", "visit", "strata"))
	}
	if seats < p.Visit.TeamMin {
		all = append(all, at(fmt.Sprintf("各层名额加起来%d人，比考核组人数（team_min）%d人少。加名额，或改考核组人数。", seats, p.Visit.TeamMin), "visit", "strata").and("visit", "team_min"))
	}
	return all
}
