package casework

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/record"
	"shifan/internal/store"
)

// CountSheet is the kind of the blank count sheet among the documents of a meeting (计票单).
const CountSheet = "count_sheet"

// AttachCountSheet takes the scan of the sheet on which the paper ballots on an item were
// counted. It is asked whether it may come before anything of it is read; then it is looked
// at as every file is, and kept before the row says so. The record says its digest.
func (d *Desk) AttachCountSheet(ctx context.Context, by stage.Actor, key id.Item, name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.AttachCountSheet(%s)", key)
	return d.attachSheet(ctx, by, onItem(key), name, r)
}

// AttachRankingSheet takes the scan of the sheet on which the paper ballots of a ranking were
// counted, as AttachCountSheet does.
func (d *Desk) AttachRankingSheet(ctx context.Context, by stage.Actor, key id.Meeting, number int, name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.AttachRankingSheet(%s, %d)", key, number)
	return d.attachSheet(ctx, by, amongItems(key, number), name, r)
}

// MayAttachCountSheet refuses what AttachCountSheet would refuse now, whatever the file.
func (d *Desk) MayAttachCountSheet(ctx context.Context, by stage.Actor, key id.Item) error {
	return d.mayAttachSheet(ctx, by, onItem(key))
}

// MayAttachRankingSheet refuses what AttachRankingSheet would refuse now, whatever the file.
func (d *Desk) MayAttachRankingSheet(ctx context.Context, by stage.Actor, key id.Meeting, number int) error {
	return d.mayAttachSheet(ctx, by, amongItems(key, number))
}

// counted is a vote with paper ballots and the scans that came to it.
type counted struct {
	countsheet.Vote
	before []countsheet.Sheet
}

// sheetsOn gathers what a scan of a vote's count sheet rests on, for an actor who may see the
// vote.
type sheetsOn func(tx *store.Tx, by stage.Actor) (counted, error)

// onItem is a vote on an item.
func onItem(key id.Item) sheetsOn {
	return func(tx *store.Tx, by stage.Actor) (c counted, err error) {
		if _, _, err := tx.ItemFor(by, key); err != nil {
			return c, err
		}
		i, err := tx.Item(key)
		if err != nil {
			return c, err
		}
		m, err := tx.Meeting(i.Meeting)
		if err != nil {
			return c, err
		}
		ties, err := tx.InterestsIn(i.Organisation)
		if err == nil {
			c.before, err = tx.CountSheetsOf(key)
		}
		c.Vote = countsheet.On(&i, &m, ties)
		return c, err
	}
}

// amongItems is a ranking of a meeting.
func amongItems(key id.Meeting, number int) sheetsOn {
	return func(tx *store.Tx, by stage.Actor) (c counted, err error) {
		m, err := tx.MeetingFor(by, key)
		if err != nil {
			return c, err
		}
		n := slices.IndexFunc(m.Rankings, func(r ballot.Ranking) bool { return r.Number == number })
		if n < 0 {
			return c, fault.Missing()
		}
		tied, err := tx.RankingTies(&m, number)
		if err == nil {
			c.before, err = tx.CountSheetsAmong(key, number)
		}
		c.Vote = countsheet.Among(&m.Rankings[n], &m, tied)
		return c, err
	}
}

func (d *Desk) mayAttachSheet(ctx context.Context, by stage.Actor, of sheetsOn) error {
	return d.Store.View(ctx, func(tx *store.Tx) error {
		c, err := of(tx, by)
		if err == nil {
			_, err = countsheet.May(c.Vote, by)
		}
		return err
	})
}

func (d *Desk) attachSheet(ctx context.Context, by stage.Actor, of sheetsOn, name string, r io.Reader) error {
	f, err := d.taken(ctx, r, name, func() error { return d.mayAttachSheet(ctx, by, of) })
	if err != nil {
		return err
	}
	fresh := countsheet.Sheet{Name: f.Name, Kind: f.Kind, Size: f.Size, SHA256: f.SHA256, By: by.Account}
	return again(func() error { return d.keepCountSheet(ctx, by, of, fresh, f.State != file.Waiting) })
}

// keepCountSheet makes the row of a scan whose bytes are kept.
func (d *Desk) keepCountSheet(ctx context.Context, by stage.Actor, of sheetsOn, fresh countsheet.Sheet, scanned bool) error {
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		c, err := of(tx, by)
		if err != nil {
			return record.Entry{}, err
		}
		s, mv, err := countsheet.Attach(c.Vote, by, c.before, fresh, scanned)
		if err != nil {
			return record.Entry{}, err
		}
		s.ID, s.At = id.New[id.CountSheet](d.Rand), now
		var e record.Entry
		if c.Ranking != nil {
			e = d.meetingEntry(by, c.Meeting, mv, now)
			e.Facts["ranking"] = strconv.Itoa(s.Ranking)
		} else {
			e = d.itemEntry(by, c.Item, mv, now)
		}
		e.Facts["sha256"], e.Facts["size"] = s.SHA256, strconv.FormatInt(s.Size, 10)
		return e, tx.AddCountSheet(&s)
	})
}

// OpenCountSheet opens a scan for reading, for whoever may see it: those who are given
// originals get it as it came, everybody else without what it says of the camera, the place
// and the maker. sum is the digest of what is given.
func (d *Desk) OpenCountSheet(ctx context.Context, by stage.Actor, of id.Item, key id.CountSheet) (s countsheet.Sheet, sum string, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenCountSheet(%s)", key)
	return d.openSheet(ctx, by, func(tx *store.Tx) (countsheet.Sheet, error) { return tx.CountSheetFor(by, of, key) })
}

// OpenRankingSheet opens a scan of a ranking, as OpenCountSheet does.
func (d *Desk) OpenRankingSheet(ctx context.Context, by stage.Actor, of id.Meeting, number int, key id.CountSheet) (s countsheet.Sheet, sum string, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenRankingSheet(%s)", key)
	return d.openSheet(ctx, by, func(tx *store.Tx) (countsheet.Sheet, error) { return tx.RankingSheetFor(by, of, number, key) })
}

func (d *Desk) openSheet(ctx context.Context, by stage.Actor, find func(*store.Tx) (countsheet.Sheet, error)) (s countsheet.Sheet, sum string, r blob.File, err error) {
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		s, err = find(tx)
		return err
	}); err != nil {
		return s, "", nil, err
	}
	if d.Files.Blobs == nil {
		return s, "", nil, errNoFiles.New()
	}
	r, err = d.Files.Blobs.Open(ctx, s.SHA256)
	if err != nil || !file.TakesCopy(by.Role) {
		return s, s.SHA256, r, err
	}
	defer r.Close()
	out, err := d.stripped(evidence.Kind(s.Kind), r, s.Size)
	switch {
	case evidence.IsUnstripped(err):
		return s, "", nil, errUnstripped.New(s.Name)
	case err != nil:
		return s, "", nil, err
	}
	return s, out.sum, out.disk, nil
}

var errUnstripped = fault.Define(fault.Refused, "countsheet.open.uncopied",
	"“%s”的原件未能去除拍摄设备、位置等元数据，没有可以打开的副本。请办公室出示原件，或者另存为PDF后再上传。", "制度:评审人只看去除元数据的副本")

// sheetReady refuses the result of paper ballots of which no scan was kept.
func sheetReady(c *sitting) error {
	all, err := c.tx.CountSheetsOf(c.item.ID)
	if err != nil {
		return err
	}
	return countsheet.Ready(countsheet.On(c.item, c.meeting, nil), all)
}

// rankingReady refuses the result of a ranking with paper ballots of which no scan was kept.
func rankingReady(tx *store.Tx, m *meeting.Meeting, r *ballot.Ranking) error {
	all, err := tx.CountSheetsAmong(m.ID, r.Number)
	if err != nil {
		return err
	}
	return countsheet.Ready(countsheet.Among(r, m, nil), all)
}

// onPaper lists the items of a meeting that are, or may be, voted on with paper ballots.
func (v MeetingView) onPaper() (all []item.Item) {
	if v.Meeting.Rules.Ballot == "named" {
		return nil
	}
	for _, i := range v.Items {
		open := i.State == item.Listed || i.State == item.Voting || i.State == item.Counting
		if open && i.OnPaper(&v.Meeting) {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b item.Item) int { return a.Position - b.Position })
	return all
}

// countSheets are the blank sheets on which scrutineers count, a page an item or the ranking
// that is not over: what it is about, who may vote, a line for each figure, and room to sign. What a reader may not
// know of an item is not on it either: the figures are written by hand.
func (v MeetingView) countSheets() *paper.Document {
	m := v.Meeting
	doc := &paper.Document{Title: "计票单", Created: m.At.In(calendar.Zone), About: "计票单 " + m.Title}
	next := func() {
		if len(doc.Body) > 0 {
			doc.Body = append(doc.Body, paper.Break{}, paper.Paragraph{Text: "计票单", Centred: true})
		}
	}
	if r := v.paperRanking(); r != nil {
		doc.Body = append(doc.Body, v.rankingSheet(r)...)
	}
	for _, i := range v.onPaper() {
		next()
		doc.Body = append(
			doc.Body,
			paper.Facts{
				{Word: "会议", Value: m.Title + "，" + minute(m.At) + "，" + m.Place},
				{Word: "议题", Value: fmt.Sprintf("第%d项 %s（%s）", i.Position, i.Title, item.Subjects[i.Subject.Kind])},
			},
			paper.Table{
				Columns: []paper.Column{{Head: "表决意见", Width: 2.2, Centre: true}, {Head: "画“正”字计票", Width: 7}, {Head: "票数", Width: 1.8, Centre: true}},
				Rows:    [][]string{{"赞成", "　\n　", ""}, {"反对", "　\n　", ""}, {"弃权", "　\n　", ""}, {"无效", "　\n　", ""}},
			},
			paper.Table{
				Columns: []paper.Column{{Head: "到会有表决权", Width: 1, Centre: true}, {Head: "发出", Width: 1, Centre: true}, {Head: "收回", Width: 1, Centre: true}, {Head: "四项相加", Width: 1, Centre: true}},
				Rows:    [][]string{{"　\n　", "", "", ""}},
			},
			paper.Facts{{Word: "核对", Value: "发出不多于到会有表决权的人数；收回多于发出的，本次表决无效，重新表决；赞成、反对、弃权、无效四项相加等于收回。两名监票人各自清点，一致后签字，扫描上传后宣布结果。"}},
			sheetSigns(),
		)
	}
	return doc
}

// paperRanking returns the ranking with paper ballots that is not over as the viewer sees it,
// or nil.
func (v MeetingView) paperRanking() *ballot.Ranking {
	if r := v.Ranking(); r != nil && r.Paper {
		return r
	}
	return nil
}

// rankingSheet is the blank sheet of a ranking: a line for each candidate, under Ranks with
// how often it came to which place.
func (v MeetingView) rankingSheet(r *ballot.Ranking) []paper.Block {
	m, titles := v.Meeting, map[id.Item]string{}
	for _, i := range v.Items {
		titles[i.ID] = i.Title
	}
	t := paper.Table{Columns: []paper.Column{{Head: "候选", Width: 4}, {Head: "画“正”字计票", Width: 5.2}, {Head: "得票", Width: 1.8, Centre: true}}}
	check := "所有候选的得票相加，不多于有效票数乘以名额数。"
	if r.Rule == ballot.Ranks {
		t.Columns[1].Head, t.Columns[2].Head = "各名次的票数（第1名几票、第2名几票……）", "得分"
		check = fmt.Sprintf("第1名得%d分，以后每降一名少1分，没有排上的不得分。", len(r.Candidates))
	}
	for _, key := range r.Candidates {
		t.Rows = append(t.Rows, []string{titles[key] + "\n　", "", ""})
	}
	return []paper.Block{
		paper.Facts{
			{Word: "会议", Value: m.Title + "，" + minute(m.At) + "，" + m.Place},
			{Word: "差额表决", Value: fmt.Sprintf("第%d次，%s", r.Number, minutes.Method(r))},
		},
		t,
		paper.Table{
			Columns: []paper.Column{{Head: "到会能投票", Width: 1, Centre: true}, {Head: "发出", Width: 1, Centre: true}, {Head: "收回", Width: 1, Centre: true}, {Head: "无效", Width: 1, Centre: true}},
			Rows:    [][]string{{"　\n　", "", "", ""}},
		},
		paper.Facts{{Word: "核对", Value: "发出不多于到会能投票的人数；收回多于发出的，本次表决无效，重新表决；收回减无效是有效票数。" + check + "两名监票人各自清点，一致后签字，扫描上传后宣布结果。"}},
		sheetSigns(),
	}
}

// sheetSigns is where the two who counted sign.
func sheetSigns() paper.Table {
	return paper.Table{
		Columns: []paper.Column{{Head: "签字人", Width: 2.2, Centre: true}, {Head: "签字", Width: 5.8}, {Head: "时间", Width: 3}},
		Rows:    [][]string{{"监票人", "　\n　", ""}, {"监票人", "　\n　", ""}},
	}
}

// mayPrintCountSheets reports whether a role is given the blank count sheets: those who
// count, and those who prepare and conduct the vote.
func mayPrintCountSheets(r stage.Role) bool {
	return r == stage.Scrutineer || r == stage.Clerk || r == stage.Chair
}

// sheetsOf are the scans that stand for the results of a meeting's items, as a viewer may
// see them.
func (d *Desk) sheetsOf(ctx context.Context, by stage.Actor, m *meeting.Meeting, items []item.Item) (all map[id.Item][]countsheet.Sheet, err error) {
	all = map[id.Item][]countsheet.Sheet{}
	if m.Rules.Ballot == "named" {
		return all, nil
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for _, i := range items {
			some, err := tx.CountSheetsFor(by, &i, m)
			if err != nil {
				return err
			}
			all[i.ID] = countsheet.Covering(countsheet.On(&i, m, nil), some)
		}
		return nil
	})
	return all, err
}

// SheetLine is a scan of a count sheet as its page shows it.
type SheetLine struct {
	countsheet.Sheet
	Who   string // brought it
	Holds bool   // it stands for the figures that count now
}

// countSheetsOn lists the scans of an item as the viewer may see them, and why the viewer
// cannot add one now.
func countSheetsOn(tx *store.Tx, by stage.Actor, whole *item.Item, m *meeting.Meeting) (lines []SheetLine, blocked error, err error) {
	all, err := tx.CountSheetsFor(by, whole, m)
	if err != nil {
		return nil, nil, err
	}
	ties, err := tx.InterestsIn(whole.Organisation)
	if err != nil {
		return nil, nil, err
	}
	return sheetLines(tx, by, countsheet.On(whole, m, ties), all)
}

// sheetLines tells who brought the scans of a vote and which of them stand for its figures.
func sheetLines(tx *store.Tx, by stage.Actor, of countsheet.Vote, all []countsheet.Sheet) (lines []SheetLine, blocked error, err error) {
	holds := countsheet.Covering(of, all)
	for _, s := range all {
		l := SheetLine{Sheet: s, Holds: slices.ContainsFunc(holds, func(o countsheet.Sheet) bool { return o.ID == s.ID })}
		a, err := tx.Account(s.By)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, nil, err
		}
		l.Who = a.Name
		lines = append(lines, l)
	}
	_, blocked = countsheet.May(of, by)
	return lines, blocked, nil
}

// RankingSheets are the scans of a ranking with paper ballots as its pages show them.
type RankingSheets struct {
	Lines   []SheetLine
	NoSheet error // why the viewer cannot add one now
	Ready   error // why the result cannot be declared for want of one
}

// Holds reports whether a scan stands for the figures that count now.
func (r RankingSheets) Holds() bool {
	return slices.ContainsFunc(r.Lines, func(l SheetLine) bool { return l.Holds })
}

// rankingSheets are the scans of a meeting's rankings, each as the viewer may see them, by
// their numbers. m holds the rankings whole.
func rankingSheets(tx *store.Tx, by stage.Actor, m *meeting.Meeting) (all map[int]RankingSheets, err error) {
	for n := range m.Rankings {
		r := &m.Rankings[n]
		if !r.Paper {
			continue
		}
		tied, err := tx.RankingTies(m, r.Number)
		if err != nil {
			return nil, err
		}
		some, err := tx.RankingSheetsFor(by, m, r.Number)
		if err != nil {
			return nil, err
		}
		one := RankingSheets{Ready: rankingReady(tx, m, r)}
		if one.Lines, one.NoSheet, err = sheetLines(tx, by, countsheet.Among(r, m, tied), some); err != nil {
			return nil, err
		}
		if all == nil {
			all = map[int]RankingSheets{}
		}
		all[r.Number] = one
	}
	return all, nil
}
