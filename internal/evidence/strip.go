package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// errUnstripped says that a file cannot be freed of what it says about its makers.
var errUnstripped = errors.New("evidence: its metadata cannot be taken out")

// IsUnstripped reports whether err says that a file cannot be freed of its metadata. Any
// other error is one of reading or writing.
func IsUnstripped(err error) bool { return errors.Is(err, errUnstripped) }

// Hidden stands where a file must name somebody and the copy does not.
const Hidden = "已隐去"

// Strip writes a copy of a file that Inspect took, with the same to be seen in it and
// without what it says of persons, places and machines: authors, programs, cameras,
// positions, comments of programs, thumbnails, what was deleted (ASVS 14.2.8). The same
// file gives the same bytes. A file that cannot be freed of all that gives an error for
// which IsUnstripped is true; what was written by then is worth nothing.
func Strip(k Kind, r io.ReaderAt, size int64, w io.Writer) (err error) {
	in := &file{ReaderAt: r, size: size}
	to := &sink{w: w}
	defer func() {
		if p := recover(); p != nil { // a parser that a file gets to panic
			err = fmt.Errorf("%w: %v", errUnstripped, p)
		}
		switch {
		case in.broken != nil:
			err = in.broken
		case to.broken != nil:
			err = to.broken
		case err != nil && !IsUnstripped(err):
			err = fmt.Errorf("%w: %w", errUnstripped, err)
		}
	}()
	switch k {
	case PDF:
		return in.stripPDF(to)
	case JPG:
		return in.stripJPG(to)
	case PNG:
		return in.stripPNG(to)
	case DOCX, XLSX:
		return in.stripOffice(to, 0)
	}
	return errUnstripped
}

// sink remembers that writing failed: that is ours and not the file's.
type sink struct {
	w      io.Writer
	at     int64
	broken error
}

// Write implements io.Writer.
func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.at += int64(n)
	if err != nil {
		s.broken = err
	}
	return n, err
}

// More markers of a JPEG.
const (
	app14 = 0xee
	app15 = 0xef
	com   = 0xfe
	tem   = 0x01
)

// stripJPG writes the segments that the picture needs and its data, byte by byte as they
// are, up to its end: what cameras append are other pictures. Of EXIF only the
// orientation stays, so that the picture stands as it did.
func (f *file) stripJPG(w io.Writer) error {
	up := orientationOf(io.NewSectionReader(f, 0, f.size), JPG)
	r := bufio.NewReaderSize(io.NewSectionReader(f, 2, f.size-2), 64<<10)
	out := bufio.NewWriter(w)
	out.Write([]byte{0xff, soi}) //nolint:errcheck // Flush says it
	for {
		s, err := nextSegment(r)
		if err != nil {
			return errCannotRead
		}
		if up != 1 && (s.marker < app0 || s.marker > app1) { // a JFIF head comes first
			writeSegment(out, app1, append([]byte("Exif\x00\x00"), exifOf(up)...))
			up = 1
		}
		if s.marker >= app0 && s.marker <= app15 || s.marker == com {
			if data := keptSegment(s); data != nil {
				writeSegment(out, s.marker, data)
			}
			continue
		}
		writeSegment(out, s.marker, s.data)
		switch s.marker {
		case eoi:
			return out.Flush()
		case sos:
			if err := copyScan(out, r); err != nil {
				return err
			}
		}
	}
}

// keptSegment returns what stays of a segment that programs put into a JPEG: of the head
// everything but its thumbnail, the colour profile, and Adobe's word on the colours.
func keptSegment(s segment) []byte {
	switch {
	case s.marker == app0 && bytes.HasPrefix(s.data, []byte("JFIF\x00")) && len(s.data) >= 14:
		return append(slices.Clone(s.data[:12]), 0, 0)
	case s.marker == app2 && bytes.HasPrefix(s.data, []byte("ICC_PROFILE\x00")), s.marker == app14 && bytes.HasPrefix(s.data, []byte("Adobe")):
		return s.data
	}
	return nil
}

// writeSegment writes a segment; what goes wrong is said when the writer is flushed.
func writeSegment(w *bufio.Writer, marker byte, data []byte) {
	w.Write([]byte{0xff, marker}) //nolint:errcheck // see above
	if marker == eoi || marker == tem || marker >= 0xd0 && marker <= soi {
		return
	}
	w.Write(binary.BigEndian.AppendUint16(nil, uint16(len(data)+2))) //nolint:errcheck // see above
	w.Write(data)                                                    //nolint:errcheck // see above
}

// copyScan copies the data of a scan up to the marker after it, which it leaves.
func copyScan(w *bufio.Writer, r *bufio.Reader) error {
	for {
		two, err := r.Peek(2)
		if err != nil {
			return errCannotRead
		}
		n := 1
		if two[0] == 0xff {
			if two[1] != 0x00 && two[1] != 0xff && (two[1] < 0xd0 || two[1] > 0xd7) {
				return nil
			}
			if two[1] != 0xff {
				n = 2
			}
		}
		w.Write(two[:n]) //nolint:errcheck // Flush says it
		if _, err := r.Discard(n); err != nil {
			return err
		}
	}
}

// exifOf is EXIF that says nothing but which way up a picture is.
func exifOf(orientation int) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01")
	b = binary.BigEndian.AppendUint16(b, orientationTag)
	b = append(b, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0)
	return append(b, 0, 0, 0, 0)
}

// pngKept are the chunks of a PNG that make its picture, moving ones too.
var pngKept = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "bKGD", "hIST", "pHYs", "sPLT",
	"cICP", "mDCv", "cLLi", "acTL", "fcTL", "fdAT",
}

// stripPNG writes the chunks that make the picture.
func (f *file) stripPNG(w io.Writer) error {
	if _, err := w.Write(f.part(0, 8)); err != nil {
		return err
	}
	up := orientationOf(io.NewSectionReader(f, 0, f.size), PNG)
	c := &chunks{f: f, at: 8}
	for c.kind != "IEND" {
		from := c.at
		if err := c.next(); err != nil {
			return err
		}
		if c.kind == "IDAT" && up != 1 {
			if err := writeChunk(w, "eXIf", exifOf(up)); err != nil {
				return err
			}
			up = 1
		}
		if !slices.Contains(pngKept, c.kind) {
			continue
		}
		if _, err := io.Copy(w, io.NewSectionReader(f, from, c.at-from)); err != nil {
			return err
		}
	}
	return nil
}

// writeChunk writes a chunk of a PNG.
func writeChunk(w io.Writer, kind string, data []byte) error {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), kind...)
	b = append(b, data...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	_, err := w.Write(b)
	return err
}

// stripGIF writes a GIF without its comments and what programs put into it; only how
// often it plays stays.
func stripGIF(b []byte) ([]byte, error) {
	if len(b) < 13 {
		return nil, errCannotRead
	}
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	at := 13 + table(b[10])
	if at > len(b) {
		return nil, errCannotRead
	}
	out := slices.Clone(b[:at])
	for at < len(b) && b[at] != 0x3b {
		from, keep := at, true
		switch b[at] {
		case 0x21: // an extension: its kind, then pieces
			if at+14 > len(b) {
				return nil, errCannotRead
			}
			keep = b[at+1] == 0xf9 || b[at+1] == 0xff && string(b[at+3:at+14]) == "NETSCAPE2.0"
			at += 2
		case 0x2c: // a picture: its place, its colours, then pieces
			if at+10 > len(b) {
				return nil, errCannotRead
			}
			at += 10 + table(b[at+9]) + 1
		default:
			return nil, errCannotRead
		}
		for at < len(b) && b[at] != 0 {
			at += int(b[at]) + 1
		}
		if at++; at > len(b) {
			return nil, errCannotRead
		}
		if keep {
			out = append(out, b[from:at]...)
		}
	}
	return append(out, 0x3b), nil
}
