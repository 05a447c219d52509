package scan

import (
	"bytes"
	"compress/zlib"
	"errors"
	"image"
	"io"
	"regexp"
	"strconv"

	"golang.org/x/image/ccitt"
)

// A picture in a PDF is a stream whose dictionary says /Subtype /Image.
var (
	isImage   = regexp.MustCompile(`/Subtype\s*/Image\b`)
	isNumber  = regexp.MustCompile(`/(Width|Height|BitsPerComponent|Predictor|Colors|K)\s+(-?\d+)\b`)
	isFilter  = regexp.MustCompile(`/(DCTDecode|FlateDecode|CCITTFaxDecode|JBIG2Decode|JPXDecode|LZWDecode|RunLengthDecode)\b`)
	isInverse = regexp.MustCompile(`/Decode\s*\[\s*1(?:\.0)?\s+0`)
	isMask    = regexp.MustCompile(`/ImageMask\s+true\b`)
)

const (
	pdfMost  = 256 << 20 // bytes of a PDF that is looked at
	dictMost = 4096      // bytes of a dictionary
	tiny     = 400       // pixels: what is smaller is no page
)

// readPDF looks at each picture of the size of a page.
func readPDF(r io.ReaderAt, size int64) (pages []Page, err error) {
	if size > pdfMost {
		return nil, ErrMany
	}
	all := make([]byte, size)
	if _, err := r.ReadAt(all, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for at := 0; ; {
		i := bytes.Index(all[at:], []byte("stream"))
		if i < 0 {
			return pages, nil
		}
		at += i
		begin := at + len("stream")
		if at >= 3 && string(all[at-3:at]) == "end" {
			at = begin
			continue
		}
		dict := dictBefore(all, at)
		at = begin
		if !isImage.Match(dict) || isMask.Match(dict) {
			continue
		}
		data := streamAt(all, begin)
		at = begin + len(data)
		p := measure(dict)
		if p["Width"] < tiny || p["Height"] < tiny {
			continue
		}
		if len(pages) == pagesMost || p["Width"]*p["Height"] > pixelsMost {
			return nil, ErrMany
		}
		m := picture(dict, p, data)
		if m == nil {
			pages = append(pages, Page{})
			continue
		}
		pages = append(pages, Page{Code: find(m)})
	}
}

// dictBefore returns the dictionary that ends before a stream: from its obj on.
func dictBefore(all []byte, at int) []byte {
	from := max(0, at-dictMost)
	d := all[from:at]
	if i := bytes.LastIndex(d, []byte(" obj")); i >= 0 {
		return d[i:]
	}
	return d
}

// streamAt returns the bytes of a stream up to its end. Its length may stand in
// another object, so that the word endstream ends it; each format knows its own
// end besides.
func streamAt(all []byte, begin int) []byte {
	data := all[begin:]
	data = bytes.TrimPrefix(bytes.TrimPrefix(data, []byte("\r")), []byte("\n"))
	if i := bytes.Index(data, []byte("endstream")); i >= 0 {
		return data[:i]
	}
	return data
}

func measure(dict []byte) map[string]int {
	p := map[string]int{"BitsPerComponent": 1, "Predictor": 1}
	for _, m := range isNumber.FindAllSubmatch(dict, -1) {
		n, err := strconv.Atoi(string(m[2]))
		if err == nil {
			p[string(m[1])] = n
		}
	}
	return p
}

// picture decodes a stream, or returns nil for one of a kind that is not read.
func picture(dict []byte, p map[string]int, data []byte) image.Image {
	var filters []string
	for _, m := range isFilter.FindAllSubmatch(dict, -1) {
		filters = append(filters, string(m[1]))
	}
	for i, f := range filters {
		last := i == len(filters)-1
		switch {
		case f == "DCTDecode" && last:
			m, err := decode(bytes.NewReader(data))
			if err != nil {
				return nil
			}
			return m
		case f == "CCITTFaxDecode" && last:
			return fax(p, data)
		case f == "FlateDecode":
			data = inflate(data, 4*pixelsMost)
			if last {
				return raw(dict, p, data)
			}
		default:
			return nil
		}
	}
	return raw(dict, p, data)
}

func inflate(data []byte, most int64) []byte {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(z, most)) // what is there is looked at
	return out
}

// raw makes a picture of samples: grey or colours of 8 bits, or black and white.
func raw(dict []byte, p map[string]int, data []byte) image.Image {
	w, h, bits := p["Width"], p["Height"], p["BitsPerComponent"]
	if bits != 8 && bits != 1 {
		return nil
	}
	perPixel := 1
	if p["Predictor"] >= 10 {
		perPixel = max(p["Colors"], 1)
		data = unpredict(data, (w*bits*perPixel+7)/8, max(1, bits*perPixel/8))
	}
	row := 0
	for _, n := range []int{4, 3, 1} {
		if n = (w*bits*n + 7) / 8; len(data) >= n*h {
			row = n
			break
		}
	}
	if row == 0 {
		return nil
	}
	g := image.NewGray(image.Rect(0, 0, w, h))
	invert := isInverse.Match(dict)
	for y := range h {
		line := data[y*row:]
		for x := range w {
			g.Pix[y*g.Stride+x] = sample(line, x, w, row, bits, invert)
		}
	}
	return g
}

func sample(line []byte, x, w, row, bits int, invert bool) (v byte) {
	switch {
	case bits == 1:
		if line[x/8]>>(7-x%8)&1 == 1 {
			v = 255
		}
	case row >= 3*w: // of colours, green says most
		v = line[x*(row/w)+1]
	default:
		v = line[x]
	}
	if invert {
		return 255 - v
	}
	return v
}

// unpredict undoes the filters of PNG, which PDF takes over (ISO 32000-1, 7.4.4.4).
func unpredict(data []byte, row, step int) []byte {
	out := make([]byte, 0, len(data))
	above := make([]byte, row)
	for len(data) > row {
		kind, line := data[0], bytes.Clone(data[1:1+row])
		data = data[1+row:]
		for i := range line {
			a, b, c := 0, int(above[i]), 0
			if i >= step {
				a, c = int(line[i-step]), int(above[i-step])
			}
			switch kind {
			case 1:
				line[i] += byte(a)
			case 2:
				line[i] += byte(b)
			case 3:
				line[i] += byte((a + b) / 2)
			case 4:
				line[i] += byte(paeth(a, b, c))
			}
		}
		out = append(out, line...)
		above = line
	}
	return out
}

func paeth(a, b, c int) int {
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(n int) int { return max(n, -n) }

// fax decodes the black and white of fax machines, group 4 and 3. Paper is white,
// whatever the file says of its bits.
func fax(p map[string]int, data []byte) image.Image {
	w, h := p["Width"], p["Height"]
	form := ccitt.Group4
	if p["K"] >= 0 {
		form = ccitt.Group3
	}
	row := (w + 7) / 8
	bits := make([]byte, row*h)
	n, _ := io.ReadFull(ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, form, w, h, nil), bits)
	if n == 0 {
		return nil
	}
	g := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			g.Pix[y*g.Stride+x] = 255 * (bits[y*row+x/8] >> (7 - x%8) & 1)
		}
	}
	return g
}
