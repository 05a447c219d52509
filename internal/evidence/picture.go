package evidence

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	_ "image/jpeg" // the kinds of pictures that DecodeConfig knows
	_ "image/png"
	"io"
)

const (
	pointsMost = 100_000_000 // points of a picture
	sideMost   = 40_000      // points of one side
)

// measured reads a picture's size from its first bytes and refuses a flood. It
// never decodes the picture.
func (f *file) measured() (image.Config, error) {
	c, _, err := image.DecodeConfig(bufio.NewReader(io.NewSectionReader(f, 0, f.size)))
	if err != nil {
		return c, errCannotRead
	}
	if c.Width > sideMost || c.Height > sideMost || c.Width*c.Height > pointsMost {
		return c, flood{c.Width, c.Height}
	}
	return c, nil
}

// png walks the chunks of a PNG: each whole and with its checksum, the picture's
// data as much as its size says, and nothing after the end.
func (f *file) png(head []byte) error {
	c, err := f.measured()
	if err != nil {
		return err
	}
	if suspicious(head) || f.zipped() {
		return errIsPolyglot
	}
	d := &chunks{f: f, at: 8}
	if err := d.until("IDAT"); err != nil {
		return err
	}
	z, err := zlib.NewReader(d)
	if err != nil {
		return errCannotRead
	}
	// Eight bytes a point and one a line are the most there can be.
	most := int64(c.Width)*int64(c.Height)*8 + int64(c.Height)*8
	n, err := io.Copy(io.Discard, io.LimitReader(z, most+1))
	switch {
	case n > most:
		return errIsBomb
	case err != nil || n < int64(c.Height):
		return errCannotRead
	}
	if err := d.until("IEND"); err != nil {
		return err
	}
	if d.at != f.size {
		return errIsPolyglot
	}
	return nil
}

// chunks reads the data of consecutive chunks of one kind.
type chunks struct {
	f    *file
	at   int64  // where the next chunk begins
	data int64  // where the rest of this one's data begins
	left int64  // of this one's data
	kind string // of this one
}

// next reads the head of a chunk and checks its sum.
func (c *chunks) next() error {
	h := c.f.part(c.at, 8)
	if len(h) < 8 {
		return errCannotRead
	}
	n := int64(binary.BigEndian.Uint32(h))
	c.kind = string(h[4:])
	if n > c.f.size-c.at-12 {
		return errCannotRead
	}
	sum := crc32.NewIEEE()
	sum.Write(h[4:])
	if _, err := io.Copy(sum, io.NewSectionReader(c.f, c.at+8, n)); err != nil {
		return err
	}
	if said := c.f.part(c.at+8+n, 4); len(said) < 4 || binary.BigEndian.Uint32(said) != sum.Sum32() {
		return errCannotRead
	}
	c.data, c.left = c.at+8, n
	c.at += 12 + n
	return nil
}

// until goes to the first chunk of a kind.
func (c *chunks) until(kind string) error {
	for c.kind != kind {
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// Read implements io.Reader over the data of the IDAT chunks.
func (c *chunks) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.kind != "IDAT" {
			return 0, io.EOF
		}
		if err := c.next(); err != nil {
			return 0, err
		}
		if c.kind != "IDAT" {
			return 0, io.EOF
		}
	}
	n, err := c.f.ReadAt(p[:min(int64(len(p)), c.left)], c.data)
	c.data, c.left = c.data+int64(n), c.left-int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}

// jpg walks the segments of a JPEG to its scan, and the scan to its end. Cameras
// append pictures of their own after it, so what follows is not refused, unless it
// makes the file one of another kind.
func (f *file) jpg(head []byte) error {
	if _, err := f.measured(); err != nil {
		return err
	}
	if suspicious(head) || f.zipped() {
		return errIsPolyglot
	}
	r := bufio.NewReaderSize(io.NewSectionReader(f, 2, f.size-2), 64<<10)
	for {
		marker, err := nextMarker(r)
		switch {
		case err != nil:
			return errCannotRead
		case marker == 0xd9:
			return nil
		case marker == 0xda, marker >= 0xd0 && marker <= 0xd7, marker == 0x01:
			continue // what follows is data, which nextMarker passes over
		}
		var n [2]byte
		if _, err := io.ReadFull(r, n[:]); err != nil {
			return errCannotRead
		}
		length := int(binary.BigEndian.Uint16(n[:]))
		if length < 2 {
			return errCannotRead
		}
		if _, err := r.Discard(length - 2); err != nil {
			return errCannotRead
		}
	}
}

// nextMarker passes over data to the next marker.
func nextMarker(r *bufio.Reader) (byte, error) {
	was := byte(0)
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if was == 0xff && b != 0x00 && b != 0xff {
			return b, nil
		}
		was = b
	}
}

// suspicious reports whether the first bytes of a picture are also those of a
// page, a script or a PDF: readers of PDF take a head anywhere in the first 1,024.
func suspicious(head []byte) bool {
	lower := bytes.ToLower(head)
	for _, s := range []string{"%pdf-", "<script", "<html", "<!doctype", "<?php", "<svg", "javascript:"} {
		if bytes.Contains(lower, []byte(s)) {
			return true
		}
	}
	return false
}
