package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"shifan/internal/paper/font"
)

// writer lays out objects one after another.
type writer struct {
	out bytes.Buffer
	at  []int // where each object begins, by number; 0 is none
	z   *zlib.Writer
}

func (w *writer) reserve() int {
	w.at = append(w.at, 0)
	return len(w.at)
}

func (w *writer) object(n int, body string) {
	w.at[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n%s\nendobj\n", n, body)
}

func (w *writer) add(body string) int {
	n := w.reserve()
	w.object(n, body)
	return n
}

func (w *writer) stream(dict string, content []byte) (int, error) {
	var b bytes.Buffer
	if w.z == nil {
		z, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
		if err != nil {
			return 0, err
		}
		w.z = z
	}
	w.z.Reset(&b) // a new one would clear a megabyte each time
	if _, err := w.z.Write(content); err != nil {
		return 0, err
	}
	if err := w.z.Close(); err != nil {
		return 0, err
	}
	n := w.reserve()
	w.at[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n", n, dict, b.Len())
	w.out.Write(b.Bytes())
	w.out.WriteString("\nendstream\nendobj\n")
	return n, nil
}

// text writes a string of any characters.
func text(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}

func date(t time.Time) string {
	zone := t.Format("-07'00'")
	return "(D:" + t.Format("20060102150405") + zone + ")"
}

// Bytes ends the file and returns it.
func (f *File) Bytes() ([]byte, error) {
	w := &writer{}
	w.out.WriteString("%PDF-1.7\n%\xe7\xa4\xba\xe8\x8c\x83\n")
	catalog, tree := w.reserve(), w.reserve()
	fonts, err := f.writeFonts(w)
	if err != nil {
		return nil, err
	}
	pages := make([]int, len(f.pages))
	for i, p := range f.pages {
		body, err := w.stream("", p.out.Bytes())
		if err != nil {
			return nil, err
		}
		var used strings.Builder
		for _, t := range f.fonts {
			if p.used[t] {
				fmt.Fprintf(&used, "/%s %d 0 R", t.name, fonts[t])
			}
		}
		pages[i] = w.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]%s/Contents %d 0 R/Resources<</Font<<%s>>>>/StructParents %d/Tabs/S>>",
			tree, number(p.width), number(p.height), p.cut(), body, used.String(), i))
	}
	w.object(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), references(pages)))
	structure := f.writeStructure(w, pages)
	extra := f.writeOutline(w, pages)
	attached, err := f.writeFiles(w)
	if err != nil {
		return nil, err
	}
	w.object(catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(zh-CN)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot %d 0 R%s%s>>",
		tree, structure, extra, attached))
	info := w.add(fmt.Sprintf("<</Title%s/Author%s/Subject%s/Creator(shifan)/Producer(shifan)/CreationDate%s/ModDate%s>>",
		text(f.info.Title), text(f.info.Author), text(f.info.Subject), date(f.info.Created), date(f.info.Created)))
	return w.end(catalog, info), nil
}

// cut says where a page is cut.
func (p *Page) cut() string {
	if p.trim == nil {
		return ""
	}
	box := func(b *[4]float64) string {
		return "[" + number(b[0]) + " " + number(b[1]) + " " + number(b[2]) + " " + number(b[3]) + "]"
	}
	return "/TrimBox" + box(p.trim) + "/BleedBox" + box(p.bleed)
}

func (w *writer) end(catalog, info int) []byte {
	sum := sha256.Sum256(w.out.Bytes())
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.at)+1)
	for _, at := range w.at {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n", len(w.at)+1, catalog, info, sum[:16], sum[:16], start)
	return w.out.Bytes()
}

func references(all []int) string {
	var b strings.Builder
	for _, n := range all {
		fmt.Fprintf(&b, "%d 0 R ", n)
	}
	return b.String()
}

func (f *File) writeFonts(w *writer) (map[*face]int, error) {
	numbers := map[*face]int{}
	for _, t := range f.fonts {
		n, err := writeFont(w, t.subset)
		if err != nil {
			return nil, fmt.Errorf("embed %s: %w", t.subset.Font.Name, err)
		}
		numbers[t] = n
	}
	return numbers, nil
}

func writeFont(w *writer, s *font.Subset) (int, error) {
	shown := s.Len()
	b, err := s.Bytes()
	if err != nil {
		return 0, err
	}
	file, err := w.stream(fmt.Sprintf("/Length1 %d", len(b)), b)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(b)
	name := make([]byte, 6)
	for i := range name {
		name[i] = 'A' + sum[i]%26
	}
	// The box of a character is its em, as the standard measures it: 0.88 above the
	// line and 0.12 below.
	full := string(name) + "+" + s.Font.Name
	em := func(v int) string { return number(float64(v) * 1000 / float64(s.Font.Em)) }
	describe := w.add(fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%s %s %s %s]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight %s/StemV 80/FontFile2 %d 0 R>>",
		full, em(s.Font.Box[0]), em(s.Font.Box[1]), em(s.Font.Box[2]), em(s.Font.Box[3]), em(s.Font.CapHeight), file))
	var widths strings.Builder
	for n := range shown {
		widths.WriteString(number(s.Advance(uint16(n))) + " ")
	}
	below := w.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 1000/W[0[%s]]>>",
		full, describe, strings.TrimSpace(widths.String())))
	signs, err := w.stream("", unicodes(s, shown))
	if err != nil {
		return 0, err
	}
	return w.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", full, below, signs)), nil
}

// unicodes maps the numbers of glyphs back to characters, for finding and copying.
func unicodes(s *font.Subset, shown int) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	var lines []string
	for n := range shown {
		if r := s.Sign(uint16(n)); r != 0 {
			t := text(string(r))
			lines = append(lines, fmt.Sprintf("<%04X> <%s", n, t[len("<FEFF"):]))
		}
	}
	for len(lines) > 0 {
		n := min(len(lines), 100)
		fmt.Fprintf(&b, "%d beginbfchar\n%s\nendbfchar\n", n, strings.Join(lines[:n], "\n"))
		lines = lines[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// writeStructure writes the elements and says which piece of which page belongs
// to which.
func (f *File) writeStructure(w *writer, pages []int) int {
	root := w.reserve()
	var number func(e *Element)
	number = func(e *Element) {
		e.number = w.reserve()
		for _, k := range e.kids {
			number(k)
		}
	}
	number(f.Root)
	var write func(e *Element)
	write = func(e *Element) {
		parent := root
		if e.parent != nil {
			parent = e.parent.number
		}
		var kids strings.Builder
		for _, m := range e.marked {
			fmt.Fprintf(&kids, "<</Type/MCR/Pg %d 0 R/MCID %d>>", pages[m.page], m.id)
		}
		for _, k := range e.kids {
			fmt.Fprintf(&kids, "%d 0 R ", k.number)
		}
		alt := ""
		if e.alt != "" {
			alt = "/Alt" + text(e.alt)
		}
		if e.tag == "TH" {
			alt += "/A<</O/Table/Scope/Column>>"
		}
		w.object(e.number, fmt.Sprintf("<</Type/StructElem/S/%s/P %d 0 R%s/K[%s]>>", e.tag, parent, alt, kids.String()))
		for _, k := range e.kids {
			write(k)
		}
	}
	write(f.Root)
	var owners strings.Builder
	for i, p := range f.pages {
		var all []int
		for _, e := range p.owners {
			all = append(all, e.number)
		}
		fmt.Fprintf(&owners, "%d[%s]", i, references(all))
	}
	w.object(root, fmt.Sprintf("<</Type/StructTreeRoot/K %d 0 R/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>", f.Root.number, owners.String(), len(f.pages)))
	return root
}

// writeOutline writes the bookmarks and returns what the catalogue says of them.
func (f *File) writeOutline(w *writer, pages []int) string {
	if len(f.marks) == 0 {
		return ""
	}
	root := w.reserve()
	numbers := make([]int, len(f.marks))
	for i := range f.marks {
		numbers[i] = w.reserve()
	}
	parent := func(i int) int {
		for j := i - 1; j >= 0; j-- {
			if f.marks[j].level < f.marks[i].level {
				return j
			}
		}
		return -1
	}
	children := map[int][]int{}
	for i := range f.marks {
		children[parent(i)] = append(children[parent(i)], i)
	}
	for i, m := range f.marks {
		up, above := parent(i), root
		if up >= 0 {
			above = numbers[up]
		}
		rest := ""
		for k, j := range children[up] {
			if j != i {
				continue
			}
			if k > 0 {
				rest += fmt.Sprintf("/Prev %d 0 R", numbers[children[up][k-1]])
			}
			if k+1 < len(children[up]) {
				rest += fmt.Sprintf("/Next %d 0 R", numbers[children[up][k+1]])
			}
		}
		if c := children[i]; len(c) > 0 {
			rest += fmt.Sprintf("/First %d 0 R/Last %d 0 R/Count -%d", numbers[c[0]], numbers[c[len(c)-1]], len(c))
		}
		w.object(numbers[i], fmt.Sprintf("<</Title%s/Parent %d 0 R/Dest[%d 0 R/XYZ null %s null]%s>>", text(m.title), above, pages[m.page], number(m.y), rest))
	}
	top := children[-1]
	w.object(root, fmt.Sprintf("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", numbers[top[0]], numbers[top[len(top)-1]], len(top)))
	return fmt.Sprintf("/Outlines %d 0 R/PageMode/UseOutlines", root)
}

func (f *File) writeFiles(w *writer) (string, error) {
	var names, all strings.Builder
	for _, a := range f.files {
		n, err := w.stream(fmt.Sprintf("/Type/EmbeddedFile/Subtype/%s/Params<</Size %d>>", strings.ReplaceAll(a.media, "/", "#2F"), len(a.content)), a.content)
		if err != nil {
			return "", err
		}
		spec := w.add(fmt.Sprintf("<</Type/Filespec/F%s/UF%s/Desc%s/AFRelationship/Data/EF<</F %d 0 R/UF %d 0 R>>>>", text(a.name), text(a.name), text(a.about), n, n))
		fmt.Fprintf(&names, "%s %d 0 R ", text(a.name), spec)
		fmt.Fprintf(&all, "%d 0 R ", spec)
	}
	if names.Len() == 0 {
		return "", nil
	}
	return fmt.Sprintf("/Names<</EmbeddedFiles<</Names[%s]>>>>/AF[%s]", names.String(), all.String()), nil
}
