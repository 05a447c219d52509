package page

import (
	"fmt"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/file"
)

// check is one line of the operator's page: what was looked at, how it is, and what to
// do when it is not well.
type check struct {
	Word, Says, Mend string
	Tone             Tone
	State            string
}

// checked is a line that is well unless bad says otherwise.
func checked(word, says string, bad bool, mend string) check {
	if bad {
		return check{word, says, mend, Warn, "需要处理"}
	}
	return check{word, says, "", OK, "正常"}
}

// operationChecks lists what whoever runs an installation looks at, the urgent first.
func operationChecks(o casework.Operation) (all []check) {
	b := o.Backup
	says := "没有记录"
	if !b.At.IsZero() {
		says = fmt.Sprintf("%s，%s，%s", Minute(b.At), file.Size(b.Bytes), b.File)
	}
	if b.Missing > 0 {
		says += fmt.Sprintf("，缺少%d个上传的文件", b.Missing)
	}
	all = append(all, checked("最近一次备份", says, b.Old(o.Now) || b.Missing > 0, "运行 shifan backup，并把备份文件放到另一台机器上。"))
	for _, k := range o.Disks {
		says := k.Place + "，看不到剩余空间"
		if k.Total > 0 {
			says = fmt.Sprintf("剩余%s，共%s（%s）", file.Size(k.Free), file.Size(k.Total), k.Place)
		}
		all = append(all, checked(k.Word, says, k.Low(), "腾出空间或者换大的磁盘；满了以后谁也不能保存。"))
	}
	says = "本进程还没有做过"
	if !o.Clock.At.IsZero() {
		says = fmt.Sprintf("%s，办了%d件", Moment(o.Clock.At), o.Clock.Acts)
	}
	all = append(all,
		checked("到期事项的办理", says, o.Clock.Failed || o.Clock.Late(o.Now), "看服务器日志里 tick 一行。"),
		checked("存证日志", fmt.Sprintf("已编号%d条，等待编号%d条", o.Entries, o.Waiting), o.Waiting > waitingMost, "看服务器日志里 sequence the record 一行，再运行 shifan record verify。"),
		checked("等待病毒扫描的文件", strconv.Itoa(o.Unscanned)+"个", o.Unscanned > waitingMost, "看扫描程序 clamd 是否在运行。"),
		checked("等待读取文字的文件", strconv.Itoa(o.Unread)+"个", o.Unread > waitingMost, "看服务器日志里 files 一行。"),
		checked("正在上传的文件", strconv.Itoa(o.Uploads)+"个", false, ""),
		checked("放假安排", missingYears(o.Missing), len(o.Missing) > 0 && o.Missing[0] == o.Now.Year(), "在日历里导入这一年的放假安排。"),
		checked("数据库", fmt.Sprintf("%s，库结构%d，程序%d", o.Engine, o.Schema, o.Newest), o.Schema != o.Newest, "各台服务器用同一个版本的程序。"),
	)
	for _, k := range o.Keys {
		says, mend := "不在这台机器上", "从另一台服务器或者备份里复制。"
		if !k.Since.IsZero() {
			says, mend = Minute(k.Since)+"写入", "去掉其他人的读权限：chmod 600 "+k.File
		}
		all = append(all, checked(k.Word, says+"（"+k.File+"）", k.Since.IsZero() || k.Shared, mend))
	}
	return all
}

// waitingMost is how many may wait before somebody should look.
const waitingMost = 100

// missingYears says which years have no arrangement of days off.
func missingYears(years []int) string {
	if len(years) == 0 {
		return "今年和明年都有"
	}
	var all []string
	for _, y := range years {
		all = append(all, strconv.Itoa(y)+"年")
	}
	return "还没有" + strings.Join(all, "、") + "的"
}
