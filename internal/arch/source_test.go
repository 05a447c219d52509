package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// top is the module's folder, seen from this package.
const top = "../.."

// file is one Go file of the project, parsed.
type file struct {
	path string // below the module's folder
	text string
	tree *ast.File
	set  *token.FileSet
}

func (f file) test() bool      { return strings.HasSuffix(f.path, "_test.go") }
func (f file) generated() bool { return strings.HasSuffix(f.path, "_templ.go") }
func (f file) in(folders ...string) bool {
	return slices.ContainsFunc(folders, func(d string) bool { return strings.HasPrefix(f.path, d+"/") })
}

// sources parses every Go file of the project.
func sources(t *testing.T) []file {
	t.Helper()
	var all []file
	set := token.NewFileSet()
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "build") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(set, p, text, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, p)
		all = append(all, file{filepath.ToSlash(rel), string(text), tree, set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// calls lists the calls of a package's function, written pkg.Name, in a file.
func (f file) calls(pkg, name string) (at []token.Position) {
	ast.Inspect(f.tree, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok || s.Sel.Name != name {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && x.Name == pkg {
			at = append(at, f.set.Position(s.Pos()))
		}
		return true
	})
	return at
}

// TestForbiddenCalls keeps the clock and the context where they belong.
func TestForbiddenCalls(t *testing.T) {
	t.Parallel()
	forbidden := []struct {
		pkg, name, instead string
		except             []string
	}{
		{"time", "Now", "take the time from the desk's clock or as an argument", []string{"cmd/shifan"}},
		{"time", "Since", "take the time from the desk's clock", []string{"cmd/shifan"}},
		{"time", "Until", "take the time from the desk's clock", []string{"cmd/shifan"}},
		{"context", "Background", "pass the caller's context on", []string{"cmd/shifan", "internal/web", "internal/api", "internal/jobs", "internal/play"}},
		{"context", "TODO", "pass the caller's context on", nil},
		{"templ", "Raw", "let templ escape it", nil},
	}
	for _, f := range sources(t) {
		if f.test() || f.generated() || f.in("internal/testkit") {
			continue
		}
		for _, c := range forbidden {
			if f.in(c.except...) {
				continue
			}
			for _, at := range f.calls(c.pkg, c.name) {
				t.Errorf("%s:%d calls %s.%s: %s", f.path, at.Line, c.pkg, c.name, c.instead)
			}
		}
	}
}

// TestNoSelectStar keeps columns named.
func TestNoSelectStar(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.in("internal/store") && strings.Contains(strings.ToUpper(f.text), "SELECT *") {
			t.Errorf("%s selects *: name the columns", f.path)
		}
	}
}

// writers are the files of the store that may write rows: the tables, whose
// writes are sealed in the record, what keeps the record itself, and what puts a whole
// database with its record into its place.
var writers = []string{"internal/store/load.go", "internal/store/table.go", "internal/store/record.go", "internal/store/sequence.go", "internal/store/seal.go", "internal/store/dialect.go"}

// TestWritesGoThroughTables is the second half of rule 3: a statement that
// writes stands only where writes are sealed.
func TestWritesGoThroughTables(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if !f.in("internal/store") || f.test() || slices.Contains(writers, f.path) {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			s := strings.ToUpper(strings.TrimLeft(lit.Value, "`\" \n\t"))
			for _, verb := range []string{"INSERT INTO", "UPDATE ", "DELETE FROM"} {
				if strings.HasPrefix(s, verb) {
					t.Errorf("%s:%d writes outside the tables: %.40s", f.path, f.set.Position(lit.Pos()).Line, lit.Value)
				}
			}
			return true
		})
	}
}

// TestEverythingIsDocumented wants a comment on every package and every
// exported name.
func TestEverythingIsDocumented(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, f := range sources(t) {
		dir := filepath.Dir(f.path)
		if !f.test() {
			documented[dir] = documented[dir] || f.tree.Doc.Text() != ""
		}
		if f.test() || f.generated() {
			continue
		}
		for _, d := range f.tree.Decls {
			for _, name := range undocumented(d) {
				t.Errorf("%s:%d %s has no comment", f.path, f.set.Position(d.Pos()).Line, name)
			}
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

func undocumented(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc.Text() == "" && exportedReceiver(d) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc.Text() == "" && s.Doc.Text() == "" && s.Comment.Text() == "" {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc.Text() == "" && s.Doc.Text() == "" && s.Comment.Text() == "" {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if i, ok := n.(*ast.Ident); ok && name == "" {
			name = i.Name
		}
		return true
	})
	return ast.IsExported(name)
}

// The budgets of shape: what does not fit on one screen is not read.
const (
	functionMax   = 80
	functionMost  = 40 // nine functions in ten are no longer
	fileMax       = 500
	chapterMax    = 600
	chapterFolder = "internal/lifecycle/"
)

// TestBudgets keeps functions, files and chapters small enough to read.
func TestBudgets(t *testing.T) {
	t.Parallel()
	chapters := map[string]int{}
	var lengths []int
	for _, f := range sources(t) {
		if f.generated() {
			continue
		}
		lines := strings.Count(f.text, "\n")
		if lines > fileMax {
			t.Errorf("%s has %d lines; at most %d", f.path, lines, fileMax)
		}
		if f.test() {
			continue
		}
		if rest, ok := strings.CutPrefix(f.path, chapterFolder); ok && strings.Contains(rest, "/") {
			chapters[filepath.Dir(rest)] += codeLines(f.text)
		}
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				n := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line + 1
				lengths = append(lengths, n)
				if n > functionMax {
					t.Errorf("%s:%d %s has %d lines; at most %d", f.path, f.set.Position(fn.Pos()).Line, fn.Name.Name, n, functionMax)
				}
			}
		}
	}
	slices.Sort(lengths)
	if p90 := lengths[len(lengths)*9/10]; p90 > functionMost {
		t.Errorf("one function in ten is longer than %d lines; at most %d", p90, functionMost)
	}
	for c, n := range chapters {
		if n > chapterMax {
			t.Errorf("chapter %s has %d lines of code; at most %d", c, n, chapterMax)
		}
	}
}

// codeLines counts the lines that hold code: no blanks, no comments.
func codeLines(text string) (n int) {
	for line := range strings.Lines(text) {
		if s := strings.TrimSpace(line); s != "" && !strings.HasPrefix(s, "//") {
			n++
		}
	}
	return n
}
