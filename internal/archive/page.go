package archive

import (
	"bytes"
	"html/template"
	"io"
	"net/url"
	"strings"
)

// Page is a page of a package that a browser shows from the disk: no script, nothing
// from elsewhere.
type Page struct {
	Title    string
	Up       Cell     // where it leads back to; no link on the first page
	Notes    []string // paragraphs below the title
	Facts    []Cell   // each with its word in Word
	Sections []Section
}

// Section is a table with a heading.
type Section struct {
	Title string
	Head  []string
	Rows  [][]Cell
}

// Cell is one cell of a table, or a line of facts.
type Cell struct {
	Word string // of a fact
	Text string
	Link string // path from the page's own folder, with slashes; empty: none
}

// Address is the link of a cell as a browser wants it.
func (c Cell) Address() template.URL {
	parts := strings.Split(c.Link, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return template.URL(strings.Join(parts, "/"))
}

// layout is the form of every page. It is read decades later by whatever there is then,
// so it is plain.
var layout = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Title}}</title>
<style>
body{font-family:"Noto Serif CJK SC",SimSun,serif;line-height:1.7;max-width:62em;margin:2em auto;padding:0 1em;color:#111;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5em 0 2em}
th,td{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f2f2f2;font-weight:600}
dt{font-weight:600}dd{margin:0 0 .5em;overflow-wrap:anywhere}
a{color:#0b4a8f}
</style>
</head>
<body>
{{if .Up.Link}}<p><a href="{{.Up.Address}}">{{.Up.Text}}</a></p>{{end}}
<h1>{{.Title}}</h1>
{{range .Notes}}<p>{{.}}</p>
{{end}}{{if .Facts}}<dl>
{{range .Facts}}<dt>{{.Word}}</dt><dd>{{template "cell" .}}</dd>
{{end}}</dl>
{{end}}{{range .Sections}}<h2>{{.Title}}</h2>
<table>
<thead><tr>{{range .Head}}<th scope="col">{{.}}</th>{{end}}</tr></thead>
<tbody>
{{range .Rows}}<tr>{{range .}}<td>{{template "cell" .}}</td>{{end}}</tr>
{{end}}</tbody>
</table>
{{end}}</body>
</html>
{{define "cell"}}{{if .Link}}<a href="{{.Address}}">{{.Text}}</a>{{else}}{{.Text}}{{end}}{{end}}`))

// Render writes a page down.
func (p Page) Render() (io.Reader, error) {
	var b bytes.Buffer
	err := layout.Execute(&b, p)
	return &b, err
}
