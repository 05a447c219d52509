package casework

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"shifan/internal/archive"
	"shifan/internal/lifecycle/round"
)

// describe writes what is written about the other files: a page of each application, the
// first page, the metadata and a word to whoever opens the folder.
func (p *packing) describe(w *archive.Writer) error {
	files := w.Files()
	for _, one := range p.filed {
		if one.page == "" {
			continue
		}
		if err := page(w, archive.File{Path: one.page, Title: "目录：" + one.a.Name, Thing: string(one.a.ID)}, p.applicationPage(one, files)); err != nil {
			return err
		}
	}
	about := map[string]archive.About{}
	for _, one := range p.pieces {
		about[one.file.Path] = one.about
	}
	metadata, err := archive.Metadata(archive.Agency{Name: p.rules.Office.Name, Year: p.manifest.Year}, files, about)
	if err != nil {
		return err
	}
	if err := w.Add(archive.File{Path: archive.MetadataFile, Title: "归档元数据"}, metadata); err != nil {
		return err
	}
	if err := w.Add(archive.File{Path: archive.ReadmeFile, Title: "说明"}, strings.NewReader(p.readme())); err != nil {
		return err
	}
	first := p.firstPage
	if p.round.ID == "" {
		first = p.formerPage
	}
	return page(w, archive.File{Path: archive.IndexFile, Title: "总目录"}, first(files))
}

func page(w *archive.Writer, f archive.File, of archive.Page) error {
	text, err := of.Render()
	if err != nil {
		return err
	}
	return w.Add(f, text)
}

// table lists some files as a page in a folder links to them.
func table(title, folder string, files []archive.File) archive.Section {
	s := archive.Section{Title: title, Head: []string{"内容", "文件", "保管期限", "大小（字节）"}}
	for _, f := range files {
		short := strings.TrimPrefix(f.Path, folder+"/")
		s.Rows = append(s.Rows, []archive.Cell{{Text: f.Title}, {Text: short, Link: short}, {Text: f.Retention}, {Text: fmt.Sprint(f.Size)}})
	}
	return s
}

func below(files []archive.File, folder string) (all []archive.File) {
	for _, f := range files {
		if strings.HasPrefix(f.Path, folder+"/") {
			all = append(all, f)
		}
	}
	return all
}

func (p *packing) applicationPage(one packed, files []archive.File) archive.Page {
	a := &one.a
	of := archive.Page{
		Title: a.Name, Up: archive.Cell{Text: "返回总目录", Link: "../../" + archive.IndexFile},
		Facts: []archive.Cell{{Word: "申报编号", Text: a.Number}, {Word: "结果", Text: p.became(a)}},
	}
	if a.Reason != "" {
		of.Facts = append(of.Facts, archive.Cell{Word: "理由", Text: a.Reason})
	}
	of.Facts = append(of.Facts, archive.Cell{Word: "提交时间", Text: second(a.SubmittedAt)}, archive.Cell{Word: "内容摘要（SHA-256）", Text: a.Digest})
	if proof := p.proofs[string(a.ID)]; proof != "" {
		of.Facts = append(of.Facts, archive.Cell{Word: "存证证明", Text: path.Base(proof), Link: "../../" + proof})
	}
	of.Sections = []archive.Section{table("文件", one.folder, below(files, one.folder))}
	return of
}

func (p *packing) firstPage(files []archive.File) archive.Page {
	r := &p.round
	of := archive.Page{
		Title: r.Title + " 归档包",
		Facts: []archive.Cell{
			{Word: "方案", Text: p.rules.Title},
			{Word: "年度", Text: fmt.Sprint(r.Year)},
			{Word: "文号", Text: r.DocNumber},
			{Word: "状态", Text: round.Kind.Word(string(r.State))},
			{Word: "申报截止", Text: round.Instant(r.Deadline)},
			{Word: "申报", Text: p.tally()},
			{Word: "存证日志", Text: fmt.Sprintf("归档时共%d条", p.manifest.Entries)},
			{Word: "验证公钥", Text: p.manifest.Verifier},
			{Word: "说明", Text: archive.ReadmeFile, Link: archive.ReadmeFile},
		},
		Notes: p.notes(),
	}
	who := archive.Section{Title: "申报和结果", Head: []string{"申报编号", "单位", "类别", "结果", "目录"}}
	for _, one := range p.filed {
		a := &one.a
		link := archive.Cell{Text: "没有提交，没有材料"}
		if one.page != "" {
			link = archive.Cell{Text: "目录", Link: one.page}
		}
		who.Rows = append(who.Rows, []archive.Cell{{Text: a.Number}, {Text: a.Name}, {Text: p.category(a.Category)}, {Text: p.became(a)}, link})
	}
	of.Sections = append(of.Sections, who)
	of.Sections = append(of.Sections, p.shelves(files, callFolder, drawFolder, meetingFolder, publicityFolder, objectionFolder, namingFolder, orderFolder, revokedFolder)...)
	return of
}

// shelves list what is in some folders, and what proves it.
func (p *packing) shelves(files []archive.File, folders ...string) (all []archive.Section) {
	for _, folder := range folders {
		if in := below(files, folder); len(in) > 0 {
			all = append(all, table(folder[2:], "", in))
		}
	}
	return append(all, table("存证和元数据", "", slices.DeleteFunc(slices.Clone(files), func(f archive.File) bool {
		return !strings.HasPrefix(f.Path, recordFolder+"/") || strings.HasSuffix(f.Path, path.Ext(archive.ProofFile))
	})))
}

// tally says how many applied, and what became of how many.
func (p *packing) tally() string {
	parts := []string{fmt.Sprintf("共%d份", len(p.filed))}
	for _, word := range slices.Sorted(maps.Keys(p.counts)) {
		parts = append(parts, fmt.Sprintf("%s%d份", word, p.counts[word]))
	}
	return strings.Join(parts, "，")
}

// notes are what a reader has to know before anything else.
func (p *packing) notes() (all []string) {
	if p.round.ID != "" && p.round.State != round.Concluded {
		all = append(all, "本届在归档时还没有办结，以后还会有变化。")
	}
	if p.unset {
		all = append(all, "生成本包的程序没有带字体，不能出具文书，包内没有PDF文书。")
	}
	if p.infected > 0 {
		all = append(all, fmt.Sprintf("有%d个文件查出病毒或者无法读取，没有放进包里，它们的摘要在申报内容或者整改情况里。", p.infected))
	}
	return all
}

// saidOf is what the word to whoever opens a package says of its sort.
type saidOf struct {
	shows, without string
	folders        []string
}

var (
	saidOfRound = saidOf{
		"谁申报了、结果是什么", "异议人的身份和异议原文、没有提交的草稿、无记名表决中谁投了什么票、称号命名以后的复查",
		[]string{callFolder, filedFolder, drawFolder, meetingFolder, publicityFolder, objectionFolder, namingFolder, recordFolder, orderFolder, revokedFolder},
	}
	saidOfFormer = saidOf{
		"有哪些称号、后来怎样", "系统外命名时的申报、考核和审议材料，称号命名以后的复查，无记名表决中谁投了什么票",
		[]string{callFolder, namingFolder, recordFolder, orderFolder, revokedFolder},
	}
)

func (p *packing) readme() string {
	said := saidOfRound
	if p.round.ID == "" {
		said = saidOfFormer
	}
	var l lines
	l.WriteString("\r\n")
	for _, s := range append(p.notes(),
		"这个文件夹是《"+p.manifest.Title+"》的归档包。打开 "+archive.IndexFile+" 可以看到"+said.shows+"，并打开每一份文件；不需要联网，也不需要专门的软件。",
		"文件夹："+strings.Join(said.folders, "、")+"。没有内容的不建立。",
		archive.ManifestFile+" 列出其余每个文件的大小、SHA-256和SM3摘要、保管期限。"+archive.ProofFile+" 证明存证日志里记有它的摘要。"+archive.MetadataFile+" 是归档元数据，元素名称取自DA/T 46-2009。",
		"核验：在任何一台电脑上运行 shifan archive verify 加本文件夹的路径。改动一个字节，增加、删除或者改名一个文件，都会被发现并指出是哪个文件。没有这个程序的，用SHA-256工具逐个文件对照 "+archive.ManifestFile+"。",
		"核验能说明的：本包从生成到现在没有变化，并且与用这把公钥签名的存证日志一致。核验不能说明的：这把公钥是不是该单位的，生成以后日志里又记了什么。请把核验打印的清单摘要和公钥，与该单位公布的或者另行留存的对照。公钥："+p.manifest.Verifier,
		"不在包内的："+said.without+"。加盖公章的纸质件另行归档。",
		"本包含有单位的材料，按档案管理的规定保管和利用。",
	) {
		l.WriteString(s + "\r\n\r\n")
	}
	return string(l.bytes("归档包说明"))
}
