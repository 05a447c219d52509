package countsheet

import (
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
	Item      id.Item
	Meeting   id.Meeting
	Programme id.Programme
	Ballot    int    // which vote on the item
	Name      string // as given, cleaned, with the ending of its kind
	Kind      string // pdf, jpg or png, by its content
	Size      int64  // bytes
	SHA256    string // in hex
	Tally     ballot.Tally
	By        id.Account
	At        time.Time
}

const (
	rule = "制度:纸质票由两名监票人在计票单上签字，扫描件归档后宣布结果"
	twos = "制度:两名监票人各自计票"
)

var (
	errNamed = fault.Define(fault.Refused, "countsheet.attach.named",
		"本项不用纸质票表决，没有计票单。", "方案设定的表决方式")
	errTied = fault.Define(fault.Refused, "countsheet.attach.interest",
		"与本项的单位有利害关系，不能上传本项的计票单。请另一名监票人或者办公室上传。", "制度:回避")
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

// May decides whether somebody may put a scan to the paper ballot on an item now: a
// scrutineer or a clerk without interest, in the sitting, after two scrutineers agreed.
// tie says what ties them to the organisation that the item is about; "": nothing.
func May(i *item.Item, by stage.Actor, m *meeting.Meeting, tie string) (stage.Move, error) {
	mv, err := item.Kind.Step(i.State, "attach_sheet", by.Role)
	agreed, same := ballot.Agreed(i.Counts)
	switch {
	case err != nil:
	case m.State != meeting.Sitting:
		err = item.ErrNotOpen.New(meeting.Kind.Word(string(m.State)))
	case !i.OnPaper(m):
		err = errNamed.New()
	case by.Account == m.Presiding:
		err = errPresides.New()
	case tie != "" || i.Recused(by.Account):
		err = errTied.New()
	case !same:
		err = errDiffer.New()
	case agreed.Void():
		err = errVoid.New()
	}
	return mv, err
}

// Attach puts a scan to the paper ballot on an item. before are the scans of this ballot;
// scanned says that a scanner of viruses passed it, or that none is set up. s says what the
// file is and who brought it.
func Attach(i *item.Item, by stage.Actor, m *meeting.Meeting, tie string, before []Sheet, s Sheet, scanned bool) (Sheet, stage.Move, error) {
	mv, err := May(i, by, m, tie)
	if err != nil {
		return s, mv, err
	}
	s.Item, s.Meeting, s.Programme, s.Ballot = i.ID, m.ID, m.Programme, i.Ballot
	s.Tally, _ = ballot.Agreed(i.Counts)
	switch {
	case !slices.Contains(kinds, s.Kind):
		return s, mv, errKind.At("file", s.Name)
	case !scanned:
		return s, mv, errWaiting.New(s.Name)
	case slices.ContainsFunc(before, func(o Sheet) bool { return o.SHA256 == s.SHA256 && o.covers(i) }):
		return s, mv, errTwice.New()
	}
	return s, mv, nil
}

// covers reports whether a scan is of the ballot and the figures that count now.
func (s *Sheet) covers(i *item.Item) bool {
	agreed, same := ballot.Agreed(i.Counts)
	return same && s.Item == i.ID && s.Ballot == i.Ballot && s.Tally == agreed
}

// Covering lists the scans that stand for the figures of an item, of all that came.
func Covering(i *item.Item, all []Sheet) (some []Sheet) {
	for _, s := range all {
		if s.covers(i) {
			some = append(some, s)
		}
	}
	return some
}

// Ready refuses the result of paper ballots of which there is no scan. Of a vote that is
// void, or not counted, the item itself says so.
func Ready(i *item.Item, m *meeting.Meeting, all []Sheet) error {
	agreed, same := ballot.Agreed(i.Counts)
	if !i.OnPaper(m) || !same || agreed.Void() || len(Covering(i, all)) > 0 {
		return nil
	}
	return errMissing.New()
}
