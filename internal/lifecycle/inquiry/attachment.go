package inquiry

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
)

// Bounds of what is sent along with one case.
const (
	FilesMost = 10
	BytesMost = 50 << 20
)

const bounded = "制度:上传的件数和大小有限"

var (
	errMany = fault.Define(fault.Refused, "inquiry.attach.many",
		"已经有%d个附件，一件最多%d个。把几个合成一个PDF，或者与核查人联系。", bounded)
	errFull = fault.Define(fault.Refused, "inquiry.attach.full",
		"加上“%s”，附件共%s，一件最多%s。压缩图片后再上传。", bounded)
	errWaiting = fault.Define(fault.Unavailable, "inquiry.attach.unscanned",
		"“%s”还没有查过病毒，没有保存。查毒程序现在没有应答，过几分钟再上传。", "制度:未经扫描不放行")
)

// Attachment (附件) is a file that was sent along with a case by who raised it. Its bytes
// are kept apart, by their SHA-256.
type Attachment struct {
	ID        id.Attachment
	Programme id.Programme
	Objection id.Objection // the case; empty when it is a report of misuse
	Misuse    id.Misuse    // the case; empty when it is an objection
	Name      string       // as given, cleaned, with the ending of its kind
	Kind      string       // pdf, jpg, png, docx or xlsx, by its content
	Size      int64        // bytes
	SHA256    string       // in hex
	At        time.Time
}

// Attach decides whether a file may go to the others of its case. scanned says that a
// scanner of viruses passed it, or that none is set up. The same bytes again are no new
// file, whatever they are called; then fresh is false and there is nothing to keep.
func Attach(before []Attachment, a Attachment, scanned bool) (fresh bool, err error) {
	total := a.Size
	for _, o := range before {
		if o.SHA256 == a.SHA256 {
			return false, nil
		}
		total += o.Size
	}
	switch {
	case !scanned:
		return false, errWaiting.New(a.Name)
	case len(before) >= FilesMost:
		return false, errMany.At("file", len(before), FilesMost)
	case total > BytesMost:
		return false, errFull.At("file", a.Name, file.Size(total), file.Size(BytesMost))
	}
	return true, nil
}
