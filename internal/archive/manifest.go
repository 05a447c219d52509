package archive

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The names of the files that every package has.
const (
	ManifestFile = "manifest.json"       // lists all files but itself and ProofFile
	ProofFile    = "manifest.tlog-proof" // proves that the record names the manifest
	IndexFile    = "index.html"
	ReadmeFile   = "README.txt"
)

// Act is the act of the record's entry that names the manifest of a round, ActFormer that
// of a programme's titles without a round, and FactManifest the fact in which its SHA-256
// stands, in hex.
const (
	Act          = "round.archive"
	ActFormer    = "programme.archive"
	FactManifest = "manifest"
)

// The form of the manifest.
const (
	Format  = "shifan-archive"
	Version = 1
)

// The bounds of a package, for whoever reads one that somebody else wrote.
const (
	FilesMost    = 1_000_000
	ManifestMost = 512 << 20 // bytes
	PathMost     = 200       // UTF-16 units of a path within the package: Windows takes 260 of a whole one
)

// Manifest says what is in a package.
type Manifest struct {
	Format    string `json:"format"`
	Version   int    `json:"version"`
	Round     string `json:"round"`     // its identifier, which the proof's entry names; empty: the programme's titles without a round
	Title     string `json:"title"`     // of the round
	Programme string `json:"programme"` // its name in the record
	Year      int    `json:"year"`      // of the round; where there is none, in which it was packed
	State     string `json:"state"`     // of the round, or of the programme, when it was packed
	Verifier  string `json:"verifier"`  // what the record's signatures verify with
	Entries   int64  `json:"entries"`   // of the record when it was packed
	Files     []File `json:"files"`     // in the order of their paths
}

// File is one file of a package.
type File struct {
	Path      string `json:"path"`                // from the package's folder, with slashes
	Size      int64  `json:"size"`                // bytes
	SHA256    string `json:"sha256"`              // in hex
	SM3       string `json:"sm3"`                 // GB/T 32905-2016, in hex
	Title     string `json:"title"`               // what it is, for people
	Thing     string `json:"thing,omitempty"`     // the identifier of what it belongs to
	Retention string `json:"retention,omitempty"` // 永久, 30年 or 10年; empty for what only serves the package
	Proven    *Claim `json:"proven,omitempty"`
}

// Claim says that a fact of a proved entry of the record is the SHA-256 of a file: that
// the file is what the record spoke of at that time.
type Claim struct {
	Proof string `json:"proof"` // path of the proof
	Fact  string `json:"fact"`  // the fact's name in the entry
}

// named is the act and the thing of the record's entry that names the manifest.
func (m Manifest) named() (act, thing string) {
	if m.Round == "" {
		return ActFormer, m.Programme
	}
	return Act, m.Round
}

// Text returns the manifest in its one form: JSON with two blanks of indentation, keys
// in the order of the fields, nothing escaped that need not be, and one line break at
// the end.
func (m Manifest) Text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// ParseManifest reads a manifest. It refuses one that Text would have written
// otherwise, and paths that do not stay in the package or that some machine could not
// keep apart.
func ParseManifest(text []byte) (m Manifest, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("archive: not a manifest: %w", err)
	}
	if m.Format != Format || m.Version != Version {
		return m, fmt.Errorf("archive: a manifest of the form %q %d, not %q %d", m.Format, m.Version, Format, Version)
	}
	again, err := m.Text()
	if err != nil || !bytes.Equal(again, text) {
		return m, fmt.Errorf("archive: a manifest that is not in its one form")
	}
	return m, m.check()
}

// check looks at the files that a manifest lists.
func (m Manifest) check() error {
	if len(m.Files) > FilesMost {
		return fmt.Errorf("archive: %d files, at most %d", len(m.Files), FilesMost)
	}
	folded := map[string]string{Fold(ManifestFile): ManifestFile, Fold(ProofFile): ProofFile}
	last := ""
	for _, f := range m.Files {
		if err := checkPath(f.Path); err != nil {
			return err
		}
		if f.Path <= last {
			return fmt.Errorf("archive: %q is not in the order of the paths", f.Path)
		}
		last = f.Path
		if other, there := folded[Fold(f.Path)]; there {
			return fmt.Errorf("archive: %q and %q are one file on some machines", other, f.Path)
		}
		folded[Fold(f.Path)] = f.Path
		if !isDigest(f.SHA256) || !isDigest(f.SM3) || f.Size < 0 {
			return fmt.Errorf("archive: %q has no digests", f.Path)
		}
	}
	return nil
}

// checkPath refuses a path that leaves the package or that Safe would not have made.
func checkPath(p string) error {
	if p == "" || path.Clean(p) != p || strings.HasPrefix(p, "/") || p == ".." || strings.HasPrefix(p, "../") || units(p) > PathMost {
		return fmt.Errorf("archive: a path %q", p)
	}
	for part := range strings.SplitSeq(p, "/") {
		if Safe(part) != part {
			return fmt.Errorf("archive: a name %q in a path", part)
		}
	}
	return nil
}

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && strings.ToLower(s) == s
}

// Fold makes names comparable that some machines take for one: without case, in one
// normal form.
func Fold(s string) string { return norm.NFC.String(strings.ToLower(norm.NFKC.String(s))) }

// units counts a text as Windows does.
func units(s string) (n int) {
	for _, r := range s {
		n++
		if r > 0xffff && r != utf8.RuneError {
			n++
		}
	}
	return n
}
