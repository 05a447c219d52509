package evidence

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	textMost  = 1 << 20 // bytes of text that are kept of one file
	pagesRead = 500     // pages of one PDF that are read
)

// Reader reads the text of files and draws their pages. It keeps the renderer of PDFs,
// which is compiled on first use and runs in a sandbox of its own: WebAssembly that sees
// no files but the fonts it is given. With Apart all of it is done by another process, so
// that what it takes of memory is given back: compiling once takes 300 MB, and reading
// and drawing up to 400 (the sandbox ends at 256, and a picture unpacked at 160).
type Reader struct {
	Apart []string // command of a process that calls Serve; empty: this process reads and draws
	Cache string   // folder for the compiled renderer; empty: it is compiled once a process
	Fonts fs.FS    // with a folder fonts, in which what a PDF says is drawn where it brings no fonts of its own; nil: that is not drawn

	one   sync.Mutex // one PDF at a time: each takes memory
	pool  pdfium.Pool
	apart *apart // the process, while there is one
}

// UserCache is the Cache of whoever has no lasting folder of its own, such as a
// demonstration: one in the user's caches, or "" where the system names none.
func UserCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "shifan")
}

// errNoText says that a file is a picture: it holds no text to read.
var errNoText = errors.New("evidence: no text in it")

// IsPicture reports whether err says that a file holds no text, as a scan does.
func IsPicture(err error) bool { return errors.Is(err, errNoText) }

// Text returns the text of a file by page: of a PDF as its pages are, of a DOCX as
// one, of an XLSX one a sheet. Of a file without any text, such as a scan, it
// returns an error for which IsPicture is true. A file that takes longer than ctx
// allows fails. An error that is ErrReader says nothing of the file.
func (x *Reader) Text(ctx context.Context, k Kind, r File, size int64) (pages []string, err error) {
	if len(x.Apart) > 0 {
		a, err := x.elsewhere(ctx, question{Kind: k, Size: size}, r)
		return a.Text, err
	}
	switch k {
	case PDF:
		err = x.withPDF(ctx, r, size, func(i pdfium.Pdfium, doc pdfDocument) error {
			pages, err = pdfText(i, doc)
			return err
		})
	case DOCX, XLSX:
		pages, err = officeText(r, size, k)
	default: // pictures have none
	}
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(pages, func(p string) bool { return strings.TrimSpace(p) != "" }) {
		return nil, errNoText
	}
	return pages, nil
}

// File is what Text reads: from any place.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// pdfDocument is an open PDF.
type pdfDocument struct {
	document requests.PageByIndex // of its first page
	pages    int
}

func (d pdfDocument) page(n int) requests.Page {
	p := d.document
	p.Index = n
	return requests.Page{ByIndex: &p}
}

// start compiles the renderer.
func (x *Reader) start() error {
	if x.pool != nil {
		return nil
	}
	conf := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithCloseOnContextDone(true).WithMemoryLimitPages(4096) // of 64 KB: 256 MB
	if x.Cache != "" {
		cache, err := wazero.NewCompilationCacheWithDir(x.Cache)
		if err != nil {
			return err
		}
		conf = conf.WithCompilationCache(cache)
	}
	files := wazero.NewFSConfig()
	if x.Fonts != nil {
		// The renderer looks into /usr/share/fonts. It gives up where it cannot go back
		// from there, so what is above is given too.
		files = files.WithFSMount(x.Fonts, "/usr/share")
	}
	pool, err := webassembly.Init(webassembly.Config{
		MinIdle: 0, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: conf, FSConfig: files, Stdout: io.Discard, Stderr: io.Discard,
	})
	x.pool = pool
	return err
}

// withPDF opens a PDF in a fresh sandbox.
func (x *Reader) withPDF(ctx context.Context, r File, size int64, use func(pdfium.Pdfium, pdfDocument) error) (err error) {
	x.one.Lock()
	defer x.one.Unlock()
	// Waiting for the others may have taken all the time there was, and a short file is
	// read before a sandbox notices that it was killed.
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrReader, err)
	}
	if err := x.start(); err != nil {
		return fmt.Errorf("%w: %w", ErrReader, err)
	}
	i, err := x.pool.GetInstance(time.Minute)
	if err != nil {
		return err
	}
	defer i.Close()                                     //nolint:errcheck // the sandbox goes whatever it says
	stop := context.AfterFunc(ctx, func() { i.Kill() }) //nolint:errcheck // what runs in it fails
	defer stop()
	defer func() {
		if p := recover(); p != nil { // a sandbox that was killed
			err = errors.Join(ctx.Err(), fmt.Errorf("evidence: the renderer fell over: %v", p))
		}
	}()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	doc, err := i.OpenDocument(&requests.OpenDocument{FileReader: r, FileReaderSize: size})
	if err != nil {
		return err
	}
	count, err := i.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return err
	}
	return use(i, pdfDocument{requests.PageByIndex{Document: doc.Document}, count.PageCount})
}

func pdfText(i pdfium.Pdfium, d pdfDocument) (pages []string, err error) {
	left := textMost
	for n := range min(d.pages, pagesRead) {
		t, err := i.GetPageText(&requests.GetPageText{Page: d.page(n)})
		if err != nil {
			return nil, err
		}
		s := tidied(t.Text, left)
		left -= len(s)
		pages = append(pages, s)
	}
	return pages, nil
}

// tidied makes text of what a file holds, at most so many bytes.
func tidied(s string, most int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	for len(s) > most {
		_, n := utf8.DecodeLastRuneInString(s[:most])
		if r, _ := utf8.DecodeLastRuneInString(s[:most]); r != utf8.RuneError || n > 1 {
			return s[:most]
		}
		most--
	}
	return s
}

// officeText reads the words of a DOCX or XLSX from its XML.
func officeText(r io.ReaderAt, size int64, k Kind) (pages []string, err error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	left := textMost
	add := func(s string) {
		s = tidied(s, left)
		left -= len(s)
		pages = append(pages, s)
	}
	shared, err := sharedStrings(z, k)
	if err != nil {
		return nil, err
	}
	for _, e := range z.File {
		switch {
		case k == DOCX && wordPart(e.Name), k == XLSX && strings.HasPrefix(e.Name, "xl/worksheets/") && strings.HasSuffix(e.Name, ".xml"):
			s, err := xmlText(e, shared)
			if err != nil {
				return nil, err
			}
			add(s)
		}
	}
	if k == DOCX && len(pages) > 1 {
		pages = []string{strings.Join(pages, "\n")}
	}
	return pages, nil
}

// wordPart names the parts of a DOCX that hold what people read.
func wordPart(name string) bool {
	part, ok := strings.CutPrefix(name, "word/")
	if !ok || strings.Contains(part, "/") || !strings.HasSuffix(part, ".xml") {
		return false
	}
	for _, p := range []string{"document", "header", "footer", "footnotes", "endnotes"} {
		if strings.HasPrefix(part, p) {
			return true
		}
	}
	return false
}

// sharedStrings reads the texts that the cells of an XLSX point to.
func sharedStrings(z *zip.Reader, k Kind) (all []string, err error) {
	at := slices.IndexFunc(z.File, func(e *zip.File) bool { return e.Name == "xl/sharedStrings.xml" })
	if k != XLSX || at < 0 {
		return nil, nil
	}
	s, err := xmlText(z.File[at], nil)
	return strings.Split(s, "\n"), err
}

// xmlText collects the text of the elements t (and of v, in a sheet), with a line's
// end after a paragraph, a row or a shared string.
func xmlText(e *zip.File, shared []string) (string, error) {
	r, err := e.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	var b strings.Builder
	d := xml.NewDecoder(io.LimitReader(r, 64<<20))
	inText, inValue, points := false, false, false
	for b.Len() < 4*textMost {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inText, inValue = t.Name.Local == "t", t.Name.Local == "v"
			if t.Name.Local == "c" {
				points = attribute(t, "t") == "s"
			}
			if t.Name.Local == "tab" || t.Name.Local == "br" {
				b.WriteByte(' ')
			}
		case xml.CharData:
			switch {
			case inText:
				b.WriteString(strings.ReplaceAll(string(t), "\n", " "))
			case inValue && points:
				var n int
				if _, err := fmt.Sscan(string(t), &n); err == nil && n >= 0 && n < len(shared) {
					b.WriteString(shared[n])
				}
			case inValue:
				b.Write(t)
			}
		case xml.EndElement:
			inText, inValue = false, false
			switch t.Name.Local {
			case "p", "row", "si":
				b.WriteByte('\n')
			case "c", "tc":
				b.WriteByte(' ')
			}
		}
	}
	return b.String(), nil
}
