package checklist

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/visit"
)

// PhotosMost is how many photos one visit may have.
const PhotosMost = 200

// Photo is a picture that a member took at the place. Its bytes are a file of the visit,
// which goes the way of all files.
type Photo struct {
	ID      id.Edit // made where it was taken
	Visit   id.Visit
	Sitting int
	Field   string // the indicator that it shows; "": the place
	File    id.File
	SHA256  string // of the bytes as the device took them, in hex
	Device  string
	By      id.Account
	TakenAt time.Time
	Ahead   time.Duration
	At      time.Time
}

var (
	errPhotos = fault.Define(fault.Refused, "checklist.photo.many", "这次考核已经有%d张照片，最多%d张。", "制度:上传的件数和大小有限")
	errDigest = fault.Define(fault.Invalid, "checklist.photo.digest", "“%s”传到时与拍下时不一样，没有保存。再传一次。", "制度:照片拍下时取摘要")
	errKind   = fault.Define(fault.Invalid, "checklist.photo.kind", "“%s”不是照片。现场照片只收JPG和PNG。", "")
	errPlace  = fault.Define(fault.Invalid, "checklist.photo.indicator", "本届没有指标“%s”。在现在的指标下拍照。", "四")
)

// Welcome refuses a photo before anything of it is read: one too many, of an indicator
// that is none, or without a name. It returns false when the same photo came before.
func Welcome(p Photo, there []Photo, indicators []programme.Indicator) (fresh bool, err error) {
	if !names.MatchString(string(p.ID)) {
		return false, errName.New()
	}
	for _, o := range there {
		if o.ID == p.ID {
			if o.By != p.By || p.SHA256 != "" && o.SHA256 != p.SHA256 {
				return false, errTaken.New()
			}
			return false, nil
		}
	}
	if len(there) >= PhotosMost {
		return false, errPhotos.New(len(there), PhotosMost)
	}
	for _, i := range indicators {
		if i.Code == p.Field {
			return true, nil
		}
	}
	if p.Field != "" {
		return false, errPlace.New(p.Field)
	}
	return true, nil
}

// Whole refuses a photo that is no picture, or not the one that was taken: claimed is
// the digest of the device, "" when it made none.
func Whole(name, kind, claimed, sum string) error {
	if kind != "jpg" && kind != "png" {
		return errKind.New(name)
	}
	if claimed != "" && claimed != sum {
		return errDigest.New(name)
	}
	return nil
}

// Strips reports whether photos lose where they were taken before they are kept (the
// default); a programme may want the position as evidence.
func Strips(s programme.Visit) bool { return s.PhotoPosition != "keep" }

// Over reports whether nothing more of a visit is kept on devices.
func Over(v *visit.Visit) bool { return v.State != visit.Scheduled }
