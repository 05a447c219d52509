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
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
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
	f, err := d.taken(ctx, r, name, func() error { return d.MayAttachCountSheet(ctx, by, key) })
	if err != nil {
		return err
	}
	fresh := countsheet.Sheet{Name: f.Name, Kind: f.Kind, Size: f.Size, SHA256: f.SHA256, By: by.Account}
	return again(func() error { return d.keepCountSheet(ctx, by, key, fresh, f.State != file.Waiting) })
}

// MayAttachCountSheet refuses what AttachCountSheet would refuse now, whatever the file.
func (d *Desk) MayAttachCountSheet(ctx context.Context, by stage.Actor, key id.Item) error {
	return d.Store.View(ctx, func(tx *store.Tx) error {
		c, tie, err := counted(tx, by, key)
		if err == nil {
			_, err = countsheet.May(c.item, by, c.meeting, tie)
		}
		return err
	})
}

// counted gathers what a scan of an item's count sheet rests on, for an actor who may see
// the item.
func counted(tx *store.Tx, by stage.Actor, key id.Item) (c sitting, tie string, err error) {
	if _, _, err := tx.ItemFor(by, key); err != nil {
		return c, "", err
	}
	i, err := tx.Item(key)
	if err != nil {
		return c, "", err
	}
	m, err := tx.Meeting(i.Meeting)
	if err != nil {
		return c, "", err
	}
	ties, err := tx.InterestsIn(i.Organisation)
	return sitting{tx: tx, meeting: &m, item: &i}, ties[by.Account], err
}

// keepCountSheet makes the row of a scan whose bytes are kept.
func (d *Desk) keepCountSheet(ctx context.Context, by stage.Actor, key id.Item, fresh countsheet.Sheet, scanned bool) error {
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		c, tie, err := counted(tx, by, key)
		if err != nil {
			return record.Entry{}, err
		}
		before, err := tx.CountSheetsOf(key)
		if err != nil {
			return record.Entry{}, err
		}
		s, mv, err := countsheet.Attach(c.item, by, c.meeting, tie, before, fresh, scanned)
		if err != nil {
			return record.Entry{}, err
		}
		s.ID, s.At = id.New[id.CountSheet](d.Rand), now
		e := d.itemEntry(by, c.item, mv, now)
		e.Facts["sha256"], e.Facts["size"] = s.SHA256, strconv.FormatInt(s.Size, 10)
		return e, tx.AddCountSheet(&s)
	})
}

// OpenCountSheet opens a scan for reading, for whoever may see it: those who are given
// originals get it as it came, everybody else without what it says of the camera, the place
// and the maker. sum is the digest of what is given.
func (d *Desk) OpenCountSheet(ctx context.Context, by stage.Actor, of id.Item, key id.CountSheet) (s countsheet.Sheet, sum string, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenCountSheet(%s)", key)
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.CountSheetFor(by, of, key)
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
	return countsheet.Ready(c.item, c.meeting, all)
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

// countSheets are the blank sheets on which scrutineers count, a page an item: what it
// is about, who may vote, a line for each figure, and room to sign. What a reader may not
// know of an item is not on it either: the figures are written by hand.
func (v MeetingView) countSheets() *paper.Document {
	m := v.Meeting
	doc := &paper.Document{Title: "计票单", Created: m.At.In(calendar.Zone), About: "计票单 " + m.Title}
	for n, i := range v.onPaper() {
		if n > 0 {
			doc.Body = append(doc.Body, paper.Break{}, paper.Paragraph{Text: "计票单", Centred: true})
		}
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
			paper.Table{
				Columns: []paper.Column{{Head: "签字人", Width: 2.2, Centre: true}, {Head: "签字", Width: 5.8}, {Head: "时间", Width: 3}},
				Rows:    [][]string{{"监票人", "　\n　", ""}, {"监票人", "　\n　", ""}},
			},
		)
	}
	return doc
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
			all[i.ID] = countsheet.Covering(&i, some)
		}
		return nil
	})
	return all, err
}

// SheetLine is a scan of an item's count sheet as its page shows it.
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
	holds := countsheet.Covering(whole, all)
	for _, s := range all {
		l := SheetLine{Sheet: s, Holds: slices.ContainsFunc(holds, func(o countsheet.Sheet) bool { return o.ID == s.ID })}
		a, err := tx.Account(s.By)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, nil, err
		}
		l.Who = a.Name
		lines = append(lines, l)
	}
	ties, err := tx.InterestsIn(whole.Organisation)
	if err != nil {
		return nil, nil, err
	}
	_, blocked = countsheet.May(whole, by, m, ties[by.Account])
	return lines, blocked, nil
}
