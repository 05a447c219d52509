package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/chars"
	"shifan/internal/fault"
)

// Kind is a kind of file that is taken; it is also the ending of its name.
type Kind string

// The kinds.
const (
	PDF  Kind = "pdf"
	JPG  Kind = "jpg"
	PNG  Kind = "png"
	DOCX Kind = "docx"
	XLSX Kind = "xlsx"
)

// Accept is what file fields of pages offer to choose from.
const Accept = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"

var media = map[Kind]string{
	PDF: "application/pdf", JPG: "image/jpeg", PNG: "image/png",
	DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

var words = map[Kind]string{PDF: "PDF", JPG: "JPG图片", PNG: "PNG图片", DOCX: "Word文档", XLSX: "Excel表格"}

// Media returns the media type of a kind.
func (k Kind) Media() string { return media[k] }

// Word returns how people call a kind.
func (k Kind) Word() string { return words[k] }

// Found is what Inspect learnt of a file.
type Found struct {
	Kind  Kind
	Name  string // as given, cleaned, with the ending of its kind
	Pages int    // of a PDF; 1 for a picture; 0 where nobody knows before it is laid out
}

// Why a file is refused. Each sentence is about one file; its name comes first.
var (
	errEmpty      = fault.Define(fault.Invalid, "evidence.file.empty", "“%s”是空文件（0字节）。重新选择文件，或者在原来的程序里打开确认有内容后再上传。", "")
	errType       = fault.Define(fault.Invalid, "evidence.file.type", "“%s”是%s，不能上传。可以上传PDF、JPG、PNG、DOCX和XLSX文件。%s", "")
	errEnding     = fault.Define(fault.Invalid, "evidence.file.ending", "“%s”的内容是%s，与文件名的结尾不符。确认没有选错，把文件名改成以.%s结尾再上传。", "")
	errLocked     = fault.Define(fault.Invalid, "evidence.file.encrypted", "“%s”加了密码或者限制了编辑，审核人员打不开。去掉密码和限制，另存后再上传。", "")
	errMacro      = fault.Define(fault.Invalid, "evidence.file.macro", "“%s”里有宏、脚本或者控件，不能上传。另存为不含宏的格式，或者打印成PDF再上传。", "")
	errAttached   = fault.Define(fault.Invalid, "evidence.file.attached", "“%s”里还附带或者引用了别的文件，不能上传。把内容打印成PDF再上传，附带的文件单独上传。", "")
	errBomb       = fault.Define(fault.Invalid, "evidence.file.bomb", "“%s”展开以后大得不正常，不能上传。在原来的程序里打开，另存后再上传。", "")
	errPolyglot   = fault.Define(fault.Invalid, "evidence.file.polyglot", "“%s”同时是两种文件，或者正文之后还藏有别的内容，不能上传。在原来的程序里打开，另存后再上传。", "")
	errUnreadable = fault.Define(fault.Invalid, "evidence.file.unreadable", "“%s”打不开，可能没有下载完整或者已经损坏。在自己的电脑上打开确认，另存后再上传。", "")
	errPixels     = fault.Define(fault.Invalid, "evidence.file.pixels", "“%s”的图片有%d×%d个点，太大了，最多一亿个点。缩小后再上传。", "")
)

// What the parts of an inspection find; Inspect makes sentences of them.
var (
	errIsEncrypted = errors.New("encrypted")
	errHasMacro    = errors.New("macro")
	errHasFiles    = errors.New("attached")
	errIsBomb      = errors.New("bomb")
	errIsPolyglot  = errors.New("polyglot")
	errCannotRead  = errors.New("unreadable")
)

// wrongType is a file of a kind that is not taken.
type wrongType struct{ is, mend string }

func (w wrongType) Error() string { return "a " + w.is }

// flood is a picture of too many points.
type flood struct{ width, height int }

func (f flood) Error() string { return fmt.Sprintf("%d×%d", f.width, f.height) }

// Quote is a file's name as sentences quote it.
func Quote(name string) string { return chars.Cut(Clean(name), 60) }

// Inspect looks at a file of size bytes that was offered under a name. It returns
// what it is, or the refusal (fault.Invalid). Any other error is one of reading.
func Inspect(r io.ReaderAt, size int64, name string) (Found, error) {
	say := Quote(name)
	if size == 0 {
		return Found{}, errEmpty.New(say)
	}
	in := &file{ReaderAt: r, size: size}
	found, err := in.look()
	if in.broken != nil {
		return Found{}, in.broken
	}
	var wrong wrongType
	var pixels flood
	switch {
	case errors.As(err, &wrong):
		return Found{}, errType.New(say, wrong.is, wrong.mend)
	case errors.As(err, &pixels):
		return Found{}, errPixels.New(say, pixels.width, pixels.height)
	}
	for found, rule := range map[error]*fault.Rule{errIsEncrypted: errLocked, errHasMacro: errMacro, errHasFiles: errAttached, errIsBomb: errBomb, errIsPolyglot: errPolyglot} {
		if errors.Is(err, found) {
			return Found{}, rule.New(say)
		}
	}
	if err != nil {
		return Found{}, errUnreadable.New(say)
	}
	var fits bool
	if found.Name, fits = named(Clean(name), found.Kind); !fits {
		return Found{}, errEnding.New(say, found.Kind.Word(), string(found.Kind))
	}
	return found, nil
}

// file is a file that is being looked at. An error of reading it is remembered: it
// is ours and not the file's.
type file struct {
	io.ReaderAt
	size   int64
	broken error
}

// ReadAt implements io.ReaderAt.
func (f *file) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 { // a place that the file itself names
		return 0, errCannotRead
	}
	n, err := f.ReaderAt.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		f.broken = err
	}
	return n, err
}

// part reads at most n bytes from a place.
func (f *file) part(at int64, n int) []byte {
	at = max(at, 0)
	b := make([]byte, min(int64(n), max(f.size-at, 0)))
	k, _ := f.ReadAt(b, at) //nolint:errcheck // what is missing is missing; errors of reading are in broken
	return b[:k]
}

// look finds out the kind by the first bytes and examines it as that kind.
func (f *file) look() (Found, error) {
	head := f.part(0, 1024)
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		pages, err := f.pdf()
		return Found{Kind: PDF, Pages: pages}, err
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		kind, err := f.office(0)
		return Found{Kind: kind}, err
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return Found{Kind: PNG, Pages: 1}, f.png(head)
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return Found{Kind: JPG, Pages: 1}, f.jpg(head)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return Found{}, f.ole()
	}
	return Found{}, strange(head)
}

// signatures tells the kinds that people offer and that are not taken.
var signatures = []struct {
	at       int
	says     string
	is, mend string
}{
	{0, "PK", "压缩包", "解压后逐个上传。"},
	{0, "Rar!", "压缩包", "解压后逐个上传。"},
	{0, "7z\xbc\xaf", "压缩包", "解压后逐个上传。"},
	{0, "\x1f\x8b", "压缩包", "解压后逐个上传。"},
	{0, "BZh", "压缩包", "解压后逐个上传。"},
	{0, "\xfd7zXZ", "压缩包", "解压后逐个上传。"},
	{257, "ustar", "压缩包", "解压后逐个上传。"},
	{4, "ftypheic", "HEIC照片", "在手机的相机设置里改成“兼容性最佳”，或者转成JPG再上传。"},
	{4, "ftypmif1", "HEIC照片", "在手机的相机设置里改成“兼容性最佳”，或者转成JPG再上传。"},
	{4, "ftyp", "视频", "截取画面存成JPG再上传。"},
	{0, "GIF8", "GIF图片", "另存为PNG再上传。"},
	{0, "BM", "BMP图片", "另存为PNG再上传。"},
	{0, "II*\x00", "TIFF图片", "另存为JPG或者PDF再上传。"},
	{0, "MM\x00*", "TIFF图片", "另存为JPG或者PDF再上传。"},
	{8, "WEBP", "WebP图片", "另存为JPG再上传。"},
	{0, "MZ", "程序", ""},
	{0, "\x7fELF", "程序", ""},
	{0, "#!", "程序", ""},
	{0, "{\\rtf", "RTF文档", "另存为DOCX再上传。"},
}

// strange names what a file is that is none of the kinds.
func strange(head []byte) error {
	for _, s := range signatures {
		if len(head) >= s.at && bytes.HasPrefix(head[s.at:], []byte(s.says)) {
			return wrongType{s.is, s.mend}
		}
	}
	if bytes.Contains(head, []byte("%PDF-")) {
		return errIsPolyglot
	}
	lower := bytes.ToLower(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"))
	switch {
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return wrongType{"网页", "打印成PDF再上传。"}
	case bytes.Contains(lower, []byte("<svg")):
		return wrongType{"SVG图片", "另存为PNG再上传。"}
	case len(head) > 3 && !bytes.ContainsRune(head, 0) && (utf8.Valid(head) || utf8.Valid(head[:len(head)-3])):
		return wrongType{"纯文本", "粘贴到Word里存成DOCX再上传。"}
	}
	return wrongType{"不认识的文件", ""}
}

// ole tells apart the office files of before 2007, and the locked ones of today,
// which are kept in the same container.
func (f *file) ole() error {
	name := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	if f.contains(name) {
		return errIsEncrypted
	}
	return wrongType{"旧格式的Word或者Excel文件", "用新版程序另存为DOCX或者XLSX再上传。"}
}

// contains reports whether some bytes stand anywhere in the file.
func (f *file) contains(what []byte) bool {
	const piece = 64 << 10
	b := make([]byte, piece+len(what))
	for at := int64(0); at < f.size; at += piece {
		n, err := f.ReadAt(b, at)
		if bytes.Contains(b[:n], what) {
			return true
		}
		if err != nil {
			return false
		}
	}
	return false
}

// zipped reports whether the file ends as a zip archive does, whatever it begins
// with: a directory of entries that really lies in it.
func (f *file) zipped() bool {
	tail := f.part(f.size-(22+65535), 22+65535)
	for at := len(tail) - 22; at >= 0; at-- {
		e := tail[at:]
		if !bytes.HasPrefix(e, []byte("PK\x05\x06")) {
			continue
		}
		if comment := int(e[20]) | int(e[21])<<8; at+22+comment <= len(tail) {
			return true
		}
	}
	return false
}

// nameMost is how many characters a kept name has at most.
const nameMost = 100

// Clean returns a file's name as it is kept: without the folders before it, in one
// normal form, without signs that cannot be seen or that turn the direction of
// writing, and of a length that every system takes. It is never empty.
func Clean(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), unicode.Is(unicode.Co, r), r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune(`"*:<>?|/`, r):
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if runes := []rune(name); len(runes) > nameMost {
		end := []rune(path.Ext(name))
		if len(end) > 10 {
			end = nil
		}
		name = string(runes[:nameMost-len(end)]) + string(end)
	}
	if name == "" || name == "_" {
		return "未命名"
	}
	return name
}

// endings lists the endings that a kind may have, its own first.
var endings = map[Kind][]string{PDF: {".pdf"}, JPG: {".jpg", ".jpeg", ".png"}, PNG: {".png", ".jpg", ".jpeg"}, DOCX: {".docx"}, XLSX: {".xlsx"}}

// named gives a name the ending of its kind where it has none, as phones often
// send it, and where a picture has the other picture's. Any other ending is a
// mistake of somebody, and then fits is false.
func named(name string, k Kind) (as string, fits bool) {
	end := strings.ToLower(path.Ext(name))
	letters := func(s string) bool {
		return len(s) > 1 && len(s) <= 6 && !strings.ContainsFunc(s[1:], func(r rune) bool { return r > 'z' || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	switch {
	case end == endings[k][0], k == JPG && end == ".jpeg":
		return name, true
	case slices.Contains(endings[k], end):
		return name[:len(name)-len(end)] + endings[k][0], true
	case letters(end) && strings.ContainsFunc(end, unicode.IsLetter):
		return name, false
	}
	return name + endings[k][0], true
}
