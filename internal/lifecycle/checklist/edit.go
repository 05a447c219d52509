package checklist

import (
	"cmp"
	"regexp"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// Edit is a value that somebody gave a field.
type Edit struct {
	ID      id.Edit // made where it was written, so that it can be sent again
	Visit   id.Visit
	Sitting int        // which doing of the visit: see Sitting
	Field   string     // see Check
	Owner   id.Account // of a field that is somebody's own; "": it is the team's
	Over    []id.Edit  // what it replaces
	Value   string
	Device  string // the device's own name for itself; "": a form of this site
	By      id.Account
	TakenAt time.Time     // by the clock of the device
	Ahead   time.Duration // of the device's clock before ours when it was sent
	At      time.Time     // when it came here
}

// Key names a field among those of all members.
type Key struct {
	Field string
	Owner id.Account
}

// Field is what became of a field.
type Field struct {
	Heads []Edit // that nobody replaced, the first to come first
	Past  []Edit // the others
}

// Fields is what became of all fields of a visit.
type Fields map[Key]Field

// Merge finds out what every field says now. It does not matter in which order the
// edits are given, and one that is given twice counts once.
func Merge(all []Edit) Fields {
	replaced, seen := map[id.Edit]bool{}, map[id.Edit]bool{}
	for _, e := range all {
		for _, o := range e.Over {
			replaced[o] = true
		}
	}
	fields := Fields{}
	for _, e := range all {
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		f := fields[e.key()]
		if replaced[e.ID] {
			f.Past = append(f.Past, e)
		} else {
			f.Heads = append(f.Heads, e)
		}
		fields[e.key()] = f
	}
	for _, f := range fields {
		slices.SortFunc(f.Heads, Edit.compare)
		slices.SortFunc(f.Past, Edit.compare)
	}
	return fields
}

func (e Edit) key() Key { return Key{e.Field, e.Owner} }

func (e Edit) compare(o Edit) int {
	return cmp.Or(e.At.Compare(o.At), cmp.Compare(e.ID, o.ID))
}

// Value returns what a field says: of a conflict what came first.
func (f Field) Value() string {
	if len(f.Heads) == 0 {
		return ""
	}
	return f.Heads[0].Value
}

// Conflict reports whether people wrote different things without knowing of each other.
func (f Field) Conflict() bool {
	return slices.ContainsFunc(f.Heads, func(e Edit) bool { return e.Value != f.Heads[0].Value })
}

// IDs names what a further edit of the field replaces.
func (f Field) IDs() []id.Edit {
	all := make([]id.Edit, len(f.Heads))
	for i, e := range f.Heads {
		all[i] = e.ID
	}
	return all
}

// Conflicts lists the team's fields over which people differ without knowing it.
func (all Fields) Conflicts() (keys []Key) {
	for k, f := range all {
		if f.Conflict() {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b Key) int { return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Owner, b.Owner)) })
	return keys
}

var (
	errClosed = fault.Define(fault.Refused, "checklist.write.closed",
		"这次考核现在是“%s”，不再接收现场记录。没有上传的内容可以存成文件，交给组长。", "办法(三)；制度:意见提交后只由组长修改")
	errRedone = fault.Define(fault.Refused, "checklist.write.redone",
		"原来的考核已经作废，要重新考核，原来的现场记录不能并入。没有上传的内容可以存成文件。", "制度:应回避未回避的考核无效，重新考核")
	errEarly = fault.Define(fault.Refused, "checklist.write.early",
		"考核定在%s，当天起才能填写考核单。", "办法(三) 深入实地考核")
	errForeign = fault.Define(fault.Refused, "checklist.write.not_on_team",
		"不在这次的考核组里，不能填写考核单。", "办法(三) 组织考核组")
	errUnsettled = fault.Define(fault.Refused, "checklist.report.unsettled",
		"现场记录有%d处两边写得不一样，先在考核单里选定，再提交考核意见。", "制度:不同的记录由人选定，不自动覆盖")
	errName = fault.Define(fault.Invalid, "checklist.edit.name",
		"这条记录的标识不对，不能保存。重新打开考核单再填一次。", "")
	errTaken = fault.Define(fault.Invalid, "checklist.edit.taken",
		"这条记录的标识已经用过，内容不同。重新打开考核单再填一次。", "")
)

// Sitting counts how often a visit was begun anew. What was written in an earlier one
// is void and does not come into a later one.
func Sitting(v *visit.Visit) (n int) {
	for _, r := range v.Replaced {
		if r.Why == "应回避未回避" {
			n++
		}
	}
	return n
}

// Open reports whether a member of the team may write down what they see: on the day
// of the visit or later, until the opinion is handed in. sitting is the one that the
// member has before their eyes.
func Open(v *visit.Visit, by stage.Actor, sitting int, now time.Time) (stage.Move, error) {
	if sitting != Sitting(v) {
		return stage.Move{}, errRedone.New()
	}
	m, err := visit.Kind.Step(v.State, "record", by.Role)
	switch {
	case by.Role == stage.Assessor && v.Seat(by.Account) == nil:
		return m, errForeign.New()
	case err != nil:
		return m, errClosed.New(visit.Kind.Word(string(v.State)))
	case now.Before(v.On.Start()):
		return m, errEarly.New(v.On.Chinese())
	}
	return m, nil
}

var names = regexp.MustCompile(`^[0-9A-Za-z_-]{8,64}$`)

// Take takes an edit among those that are there. It returns false when the same edit
// came before: then nothing changes. What it replaces and is not of the same field, or
// never came here, is left out.
func Take(e Edit, there []Edit, by stage.Actor, indicators []programme.Indicator, now time.Time) (taken Edit, fresh bool, err error) {
	if !names.MatchString(string(e.ID)) {
		return e, false, errName.New()
	}
	e.Value, e.Owner, e.By, e.At = plain(e.Field, e.Value), "", by.Account, now
	if own(e.Field) {
		e.Owner = by.Account
	}
	known := map[id.Edit]bool{}
	for _, o := range there {
		if o.ID == e.ID {
			if o.key() != e.key() || o.By != e.By || o.Value != e.Value {
				return e, false, errTaken.New()
			}
			return o, false, nil
		}
		known[o.ID] = o.key() == e.key() && o.Sitting == e.Sitting
	}
	if err := fault.All(Check(e.Field, e.Value, indicators)); err != nil {
		return e, false, err
	}
	e.Over = slices.DeleteFunc(slices.Clone(e.Over), func(o id.Edit) bool { return !known[o] })
	return e, true, nil
}

// Settled refuses to conclude while people differ without knowing it. Of the members'
// own fields each is settled by its member.
func (all Fields) Settled() error {
	n := 0
	for _, k := range all.Conflicts() {
		if k.Owner == "" {
			n++
		}
	}
	if n > 0 {
		return errUnsettled.New(n)
	}
	return nil
}

// OffMost is how far a device's clock may be off before people are told.
const OffMost = 2 * time.Hour

// Off reports whether a clock is so far off that people are told.
func Off(ahead time.Duration) bool { return ahead > OffMost || ahead < -OffMost }
