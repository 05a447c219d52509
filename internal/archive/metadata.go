package archive

import (
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"
)

// MetadataFile is the file of what archives want to know of each document.
const MetadataFile = "metadata.xml"

// About is what a metadata scheme asks of a document and the manifest does not say.
type About struct {
	Number string // 文件编号: the document number, where it has one
	Author string // 责任者: who wrote or issued it
	Date   string // 日期, as 2021-09-15
}

// Agency is what it asks of the office.
type Agency struct {
	Name string // 立档单位名称
	Year int    // 年度
}

// node is an element of the metadata. Elements whose values this program cannot know
// are there and empty, for the archive to fill in.
type node struct {
	name, text string
	all        []node
}

func leaf(name, text string) node          { return node{name: name, text: text} }
func branch(name string, all ...node) node { return node{name: name, all: all} }

// Metadata writes what archives want to know of each document that is kept for a term:
// the elements by the names that DA/T 46-2009 gives them, one 文件实体 a file. It is no
// EEP of DA/T 48-2009: the files lie beside it and are named, not wrapped in it.
func Metadata(of Agency, files []File, about map[string]About) (io.Reader, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	all := []node{
		leaf("说明", "元素名称取自DA/T 46-2009《文书类电子文件元数据方案》。没有值的元素由接收的档案馆填写。文件按相对路径引用，没有按DA/T 48-2009封装在本文件内。"),
	}
	for _, f := range files {
		if f.Retention != "" {
			all = append(all, entity(of, f, about[f.Path]))
		}
	}
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := write(e, branch("电子文件元数据", all...)); err != nil {
		return nil, err
	}
	if err := e.Flush(); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return &b, nil
}

func entity(of Agency, f File, a About) node {
	return branch("文件实体",
		leaf("聚合层次", "文件"),
		branch("来源", leaf("档案馆名称", ""), leaf("档案馆代码", ""), leaf("全宗名称", ""), leaf("立档单位名称", of.Name)),
		leaf("电子文件号", f.Path),
		branch("档号", leaf("全宗号", ""), leaf("年度", strconv.Itoa(of.Year)), leaf("保管期限", f.Retention), leaf("机构或问题", ""), leaf("室编件号", "")),
		branch("内容描述", leaf("题名", f.Title), leaf("文件编号", a.Number), leaf("责任者", a.Author), leaf("日期", a.Date)),
		branch("电子属性",
			leaf("格式信息", strings.TrimPrefix(path.Ext(f.Path), ".")), leaf("计算机文件名", path.Base(f.Path)), leaf("计算机文件大小", strconv.FormatInt(f.Size, 10))),
		branch("校验", leaf("SHA256", f.SHA256), leaf("SM3", f.SM3)),
	)
}

func write(e *xml.Encoder, n node) error {
	start := xml.StartElement{Name: xml.Name{Local: n.name}}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if n.text != "" {
		if err := e.EncodeToken(xml.CharData(n.text)); err != nil {
			return err
		}
	}
	for _, child := range n.all {
		if err := write(e, child); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}
