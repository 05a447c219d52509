package web

import (
	"fmt"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/web/page"
)

// settingsOf says the settings that the notice leaves open in words, until the
// programme chapter does.
func settingsOf(p *programme.Programme) []page.Setting {
	rest := map[string]string{"strict": "不顺延", "roll_forward": "顺延到下一个工作日"}
	start := map[bool]string{false: "发布当日不计入", true: "发布当日计入"}
	return []page.Setting{
		{Word: "截止日逢休息日", Value: "方案默认" + rest[p.Filing.RestDay] + "，以发布时选定的为准", Source: "制度:截止日逢休息日由办公室选定"},
		{Word: "公示期", Value: fmt.Sprintf("%d个工作日，%s", p.Publicity.Days, start[p.Publicity.CountFirstDay]), Source: "办法(五)"},
		{Word: "有效期", Value: fmt.Sprintf("%d年", p.Validity.Years), Source: "三 有效期3年"},
	}
}
