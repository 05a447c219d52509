package programme

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"shifan/internal/calendar"
)

// Resolve returns the days that the window means for one organisation: back from
// the filing deadline, and no further than its registration (facts.md §2.5). A
// rule that looks at no time gets the zero span, one that looks at the deadline
// that one day.
func (w Window) Resolve(deadline, registered calendar.Date) calendar.Span {
	switch w.Kind {
	case "months_back":
		return calendar.MonthsBack(deadline, w.Length).Since(registered)
	case "complete_years":
		return calendar.CompleteYears(deadline, w.Length).Since(registered)
	case "at_deadline":
		return calendar.Span{From: deadline, To: deadline}
	}
	return calendar.Span{}
}

// Finding is a rule applied to one organisation.
type Finding struct {
	Rule    Rule
	Verdict Verdict
	Window  calendar.Span // the days it looked at; zero when it looks at none
	Inputs  []Input       // what it read, in the order of the expressions
	Say     string        // the rule's message unless it is met; why nothing is known
}

// Input is one fact that a rule read.
type Input struct {
	Name string // 评估等级
	Said string // 3
}

// Judge applies the rule to the facts of its window. Expr says what must hold;
// when it does, Doubt may still ask for a person (存疑) and Wait may say that the
// conclusion is to come (暂无结论). Where a fact is unknown, and, or and not are
// decided by the other side when that suffices: a penalty too many fails whether
// the grade is known or not.
func (r Rule) Judge(f Facts, w calendar.Span) Finding {
	found := Finding{Rule: r, Verdict: Meets, Window: w}
	for _, part := range []struct {
		source string
		holds  Verdict // what follows when it holds
		not    Verdict // and when it does not
	}{{r.Expr, Meets, Fails}, {r.Doubt, Doubtful, Meets}, {r.Wait, Pending, Meets}} {
		if part.source == "" {
			continue
		}
		c, err := compile(part.source)
		if err != nil {
			return found.broken(err)
		}
		v, err := c.decide(f)
		if err != nil {
			return found.broken(err)
		}
		switch v {
		case Meets:
			v = part.holds
		case Fails:
			v = part.not
		}
		found.Verdict = found.Verdict.worse(v)
		found.add(f, c.reads)
	}
	found.explain(f)
	return found
}

// broken leaves to a person what could not be computed, such as the first of a
// list that is empty.
func (f Finding) broken(err error) Finding {
	f.Verdict, f.Say = Doubtful, fmt.Sprintf("这一条算不出来（%s），须由人工核对。", strings.SplitN(err.Error(), "\n", 2)[0])
	return f
}

// add lists what was read, each fact once.
func (f *Finding) add(facts Facts, names []string) {
	for _, n := range names {
		if slices.ContainsFunc(f.Inputs, func(i Input) bool { return i.Name == n }) {
			continue
		}
		said := say(facts.value(n))
		if u, unknown := facts.Unknown[n]; unknown {
			said = u.Verdict.Word()
		}
		f.Inputs = append(f.Inputs, Input{n, said})
	}
}

// explain gives the sentence that goes with the verdict.
func (f *Finding) explain(facts Facts) {
	if f.Verdict == Meets {
		return
	}
	f.Say = f.Rule.Message
	for _, in := range f.Inputs {
		if u, unknown := facts.Unknown[in.Name]; unknown && u.Verdict == f.Verdict && u.Why != "" {
			f.Say = u.Why
			return
		}
	}
}

// compiled is an expression cut at its outermost and, or and not, so that an
// unknown fact spoils only the part that reads it.
type compiled struct {
	op    string // "and", "or", "not"; "" for a part that is run as it is
	parts []*compiled
	run   *vm.Program
	reads []string // the facts it reads, in order
}

var programs sync.Map // source → *compiled; expressions are few and frozen

// ExprError is a slip in an expression, at a rune of it.
type ExprError struct {
	At  int    // how many runes stand before it
	Say string // what the compiler said
}

// Error implements error.
func (e *ExprError) Error() string { return e.Say }

// CheckExpr compiles an expression against Facts and says where it is wrong. It
// must yield true or false.
func CheckExpr(source string) *ExprError {
	_, err := compile(source)
	if wrong, ok := errors.AsType[*ExprError](err); ok {
		return wrong
	}
	if err != nil {
		return &ExprError{Say: err.Error()}
	}
	return nil
}

func compile(source string) (*compiled, error) {
	if c, ok := programs.Load(source); ok {
		return c.(*compiled), nil
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, slip(err)
	}
	// The whole first: its positions are those of the source.
	if _, err := expr.Compile(source, options()...); err != nil {
		return nil, slip(err)
	}
	if err := facts(tree.Node); err != nil {
		return nil, err
	}
	c, err := cut(tree.Node)
	if err != nil {
		return nil, slip(err)
	}
	programs.Store(source, c)
	return c, nil
}

func options() []expr.Option {
	return []expr.Option{expr.Env(environment{}), expr.AsBool(), expr.MaxNodes(200)}
}

func slip(err error) error {
	if wrong, ok := errors.AsType[*file.Error](err); ok {
		return &ExprError{At: wrong.From, Say: wrong.Message}
	}
	return err
}

func cut(n ast.Node) (*compiled, error) {
	c := &compiled{reads: reads(n)}
	var parts []ast.Node
	switch n := n.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			c.op, parts = "and", []ast.Node{n.Left, n.Right}
		case "or", "||":
			c.op, parts = "or", []ast.Node{n.Left, n.Right}
		}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			c.op, parts = "not", []ast.Node{n.Node}
		}
	}
	for _, p := range parts {
		part, err := cut(p)
		if err != nil {
			return nil, err
		}
		c.parts = append(c.parts, part)
	}
	if c.op != "" {
		return c, nil
	}
	var err error
	c.run, err = expr.Compile(n.String(), options()...)
	return c, err
}

// reader collects the facts that an expression reads.
type reader struct {
	names []string
	bare  []ast.Node // org without a fact, the whole environment, names of its own
}

// Visit implements ast.Visitor. Children come before their parents.
func (r *reader) Visit(n *ast.Node) {
	switch m := (*n).(type) {
	case *ast.MemberNode:
		name, named := m.Property.(*ast.StringNode)
		if of, ok := m.Node.(*ast.IdentifierNode); ok && of.Value == "org" && named {
			r.bare = slices.DeleteFunc(r.bare, func(b ast.Node) bool { return b == m.Node })
			if !slices.Contains(r.names, name.Value) {
				r.names = append(r.names, name.Value)
			}
		}
	case *ast.IdentifierNode, *ast.VariableDeclaratorNode:
		r.bare = append(r.bare, *n)
	}
}

func reads(n ast.Node) []string {
	var r reader
	ast.Walk(&n, &r)
	return r.names
}

// facts refuses expressions whose facts cannot be told from their text.
func facts(n ast.Node) error {
	var r reader
	ast.Walk(&n, &r)
	if len(r.bare) > 0 {
		return &ExprError{At: r.bare[0].Location().From, Say: "write org. and the name of a fact"}
	}
	return nil
}

// decide says Meets or Fails, or the verdict of the unknown facts it needs.
func (c *compiled) decide(f Facts) (Verdict, error) {
	if c.op == "" {
		return c.runOn(f)
	}
	var all []Verdict
	for _, p := range c.parts {
		v, err := p.decide(f)
		if err != nil {
			return v, err
		}
		all = append(all, v)
	}
	switch c.op {
	case "and":
		return all[0].worse(all[1]), nil
	case "or":
		return all[0].not().worse(all[1].not()).not(), nil
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
	}
	return v
}

func (c *compiled) runOn(f Facts) (Verdict, error) {
	v := Meets
	for _, n := range c.reads {
		if u, unknown := f.Unknown[n]; unknown {
			v = v.worse(u.Verdict)
		}
	}
	if v != Meets {
		return v, nil
	}
	out, err := expr.Run(c.run, environment{f})
	if err != nil {
		return Doubtful, err
	}
	if out != true {
		return Fails, nil
	}
	return Meets, nil
}
