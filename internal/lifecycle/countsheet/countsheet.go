package countsheet

import (
	"maps"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

// Sheet is the scan of a count sheet. Its bytes are kept apart, by their SHA-256.
type Sheet struct {
	ID        id.CountSheet
	Item      id.Item // what was voted on; empty: a ranking
	Meeting   id.Meeting
	Programme id.Programme
	Ballot    int    // which vote on the item; 0: a ranking
	Ranking   int    // the number of the ranking in its meeting; 0: a vote on an item
	Name      string // as given, cleaned, with the ending of its kind
	Kind      string // pdf, jpg or png, by its content
	Size      int64  // bytes
	SHA256    string // in hex
	Tally     ballot.Tally
	Points    map[id.Item]int // what a ranking gave each candidate
	By        id.Account
	At        time.Time
}

// Vote is a vote with paper ballots as its count sheet knows it: on an item, or a ranking of
// several (差额表决).
type Vote struct {
	Meeting *meeting.Meeting
	Item    *item.Item            // nil: a ranking
	Ranking *ballot.Ranking       // nil: on an item
	Tied    map[id.Account]string // who has an interest in what is voted on, or is recused from it
}

// On is a vote on an item. ties say who has an interest in the organisation that it is about.
func On(i *item.Item, m *meeting.Meeting, ties map[id.Account]string) Vote {
	return Vote{Meeting: m, Item: i, Tied: ties}
}

// Among is a ranking of a meeting. tied are those who are recused from any of its candidates
// or have an interest in one.
func Among(r *ballot.Ranking, m *meeting.Meeting, tied map[id.Account]string) Vote {
	return Vote{Meeting: m, Ranking: r, Tied: tied}
}

// paper reports whether it is voted on with paper ballots.
func (v Vote) paper() bool {
	if v.Ranking != nil {
		return v.Ranking.Paper
	}
	return v.Item.OnPaper(v.Meeting)
}

// tied reports whether somebody is to have no part in it.
func (v Vote) tied(who id.Account) bool {
	return v.Tied[who] != "" || v.Item != nil && v.Item.Recused(who)
}

// agreed returns the figures at which two scrutineers arrived alike.
func (v Vote) agreed() (t ballot.Tally, points map[id.Item]int, same bool) {
	if v.Ranking == nil {
		t, same = ballot.Agreed(v.Item.Counts)
		return t, nil, same
	}
	c, same := v.Ranking.Agreed()
	return ballot.Tally{Issued: c.Issued, Collected: c.Collected, Invalid: c.Invalid}, c.Points, same
}

const (
	rule = "制度:纸质票由两名监票人在计票单上签字，扫描件归档后宣布结果"
	twos = "制度:两名监票人各自计票"
)

var (
	errNamed = fault.Define(fault.Refused, "countsheet.attach.named",
		"这次表决不用纸质票，没有计票单。", "方案设定的表决方式")
	errOver = fault.Define(fault.Refused, "countsheet.attach.over",
		"这次差额表决不在计票，不能上传计票单。结束投票以后、宣布结果以前上传。", rule)
	errTied = fault.Define(fault.Refused, "countsheet.attach.interest",
		"与表决的单位有利害关系，不能上传这次表决的计票单。请另一名监票人或者办公室上传。", "制度:回避")
	errPresides = fault.Define(fault.Refused, "countsheet.attach.presiding",
		"主持人不能上传计票单。请监票人或者办公室上传。", twos)
	errDiffer = fault.Define(fault.Refused, "countsheet.attach.differ",
		"还没有两名监票人一致的计票结果。先各自填写计票结果，核对一致并签字，再扫描上传。", twos)
	errVoid = fault.Define(fault.Refused, "countsheet.attach.void",
		"收回的票多于发出的票，本次表决无效，不用上传计票单。请主持人宣布无效后重新表决。", "制度:收回多于发出的表决无效")
	errKind = fault.Define(fault.Invalid, "countsheet.attach.kind",
		"“%s”不是扫描件。计票单上传PDF、JPG或者PNG文件。", rule)
	errWaiting = fault.Define(fault.Unavailable, "countsheet.attach.unscanned",
		"“%s”还没有查过病毒，没有保存。查毒程序现在没有应答，过几分钟再上传。", "制度:未经扫描不放行")
	errTwice = fault.Define(fault.Refused, "countsheet.attach.twice",
		"这份计票单已经上传，不用再传。", rule)
	errMissing = fault.Define(fault.Refused, "countsheet.declare.missing",
		"计票一致，还没有上传两名监票人签字的计票单扫描件，不能宣布。请监票人或者办公室上传。", rule)
)

// kinds lists what a scan may be: pictures and PDF, never what somebody may still write in.
var kinds = []string{"pdf", "jpg", "png"}

// May decides whether somebody may put a scan to a vote with paper ballots now: a scrutineer
// or a clerk without interest, in the sitting, after two scrutineers agreed.
func May(v Vote, by stage.Actor) (mv stage.Move, err error) {
	if v.Ranking != nil {
		mv, err = meeting.Kind.Step(v.Meeting.State, "attach_sheet", by.Role)
	} else {
		mv, err = item.Kind.Step(v.Item.State, "attach_sheet", by.Role)
	}
	agreed, _, same := v.agreed()
	switch {
	case err != nil:
	case v.Meeting.State != meeting.Sitting:
		err = item.ErrNotOpen.New(meeting.Kind.Word(string(v.Meeting.State)))
	case !v.paper():
		err = errNamed.New()
	case v.Ranking != nil && v.Ranking.State != ballot.RankingCounted:
		err = errOver.New()
	case by.Account == v.Meeting.Presiding:
		err = errPresides.New()
	case v.tied(by.Account):
		err = errTied.New()
	case !same:
		err = errDiffer.New()
	case agreed.Void():
		err = errVoid.New()
	}
	return mv, err
}

// Attach puts a scan to a vote with paper ballots. before are the scans of this vote;
// scanned says that a scanner of viruses passed it, or that none is set up. s says what the
// file is and who brought it.
func Attach(v Vote, by stage.Actor, before []Sheet, s Sheet, scanned bool) (Sheet, stage.Move, error) {
	mv, err := May(v, by)
	if err != nil {
		return s, mv, err
	}
	s.Meeting, s.Programme = v.Meeting.ID, v.Meeting.Programme
	if v.Ranking != nil {
		s.Ranking = v.Ranking.Number
	} else {
		s.Item, s.Ballot = v.Item.ID, v.Item.Ballot
	}
	s.Tally, s.Points, _ = v.agreed()
	switch {
	case !slices.Contains(kinds, s.Kind):
		return s, mv, errKind.At("file", s.Name)
	case !scanned:
		return s, mv, errWaiting.At("file", s.Name)
	case slices.ContainsFunc(before, func(o Sheet) bool { return o.SHA256 == s.SHA256 && o.covers(v) }):
		return s, mv, errTwice.At("file")
	}
	return s, mv, nil
}

// covers reports whether a scan is of the vote and the figures that count now.
func (s *Sheet) covers(v Vote) bool {
	agreed, points, same := v.agreed()
	if !same || s.Tally != agreed || !maps.Equal(s.Points, points) {
		return false
	}
	if v.Ranking != nil {
		return s.Meeting == v.Meeting.ID && s.Ranking == v.Ranking.Number
	}
	return s.Item == v.Item.ID && s.Ballot == v.Item.Ballot
}

// Covering lists the scans that stand for the figures of a vote, of all that came.
func Covering(v Vote, all []Sheet) (some []Sheet) {
	for _, s := range all {
		if s.covers(v) {
			some = append(some, s)
		}
	}
	return some
}

// Ready refuses the result of paper ballots of which there is no scan. Of a vote that is
// void, or not counted, the item or the ranking itself says so.
func Ready(v Vote, all []Sheet) error {
	agreed, _, same := v.agreed()
	if !v.paper() || !same || agreed.Void() || len(Covering(v, all)) > 0 {
		return nil
	}
	return errMissing.New()
}
