package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// orientationOf reads from a picture which way up it was taken, as EXIF has it; 1 where
// it does not say.
func orientationOf(r *io.SectionReader, k Kind) int {
	in := &file{ReaderAt: r, size: r.Size()}
	if k == PNG {
		c := &chunks{f: in, at: 8}
		for c.next() == nil && c.kind != "IEND" {
			if c.kind == "eXIf" {
				return orientation(in.part(c.data, int(min(c.left, exifMost))))
			}
		}
		return 1
	}
	b := bufio.NewReader(io.NewSectionReader(in, 2, in.size-2))
	for {
		s, err := nextSegment(b)
		if err != nil || s.marker == sos {
			return 1
		}
		if tiff, ok := bytes.CutPrefix(s.data, []byte("Exif\x00\x00")); ok && s.marker == app1 {
			return orientation(tiff)
		}
	}
}

// exifMost is how much of an EXIF chunk is read.
const exifMost = 1 << 16

// Markers of a JPEG.
const (
	soi  = 0xd8
	eoi  = 0xd9
	sos  = 0xda
	app0 = 0xe0
	app1 = 0xe1
	app2 = 0xe2
)

// segment is a part of a JPEG before its data.
type segment struct {
	marker byte
	data   []byte
}

// nextSegment reads the next segment; of the data that follows a scan's head nothing.
func nextSegment(r *bufio.Reader) (s segment, err error) {
	if s.marker, err = nextMarker(r); err != nil {
		return s, err
	}
	if s.marker == eoi || s.marker == 0x01 || s.marker >= 0xd0 && s.marker <= soi {
		return s, nil
	}
	var n [2]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return s, err
	}
	length := int(binary.BigEndian.Uint16(n[:]))
	if length < 2 {
		return s, errCannotRead
	}
	s.data = make([]byte, length-2)
	_, err = io.ReadFull(r, s.data)
	return s, err
}

// orientationTag is the number of the orientation among EXIF's tags.
const orientationTag = 0x0112

// orientation reads the orientation of a TIFF block of EXIF; 1 where there is none.
func orientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case len(tiff) < 14:
		return 1
	case bytes.HasPrefix(tiff, []byte("II")):
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 1
	}
	for n, e := int(order.Uint16(tiff[at:])), at+2; n > 0 && e+12 <= len(tiff); n, e = n-1, e+12 {
		if order.Uint16(tiff[e:]) == orientationTag {
			if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}
