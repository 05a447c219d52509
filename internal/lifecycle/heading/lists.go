package heading

import "slices"

// Organisations is the roster of organisations themselves.
var Organisations = List{"organisations", "单位名册", []Column{
	{"code", "统一社会信用代码", []string{"社会信用代码", "信用代码", "统一代码", "代码"}, true},
	{"name", "单位名称", []string{"名称", "社会组织名称", "组织名称", "机构名称", "单位全称", "单位", "全称"}, true},
	{"name_from", "名称启用日期", []string{"名称变更日期", "更名日期", "变更日期"}, false},
	{"kind", "类别", []string{"社会组织类别", "组织类别", "社会组织类型", "组织类型", "类型"}, false},
	{"legacy_number", "旧登记证号", []string{"登记证号", "原登记证号", "登记证书号", "社证字号"}, false},
	{"registered_on", "成立登记日期", []string{"成立日期", "登记日期", "注册日期", "成立登记时间", "成立时间", "登记时间", "批准日期", "注册时间"}, false},
	{"registrar", "登记管理机关", []string{"登记机关", "登记单位"}, false},
	{"industry", "行业", []string{"所属行业", "行业分类", "行业类别"}, false},
	{"legal_head", "法定代表人", []string{"法人代表", "法定代表人姓名", "法人", "负责人"}, false},
	{"contact", "联系电话", []string{"办公电话", "单位电话", "电话", "联系方式", "固定电话"}, false},
	{"override", "校验码不符的理由", nil, false},
	{"evidence", "校验码不符的依据", nil, false},
	{"state", "登记状态", []string{"状态"}, false},
}}

// who are the columns by which a list of facts says which organisation it is about.
var who = []Column{
	{"code", "统一社会信用代码", Organisations.Columns[0].Aliases, true},
	{"name", "单位名称", Organisations.Columns[1].Aliases, false},
}

func about(more ...Column) []Column { return append(slices.Clone(who), more...) }

// The lists of what authorities decided (facts.md §4, §3): each with the day on
// which it was published.
var (
	Inspections = List{"inspections", "年度检查结论", about(
		Column{"year", "年度", []string{"检查年度", "年检年度"}, true}, Column{"conclusion", "结论", []string{"年检结论", "检查结论"}, true})}
	Grades = List{"grades", "评估等级", about(
		Column{"rank", "等级", []string{"评估等级", "评估结果"}, true}, Column{"announced_on", "公告日期", []string{"公布日期", "评定日期", "授牌日期"}, true}, Column{"revoked_on", "取消日期", nil, false})}
	Penalties = List{"penalties", "行政处罚", about(
		Column{"penalty", "种类", []string{"处罚种类", "处罚类别"}, true}, Column{"authority", "处罚机关", []string{"决定机关"}, true}, Column{"number", "决定书文号", []string{"文号", "处罚文号"}, false},
		Column{"decided_on", "决定日期", []string{"处罚日期", "处罚决定日期"}, true}, Column{"performed", "执行日期", nil, false}, Column{"quashed_on", "撤销日期", nil, false}, Column{"against", "处罚对象", nil, false})}
	Listings = List{"listings", "异常名录和失信名单", about(
		Column{"list", "名录", []string{"名单", "名录名称"}, true}, Column{"from", "列入日期", nil, true}, Column{"to", "移出日期", nil, false}, Column{"why", "列入原因", []string{"原因", "列入事由"}, false})}
	Elections = List{"elections", "党组织换届", about(
		Column{"body", "党组织名称", []string{"党组织"}, false}, Column{"held_on", "换届日期", []string{"选举日期", "换届选举日期"}, true},
		Column{"postponed_by", "延期月数", []string{"延期"}, false}, Column{"postponed_base", "延期批准文号", []string{"批准文号"}, false})}
)

// Designations is the list of titles that were given outside the system.
var Designations = List{"designations", "既往称号", []Column{
	{"code", "统一社会信用代码", Organisations.Columns[0].Aliases, true},
	{"name", "单位名称", Organisations.Columns[1].Aliases, true},
	{"named_as", "命名时名称", []string{"曾用名", "原名称"}, false},
	{"number", "编号", []string{"称号编号", "基地编号", "证书编号", "牌匾编号"}, true},
	{"doc_number", "命名文号", []string{"文号", "命名文件", "命名通知文号", "依据"}, true},
	{"named_on", "命名日期", []string{"命名时间", "授牌日期", "成文日期"}, true},
	{"valid_from", "有效期自", []string{"有效期起", "起始日期"}, false},
	{"valid_to", "有效期至", []string{"有效期", "有效期止", "到期日期", "终止日期"}, false},
	{"category", "申报类别", []string{"称号类别"}, false},
	{"programme", "方案", []string{"项目", "称号", "称号名称"}, false},
	{"registered_on", "成立登记日期", Organisations.Columns[5].Aliases, false},
	{"registrar", "登记管理机关", Organisations.Columns[6].Aliases, false},
}}

// Lists are the kinds of rosters.
var Lists = []List{Organisations, Inspections, Grades, Penalties, Listings, Elections, Designations}

// ListOf returns a list by its name.
func ListOf(name string) (List, bool) {
	i := slices.IndexFunc(Lists, func(l List) bool { return l.Name == name })
	if i < 0 {
		return List{}, false
	}
	return Lists[i], true
}
