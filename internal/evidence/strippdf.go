package evidence

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// stripPDF writes those objects of a PDF anew that its pages need, and nothing that only
// stands in the file: former versions, the information dictionary, XMP, the programs'
// own notes, names in annotations and signatures, which no longer fit anyway.
func (f *file) stripPDF(w *sink) error {
	onePDF.Lock()
	defer onePDF.Unlock()
	ctx, err := f.readPDF()
	if err != nil {
		return err
	}
	if ctx.Encrypt != nil || ctx.Root == nil {
		return errUnstripped
	}
	p := &pdfCopy{w: w, sum: sha256.New(), number: map[int]int{}}
	p.find = func(ref types.IndirectRef) (types.Object, error) { return ctx.Dereference(ref) }
	version := "1.7"
	if ctx.HeaderVersion != nil {
		version = ctx.HeaderVersion.String()
	}
	if err := p.say("%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n", version); err != nil {
		return err
	}
	root, err := p.clean(*ctx.Root, 0)
	if err != nil {
		return err
	}
	for n := 0; n < len(p.due); n++ { // cleaning one object finds others
		o, err := p.find(p.due[n])
		if err != nil {
			return err
		}
		if err := p.object(n+1, o); err != nil {
			return err
		}
	}
	return p.end(root)
}

// pdfCopy is a PDF that is being written.
type pdfCopy struct {
	w   *sink
	sum interface {
		io.Writer
		Sum([]byte) []byte
	} // of what is written
	find    func(types.IndirectRef) (types.Object, error)
	number  map[int]int         // of an object here, by its number there
	due     []types.IndirectRef // the objects in the order of their numbers here
	offsets []int64             // of those that are written
}

func (p *pdfCopy) say(format string, args ...any) error {
	_, err := fmt.Fprintf(io.MultiWriter(p.w, p.sum), format, args...)
	return err
}

// object writes one object.
func (p *pdfCopy) object(n int, o types.Object) error {
	p.offsets = append(p.offsets, p.w.at)
	data, isStream := o.(types.StreamDict)
	if isStream {
		if data.Raw == nil {
			return errCannotRead
		}
		var err error
		if data.Dict, data.Raw, err = strippedStream(data); err != nil {
			return err
		}
		o = data.Dict
	}
	cleaned, err := p.clean(o, 0)
	if err != nil {
		return err
	}
	if err := p.say("%d 0 obj\n%s\n", n, pdfString(cleaned)); err != nil {
		return err
	}
	if isStream {
		if err := p.say("stream\n"); err != nil {
			return err
		}
		if _, err := io.MultiWriter(p.w, p.sum).Write(data.Raw); err != nil {
			return err
		}
		if err := p.say("\nendstream\n"); err != nil {
			return err
		}
	}
	return p.say("endobj\n")
}

// end writes where the objects are. The file's identifier is made of what it holds.
func (p *pdfCopy) end(root types.Object) error {
	at := p.w.at
	if err := p.say("xref\n0 %d\n0000000000 65535 f \n", len(p.offsets)+1); err != nil {
		return err
	}
	for _, o := range p.offsets {
		if err := p.say("%010d 00000 n \n", o); err != nil {
			return err
		}
	}
	name := hex.EncodeToString(p.sum.Sum(nil)[:16])
	return p.say("trailer\n<</ID[<%s><%s>]/Root %s/Size %d>>\nstartxref\n%d\n%%%%EOF\n", name, name, root.PDFString(), len(p.offsets)+1, at)
}

// pdfString is an object as it is written; pdfcpu leaves null to its containers.
func pdfString(o types.Object) string {
	if o == nil {
		return "null"
	}
	return o.PDFString()
}

// pdfDepth is how deep objects may lie in one another.
const pdfDepth = 200

// clean returns a copy of an object without what is to stay behind, its references
// those of the copy.
func (p *pdfCopy) clean(o types.Object, depth int) (types.Object, error) {
	if depth > pdfDepth {
		return nil, errUnstripped
	}
	switch o := o.(type) {
	case types.IndirectRef:
		there, err := p.find(o)
		if err != nil || there == nil {
			return nil, err
		}
		key := o.ObjectNumber.Value()
		if p.number[key] == 0 {
			p.due = append(p.due, o)
			p.number[key] = len(p.due)
		}
		return *types.NewIndirectRef(p.number[key], 0), nil
	case types.Array:
		out := types.Array{}
		for _, v := range o {
			c, err := p.clean(v, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
		return out, nil
	case types.Dict:
		out := types.Dict{}
		for k, v := range o { // the order in which objects are found gives them their numbers
			out[k] = v
		}
		for _, k := range sortedKeys(o) {
			telling, err := p.telling(o, k)
			if err != nil {
				return nil, err
			}
			if telling {
				delete(out, k)
				continue
			}
			if out[k], err = p.clean(o[k], depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case types.StreamDict, types.ObjectStreamDict, types.XRefStreamDict:
		return nil, errUnstripped // a stream is never in another object
	}
	return o, nil
}

func sortedKeys(d types.Dict) (keys []string) {
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// tellingKeys name what a PDF tells of persons, programs and machines wherever they
// stand (ISO 32000-2): metadata (14.3.2), page-piece and web-capture data (14.5, 14.10),
// what a layer was made with (8.11.2), thumbnails (12.3.4), paths of pictures (14.11.7),
// and rights and long-term proofs of signatures (12.8).
var tellingKeys = []string{
	"Metadata", "PieceInfo", "LastModified", "CreatorInfo", "SpiderInfo", "Thumb", "OPI", "Perms", "DSS", "SigFlags",
	"IDS", "URLS", "AF",
}

// elsewhere are actions that may lead into another file.
var elsewhere = []string{"GoToR", "Launch", "Thread"}

// telling reports whether an entry of a dictionary stays behind.
func (p *pdfCopy) telling(d types.Dict, key string) (bool, error) {
	if slices.Contains(tellingKeys, key) || strings.HasPrefix(key, "PTEX.") {
		return true, nil
	}
	subtype := nameIn(d, "Subtype")
	annotation := d["Rect"] != nil && subtype != "" && subtype != "Widget"
	switch key {
	case "T", "M", "CreationDate": // an annotation's author and times (12.5.6.2); elsewhere a name
		return annotation, nil
	case "I": // the information of an article (12.4.3)
		return nameIn(d, "Type") == "Thread", nil
	case "A": // what leads to another file, by its place on somebody's machine (12.6.4.3)
		a, err := p.dict(d[key])
		return slices.Contains(elsewhere, nameIn(a, "S")) && a["F"] != nil, err
	case "F":
		return slices.Contains(elsewhere, nameIn(d, "S")), nil
	case "V", "Lock", "SV": // the signature of a field (12.7.5.5)
		if nameIn(d, "FT") == "Sig" {
			return true, nil
		}
		v, err := p.dict(d[key])
		return key == "V" && v["ByteRange"] != nil, err
	}
	return false, nil
}

// dict returns the dictionary that an object is or refers to; nil when it is none.
func (p *pdfCopy) dict(o types.Object) (types.Dict, error) {
	if ref, ok := o.(types.IndirectRef); ok {
		var err error
		if o, err = p.find(ref); err != nil {
			return nil, err
		}
	}
	d, _ := o.(types.Dict)
	return d, nil
}

func nameIn(d types.Dict, key string) string {
	n, _ := d[key].(types.Name)
	return string(n)
}

// strippedStream returns a stream with its true length, and of a photograph what stays
// of its file.
func strippedStream(s types.StreamDict) (types.Dict, []byte, error) {
	d, raw := types.Dict{}, s.Raw
	for k, v := range s.Dict {
		if k != "F" && k != "FFilter" && k != "FDecodeParms" { // data in another file
			d[k] = v
		}
	}
	var filters []string
	for _, f := range s.FilterPipeline {
		filters = append(filters, f.Name)
	}
	if n := len(filters); n > 0 && filters[n-1] == "DCTDecode" && tellsMore(raw, filters) {
		if n > 1 {
			unpacked, err := unpackedPhotograph(raw, filters)
			if err != nil {
				return nil, nil, err
			}
			raw = unpacked
			parms, err := lastOf(s.Dict["DecodeParms"], n)
			if err != nil {
				return nil, nil, err
			}
			d["Filter"] = types.Name("DCTDecode")
			if delete(d, "DecodeParms"); parms != nil {
				d["DecodeParms"] = parms
			}
		}
		var out bytes.Buffer
		if err := (&file{ReaderAt: bytes.NewReader(raw), size: int64(len(raw))}).stripJPG(&out); err != nil {
			return nil, nil, err
		}
		raw = out.Bytes()
	}
	if slices.Contains(filters, "JPXDecode") && bytes.Contains(raw, []byte("<x:xmpmeta")) {
		return nil, nil, errUnstripped
	}
	d["Length"] = types.Integer(len(raw))
	return d, raw, nil
}

// tellsMore reports whether a photograph may say more than its picture: it does, or it
// is packed once more and cannot be looked at as it is.
func tellsMore(raw []byte, filters []string) bool { return len(filters) > 1 || telltale(raw) }

// telltale reports whether a picture's file holds what cameras and programs write.
func telltale(raw []byte) bool {
	for _, s := range []string{"Exif\x00\x00", "http://ns.adobe.com/", "Photoshop 3.0", "<x:xmpmeta", "\xff\xfe"} {
		if bytes.Contains(raw, []byte(s)) {
			return true
		}
	}
	return false
}

// unpackedPhotograph unpacks a photograph that was packed once more.
func unpackedPhotograph(raw []byte, filters []string) ([]byte, error) {
	if len(filters) != 2 || filters[0] != "FlateDecode" {
		return nil, errUnstripped
	}
	z, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, errCannotRead
	}
	b, err := io.ReadAll(io.LimitReader(z, streamMost+1))
	if err != nil || len(b) > streamMost {
		return nil, errUnstripped
	}
	return b, nil
}

// lastOf returns the last filter's parameters of a list of n.
func lastOf(o types.Object, n int) (types.Object, error) {
	switch o := o.(type) {
	case nil:
		return nil, nil
	case types.Array:
		if len(o) == n {
			return o[n-1], nil
		}
	}
	return nil, errUnstripped
}
