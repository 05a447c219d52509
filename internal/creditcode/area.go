package creditcode

import "slices"

// Nation is the division of what is registered with the ministry.
const Nation = "10"

// Area is a division at the level of a province (GB/T 2260).
type Area struct {
	Code string // the first two digits of every division in it
	Name string // 吉林省
	Sign string // 吉: the one character that stands for it
}

// areas are the provinces of GB/T 2260, in the order of their codes.
var areas = []Area{
	{Nation, "全国", "国"},
	{"11", "北京市", "京"},
	{"12", "天津市", "津"},
	{"13", "河北省", "冀"},
	{"14", "山西省", "晋"},
	{"15", "内蒙古自治区", "蒙"},
	{"21", "辽宁省", "辽"},
	{"22", "吉林省", "吉"},
	{"23", "黑龙江省", "黑"},
	{"31", "上海市", "沪"},
	{"32", "江苏省", "苏"},
	{"33", "浙江省", "浙"},
	{"34", "安徽省", "皖"},
	{"35", "福建省", "闽"},
	{"36", "江西省", "赣"},
	{"37", "山东省", "鲁"},
	{"41", "河南省", "豫"},
	{"42", "湖北省", "鄂"},
	{"43", "湖南省", "湘"},
	{"44", "广东省", "粤"},
	{"45", "广西壮族自治区", "桂"},
	{"46", "海南省", "琼"},
	{"50", "重庆市", "渝"},
	{"51", "四川省", "川"},
	{"52", "贵州省", "贵"},
	{"53", "云南省", "云"},
	{"54", "西藏自治区", "藏"},
	{"61", "陕西省", "陕"},
	{"62", "甘肃省", "甘"},
	{"63", "青海省", "青"},
	{"64", "宁夏回族自治区", "宁"},
	{"65", "新疆维吾尔自治区", "新"},
	{"71", "台湾省", "台"},
	{"81", "香港特别行政区", "港"},
	{"82", "澳门特别行政区", "澳"},
}

// Areas lists the divisions at the level of a province in the order of their codes:
// the whole nation first, then the 34.
func Areas() []Area { return slices.Clone(areas) }

// AreaOf returns the area that a division is in, given its code or the beginning
// of it; false for one that GB/T 2260 does not have.
func AreaOf(division string) (Area, bool) {
	if len(division) < 2 {
		return Area{}, false
	}
	i := slices.IndexFunc(areas, func(p Area) bool { return p.Code == division[:2] })
	if i < 0 {
		return Area{}, false
	}
	return areas[i], true
}
