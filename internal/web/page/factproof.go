package page

import (
	"fmt"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/file"
)

// factProofsSay leads to the proofs of a part, and says how many there are.
func factProofsSay(all []casework.File) string {
	if len(all) == 0 {
		return "上传证明材料"
	}
	return fmt.Sprintf("上传或者移除证明材料（现有%d个）", len(all))
}

// factProofHint says what is wanted as proof of a part.
func factProofHint(section string) string {
	switch section {
	case "inspections":
		return "年检结论通知、盖章的年检报告封面，或者公告截图。"
	case "grades":
		return "评估等级公告或者证书。"
	case "penalties":
		return "行政处罚决定书；复议或者诉讼中被撤销的，附撤销的文书。"
	case "listings":
		return "列入或者移出名录的决定、公告。"
	case "charter":
		return "登记管理机关核准的章程。"
	case "regulations":
		return "各项规章制度、决策程序和议事规则的全文，附通过的会议纪要更好。"
	case "metrics":
		return "指标和名次的出处：统计公报、行业排名、审计报告。"
	}
	return "与台账数字对应的材料，例如学习平台使用率的截图、公益支出的凭证。截图里的姓名和头像先遮住。"
}

func factProofRoomSay(r file.Room) string {
	r = r.Filled()
	return "PDF、JPG、PNG、DOCX或者XLSX；一个文件最多" + file.Size(r.File) + "，一项最多" + strconv.Itoa(r.Files) + "个，一个单位最多" + file.Size(r.Application) + "。遮住姓名、身份证号、手机号码和住址。"
}
