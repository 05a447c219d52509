package format

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	yaml "github.com/goccy/go-yaml"
)

// tree parses the file into maps, lists, texts, whole numbers and yes or no,
// and remembers where each stands. What YAML offers beyond that is refused:
// a programme's file needs no anchors, tags or merged maps, and without them no
// small file becomes a large one.
func (r *reader) tree() (value map[string]any, ok bool) {
	defer func() {
		// The parser is not ours; a file that breaks it is a file to refuse.
		if recover() != nil {
			r.say(1, 1, nil, "文件不合YAML的写法，读不下去。检查缩进、冒号后的空格和引号。")
			value, ok = nil, false
		}
	}()
	f, err := parser.ParseBytes([]byte(strings.Join(r.lines, "\n")), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil, false
	}
	var bodies []ast.Node
	for _, d := range f.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		r.say(1, 1, nil, "文件是空的。照 docs/programme-format.md 写好再载入。")
		return nil, false
	case len(bodies) > 1:
		at := bodies[1].GetToken().Position
		r.say(at.Line, at.Column, nil, "文件里有两份YAML文档（以“---”分开）。一个文件只写一个方案。")
		return nil, false
	}
	v, good := r.node(bodies[0], nil)
	m, isMap := v.(map[string]any)
	if good && !isMap {
		r.say(1, 1, nil, "文件应由“名称: 值”的项组成。照 docs/programme-format.md 写。")
	}
	return m, good && isMap
}

// syntax notes where the parser stopped.
func (r *reader) syntax(err error) {
	line, column, why := 1, 1, "读不下去"
	if wrong, ok := errors.AsType[*yaml.SyntaxError](err); ok && wrong.Token != nil {
		line, column, why = wrong.Token.Position.Line, wrong.Token.Position.Column, wrong.Message
	}
	text := ""
	if line >= 1 && line <= len(r.lines) {
		text = r.lines[line-1]
	}
	if next := r.deeper(line); next > 0 && strings.Contains(why, "mapping value is not allowed") { // the parser stops at the line before
		line, column, text = next, 1, r.lines[next-1]
	}
	mend := "检查缩进、冒号后的空格和引号。"
	switch indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]; {
	case strings.Contains(indent, "\t"):
		mend = "行首用了制表符（Tab）。YAML只认空格，改成空格。"
	case strings.ContainsAny(text, "\u00a0\u3000"):
		mend = "有全角空格或不换行空格。YAML只认半角空格，换成半角空格。"
	case strings.Contains(why, "must be specified") && strings.ContainsAny(why, "}]"):
		mend = "前面的方括号或花括号没有合上。补上“]”或“}”。"
	case strings.ContainsAny(text, "：，【】"):
		mend = "有全角的标点。冒号、逗号、方括号要用半角的，冒号后空一格。"
	}
	why = strings.TrimSpace(strings.SplitN(why, "\n", 2)[0])
	r.say(line, column, nil, fmt.Sprintf("这一行不合YAML的写法。%s解析器说的是：%s。", mend, why))
}

// deeper returns the line after a line when it stands too far in, or 0 when it does not, or
// when it is the line itself that stands too far out between its neighbours.
func (r *reader) deeper(line int) int {
	in := func(n int) int { return len(r.lines[n-1]) - len(strings.TrimLeft(r.lines[n-1], " ")) }
	if line < 1 || line >= len(r.lines) || in(line+1) <= in(line) || line > 1 && in(line-1) == in(line+1) {
		return 0
	}
	return line + 1
}

// node turns a node into a value; false when there is nothing to go on with.
func (r *reader) node(n ast.Node, path []string) (any, bool) {
	at := n.GetToken().Position
	key := strings.Join(path, "/")
	p := r.places[key]
	p.line, p.column = at.Line, at.Column
	defer func() { r.places[key] = p }()
	switch n := n.(type) {
	case *ast.MappingNode:
		p.line, p.column = start(n)
		return r.mapping(n.Values, path)
	case *ast.MappingValueNode:
		p.line, p.column = start(n)
		return r.mapping([]*ast.MappingValueNode{n}, path)
	case *ast.SequenceNode:
		return r.sequence(n, path)
	case *ast.StringNode:
		p.style = 'p'
		if t := n.GetToken().Type; t == token.SingleQuoteType || t == token.DoubleQuoteType {
			p.style = 'q'
		}
		return n.Value, true
	case *ast.LiteralNode:
		p.style = 'b'
		return strings.TrimRight(n.Value.Value, "\n"), true
	case *ast.IntegerNode:
		return r.integer(n, path)
	case *ast.BoolNode:
		return n.Value, true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.NullNode:
		r.say(p.line, max(p.column, 1), path, named(path)+"后面没有写值。写上值，或者删掉这一项用默认值。")
		return nil, false
	}
	r.say(p.line, p.column, path, named(path)+"用了锚点、别名、标签或合并一类的YAML写法。方案文件只用普通的写法，把内容直接写出来。")
	return nil, false
}

// integer refuses numbers that no setting holds, and those in other notations
// than ours.
func (r *reader) integer(n *ast.IntegerNode, path []string) (any, bool) {
	v, err := strconv.Atoi(n.GetToken().Value)
	if err != nil || strconv.Itoa(v) != n.GetToken().Value {
		at := n.GetToken().Position
		r.say(at.Line, at.Column, path, fmt.Sprintf("%s的数“%.40s”写法不对。写成普通的整数，如5；是文字的加上引号。", named(path), n.GetToken().Value))
		return nil, false
	}
	return v, true
}

func (r *reader) mapping(values []*ast.MappingValueNode, path []string) (any, bool) {
	m := map[string]any{}
	for _, v := range values {
		at := v.Key.GetToken().Position
		name, plain := v.Key.(*ast.StringNode)
		if !plain {
			r.say(at.Line, at.Column, path, "项的名称不是普通的文字。照 docs/programme-format.md 的名称写；数字加上引号。")
			continue
		}
		below := append(path[:len(path):len(path)], name.Value)
		if first, twice := r.places[strings.Join(below, "/")]; twice {
			r.say(at.Line, at.Column, below, fmt.Sprintf("%s写了两次，第一次在第%d行。删掉其中一个。", named(below), first.keyLine))
			continue
		}
		r.places[strings.Join(below, "/")] = place{keyLine: at.Line, keyColumn: at.Column}
		if value, ok := r.node(v.Value, below); ok {
			m[name.Value] = value
		}
	}
	return m, true
}

func (r *reader) sequence(n *ast.SequenceNode, path []string) (any, bool) {
	list := []any{}
	for i, v := range n.Values {
		below := append(path[:len(path):len(path)], strconv.Itoa(i))
		value, ok := r.node(v, below)
		if !ok {
			value = nil // so that the others keep their numbers
		}
		list = append(list, value)
	}
	return list, true
}

// start returns where a mapping begins: at its first key, not its first colon.
func start(n ast.Node) (line, column int) {
	for {
		switch m := n.(type) {
		case *ast.MappingNode:
			if len(m.Values) == 0 || m.IsFlowStyle {
				at := m.GetToken().Position
				return at.Line, at.Column
			}
			n = m.Values[0]
		case *ast.MappingValueNode:
			n = m.Key
		default:
			at := n.GetToken().Position
			return at.Line, at.Column
		}
	}
}
