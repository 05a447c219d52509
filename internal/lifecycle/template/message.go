package template

import "slices"

var (
	filing  = always("方案", "单位", "编号")
	title   = always("方案", "单位", "称号", "编号")
	calling = always("方案", "通知", "截止")
	sitting = always("方案", "会议", "日期", "时间", "地点")
)

func and(some []Field, more ...string) []Field { return slices.Concat(some, always(more...)) }

func need(names ...string) (all [][]string) {
	for _, n := range names {
		all = append(all, []string{n})
	}
	return all
}

// Messages lists every kind that an act causes, in the order of the life.
var Messages = []Kind{
	{Name: "call", Label: "申报通知发布", Subject: "可以申报了：{方案}", Text: "{通知}已经发布，{截止}截止申报。请登录看通知全文，核对申报条件。", Fields: calling, Needs: need("截止"), Letter: true},
	{Name: "extended", Label: "申报截止顺延", Subject: "申报截止顺延到{截止}", Text: "{通知}的申报截止统一顺延到{截止}。理由登录后在通知里查看。", Fields: calling, Needs: need("截止"), Letter: true},
	{Name: "received", Label: "申报已收到", Subject: "申报已收到 {编号}", Text: "{单位}的申报已经提交，编号{编号}。提交回执在申报页面。", Fields: filing, Letter: true},
	{Name: "accepted", Label: "申报已受理", Subject: "申报已受理 {编号}", Text: "{单位}的申报（{编号}）已经受理，转入初审。", Fields: filing, Letter: true},
	{Name: "correction", Label: "申报需要补正", Subject: "申报需要补正 {编号}", Text: "{单位}的申报（{编号}）需要补正，最后一天是{截止}。要补正的内容一次性列在申报页面。", Fields: and(filing, "截止"), Needs: need("截止"), Letter: true},
	{Name: "lapsed", Label: "补正逾期", Subject: "补正已逾期 {编号}", Text: "{单位}的申报（{编号}）没有在期限内补正，按原材料初审。", Fields: filing, Letter: true},
	{Name: "declined", Label: "申报不予受理", Subject: "申报不予受理 {编号}", Text: "{单位}的申报（{编号}）不予受理，理由在申报页面。", Fields: filing, Letter: true},
	{Name: "passed_over", Label: "申报未入选", Subject: "申报未入选 {编号}", Text: "{单位}的申报（{编号}）没有入选，说明在申报页面。", Fields: filing, Letter: true},
	{Name: "disqualified", Label: "申报资格取消", Subject: "申报资格已取消 {编号}", Text: "{单位}的申报（{编号}）被取消资格，理由在申报页面。", Fields: filing, Letter: true},
	{Name: "visit", Label: "实地考核安排", Subject: "实地考核定于{日期}", Text: "{单位}的实地考核定于{日期}{时间}，地点：{地点}。", Fields: and(filing, "日期", "时间", "地点"), Needs: need("日期"), Letter: true},
	{Name: "meeting", Label: "会议通知", Subject: "会议通知：{会议}", Text: "{会议}定于{日期}{时间}召开，地点：{地点}。不能到会的请在会议页面请假。", Fields: sitting, Needs: need("日期", "时间", "地点"), Letter: true},
	{Name: "papers", Label: "会议材料送达", Subject: "会议材料已送达：{会议}", Text: "{会议}（{日期}{时间}）的议题和材料已经送达，请登录查看。", Fields: sitting, Needs: need("会议"), Letter: true},
	{Name: "meeting_cancelled", Label: "会议取消", Subject: "会议取消：{会议}", Text: "原定{日期}{时间}召开的{会议}取消。", Fields: sitting, Needs: need("会议"), Letter: true},
	{Name: "publicity", Label: "公示发布", Subject: "公示已发布", Text: "《{公示}》已经发布，公示至{截止}。", Fields: always("方案", "公示", "截止"), Needs: need("截止"), Letter: true},
	{Name: "inquiry", Label: "请单位说明情况", Subject: "请就公示期间反映的情况作出说明", Text: "请{单位}就公示期间反映的情况作出说明，最后一天是{截止}。要说明的内容登录后查看。", Fields: always("方案", "单位", "截止"), Needs: need("截止"), Letter: true},
	{Name: "answer", Label: "异议已答复", Subject: "{异议}已经答复", Text: "{异议}已经答复。答复在“异议办理情况查询”页面，凭提交时得到的查询码查看。", Fields: always("方案", "异议"), Needs: need("异议"), Letter: true},
	{Name: "named", Label: "命名", Subject: "{单位}被命名为{称号}", Text: "{单位}被命名为{称号}，编号{编号}，有效期至{有效期至}。", Fields: and(title, "有效期至"), Letter: true},
	{Name: "expired", Label: "称号到期", Subject: "{称号}已经到期", Text: "{单位}的{称号}（{编号}）已经到期。", Fields: title, Letter: true},
	{Name: "recheck", Label: "复查通知", Subject: "{称号}开始复查", Text: "{单位}的{称号}（{编号}）开始复查，应在{截止}前有结论。", Fields: and(title, "截止"), Needs: need("截止"), Letter: true},
	{Name: "rectification", Label: "整改通知", Subject: "限期整改通知", Text: "请{单位}就{称号}（{编号}）限期整改，最后一天是{截止}。整改事项登录后查看。", Fields: and(title, "截止"), Needs: need("截止"), Letter: true},
	{Name: "hearing", Label: "撤销前告知", Subject: "拟撤销称号，可以陈述申辩", Text: "拟撤销{单位}的{称号}（{编号}）。最后一天是{截止}，在此以前可以陈述申辩。", Fields: and(title, "截止"), Needs: need("截止"), Letter: true},
	{Name: "revoked", Label: "撤销决定", Subject: "称号撤销决定", Text: "{单位}的{称号}（{编号}）被撤销。决定和申诉期限登录后查看。", Fields: title, Letter: true},
	{Name: "kept", Label: "不予撤销", Subject: "决定不予撤销称号", Text: "{单位}的{称号}（{编号}）不予撤销。", Fields: title, Letter: true},
	{Name: "appeal_decided", Label: "申诉结果", Subject: "申诉已有结果", Text: "{单位}就{称号}（{编号}）提出的申诉已有结果，登录后查看。", Fields: title, Letter: true},
	{Name: "deadline", Label: "到期提醒", Subject: "有{件数}件事就要到期", Text: "下面的事就要到期：\n{事项}", Fields: always("件数", "事项"), Fixed: true, Letter: true},
}
