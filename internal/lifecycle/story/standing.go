package story

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
)

// Standing is how a story stands before everybody.
type Standing struct {
	Listed bool   // in the list, on the front page and in the feed
	Shown  bool   // its text and pictures may be read
	Mark   string // what is to be said of it first; empty: nothing
}

// Standing says what everybody may see of a story, from its own state and that of its
// title at the time of reading:
//
//   - not published: nothing;
//   - withdrawn, by the office or because the consent was taken back: that and why;
//   - published, and the title withdrawn (撤销): that it was, and nothing of the text;
//   - published, and the title ended in another way: everything, marked;
//   - published, and the title under an order to put things right: everything, marked;
//   - published, and the title valid: everything.
//
// A title that is given back after an appeal brings its story back (五(三); 五(二)
// 能上能下, S74).
func (s *Story) Standing(d *designation.Designation) Standing {
	switch {
	case s.State == Withdrawn:
		return Standing{Mark: "这篇先进事迹已在" + day(s.EndedAt) + "撤下：" + s.Reason + "。"}
	case s.State != Published:
		return Standing{}
	case d.State == designation.Revoked:
		return Standing{Mark: "称号已在" + d.EndedOn.Chinese() + "撤销，这篇先进事迹随之撤下。"}
	}
	return Standing{Listed: true, Shown: true, Mark: marked(d)}
}

// marked says of a title that is not simply valid how it stands.
func marked(d *designation.Designation) string {
	const then = "文中写的是当时的情况。"
	switch d.State {
	case designation.Rectifying:
		return "称号有效，持有单位正在按要求整改。"
	case designation.Expired:
		return "称号已在" + d.EndedOn.Chinese() + "到期。" + then
	case designation.Returned:
		return "持有单位已在" + d.EndedOn.Chinese() + "交回称号。" + then
	case designation.Dissolved:
		return "持有单位已终止，称号在" + d.EndedOn.Chinese() + "注销。" + then
	case designation.Succeeded:
		return "持有单位已合并，称号自" + d.EndedOn.Chinese() + "起由承继单位持有。" + then
	case designation.Abolished:
		return "称号已在" + d.EndedOn.Chinese() + "随方案终止。" + then
	}
	return ""
}

// ListedWith lists the states of titles whose published stories are listed, so that a
// list can be read without reading what it leaves out.
func ListedWith() (states []stage.State) {
	s := Story{State: Published}
	for _, at := range designation.Kind.States() {
		if s.Standing(&designation.Designation{State: at}).Listed {
			states = append(states, at)
		}
	}
	return states
}

func day(at time.Time) string { return calendar.DateOf(at).Chinese() }
