package evidence

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// stripOffice writes a DOCX or XLSX anew, part by part: without the properties of the
// document, with nobody's name at comments and changes, and with its pictures stripped
// too. What stays is written as it was, but for the times and owners that archives keep.
func (f *file) stripOffice(w io.Writer, depth int) error {
	z, err := f.archive()
	if err != nil {
		return err
	}
	kind, err := officeKind(z)
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	for _, e := range z.File {
		if e.Mode().IsDir() || isTelling(e.Name) {
			continue
		}
		to, err := out.CreateHeader(&zip.FileHeader{Name: e.Name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if err := stripPart(to, e, kind, depth); err != nil {
			return err
		}
	}
	return out.Close()
}

// isTelling reports whether a part of an office file holds nothing but what is to stay
// behind: properties, thumbnails, what programs keep for themselves, the settings of
// somebody's printer, where form letters go, signatures (ECMA-376 part 1, 15.2; part 2).
func isTelling(name string) bool {
	name = strings.ToLower(strings.TrimPrefix(name, "/"))
	for _, folder := range []string{"docprops/", "customxml/", "docmetadata/", "_xmlsignatures/", "package/services/metadata/"} {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	base := path.Base(name)
	return strings.HasPrefix(base, "printersettings") || strings.HasPrefix(base, "customproperty") || base == "recipientdata.xml"
}

// stripPart writes one part by what is in it.
func stripPart(w io.Writer, e *zip.File, kind Kind, depth int) error {
	r, err := e.Open()
	if err != nil {
		return errCannotRead
	}
	defer r.Close()
	name := strings.ToLower(e.Name)
	switch path.Ext(name) {
	case ".xml", ".rels", ".vml", ".svg":
		return (&partCopy{name: name, kind: kind}).run(w, r)
	case ".emf", ".wmf", ".odttf", ".ttf":
		_, err := io.Copy(w, r)
		return err
	}
	b, err := io.ReadAll(io.LimitReader(r, unpackedMost))
	if err != nil {
		return errCannotRead
	}
	in := &file{ReaderAt: bytes.NewReader(b), size: int64(len(b))}
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return in.stripJPG(w)
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return in.stripPNG(w)
	case bytes.HasPrefix(b, []byte("GIF8")):
		if b, err = stripGIF(b); err == nil {
			_, err = w.Write(b)
		}
		return err
	case bytes.HasPrefix(b, []byte("PK\x03\x04")) && depth == 0:
		return in.stripOffice(w, depth+1)
	}
	return errUnstripped
}

// partCopy is a part of XML that is being copied. What stays is copied as it stands.
type partCopy struct {
	name     string
	kind     Kind // of the whole
	inAuthor bool // within the author's name of a sheet's comment
}

// recorder gives a decoder one byte at a time, and keeps those of the token it reads.
type recorder struct {
	r    *bufio.Reader
	kept []byte
	at   int64 // of the first byte kept
}

// ReadByte implements io.ByteReader.
func (r *recorder) ReadByte() (byte, error) {
	b, err := r.r.ReadByte()
	if err == nil {
		r.kept = append(r.kept, b)
	}
	return b, err
}

// Read implements io.Reader; a decoder that finds ReadByte does not call it.
func (r *recorder) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// until returns the bytes up to a place, and forgets them.
func (r *recorder) until(at int64) []byte {
	n := at - r.at
	b := bytes.Clone(r.kept[:n])
	r.kept, r.at = append(r.kept[:0], r.kept[n:]...), at
	return b
}

// run copies a part.
func (p *partCopy) run(w io.Writer, r io.Reader) error {
	from := &recorder{r: bufio.NewReader(r)}
	d := xml.NewDecoder(from)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errCannotRead }
	out := bufio.NewWriter(w)
	dropped := 0 // depth within an element that stays behind
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return errCannotRead
		}
		raw := from.until(d.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			if dropped > 0 || p.drops(t) {
				dropped++
				continue
			}
			p.inAuthor = t.Name.Local == "author" && p.kind == XLSX
			if attrs, changed := p.attributes(t); changed {
				raw = startTag(t.Name, attrs, bytes.HasSuffix(raw, []byte("/>")))
			}
		case xml.EndElement:
			p.inAuthor = false
			if dropped > 0 {
				dropped--
				continue
			}
		case xml.CharData:
			if p.inAuthor {
				raw = []byte(Hidden)
			}
		case xml.Comment:
			continue
		case xml.Directive:
			return errUnstripped
		}
		if dropped == 0 {
			out.Write(raw) //nolint:errcheck // Flush says it
		}
	}
}

// startTag writes a tag of an element.
func startTag(name xml.Name, attrs []xml.Attr, empty bool) []byte {
	var b bytes.Buffer
	b.WriteString("<" + prefixed(name))
	for _, a := range attrs {
		b.WriteString(" " + prefixed(a.Name) + `="`)
		xml.EscapeText(&b, []byte(a.Value)) //nolint:errcheck // to memory
		b.WriteByte('"')
	}
	if empty {
		b.WriteByte('/')
	}
	b.WriteByte('>')
	return b.Bytes()
}

func prefixed(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// Elements that stay behind, in a document, in a workbook and in a drawing. None of them
// is seen on a page.
var (
	wordTelling  = []string{"rsids", "docVars", "attachedTemplate", "mailMerge", "dataBinding", "presenceInfo", "docId"}
	excelTelling = []string{"fileVersion", "fileSharing", "absPath", "fileRecoveryPr", "revisionPtr", "webPublishItems", "customWorkbookViews", "customSheetViews", "customProperties"}
	svgTelling   = []string{"metadata", "namedview"}
)

// drops reports whether an element stays behind.
func (p *partCopy) drops(e xml.StartElement) bool {
	switch {
	case strings.HasSuffix(p.name, ".rels"):
		return e.Name.Local == "Relationship" && attribute(e, "TargetMode") != "External" && isTelling(p.target(attribute(e, "Target")))
	case p.name == "[content_types].xml":
		return e.Name.Local == "Override" && isTelling(attribute(e, "PartName"))
	case strings.HasSuffix(p.name, ".svg"):
		return slices.Contains(svgTelling, e.Name.Local)
	case p.kind == DOCX:
		return slices.Contains(wordTelling, e.Name.Local)
	}
	return slices.Contains(excelTelling, e.Name.Local)
}

// target is the part that a relationship of this part's leads to.
func (p *partCopy) target(to string) string {
	if strings.HasPrefix(to, "/") {
		return to
	}
	return path.Join(path.Dir(path.Dir(p.name)), to) // a/_rels/b.rels is about a/b
}

// attributes returns the attributes of an element as they stay, and whether that is not
// as they are.
func (p *partCopy) attributes(e xml.StartElement) (kept []xml.Attr, changed bool) {
	signed := slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "author" })
	for _, a := range e.Attr {
		value, stays := a.Value, true
		if a.Name.Space != "xmlns" {
			value, stays = p.attribute(e.Name.Local, a, signed)
		}
		changed = changed || !stays || value != a.Value
		if stays {
			kept = append(kept, xml.Attr{Name: a.Name, Value: value})
		}
	}
	return kept, changed
}

// attribute returns what an attribute says in the copy, and whether it stays. signed says
// that its element names an author.
func (p *partCopy) attribute(element string, a xml.Attr, signed bool) (value string, stays bool) {
	name := a.Name.Local
	switch {
	case strings.HasSuffix(p.name, ".rels"):
		if name == "Target" && strings.HasPrefix(strings.ToLower(a.Value), "file:") {
			return lastOfPath(a.Value), true
		}
	case strings.HasSuffix(p.name, ".svg"):
		return a.Value, a.Name.Space != "sodipodi" && a.Name.Space != "inkscape"
	case name == "descr", name == "title", name == "name" && (element == "cNvPr" || element == "docPr"):
		return lastOfPath(a.Value), true // the place where a picture came from
	case p.kind == DOCX:
		return wordAttribute(element, a, signed)
	default:
		return excelAttribute(element, a)
	}
	return a.Value, true
}

// lastOfPath returns the name of a file without where it stands on somebody's machine;
// anything else as it is.
func lastOfPath(s string) string {
	slashed := strings.ReplaceAll(s, `\`, "/")
	if len(slashed) > 3 && slashed[1:3] == ":/" || strings.HasPrefix(slashed, "//") || strings.HasPrefix(strings.ToLower(slashed), "file:") || strings.HasPrefix(slashed, "/Users/") || strings.HasPrefix(slashed, "/home/") {
		return path.Base(slashed)
	}
	return s
}

// wordAttribute: authors, their initials and the times of their changes; the numbers of
// the sittings in which a text was written; who may change a part (ECMA-376 part 1, 17).
func wordAttribute(element string, a xml.Attr, signed bool) (string, bool) {
	switch name := a.Name.Local; {
	case name == "author", name == "ed" && element == "permStart":
		return Hidden, true
	case signed && (name == "initials" || name == "date" || name == "dateUtc"), strings.HasPrefix(name, "rsid"):
		return "", false
	}
	return a.Value, true
}

// excelAttribute: who refreshed, changed, commented or made a scenario; where data came
// from; whose printer a sheet was set up for (ECMA-376 part 1, 18).
func excelAttribute(element string, a xml.Attr) (string, bool) {
	switch a.Name.Local {
	case "refreshedBy", "userName":
		return Hidden, true
	case "displayName":
		if element == "person" {
			return Hidden, true
		}
	case "userId", "providerId":
		return a.Value, element != "person"
	case "user":
		if element == "scenario" {
			return Hidden, true
		}
	case "name":
		if element == "userInfo" {
			return Hidden, true
		}
	case "dT", "securityDescriptor", "sourceFile", "odcFile":
		return "", false
	case "connection":
		if element == "dbPr" {
			return "", true
		}
	case "id":
		return a.Value, element != "pageSetup"
	}
	return a.Value, true
}
