// Package template holds the words of messages (消息模板): for each kind of message what
// it is called, its subject and its text with fields in braces. The
// fields of a kind are all that its words may hold, so that nothing gets into a message
// that its reader may not know.
package template

import (
	"slices"
	"strings"
)

// Kind is one kind of message with its usual words.
type Kind struct {
	Name    string
	Label   string
	Subject string
	Text    string
	Fields  []string // that subject and text may hold
}

var (
	filing = []string{"方案", "单位", "编号"}
	title  = []string{"方案", "单位", "称号", "编号"}
)

func and(some []string, more ...string) []string { return slices.Concat(some, more) }

// Kinds lists every kind that an act causes, in the order of the life.
var Kinds = []Kind{
	{"received", "申报已收到", "申报已收到 {编号}", "{单位}的申报已经提交，编号{编号}。提交回执在申报页面。", filing},
	{"accepted", "申报已受理", "申报已受理 {编号}", "{单位}的申报（{编号}）已经受理，转入初审。", filing},
	{"correction", "申报需要补正", "申报需要补正 {编号}", "{单位}的申报（{编号}）需要补正，最后一天是{截止}。要补正的内容一次性列在申报页面。", and(filing, "截止")},
	{"lapsed", "补正逾期", "补正已逾期 {编号}", "{单位}的申报（{编号}）没有在期限内补正，按原材料初审。", filing},
	{"declined", "申报不予受理", "申报不予受理 {编号}", "{单位}的申报（{编号}）不予受理，理由在申报页面。", filing},
	{"passed_over", "申报未入选", "申报未入选 {编号}", "{单位}的申报（{编号}）没有入选，说明在申报页面。", filing},
	{"disqualified", "申报资格取消", "申报资格已取消 {编号}", "{单位}的申报（{编号}）被取消资格，理由在申报页面。", filing},
	{"visit", "实地考核安排", "实地考核定于{日期}", "{单位}的实地考核定于{日期}{时间}，地点：{地点}。", and(filing, "日期", "时间", "地点")},
	{"meeting", "会议通知", "会议通知：{会议}", "{会议}定于{日期}{时间}召开，地点：{地点}。不能到会的请在会议页面请假。", []string{"方案", "会议", "日期", "时间", "地点"}},
	{"papers", "会议材料送达", "会议材料已送达：{会议}", "{会议}（{日期}{时间}）的议题和材料已经送达，请登录查看。", []string{"方案", "会议", "日期", "时间", "地点"}},
	{"meeting_cancelled", "会议取消", "会议取消：{会议}", "原定{日期}{时间}召开的{会议}取消。", []string{"方案", "会议", "日期", "时间", "地点"}},
	{"publicity", "公示发布", "公示已发布", "《{公示}》已经发布，公示至{截止}。", []string{"方案", "公示", "截止"}},
	{"inquiry", "请单位说明情况", "请就公示期间反映的情况作出说明", "请{单位}就公示期间反映的情况作出说明，最后一天是{截止}。要说明的内容登录后查看。", []string{"方案", "单位", "截止"}},
	{"answer", "异议已答复", "{异议}已经答复", "{异议}已经答复。答复在“异议办理情况查询”页面，凭提交时得到的查询码查看。", []string{"方案", "异议"}},
	{"named", "命名", "{单位}被命名为{称号}", "{单位}被命名为{称号}，编号{编号}，有效期至{有效期至}。", and(title, "有效期至")},
	{"expired", "称号到期", "{称号}已经到期", "{单位}的{称号}（{编号}）已经到期。", title},
	{"recheck", "复查通知", "{称号}开始复查", "{单位}的{称号}（{编号}）开始复查，应在{截止}前有结论。", and(title, "截止")},
	{"rectification", "整改通知", "限期整改通知", "请{单位}就{称号}（{编号}）限期整改，最后一天是{截止}。整改事项登录后查看。", and(title, "截止")},
	{"hearing", "撤销前告知", "拟撤销称号，可以陈述申辩", "拟撤销{单位}的{称号}（{编号}）。最后一天是{截止}，在此以前可以陈述申辩。", and(title, "截止")},
	{"revoked", "撤销决定", "称号撤销决定", "{单位}的{称号}（{编号}）被撤销。决定和申诉期限登录后查看。", title},
	{"kept", "不予撤销", "决定不予撤销称号", "{单位}的{称号}（{编号}）不予撤销。", title},
	{"appeal_decided", "申诉结果", "申诉已有结果", "{单位}就{称号}（{编号}）提出的申诉已有结果，登录后查看。", title},
	{"deadline", "到期提醒", "有{件数}件事就要到期", "下面的事就要到期：\n{事项}", []string{"件数", "事项"}},
}

// Named returns the kind with the given name.
func Named(name string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// Fill returns subject and text with what the fields hold. A field that the kind does
// not have stays unfilled, whatever is given for it.
func (k Kind) Fill(fields map[string]string) (subject, text string) {
	var pairs []string
	for _, f := range k.Fields {
		pairs = append(pairs, "{"+f+"}", fields[f])
	}
	r := strings.NewReplacer(pairs...)
	return r.Replace(k.Subject), r.Replace(k.Text)
}
