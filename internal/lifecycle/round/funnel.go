package round

import "fmt"

// Funnel counts how many applications of a round came how far. Every application
// stands in exactly one line of each sum (S47: the totals of the summary equal
// what was received, and the withdrawn are listed; S76).
type Funnel struct {
	Started   int // every file that was ever begun
	Drafts    int // still being written
	Discarded int // given up before they were filed
	Forfeited int // still drafts at the deadline: 视为放弃
	Received  int // filed in time

	Waiting   int // filed, waiting for the office, or being corrected
	Withdrawn int // by the applicant after filing
	Declined  int // 不予受理
	Accepted  int

	Underway     int // in a stage
	Selected     int // decided and publicised, waiting for naming
	Named        int
	NotChosen    int
	Disqualified int

	Reviewed     int // with a confirmed opinion of the office
	Visited      int // with a signed report, or waived
	Carried      int // the committee's last word was yes
	Lost         int // it was no
	Publicised   int // on a published list
	Held         int // publicised, neither cleared nor upheld yet
	Cleared      int // publicised without objection, or with an unfounded one
	Upheld       int // a founded objection
	Designations int // that naming brought into being
}

// Unfinished counts the applications that have not come to an end.
func (f Funnel) Unfinished() int { return f.Drafts + f.Waiting + f.Underway + f.Selected }

// Reconcile says which numbers do not add up; none when all do. A stage that the
// procedure does not have counts nothing and is not compared.
func (f Funnel) Reconcile() (wrong []string) {
	equal := func(whole int, name string, parts int, names string) {
		if whole != parts {
			wrong = append(wrong, fmt.Sprintf("%s%d件，%s合计%d件", name, whole, names, parts))
		}
	}
	atMost := func(part int, name string, whole int, of string) {
		if part > whole {
			wrong = append(wrong, fmt.Sprintf("%s%d件，多于%s%d件", name, part, of, whole))
		}
	}
	equal(f.Started, "起草", f.Drafts+f.Discarded+f.Forfeited+f.Received, "草稿、放弃、视为放弃与收到")
	equal(f.Received, "收到", f.Waiting+f.Withdrawn+f.Declined+f.Accepted, "待受理、撤回、不予受理与受理")
	equal(f.Accepted, "受理", f.Underway+f.Selected+f.Named+f.NotChosen+f.Disqualified, "办理中、待命名、已命名、未入选与取消资格")
	atMost(f.Reviewed, "完成初审", f.Accepted, "受理")
	atMost(f.Visited, "完成考核", f.Accepted, "受理")
	atMost(f.Carried+f.Lost, "经会议审定", f.Accepted, "受理")
	atMost(f.Publicised, "公示", f.Accepted, "受理")
	equal(f.Publicised, "公示", f.Held+f.Cleared+f.Upheld, "公示中、无异议与异议成立")
	equal(f.Named, "已命名", f.Designations, "称号")
	return wrong
}
