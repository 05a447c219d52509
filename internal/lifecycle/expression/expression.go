// Package expression compiles and decides the conditions that a programme's file
// writes down, such as
//
//	org.评估等级 >= 3 and org.评估等级有效
//
// in the language of expr-lang. Beyond yes and no it knows facts that are not
// known: an expression is cut at its outermost and, or and not, and an unknown
// fact spoils only the part that reads it. A penalty too many fails whether the
// grade is known or not.
package expression

import (
	"errors"
	"reflect"
	"slices"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Verdict is what an expression says.
type Verdict string

// The verdicts, from good to bad.
const (
	Meets    Verdict = "meets"    // 符合: it holds
	Pending  Verdict = "pending"  // 暂无结论: what decides it is still to come
	Doubtful Verdict = "doubtful" // 存疑: a person has to judge
	Fails    Verdict = "fails"    // 不符合: it does not hold
)

// Word returns the verdict as people read it.
func (v Verdict) Word() string {
	return map[Verdict]string{Meets: "符合", Pending: "暂无结论", Doubtful: "存疑", Fails: "不符合"}[v]
}

// Worse returns the graver of two verdicts.
func (v Verdict) Worse(w Verdict) Verdict {
	order := []Verdict{Meets, Pending, Doubtful, Fails}
	return order[max(slices.Index(order, v), slices.Index(order, w), 0)]
}

// Expression is a compiled expression.
type Expression struct {
	Reads []string // the facts it reads, in order
	op    string   // "and", "or", "not"; "" for a part that is run as it is
	parts []*Expression
	run   *vm.Program
}

// Error is a slip in an expression, at a rune of it.
type Error struct {
	At  int    // how many runes stand before it
	Say string // what the compiler said, in English
}

// Error implements error.
func (e *Error) Error() string { return e.Say }

// programs keeps what was compiled: expressions are few and frozen.
var programs sync.Map // key → *Expression

type key struct {
	source string
	env    reflect.Type
}

// Compile compiles an expression over an environment whose one name is root, so
// that facts are written root.fact. It must yield true or false.
func Compile(source string, env any, root string) (*Expression, *Error) {
	k := key{source, reflect.TypeOf(env)}
	if c, ok := programs.Load(k); ok {
		return c.(*Expression), nil
	}
	c, err := compile(source, root, []expr.Option{
		expr.Env(env), expr.AsBool(), expr.MaxNodes(200),
		// What depends on the day, or makes much of little, has no place in a condition.
		expr.DisableBuiltin("now"), expr.DisableBuiltin("repeat"), expr.DisableBuiltin("date"), expr.DisableBuiltin("duration"), expr.DisableBuiltin("timezone"),
	})
	if err != nil {
		if wrong, ok := errors.AsType[*file.Error](err); ok {
			return nil, &Error{At: wrong.From, Say: wrong.Message}
		}
		if wrong, ok := errors.AsType[*Error](err); ok {
			return nil, wrong
		}
		return nil, &Error{Say: err.Error()}
	}
	programs.Store(k, c)
	return c, nil
}

func compile(source, root string, options []expr.Option) (*Expression, error) {
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, err
	}
	// The whole first: its positions are those of the source.
	if _, err := expr.Compile(source, options...); err != nil {
		return nil, err
	}
	if _, bare := reads(tree.Node, root); len(bare) > 0 {
		return nil, &Error{At: bare[0].Location().From, Say: "write " + root + ". and the name of a fact"}
	}
	return cut(tree.Node, root, options)
}

func cut(n ast.Node, root string, options []expr.Option) (e *Expression, err error) {
	e = &Expression{}
	e.Reads, _ = reads(n, root)
	var parts []ast.Node
	switch n := n.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			e.op, parts = "and", []ast.Node{n.Left, n.Right}
		case "or", "||":
			e.op, parts = "or", []ast.Node{n.Left, n.Right}
		}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			e.op, parts = "not", []ast.Node{n.Node}
		}
	}
	for _, p := range parts {
		part, err := cut(p, root, options)
		if err != nil {
			return nil, err
		}
		e.parts = append(e.parts, part)
	}
	if e.op == "" {
		e.run, err = expr.Compile(n.String(), options...)
	}
	return e, err
}

// reader collects the facts that an expression reads, and the names that are no
// fact: the root alone, the whole environment, names of its own. They are
// refused, because from them nobody could tell which facts are read.
type reader struct {
	root  string
	names []string
	bare  []ast.Node
}

// Visit implements ast.Visitor. Children come before their parents.
func (r *reader) Visit(n *ast.Node) {
	switch m := (*n).(type) {
	case *ast.MemberNode:
		name, named := m.Property.(*ast.StringNode)
		if of, ok := m.Node.(*ast.IdentifierNode); ok && of.Value == r.root && named {
			r.bare = slices.DeleteFunc(r.bare, func(b ast.Node) bool { return b == m.Node })
			if !slices.Contains(r.names, name.Value) {
				r.names = append(r.names, name.Value)
			}
		}
	case *ast.IdentifierNode, *ast.VariableDeclaratorNode:
		r.bare = append(r.bare, *n)
	}
}

func reads(n ast.Node, root string) (names []string, bare []ast.Node) {
	r := reader{root: root}
	ast.Walk(&n, &r)
	return r.names, r.bare
}

// Decide says Meets or Fails, or the gravest verdict of the unknown facts that
// it hangs on. unknown returns the verdict of a fact that is not known, and ""
// for one that is.
func (e *Expression) Decide(env any, unknown func(name string) Verdict) (Verdict, error) {
	if e.op == "" {
		return e.runOn(env, unknown)
	}
	all := make([]Verdict, len(e.parts))
	for i, p := range e.parts {
		v, err := p.Decide(env, unknown)
		if err != nil {
			return v, err
		}
		all[i] = v
	}
	switch e.op {
	case "and":
		return all[0].Worse(all[1]), nil
	case "or":
		return all[0].not().Worse(all[1].not()).not(), nil
	}
	return all[0].not(), nil
}

// not swaps Meets and Fails and leaves what is not known.
func (v Verdict) not() Verdict {
	switch v {
	case Meets:
		return Fails
	case Fails:
		return Meets
	default:
		return v
	}
}

func (e *Expression) runOn(env any, unknown func(string) Verdict) (Verdict, error) {
	v := Meets
	for _, n := range e.Reads {
		if u := unknown(n); u != "" {
			v = v.Worse(u)
		}
	}
	if v != Meets {
		return v, nil
	}
	out, err := expr.Run(e.run, env)
	if err != nil {
		return Doubtful, err
	}
	if out != true {
		return Fails, nil
	}
	return Meets, nil
}
