package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
)

const (
	entriesMost   = 5000      // files in an office file
	directoryMost = 2 << 20   // bytes of its directory
	unpackedMost  = 256 << 20 // bytes of all of them unpacked
	ratioMost     = 120       // times its own size, once that is more than 32 MB
	nestedMost    = 8 << 20   // bytes of a workbook inside a document
)

// office examines a DOCX or XLSX: an archive that begins at the first byte and ends
// at the last, of plain files that do not overlap, each as large as it says, of
// XML without document types and nothing that runs. depth counts the archives
// around it: charts bring their workbook along.
func (f *file) office(depth int) (Kind, error) {
	z, err := f.archive()
	if err != nil {
		return "", err
	}
	if err := f.plain(z); err != nil {
		return "", err
	}
	kind, err := officeKind(z)
	if err != nil {
		return "", err
	}
	total, most := int64(0), int64(unpackedMost)
	if r := f.size * ratioMost; r < most {
		most = max(r, 32<<20)
	}
	for _, e := range z.File {
		n, err := entry(e, most-total, depth)
		if err != nil {
			return "", err
		}
		total += n
	}
	return kind, nil
}

// archive reads the directory, after looking how much there is to read.
func (f *file) archive() (*zip.Reader, error) {
	end := f.part(f.size-22, 22)
	if len(end) < 22 || !bytes.HasPrefix(end, []byte("PK\x05\x06")) {
		if f.zipped() {
			return nil, errIsPolyglot // something follows the directory
		}
		return nil, errCannotRead
	}
	count := int(end[10]) | int(end[11])<<8
	directory := int64(end[12]) | int64(end[13])<<8 | int64(end[14])<<16 | int64(end[15])<<24
	if count > entriesMost || directory > directoryMost {
		return nil, errIsBomb
	}
	z, err := zip.NewReader(f, f.size)
	if err != nil {
		if errors.Is(err, zip.ErrInsecurePath) {
			return nil, errHasFiles
		}
		return nil, errCannotRead
	}
	if len(z.File) == 0 || len(z.File) > entriesMost {
		return nil, errCannotRead
	}
	return z, nil
}

// plain checks names, kinds and places of the entries, before any is unpacked.
func (f *file) plain(z *zip.Reader) error {
	type span struct{ from, to int64 }
	var spans []span
	seen := map[string]bool{}
	for _, e := range z.File {
		name := strings.ToLower(e.Name)
		switch {
		case e.Flags&1 != 0:
			return errIsEncrypted
		case e.Method != zip.Store && e.Method != zip.Deflate, seen[name]:
			return errCannotRead
		case !e.Mode().IsRegular() && !e.Mode().IsDir(), !fs.ValidPath(strings.TrimSuffix(e.Name, "/")) || strings.Contains(e.Name, `\`):
			return errHasFiles
		}
		seen[name] = true
		from, err := e.DataOffset()
		if err != nil || e.CompressedSize64 > uint64(f.size) {
			return errCannotRead
		}
		spans = append(spans, span{from, from + int64(e.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	for i, s := range spans {
		if s.to > f.size || i > 0 && s.from < spans[i-1].to {
			return errIsBomb // entries that share their bytes
		}
	}
	return nil
}

// The main parts of what is taken, and of what is like it.
const (
	wordMain  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	excelMain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)

// officeKind reads from the list of content types what an archive is.
func officeKind(z *zip.Reader) (kind Kind, err error) {
	at := slices.IndexFunc(z.File, func(e *zip.File) bool { return e.Name == "[Content_Types].xml" })
	if at < 0 {
		if slices.ContainsFunc(z.File, func(e *zip.File) bool {
			return e.Name == "mimetype" || e.Name == "OFD.xml" || e.Name == "META-INF/MANIFEST.MF"
		}) {
			return "", wrongType{"别的办公软件的文件", "另存为DOCX、XLSX或者PDF再上传。"}
		}
		return "", wrongType{"压缩包", "解压后逐个上传。"}
	}
	err = elements(z.File[at], 1<<20, func(e xml.StartElement) error {
		switch t := attribute(e, "ContentType"); {
		case strings.Contains(strings.ToLower(t), "macroenabled") || strings.Contains(t, "vbaProject"):
			return errHasMacro
		case t == wordMain:
			kind = DOCX
		case t == excelMain:
			kind = XLSX
		}
		return nil
	})
	if err == nil && kind == "" {
		err = wrongType{"别的办公软件的文件", "另存为DOCX、XLSX或者PDF再上传。"}
	}
	return kind, err
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// elements tells the elements of an entry of XML.
func elements(e *zip.File, most int64, tell func(xml.StartElement) error) error {
	r, err := e.Open()
	if err != nil {
		return errCannotRead
	}
	defer r.Close()
	limited := &io.LimitedReader{R: r, N: most}
	d := xml.NewDecoder(limited)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errCannotRead }
	for {
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && limited.N > 0:
			return nil
		case err != nil && limited.N <= 0:
			return errIsBomb
		case err != nil:
			return errCannotRead
		}
		switch t := t.(type) {
		case xml.Directive:
			return errCannotRead // a document type: nothing of an office program
		case xml.StartElement:
			if err := tell(t); err != nil {
				return err
			}
		}
	}
}

// entry unpacks one entry without keeping it, at most so many bytes, and says how
// many it had.
func entry(e *zip.File, most int64, depth int) (int64, error) {
	name := strings.ToLower(e.Name)
	if err := forbidden(name); err != nil {
		return 0, err
	}
	if strings.HasSuffix(name, ".rels") {
		if err := elements(e, 4<<20, relation); err != nil {
			return 0, err
		}
	}
	r, err := e.Open()
	if err != nil {
		return 0, errCannotRead
	}
	defer r.Close()
	w := io.Discard
	var nested bytes.Buffer
	switch {
	case strings.HasSuffix(name, ".xml"), strings.HasSuffix(name, ".rels"), strings.HasSuffix(name, ".vml"):
		w = &doctype{}
	case strings.HasSuffix(name, ".xlsx"), strings.HasSuffix(name, ".docx"):
		if depth > 0 || e.UncompressedSize64 > nestedMost {
			return 0, errHasFiles
		}
		w, most = &nested, min(most, nestedMost)
	}
	n, err := io.Copy(w, io.LimitReader(r, most+1))
	switch {
	case n > most:
		return n, errIsBomb
	case errors.Is(err, errHasFiles):
		return n, err
	case err != nil:
		return n, errCannotRead
	}
	if nested.Len() > 0 {
		in := &file{ReaderAt: bytes.NewReader(nested.Bytes()), size: int64(nested.Len())}
		if _, err := in.office(depth + 1); err != nil {
			return n, err
		}
	}
	return n, nil
}

// forbidden refuses parts that run or hold files of any kind.
func forbidden(name string) error {
	switch {
	case strings.Contains(name, "vbaproject"), strings.Contains(name, "vbadata"), strings.Contains(name, "/activex/"), strings.Contains(name, "/macrosheets/"), strings.Contains(name, "/dialogsheets/"), strings.Contains(name, "/ctrlprops/"):
		return errHasMacro
	case strings.Contains(name, "oleobject"), strings.Contains(name, "/embeddings/") && !strings.HasSuffix(name, ".xlsx") && !strings.HasSuffix(name, ".docx"):
		return errHasFiles
	}
	for _, end := range []string{".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".lnk", ".scr", ".hta", ".html", ".htm", ".jar", ".zip"} {
		if strings.HasSuffix(name, end) {
			return errHasFiles
		}
	}
	return nil
}

// relation refuses what an office program would fetch from elsewhere when it opens
// the file: templates, frames, objects. Links that a reader follows are all right.
func relation(e xml.StartElement) error {
	if e.Name.Local != "Relationship" || attribute(e, "TargetMode") != "External" || strings.HasSuffix(attribute(e, "Type"), "/hyperlink") {
		return nil
	}
	return errHasFiles
}

// doctype refuses XML with a document type, whose entities reach for files and
// swell (XXE).
type doctype struct{ tail []byte }

// Write implements io.Writer.
func (d *doctype) Write(p []byte) (int, error) {
	window := bytes.ReplaceAll(append(d.tail, p...), []byte{0}, nil) // UTF-16 as well
	if bytes.Contains(window, []byte("<!DOCTYPE")) || bytes.Contains(window, []byte("<!ENTITY")) {
		return 0, errHasFiles
	}
	d.tail = append([]byte{}, window[max(0, len(window)-16):]...)
	return len(p), nil
}
