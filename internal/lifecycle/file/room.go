package file

import (
	"fmt"
	"slices"
	"time"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
)

// Room is how much an application may bring (trust.md §7). The zero value means the
// defaults.
type Room struct {
	File        int64 // bytes of one file; 0: 20 MB
	Application int64 // bytes of all files of one application; 0: 200 MB
	Files       int   // files of one indicator; 0: 20
}

// Filled returns the room with the defaults where nothing is said.
func (r Room) Filled() Room {
	if r.File <= 0 {
		r.File = 20 << 20
	}
	if r.Application <= 0 {
		r.Application = 200 << 20
	}
	if r.Files <= 0 {
		r.Files = 20
	}
	return r
}

var (
	errBig   = fault.Define(fault.Invalid, "file.put.big", "“%s”超过%s，一个文件最多%s。压缩图片或者拆成几个文件再上传。", "制度:上传的件数和大小有限")
	errMany  = fault.Define(fault.Refused, "file.put.many", "指标%s已经有%d个文件，一个指标最多%d个。先移除不需要的，或者把几个合成一个PDF。", "制度:上传的件数和大小有限")
	errFull  = fault.Define(fault.Refused, "file.put.full", "加上“%s”，这件申报的文件共%s，最多%s。先移除不需要的，或者压缩图片后再上传。", "制度:上传的件数和大小有限")
	errTwice = fault.Define(fault.Refused, "file.put.twice", "“%s”已经在指标%s里（内容相同），不用再传。", "制度:一份材料只交一次")
)

// Takes refuses a file under a name that is larger than one may be. Whoever reads
// it need not read it to its end.
func (r Room) Takes(name string, size int64) error {
	if most := r.Filled().File; size > most {
		return errBig.New(name, Size(most), Size(most))
	}
	return nil
}

// Placed is a file that was put under an indicator.
type Placed struct {
	File  File
	Place Place
	Under []string // all indicators that it stands under now, this one last
	New   bool     // its bytes are new to the application: it needs a row
}

// Put puts a file under an indicator of its application, whose files and places are
// given. The same bytes are the same file, whatever they are called now: under another
// indicator they stand there too and take no room, and under the same one they are
// refused (S12).
func Put(f File, indicator string, kept []File, standing []Place, room Room, now time.Time) (Placed, error) {
	room = room.Filled()
	in := Placed{File: f, New: true}
	total := f.Size
	for _, o := range kept {
		if o.SHA256 == f.SHA256 {
			in.File, in.New, total = o, false, total-f.Size
		}
		total += o.Size
	}
	here := 0
	for _, p := range standing {
		if p.File == in.File.ID {
			in.Under = append(in.Under, p.Indicator)
		}
		if p.Indicator == indicator {
			here++
		}
	}
	switch {
	case slices.Contains(in.Under, indicator):
		return in, errTwice.At("file", in.File.quote(), indicator)
	case here >= room.Files:
		return in, errMany.At("file", indicator, here, room.Files)
	case total > room.Application:
		return in, errFull.At("file", f.quote(), Size(total), Size(room.Application))
	}
	in.Under = append(in.Under, indicator)
	in.Place = Place{Key: string(in.File.ID) + "/" + indicator, Application: in.File.Application, Indicator: indicator, File: in.File.ID, At: now}
	return in, nil
}

// Take takes a file of an application, whose places are given, from under an
// indicator. It returns the place that goes, and whether the file is forgotten with
// it: when it stands nowhere else and was never submitted.
func Take(a *application.Application, f *File, indicator string, standing []Place) (gone Place, forgotten bool, err error) {
	forgotten = !Submitted(a, f.SHA256)
	for _, p := range standing {
		switch {
		case p.File != f.ID:
		case p.Indicator == indicator:
			gone = p
		default:
			forgotten = false
		}
	}
	if gone.Key == "" {
		return gone, false, fault.Missing()
	}
	return gone, forgotten, nil
}

// Place says that a file stands under an indicator. One file may serve several.
type Place struct {
	Key         string // the file and the indicator
	Application id.Application
	Indicator   string
	File        id.File
	At          time.Time
	Carried     int // the year of the round that it was carried over from; 0: it was put here for this one
}

// quote is the file's name as sentences quote it.
func (f *File) quote() string { return chars.Cut(f.Name, 60) }

// Size returns a number of bytes as people read it: 812 KB, 20 MB.
func Size(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d字节", n)
	case n < 1<<20:
		return fmt.Sprintf("%d KB", (n+1<<10-1)>>10)
	case n%(1<<20) == 0 || n > 100<<20:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
