package template

import "slices"

// Field is something that the words of a kind may hold.
type Field struct {
	Name    string
	Means   string
	Example string // what a preview shows; empty for a block
	Block   bool   // stands alone in its line: a list, a table, paragraphs
	When    string // the field whose being there makes this one be there, mostly itself; empty: it always is
}

// Kind is one kind of document or message with its usual words.
type Kind struct {
	Name    string // its code in the file
	Label   string
	Subject string // of a message; of a document its title, empty where whoever drafts it writes one
	Text    string
	Fields  []Field
	Needs   [][]string // of each of these, one field must be in the text, whatever is there
	Letter  bool       // a message, not a document
	Fixed   bool       // no programme has words of its own for it
}

// The bounds of a text, in characters.
const (
	TextMost    = 4000 // of a document
	LetterMost  = 1000 // of a message
	SubjectMost = 60   // of a message's subject
	fieldsMost  = 200  // fields and conditions in a text
	depthMost   = 4    // conditions within one another
)

// Most returns how long the text of a kind may be, in characters.
func (k Kind) Most() int {
	if k.Letter {
		return LetterMost
	}
	return TextMost
}

// Field returns the field of a name.
func (k Kind) Field(name string) (Field, bool) {
	i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return k.Fields[i], true
}

// Document returns the kind of document with a code.
func Document(name string) (Kind, bool) { return named(Documents, name) }

// Message returns the kind of message with a code.
func Message(name string) (Kind, bool) { return named(Messages, name) }

func named(all []Kind, name string) (Kind, bool) {
	i := slices.IndexFunc(all, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return all[i], true
}

// always, maybe and blocks make the fields of a kind of their names. The same name means
// the same everywhere.
func always(names ...string) (all []Field) {
	for _, n := range names {
		all = append(all, Field{Name: n, Means: means[n][0], Example: means[n][1]})
	}
	return all
}

func maybe(names ...string) []Field {
	all := always(names...)
	for i := range all {
		all[i].When = all[i].Name
	}
	return all
}

func blocks(names ...string) []Field {
	all := always(names...)
	for i := range all {
		all[i].Block = true
	}
	return all
}

// with are fields that are there when another one is.
func with(when string, names ...string) []Field {
	all := always(names...)
	for i := range all {
		all[i].When = when
	}
	return all
}

// means says of each name what it means, and gives an example. People and
// organisations in it are invented.
var means = map[string][2]string{
	"方案": {"方案的名称", "示范单位创建活动"}, "称号": {"命名的称号", "示范单位"}, "单位": {"单位的名称", "吉林省甲乙丙行业协会"}, "编号": {"申报或称号的编号", "2026-007"},
	"年度": {"届次的年度", "2026"}, "家数": {"这次命名多少家", "3"}, "经过": {"命名以前经过的环节", "自评申报、初审、实地考核、会议审定"}, "有效年数": {"有效期是几年；长期有效的没有", "3"},
	"通知": {"这一届的通知，带书名号和文号", "《关于开展示范单位创建活动的通知》（某办发〔2026〕1号）"}, "提交日期": {"提交申报的日期", "2026年7月6日"},
	"初审期限": {"初审在哪一天以前完成；不设期限的没有", "2026年8月7日"}, "咨询": {"这一届的咨询方式；没有填的没有", "工作日上午8:30至11:30，办公室"}, "补正期限": {"补正的最后一天", "2026年7月20日"},
	"理由": {"作出决定的理由", "情况已经核实"}, "截止": {"最后一天", "2026年7月20日"}, "期限": {"最后一天；还没有送达的没有", "2026年9月1日"}, "送达日期": {"送达的日期；还没有送达的没有", "2026年8月2日"},
	"事实": {"查明的事实，不带句号", "年度检查不合格，责令改正后仍未改正"}, "情形": {"属于哪一种撤销的情形", "整改效果不明显"}, "工作日数": {"从收到起可以陈述申辩的工作日", "5"},
	"陈述": {"单位的陈述申辩；没有提出的没有", "我单位已经改正"}, "再次申报日期": {"在此以前不得再次申报；没有限制的没有", "2028年9月1日"}, "申诉期限": {"申诉的最后一天；不能申诉的没有", "2026年11月1日"},
	"发布日期": {"发布通知的日期", "2026年6月1日"}, "截止日期": {"申报截止的日期", "2026年7月10日"}, "收到件数": {"收到的申报", "18"}, "受理件数": {"受理的申报", "15"}, "命名家数": {"命名的单位", "6"},
	"日期": {"在哪一天", "2026年8月20日"}, "时间": {"几点", "9:00"}, "地点": {"在什么地方", "第一会议室"}, "会议": {"会议的名称", "全体委员会议"}, "公示": {"公示的名称", "拟命名名单公示"},
	"异议": {"是哪一件异议，不写异议人", "异议2026-1"}, "有效期至": {"称号到哪一天", "2029年9月1日"}, "件数": {"有几件事", "2"}, "事项": {"一件一行", "初审 2026-007"},
	"附件名单": {"名单，作为附件另页起排", ""}, "名单": {"名单，排在正文里", ""}, "结尾": {"办公室起草时写的结尾，没有写的不排", ""}, "问题清单": {"需要整改的问题，一张表", ""},
	"补正内容": {"需要补正的内容，一张表", ""}, "提交情况": {"申报编号、单位、提交时间、内容摘要等，一张表", ""}, "抽取数据": {"名单、规则、种子和各方承诺的摘要，一张表", ""},
	"历次命名": {"每次命名一段：印发日期、通知、家数", ""}, "各环节件数": {"各环节的件数，一张表", ""}, "各类别件数": {"各类别的件数，一张表；只有一类的不排", ""},
	"公示正文": {"办公室起草时写的正文", ""}, "公示期说明": {"起止日期、工作日数、届满的时刻，由规则算出", ""}, "反映办法": {"怎样反映、署名和受理方式，由规则写出", ""},
	"申报单位": {"谁可以申报", "省级社会团体的党组织"}, "截止时间": {"申报截止的时刻", "2026年7月10日 星期五 24:00"}, "程序": {"从申报到命名的各环节", "自评申报、初审、实地考核、会议审定、公示和命名授牌"},
	"专项理由": {"为什么专门开展这一届；常规的届次没有", "为培育新成立的单位"}, "顺延说明": {"截止时间顺延过的，一次一段", ""},
	"附件标准": {"创建标准，作为附件另页起排", ""}, "附件日程": {"各环节的时间，作为附件另页起排", ""}, "附件申报表": {"要提交的材料，作为附件另页起排", ""},
	"初审件数": {"完成初审的申报", "12"}, "建议件数": {"初审建议列入的", "9"}, "不建议件数": {"初审不建议列入的", "2"}, "存疑件数": {"初审存疑的", "1"},
	"会议机关": {"由谁审定", "全体委员会议"}, "回避说明": {"因为回避没有列出的；没有的没有", "因回避，有2件没有列入"}, "不建议清单": {"不建议和存疑的单位和理由，一张表；没有的不排", ""}, "附件汇总": {"逐件的初审意见，作为附件另页起排", ""},
	"考核方式": {"怎样考核", "查看资料、实地检查、座谈走访"}, "考核指标数": {"考核哪几项指标", "18"}, "考核组名单": {"考核组的成员，一张表", ""},
	"考核结论": {"考核的结论", "达到标准"}, "达到项数": {"达到的指标", "15"}, "部分达到项数": {"部分达到的指标", "2"}, "未达到项数": {"未达到的指标", "1"}, "意见": {"考核组的意见，不带句号", "资料齐全，工作有实效"},
	"不同意见人数": {"保留不同意见的成员；没有的没有", "1"}, "考核记录": {"用了哪几种方式、看了什么，一段一种", ""}, "逐项评价": {"逐项的评价，一张表", ""}, "签名表": {"成员、签署时间和不同意见，一张表", ""},
	"时刻": {"开会的时间", "2026年9月3日9时00分"}, "议题数": {"有几项议题", "12"}, "委员": {"材料给谁", "委员张三"}, "主持人": {"会议的主持人", "李四"}, "议程": {"全部议题，一张表", ""}, "各项材料": {"每项议题的两份意见；本人回避的不写", ""},
	"会议情况": {"时间、地点、主持人、到会、请假、列席，一张表", ""}, "各项记录": {"每项议题的审议、回避、票数、结果和理由", ""}, "补充记录": {"办公室写的记录；没有写的不排", ""},
	"应到人数": {"有表决权的委员", "31"}, "实到人数": {"到会的委员", "28"}, "法定人数": {"至少到会多少人才能表决", "21"}, "议定事项": {"每项议题的决定，一段一项", ""}, "到会名单": {"出席和请假的名单", ""}, "列席名单": {"列席的名单；没有的不排", ""},
	"表决方式": {"怎样表决", "记名"}, "法定人数规则": {"方案定的法定人数", "不少于三分之二"}, "通过规则": {"方案定的通过比例", "超过二分之一"}, "分母说明": {"按应到还是实到计算", "应到人数"}, "表决结果": {"每项的票数和结果，一张表", ""}, "计算过程": {"每项的应到、回避、法定人数、通过所需票数，一段一项", ""}, "签字栏": {"主持人和监票人签字的地方，一张表", ""},
	"收到日期": {"收到异议的日期", "2026年8月21日"}, "核查结果": {"异议是否成立", "异议不成立"}, "答复": {"办公室的答复", "经核查，反映的情况不属实"},
	"牌匾编号": {"是哪一块牌匾", "2026-007"}, "签收日期": {"领取的日期；还没有领取的没有", "2026年10月8日"}, "签收人职务": {"谁领取的，只写职务；还没有领取的没有", "秘书长"}, "牌匾情况": {"编号、核验码、文字、规格、材质，一张表", ""}, "签收栏": {"双方签字的地方，一张表", ""},
	"命名日期": {"命名的日期", "2023年9月1日"}, "复查期限": {"复查在哪一天以前完成", "2026年9月1日"}, "指标数": {"对照几项指标", "20"}, "复查事由": {"有事由的复查，一段一个；按期的不排", ""},
	"复查结论": {"复查的结论", "复查合格"}, "复查日期": {"作出结论的日期", "2026年9月1日"}, "退步项数": {"比命名时差的指标", "0"}, "逐项对比": {"逐项与命名时对比，一张表", ""},
}
