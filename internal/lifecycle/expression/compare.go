package expression

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Comparison is a text that an expression compares a fact with.
type Comparison struct {
	Fact, Text string
	At         int // how many runes stand before the text
}

// Comparisons lists the texts that an expression without a slip compares facts with,
// by ==, != and in, also those of the items of a list: # in ["合格"].
func Comparisons(source, root string) []Comparison {
	tree, err := parser.Parse(source)
	if err != nil {
		return nil
	}
	c := comparer{root: root}
	c.walk(tree.Node, "")
	return c.all
}

// comparer goes through an expression and knows whose items # stands for.
type comparer struct {
	root string
	all  []Comparison
}

func (c *comparer) walk(n ast.Node, items string) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		c.walk(n.Node, items)
	case *ast.BinaryNode:
		if n.Operator == "==" || n.Operator == "!=" || n.Operator == "in" {
			c.compare(n.Left, n.Right, items)
			c.compare(n.Right, n.Left, items)
		}
		c.walk(n.Left, items)
		c.walk(n.Right, items)
	case *ast.ConditionalNode:
		c.walk(n.Cond, items)
		c.walk(n.Exp1, items)
		c.walk(n.Exp2, items)
	case *ast.PredicateNode:
		c.walk(n.Node, items)
	case *ast.BuiltinNode:
		for i, a := range n.Arguments {
			if i > 0 {
				items = c.fact(n.Arguments[0], items)
			}
			c.walk(a, items)
		}
	}
}

// compare notes the texts on one side of an operator when a fact stands on the other.
func (c *comparer) compare(one, other ast.Node, items string) {
	fact := c.fact(one, items)
	if fact == "" {
		return
	}
	texts := []ast.Node{other}
	if list, ok := other.(*ast.ArrayNode); ok {
		texts = list.Nodes
	}
	for _, n := range texts {
		if text, ok := n.(*ast.StringNode); ok {
			c.all = append(c.all, Comparison{fact, text.Value, text.Location().From})
		}
	}
}

// fact returns which fact a part of an expression is, or the items of which.
func (c *comparer) fact(n ast.Node, items string) string {
	switch n := n.(type) {
	case *ast.PointerNode:
		return items
	case *ast.MemberNode:
		name, named := n.Property.(*ast.StringNode)
		if of, ok := n.Node.(*ast.IdentifierNode); ok && of.Value == c.root && named {
			return name.Value
		}
		return c.fact(n.Node, items) // one of a list
	case *ast.BuiltinNode: // filter(org.年检结论, …)
		if len(n.Arguments) > 0 {
			return c.fact(n.Arguments[0], items)
		}
	}
	return ""
}
