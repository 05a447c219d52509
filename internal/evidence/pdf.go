package evidence

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

const (
	streamMost  = 64 << 20  // bytes of one stream unpacked, pictures aside
	streamsMost = 512 << 20 // bytes of all of them
	pagesMost   = 2000
)

// pdf examines a PDF and counts its pages: first by reading it once from the
// beginning, which takes little memory whatever it holds, and then as a whole.
func (f *file) pdf() (pages int, err error) {
	if f.zipped() {
		return 0, errIsPolyglot
	}
	tail := f.part(f.size-2048, 2048)
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	switch {
	case end < 0:
		return 0, errCannotRead
	case len(bytes.Trim(tail[end+5:], "\x00 \t\r\n")) > 0:
		return 0, errIsPolyglot
	}
	s := pdfScan{f: f}
	if err := s.run(); err != nil {
		return 0, err
	}
	return f.pdfPages()
}

// onePDF lets one PDF at a time be read as a whole: pdfcpu holds all its objects.
var onePDF sync.Mutex

// noFolder keeps pdfcpu from making a folder of settings in somebody's home.
var noFolder = sync.OnceFunc(api.DisableConfigDir)

// pdfPages validates a PDF and counts its pages.
func (f *file) pdfPages() (pages int, err error) {
	onePDF.Lock()
	defer onePDF.Unlock()
	defer func() {
		if recover() != nil { // a parser that a file gets to panic
			err = errCannotRead
		}
	}()
	ctx, err := f.readPDF()
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return 0, errIsEncrypted
	case err != nil || ctx.PageCount < 1:
		return 0, errCannotRead
	case ctx.PageCount > pagesMost:
		return 0, errIsBomb
	}
	return ctx.PageCount, nil
}

// readPDF reads and validates a PDF as a whole. Whoever calls it holds onePDF.
func (f *file) readPDF() (*model.Context, error) {
	noFolder()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode, conf.Offline = model.ValidationRelaxed, true
	return api.ReadAndValidate(io.NewSectionReader(f, 0, f.size), conf)
}

// pdfScan reads the objects of a PDF in the order of the file, without following a
// reference. Names outside of strings and data say what is in it.
type pdfScan struct {
	f        *file
	unpacked int64
}

// active are names by which a PDF does something by itself; carried those by which
// it brings files along.
var (
	active  = []string{"JavaScript", "Launch", "RichMedia", "XFA", "ImportData", "SubmitForm", "Rendition"}
	carried = []string{"EmbeddedFile", "EmbeddedFiles", "GoToE", "Filespec"}
)

// harmful says what a name stands for.
func harmful(name string) error {
	switch {
	case slices.Contains(active, name):
		return errHasMacro
	case slices.Contains(carried, name):
		return errHasFiles
	}
	return nil
}

// run reads the whole file.
func (s *pdfScan) run() error {
	l := &pdfLexer{r: bufio.NewReaderSize(io.NewSectionReader(s.f, 0, s.f.size), 64<<10)}
	var names []string // of the object, or the trailer, that is being read
	inTrailer := false
	for {
		t, word, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case t == pdfName:
			if err := harmful(word); err != nil {
				return err
			}
			if word == "Encrypt" && (inTrailer || slices.Contains(names, "XRef")) {
				return errIsEncrypted
			}
			if word == "XRef" && slices.Contains(names, "Encrypt") {
				return errIsEncrypted
			}
			if len(names) < 200 {
				names = append(names, word)
			}
		case word == "obj" || word == "endobj":
			names, inTrailer = nil, false
		case word == "trailer":
			names, inTrailer = nil, true
		case word == "stream":
			if err := s.stream(l, names); err != nil {
				return err
			}
		}
	}
}

// stream looks into the data of a stream and goes on behind it.
func (s *pdfScan) stream(l *pdfLexer, names []string) error {
	start, err := l.dataStart()
	if err != nil {
		return errCannotRead
	}
	filters := 0
	for _, n := range names {
		if strings.HasSuffix(n, "Decode") {
			filters++
		}
	}
	flate := slices.Contains(names, "FlateDecode") || slices.Contains(names, "Fl")
	objects := slices.Contains(names, "ObjStm")
	if (objects || slices.Contains(names, "XRef")) && filters > 1 {
		return errIsBomb // packed more than once: no program writes that
	}
	if flate && filters <= 1 && !slices.Contains(names, "Image") {
		if err := s.unpack(start, objects); err != nil {
			return err
		}
	}
	return l.skipData()
}

// unpack counts what a stream holds, and reads the objects that are packed in one.
func (s *pdfScan) unpack(at int64, objects bool) error {
	z, err := zlib.NewReader(bufio.NewReader(io.NewSectionReader(s.f, at, s.f.size-at)))
	if err != nil {
		return nil // whether it matters that it cannot be read is found out later
	}
	c := &counted{r: z, most: min(streamMost, streamsMost-s.unpacked)}
	defer func() { s.unpacked += c.n }()
	if !objects {
		_, err = io.Copy(io.Discard, c)
	} else {
		l := &pdfLexer{r: bufio.NewReader(c)}
		var t pdfToken
		var word string
		for err == nil {
			if t, word, err = l.next(); err == nil && t == pdfName {
				err = harmful(word)
			}
		}
	}
	switch {
	case c.n > c.most:
		return errIsBomb
	case errors.Is(err, errHasMacro), errors.Is(err, errHasFiles):
		return err
	}
	return nil
}

// counted ends with bomb after so many bytes.
type counted struct {
	r       io.Reader
	n, most int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.n += int64(n); c.n > c.most {
		return 0, errIsBomb
	}
	return n, err
}
