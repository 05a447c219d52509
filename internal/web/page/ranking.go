package page

import (
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/ranking"
	"shifan/internal/lifecycle/stage"
)

var rankingStates = map[string]string{
	ballot.RankingOpen: "表决中", ballot.RankingCounted: "待宣布", ballot.RankingSettled: "已宣布", ballot.RankingVoid: "无效",
}

func rankingFacts(r minutes.Ranking) (all []Fact) {
	for _, l := range r.Lines {
		all = append(all, Fact{Word: l[0], Value: l[1]})
	}
	return all
}

func titlesIn(v casework.MeetingView) map[id.Item]string {
	all := map[id.Item]string{}
	for _, i := range v.Items {
		all[i.ID] = i.Title
	}
	return all
}

func toldRanking(v casework.MeetingView, r ballot.Ranking) minutes.Ranking {
	names := map[id.Account]string{}
	for _, s := range v.Meeting.Roster {
		names[s.Account] = s.Name
	}
	return minutes.Told(&r, titlesIn(v), names)
}

func candidates(v casework.MeetingView, r *ballot.Ranking) (all []Option) {
	titles := titlesIn(v)
	for _, i := range r.Candidates {
		all = append(all, Option{Value: string(i), Word: titles[i]})
	}
	return all
}

// ownRankingCount is what the viewer counted, or nothing.
func ownRankingCount(r *ballot.Ranking, by stage.Actor) ballot.RankingCount {
	for _, c := range r.Counts {
		if c.By == by.Account {
			return c
		}
	}
	return ballot.RankingCount{}
}

// rankingBlocked says why the chair cannot declare the result yet.
func rankingBlocked(v casework.MeetingView, r *ballot.Ranking) string {
	if say := sayOf(ranking.Ready(r)); say != "" {
		return say
	}
	return sayOf(v.Sheets[r.Number].Ready)
}

func rankingName(category string) string {
	if category == "" {
		return "开始差额表决"
	}
	return "开始差额表决：类别“" + category + "”"
}

func unitOf(r *ballot.Ranking) string {
	if r.Rule == ballot.Ranks {
		return "分"
	}
	return "票"
}
