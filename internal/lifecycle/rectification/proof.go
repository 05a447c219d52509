package rectification

import (
	"slices"
	"time"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
)

var (
	errProofMany = fault.Define(fault.Refused, "rectification.attach.many",
		"第%d项已经有%d个文件，一项最多%d个。先移除不需要的，或者把几个合成一个PDF。", "制度:上传的件数和大小有限")
	errProofFull = fault.Define(fault.Refused, "rectification.attach.full",
		"加上“%s”，这次整改的文件共%s，最多%s。先移除不需要的，或者压缩图片后再上传。", "制度:上传的件数和大小有限")
	errProofTwice = fault.Define(fault.Refused, "rectification.attach.twice",
		"“%s”已经在第%d项里（内容相同），不用再传。", "制度:一份材料只交一次")
)

// MayAttach refuses early what Attach would refuse of any file: a late one, one of
// another's order, one to an item that is not there.
func (r *Rectification) MayAttach(by stage.Actor, n int, now time.Time) (stage.Move, error) {
	return r.proves("attach", by, n, now)
}

// Attach puts a file under the n-th item, counted from 1, while the order may be
// answered (五(二), S71). kept are the files of the order. The same bytes are the same
// file, whatever they are called: under another item they stand there too and take no
// room. It returns the file as it is kept, and whether it is new to the order.
func (r *Rectification) Attach(by stage.Actor, n int, f file.File, kept []file.File, room file.Room, now time.Time) (put file.File, fresh bool, m stage.Move, err error) {
	if m, err = r.proves("attach", by, n, now); err != nil {
		return f, false, m, err
	}
	room = room.Filled()
	put, fresh = f, true
	total := f.Size
	for _, o := range kept {
		if o.SHA256 == f.SHA256 {
			put, fresh, total = o, false, total-f.Size
		}
		total += o.Size
	}
	item := r.Items[n-1]
	name := chars.Cut(put.Name, 60)
	switch {
	case slices.Contains(item.Files, put.ID):
		return put, false, m, errProofTwice.At("file", name, n)
	case len(item.Files) >= room.Files:
		return put, false, m, errProofMany.At("file", n, len(item.Files), room.Files)
	case total > room.Application:
		return put, false, m, errProofFull.At("file", name, file.Size(total), file.Size(room.Application))
	}
	if fresh {
		put.Programme, put.Organisation, put.Rectification = r.Programme, r.Organisation, r.ID
		put.Application, put.Round = "", ""
	}
	r.State = m.To
	r.setFiles(n, append(slices.Clone(item.Files), put.ID))
	return put, fresh, m, nil
}

// Detach takes a file from under the n-th item while the order may be answered, and
// says whether it stands under no other, and is forgotten.
func (r *Rectification) Detach(by stage.Actor, n int, key id.File, now time.Time) (forgotten bool, m stage.Move, err error) {
	if m, err = r.proves("detach", by, n, now); err != nil {
		return false, m, err
	}
	at := slices.Index(r.Items[n-1].Files, key)
	if at < 0 {
		return false, m, fault.Missing()
	}
	r.State = m.To
	r.setFiles(n, slices.Delete(slices.Clone(r.Items[n-1].Files), at, at+1))
	return len(r.Under(key)) == 0, m, nil
}

// Under lists the items that a file stands under, from 1.
func (r *Rectification) Under(key id.File) (all []int) {
	for n, i := range r.Items {
		if slices.Contains(i.Files, key) {
			all = append(all, n+1)
		}
	}
	return all
}

// proves asks whether the files of the n-th item may change now.
func (r *Rectification) proves(act string, by stage.Actor, n int, now time.Time) (stage.Move, error) {
	m, err := r.files(act, by, now)
	if err == nil && (n < 1 || n > len(r.Items)) {
		err = errNoItem.New(n, len(r.Items))
	}
	return m, err
}

func (r *Rectification) setFiles(n int, all []id.File) {
	r.Items = slices.Clone(r.Items)
	r.Items[n-1].Files = all
}
