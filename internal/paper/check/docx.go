package check

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"strconv"
	"strings"
)

// node is an element of a part of a DOCX.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Kids    []node     `xml:",any"`
	Text    string     `xml:",chardata"`
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// kid is the first element of a name below; nil when there is none.
func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	for i := range n.Kids {
		if n.Kids[i].XMLName.Local == name {
			return &n.Kids[i]
		}
	}
	return nil
}

// traits are what an element says of paragraphs or characters: "jc", "ind.left", "sz".
type traits map[string]string

// take adds what pPr or rPr says.
func (t traits) take(n *node) {
	if n == nil {
		return
	}
	for _, k := range n.Kids {
		name := k.XMLName.Local
		switch name {
		case "rFonts", "ind", "spacing", "pBdr":
			for _, a := range k.Attrs {
				t[name+"."+a.Name.Local] = a.Value
			}
			if b := k.kid("bottom"); b != nil {
				t["rule"], t["rule.colour"] = b.attr("val"), b.attr("color")
			}
			if b := k.kid("top"); b != nil {
				t["ruleAbove"], t["ruleAbove.colour"] = b.attr("val"), b.attr("color")
			}
		default:
			v := k.attr("val")
			if v == "" {
				v = "1"
			}
			t[name] = v
		}
	}
}

// number reads a trait in twips.
func (t traits) number(name string) float64 {
	v, err := strconv.ParseFloat(t[name], 64)
	if err != nil {
		return 0
	}
	return v
}

// style is a style with all that it is based on.
type style struct{ paragraph, run traits }

// passage is a paragraph of a DOCX with what holds for it.
type passage struct {
	text    string
	format  traits
	runs    []traits // of each run with text, in the order of the text
	sizes   map[float64]int
	fonts   map[string]int
	first   string // the font of the first character
	inTable bool
	breaks  bool // begins a page
	page    bool // has the field of the page's number
}

func (p passage) size() float64 { return most(p.sizes) }
func (p passage) font() string  { return most(p.fonts) }
func (p passage) centred() bool { return p.format["jc"] == "center" }

func (p passage) red() bool {
	if len(p.runs) == 0 {
		return false
	}
	return redHex(p.runs[0]["color"])
}

// redHex reports whether RRGGBB is a red.
func redHex(s string) bool {
	v, err := strconv.ParseUint(s, 16, 32)
	return err == nil && len(s) == 6 && reddish(uint(v>>16), uint(v>>8&255), uint(v&255))
}

func reddish(r, g, b uint) bool { return r > 140 && g < 90 && b < 90 }

// docxFile is a DOCX taken to pieces.
type docxFile struct {
	Report
	styles   map[string]style
	base     style // what holds for all
	usual    string
	text     []passage
	sections []*node
	parts    map[string]*node
	links    map[string]string // parts by the names of relations
	facing   bool
}

const partMost = 32 << 20 // bytes of a part of a DOCX

func measureDOCX(z *zip.Reader) (*Report, error) {
	f := &docxFile{Report: Report{Format: "docx"}, styles: map[string]style{}, parts: map[string]*node{}, links: map[string]string{}}
	for _, e := range z.File {
		if e.Name == "EncryptedPackage" {
			return nil, ErrLocked
		}
		if strings.HasPrefix(e.Name, "word/") && (strings.HasSuffix(e.Name, ".xml") || strings.HasSuffix(e.Name, ".rels")) && strings.Count(e.Name, "/") <= 2 {
			n, err := readPart(e)
			if err != nil {
				return nil, ErrBroken
			}
			f.parts[e.Name] = n
		}
	}
	body := f.parts["word/document.xml"].kid("body")
	if body == nil {
		return nil, ErrKind
	}
	if rels := f.parts["word/_rels/document.xml.rels"]; rels != nil {
		for _, k := range rels.Kids {
			f.links[k.attr("Id")] = "word/" + strings.TrimPrefix(k.attr("Target"), "/word/")
		}
	}
	f.facing = f.parts["word/settings.xml"].kid("evenAndOddHeaders") != nil
	f.readStyles()
	f.passages(body, false, &f.text)
	if s := body.kid("sectPr"); s != nil {
		f.sections = append(f.sections, s)
	}
	if len(f.sections) == 0 {
		return nil, ErrBroken
	}
	words := false
	for _, p := range f.text {
		words = words || p.text != ""
	}
	if !words {
		return nil, ErrScan
	}
	f.measure()
	return &f.Report, nil
}

func readPart(e *zip.File) (*node, error) {
	r, err := e.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	if e.UncompressedSize64 > partMost {
		return nil, errors.New("too long")
	}
	var n node
	return &n, xml.NewDecoder(io.LimitReader(r, partMost)).Decode(&n)
}

// readStyles reads the styles, each with what it is based on.
func (f *docxFile) readStyles() {
	f.base = style{traits{}, traits{}}
	sheet := f.parts["word/styles.xml"]
	if sheet == nil {
		return
	}
	defaults := sheet.kid("docDefaults")
	f.base.paragraph.take(defaults.kid("pPrDefault").kid("pPr"))
	f.base.run.take(defaults.kid("rPrDefault").kid("rPr"))
	all := map[string]*node{}
	for i := range sheet.Kids {
		k := &sheet.Kids[i]
		if k.XMLName.Local == "style" {
			all[k.attr("styleId")] = k
			if k.attr("type") == "paragraph" && k.attr("default") == "1" {
				f.usual = k.attr("styleId")
			}
		}
	}
	var read func(id string, depth int) style
	read = func(id string, depth int) style {
		n := all[id]
		if n == nil || depth > 20 {
			return style{maps.Clone(f.base.paragraph), maps.Clone(f.base.run)}
		}
		s := style{maps.Clone(f.base.paragraph), maps.Clone(f.base.run)}
		if on := n.kid("basedOn"); on != nil {
			s = read(on.attr("val"), depth+1)
		}
		s.paragraph.take(n.kid("pPr"))
		s.run.take(n.kid("rPr"))
		return s
	}
	for id := range all {
		f.styles[id] = read(id, 0)
	}
}

// passages reads the paragraphs below an element.
func (f *docxFile) passages(n *node, inTable bool, to *[]passage) {
	for i := range n.Kids {
		switch k := &n.Kids[i]; k.XMLName.Local {
		case "p":
			*to = append(*to, f.passage(k, inTable))
			if s := k.kid("pPr").kid("sectPr"); s != nil {
				f.sections = append(f.sections, s)
			}
		case "tbl", "tr", "tc":
			f.passages(k, true, to)
		case "sdt", "sdtContent", "ins", "smartTag":
			f.passages(k, inTable, to)
		}
	}
}

func (f *docxFile) passage(n *node, inTable bool) passage {
	about := n.kid("pPr")
	id := f.usual
	if s := about.kid("pStyle"); s != nil {
		id = s.attr("val")
	}
	s, known := f.styles[id]
	if !known {
		s = f.base
	}
	p := passage{format: maps.Clone(s.paragraph), inTable: inTable, sizes: map[float64]int{}, fonts: map[string]int{}}
	p.format.take(about)
	p.breaks = p.format["pageBreakBefore"] != "" && p.format["pageBreakBefore"] != "0"
	var text strings.Builder
	f.runs(n, s.run, &p, &text)
	p.text = strings.TrimSpace(text.String())
	return p
}

// runs reads the runs below an element.
func (f *docxFile) runs(n *node, like traits, p *passage, text *strings.Builder) {
	for i := range n.Kids {
		k := &n.Kids[i]
		switch k.XMLName.Local {
		case "r":
			t := maps.Clone(like)
			about := k.kid("rPr")
			if s := about.kid("rStyle"); s != nil {
				if own, known := f.styles[s.attr("val")]; known {
					maps.Copy(t, own.run)
				}
			}
			t.take(about)
			before := text.Len()
			for _, c := range k.Kids {
				switch c.XMLName.Local {
				case "t":
					text.WriteString(c.Text)
				case "tab":
					text.WriteByte(' ')
				case "instrText":
					p.page = p.page || strings.Contains(c.Text, "PAGE") && !strings.Contains(c.Text, "NUMPAGES")
				}
			}
			if n := len([]rune(text.String()[before:])); n > 0 {
				size, font := t.number("sz")/2, t["rFonts.eastAsia"]
				if size == 0 {
					size = 10
				}
				if len(p.runs) == 0 {
					p.first = font
				}
				p.runs = append(p.runs, t)
				p.sizes[size] += n
				p.fonts[font] += n
			}
		case "hyperlink", "ins", "smartTag", "sdt", "sdtContent":
			f.runs(k, like, p, text)
		case "fldSimple":
			p.page = p.page || strings.Contains(k.attr("instr"), "PAGE")
			f.runs(k, like, p, text)
		}
	}
}
