package format_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"shifan/internal/lifecycle/programme/format"
	"shifan/programmes"
)

// faults are files with one fault each: a text of the shipped file, what stands
// there instead, a text of the line that is to be named, and words of the
// sentence.
var faults = map[string]struct{ old, new, line, says string }{
	"no publicity":                    {"  days: 5\n  count", "  days: 0\n  count", "  days: 0", "“公示期”（publicity.days）写的是0，最少1，最多60"},
	"a publicity of a year":           {"  days: 5\n  count", "  days: 365\n  count", "  days: 365", "最多60"},
	"days in words":                   {"  days: 5\n  count", "  days: 五\n  count", "  days: 五", "应是整数，写的是文字"},
	"days in full width":              {"  days: 5\n  count", "  days: ５\n  count", "  days: ５", "应是整数"},
	"days with a half":                {"  days: 5\n  count", "  days: 5.5\n  count", "  days: 5.5", "应是整数，写的是数"},
	"days quoted":                     {"  days: 5\n  count", "  days: \"5\"\n  count", "  days: \"5\"", "不加引号"},
	"octal":                           {"  days: 5\n  count", "  days: 005\n  count", "  days: 005", "写法不对"},
	"a huge number":                   {"  days: 5\n  count", "  days: 99999999999999999999\n  count", "99999999999999999999", "publicity.days"},
	"no value":                        {"  days: 5\n  count", "  days:\n  count", "  days:", "没有写值"},
	"yes in place of true":            {"count_first_day: false", "count_first_day: no", "count_first_day: no", "应是true 或 false"},
	"an unknown setting":              {"  days: 5\n  count", "  dayz: 5\n  count", "  dayz: 5", "是不是“days”"},
	"an unknown part":                 {"naming:\n", "命名设置:\n  甲: 1\nnaming:\n", "命名设置:", "这里可用的是"},
	"a setting twice":                 {"  days: 5\n  count", "  days: 5\n  days: 7\n  count", "  days: 7", "写了两次，第一次在第"},
	"a part twice":                    {"naming:\n", "publicity: {days: 7}\nnaming:\n", "publicity: {days: 7}", "写了两次"},
	"a policy nobody knows":           {"of: entitled", "of: everybody", "of: everybody", "可以写entitled（应到人数）、present（到会人数）"},
	"no title":                        {"title: 吉林省社会组织党建创新示范基地创建活动\n", "", "name: jilin", "缺少“名称”（title）"},
	"an empty title":                  {"title: 吉林省社会组织党建创新示范基地创建活动\n", "title: \"\"\n", "title: \"\"", "是空的"},
	"an endless title":                {"title: 吉林省社会组织党建创新示范基地创建活动\n", "title: " + strings.Repeat("长", 121) + "\n", "title: 长", "有121个字符，最多120个"},
	"no name of the issuer":           {"  name: 中共吉林省社会组织联合委员会\n  short", "  short", "issuer:", "缺少“名称”（issuer.name）"},
	"a name with blanks":              {"name: jilin-party-building-base", "name: Jilin Base", "name: Jilin Base", "写法不对"},
	"version 0":                       {"version: 2", "version: 0", "version: 0", "最少1"},
	"version in words":                {"version: 2", "version: 第一版", "version: 第一版", "应是整数"},
	"a fact that does not exist":      {"expr: org.评估等级 >= 3 and", "expr: org.评估等次 >= 3 and", "org.评估等次", "写错了"},
	"an unfinished condition":         {"expr: org.行政处罚次数 == 0", "expr: org.行政处罚次数 ==", "org.行政处罚次数 ==", "没有说完"},
	"a condition cut by a comment":    {"expr: 'all(org.每年培训次数, # >= 1)'", "expr: all(org.每年培训次数, # >= 1)", "org.每年培训次数", "单引号"},
	"a number against a text":         {"expr: org.行政处罚次数 == 0", `expr: org.行政处罚次数 == "零"`, `"零"`, "两边的种类不同"},
	"a condition that is no question": {"expr: org.行政处罚次数 == 0", "expr: org.行政处罚次数", "expr: org.行政处罚次数", "是"},
	"a doubt that reads the whole":    {"doubt: org.存疑处罚次数 > 0", "doubt: len(string(org)) > 0", "len(string(org))", "写错了"},
	"a window without a length":       {"{kind: months_back, length: 36}\n    message: 近三年受到过", "{kind: months_back}\n    message: 近三年受到过", "{kind: months_back}", "没有写"},
	"a length without a window":       {"window: {kind: at_deadline}\n    message: 截止日没有", "window: {kind: at_deadline, length: 3}\n    message: 截止日没有", "length: 3", "没有长度"},
	"a window of 30 years":            {"{kind: complete_years, length: 3}\n    message: 近三个", "{kind: complete_years, length: 30}\n    message: 近三个", "length: 30", "最多20年"},
	"two rules of one code":           {"code: inspections", "code: penalties", "code: penalties", "“penalties”已经用在第1项"},
	"two indicators of one code":      {"code: 4-3\n", "code: 1-2\n", "code: 1-2", "已经用在第2项的第2项"},
	"a code with blanks":              {"code: inspections", "code: 年检 合格", "年检 合格", "写法不对"},
	"a number for a code":             {"code: 4-3\n", "code: 43\n", "code: 43", "应是文字"},
	"no clause":                       {"    clause: 二(一)\n    window", "    window", "- code: charter", "缺少“依据条款”"},
	"the wrong order":                 {"[review, visit, meeting, publicity]", "[review, meeting, visit, publicity]", "[review, meeting", "排错了位置"},
	"a stage twice":                   {"[review, visit, meeting, publicity]", "[review, visit, visit, meeting, publicity]", "visit, visit", "重复"},
	"a stage nobody knows":            {"[review, visit, meeting, publicity]", "[review, visit, meeting, publicity, party]", "party]", "不能是“party”"},
	"no word for the numbers":         {"  numbers: 吉社联党发\n", "", "naming:", "缺少“机关代字”（naming.numbers）"},
	"no committee":                    {"[review, visit, meeting, publicity]", "[review, visit, publicity]", "procedure:", "缺少“meeting”"},
	"no publicity stage":              {"[review, visit, meeting, publicity]", "[review, visit, meeting]", "procedure:", "缺少“publicity”"},
	"a visit indicator, no visit":     {"[review, visit, meeting, publicity]", "[review, meeting, publicity]", "at: visit", "办理流程里没有这个环节"},
	"a condition nobody wrote":        {"judged: veto\n        evidence: [上级", "judged: veto\n        rules: [honesty, grades]\n        evidence: [上级", "rules: [honesty, grades]", "申报条件里没有这个代号"},
	"scored where nothing is":         {"judged: veto\n        evidence: [上级", "judged: scored\n        evidence: [上级", "judged: scored", "评分办法不打分"},
	"a title of another genre":        {"title: 会议纪要", "title: 会议情况", "会议情况", "文种是纪要"},
	"a template's slip":               {"      {结尾}\n", "\n      {结属}\n", "      {结属}", "“文书模板”（documents[8].text）里的{结属}不是可以用的字段。是不是{结尾}？"},
	"a template without its list":     {"      {附件名单}\n", "", "根据{方案}", "没有写{附件名单}或{名单}"},
	"a list in a sentence":            {"决定命名附件所列", "决定命名{名单}", "决定命名{名单}", "不能写在一句话里"},
	"half a condition":                {"年{完}。", "年。", "根据{方案}", "没有结束"},
	"minutes that resolve nothing":    {"{code: minutes, title: 会议纪要, type: 纪要}", "{code: minutes, title: 会议纪要, type: 纪要, text: 甲}", "code: minutes", "没有写{议定事项}"},
	"a message nobody sends":          {"code: named", "code: nominated", "code: nominated", "不能是“nominated”"},
	"a field the reader may not know": {"编号{编号}，有效期至", "编号{信用代码}，有效期至", "{信用代码}", "（messages[1].text）里的{信用代码}"},
	"a message twice":                 {"sanctions: [rectify, revoke]\n", "  - {code: named, subject: 甲, text: 乙}\nsanctions: [rectify, revoke]\n", "code: named, subject", "“named”已经用在第1项"},
	"a graded programme":              {"scoring:\n  method: pass_fail", "scoring:\n  method: graded", "method: graded", "还不执行"},
	"a pass mark out of reach":        {"scoring:\n  method: pass_fail", "scoring:\n  method: scored\n  pass_mark: 60", "method: scored", "没有一个每年都用的指标打分"},
	"paper by its postmark":           {"paper: receipt", "paper: postmark", "paper: postmark", "还不执行"},
	"another answers objections":      {"answered_by: office", "answered_by: supervisor", "answered_by: supervisor", "还不执行"},
	"a publicity before a revocation": {"  hearing_days: 5\n  publicity: false", "  hearing_days: 5\n  publicity: true", "publicity: true", "还不执行"},
	"years out of order":              {"years: [2020, 2021]\n      - code: 4-11", "years: [2021, 2020]\n      - code: 4-11", "years: [2021, 2020]", "没有按先后"},
	"a year of the Ming":              {"years: [2020, 2021]\n      - code: 4-11", "years: [1420]\n      - code: 4-11", "1420", "最少2000"},
	"a day that is not":               {"deadline: 07-10", "deadline: 02-30", "deadline: 02-30", "不是每年都有的日子"},
	"a day of leap years":             {"deadline: 07-10", "deadline: 02-29", "deadline: 02-29", "不是每年都有的日子"},
	"a time that is not":              {`time: "24:00"`, `time: "24:30"`, `"24:30"`, "不是截止的时刻"},
	"the first instant of a day":      {`time: "24:00"`, `time: "00:00"`, `"00:00"`, "前一天的24:00"},
	"more than all":                   {"quorum: {of: [2, 3], strictly: false}", "quorum: {of: [1, 1], strictly: true}", "of: [1, 1]", "永远达不到"},
	"three of two":                    {"quorum: {of: [2, 3], strictly: false}", "quorum: {of: [3, 2]}", "of: [3, 2]", "永远达不到"},
	"a third passes":                  {"majority: {of: [1, 2], strictly: true}", "majority: {of: [1, 3]}", "of: [1, 3]", "不到一半"},
	"a fraction of three":             {"majority: {of: [1, 2], strictly: true}", "majority: {of: [1, 2, 3]}", "of: [1, 2, 3]", "最多2项"},
	"an order out of sums":            {"  ballot: named\n  tie: lost\n  material_days: 3\n  over_quota: ayes", "  ballot: secret\n  tie: lost\n  material_days: 3\n  over_quota: ranks", "over_quota: ranks", "不能给几项排先后"},
	"a recheck after the end":         {"recheck:\n  every_years: 3", "recheck:\n  every_years: 5", "every_years: 5", "长于有效期3年"},
	"a recheck at once":               {"lead_days: 90", "lead_days: 730\n  every_year: 2", "every_year: 2", "是不是“every_years”"},
	"only blanks":                     {"base: 党建创新示范基地", "base: \"  \"", `base: "  "`, "只有空白"},
	"what nobody sees":                {"base: 党建创新示范基地", "base: \"党建\\u202e基地\"", `\u202e`, "看不见的字符"},
	"a wide colon":                    {"base: 党建创新示范基地", "base： 党建创新示范基地\nx", "base： 党建", "全角的标点"},
	"no approval":                     {"  override: 以本委员会", "  item: 以本委员会", "  item: 以本", "通知发布不了"},
	"codes of another kind":           {"  prefixes: [\"51220000\", ", "  prefixes: [\"93\", ", "prefixes: [", "没有一种的代码这样开头"},
	"no cooperative's beginning":      {"  kinds: [association, service, foundation]\n  prefixes: [\"51220000\", \"52220000\", \"53220000\"] # 省级登记的社会团体、社会服务机构、基金会", "  kinds: [cooperative]\n  prefixes: [\"54\"]", "prefixes: [", "没有一种的代码这样开头"},
	"a method left out":               {"  methods: [papers, premises, interviews]", "  methods: []", "methods: []", "最少1项"},
	"what changes by the day":         {"expr: org.行政处罚次数 == 0", "expr: org.行政处罚次数 == 0 and now() != nil", "now()", "写错了"},
	"a fact misspelt":                 {"expr: org.行政处罚次数 == 0", "expr: org.行政处法次数 == 0", "行政处法次数", "是不是“org.行政处罚次数”"},
	"no end, yet a last year":         {"validity:\n  years: 3", "validity:\n  years: 0", "holder_may: last_year", "没有最后一年"},
	"two terms":                       {"rectification:\n  days: 30", "rectification:\n  days: 30\n  months: 1", "months: 1", "只能写一个"},
	"no term":                         {"rectification:\n  days: 30", "rectification:\n  days: 0", "days: 0", "没有整改的时间"},
	"fixed, but how many":             {"quota:\n  kind: none", "quota:\n  kind: fixed", "quota:", "写上最多几个"},
	"a number, but no kind":           {"quota:\n  kind: none", "quota:\n  kind: none\n  max: 3", "max: 3", "把 kind 改成 fixed"},
	"a tree without levels":           {"quota:\n  kind: none", "quota:\n  kind: tree", "kind: tree", "还不执行"},
	"a per cent of the applicants":    {"quota:\n  kind: none", "quota:\n  kind: percent\n  percent: 30", "kind: percent", "还不执行"},
	"levels of recommendation":        {"sanctions: [", "recommendation: [{title: 县级}]\nsanctions: [", "recommendation:", "不能装作执行"},
	"a title before":                  {"sanctions: [", "prerequisites: [{title: 市级示范社}]\nsanctions: [", "prerequisites:", "不能装作执行"},
	"others are asked":                {"sanctions: [", "consultation: {bodies: [税务局]}\nsanctions: [", "consultation:", "不能装作执行"},
	"a yearly form":                   {"sanctions: [", "duties: [{code: y, title: 年报, every_years: 1, by: 03-31, missed: remind}]\nsanctions: [", "duties:", "不能装作执行"},
	"an event":                        {"sanctions: [", "events: [{code: e, title: 更名, days: 90, leads: record}]\nsanctions: [", "events:", "不能装作执行"},
	"stages in a later year":          {"cycle:\n", "cycle:\n  phases: [{stages: [meeting], year: 1}]\n", "phases:", "不能装作执行"},
	"publicity at other levels":       {"  answered_by: office", "  answered_by: office\n  before: [{level: 本单位, days: 5}]", "before:", "不能装作执行"},
	"others sign":                     {"  releases: 2", "  releases: 2\n  cosigned: [省财政厅]", "cosigned:", "不能装作执行"},
	"a ladder of its own":             {"sanctions: [rectify, revoke]", "sanctions: [revoke]", "sanctions: [revoke]", "还不执行"},
	"a document nobody issues":        {"{code: minutes, title", "{code: diploma, title", "code: diploma", "不能是“diploma”"},
	"a source of nothing":             {"  publicity.days: 办法(五)", "  publicity.dayz: 办法(五)", "publicity.dayz", "不是设置的路径"},
	"a source of a part":              {"  publicity.days: 办法(五)", "  publicity: 办法(五)", "  publicity: 办法(五)", "用点连到一项设置为止"},
	"a source of half a fraction":     {"  publicity.days: 办法(五)", "  meeting.quorum.of: 办法(四)", "meeting.quorum.of", "用点连到一项设置为止"},
	"a source of what is no setting":  {"  publicity.days: 办法(五)", "  title: 办法(五)", "  title: 办法(五)", "用点连到一项设置为止"},
	"the same alias twice":            {"aliases: [联合党委]", "aliases: [联合党委, 联合党委]", "[联合党委, 联合党委]", "第1项和第2项重复"},
	"a date that is not":              {"  override: 以本委员会", "  valid_to: 2021-02-30\n  override: 以本委员会", "2021-02-30", "不是有效日期"},
	"a list where a text belongs":     {"base: 党建创新示范基地", "base: [党建创新示范基地]", "base: [", "应是文字，写的是列表"},
	"a text where a list belongs":     {"aliases: [联合党委]", "aliases: 联合党委", "aliases: 联合党委", "应是列表，写的是文字"},
	"a text where a part belongs":     {"cycle:\n  every_years: 1", "cycle: 每年", "cycle: 每年", "应是带名称的各项"},
	"a category of no kind":           {"  holder_may: last_year", "  categories: [{code: a, title: 社团, kinds: [association]}]\n  holder_may: last_year", "kinds: [association, service", "不属于任何一类"},
	"a kind in two categories":        {"  holder_may: last_year", "  categories: [{code: a, title: 甲, kinds: [association, service, foundation]}, {code: b, title: 乙, kinds: [service]}]\n  holder_may: last_year", "categories: [", "已经属于“甲”"},
	"an anchor":                       {"sanctions: [rectify, revoke]", "sanctions: &s [rectify, revoke]", "&s", "锚点"},
	"an alias":                        {"sanctions: [rectify, revoke]", "sanctions: *s", "*s", "YAML"},
	"a tag":                           {"base: 党建创新示范基地", "base: !!binary aGVsbG8=", "!!binary", "标签"},
	"a merge":                         {"  holder_may: last_year", "  <<: {holder_may: never}", "<<:", "项的名称"},
	"a tab":                           {"  holder_may: last_year", "\tholder_may: last_year", "\tholder_may", "制表符（Tab）"},
	"an open bracket":                 {"sanctions: [rectify, revoke]", "sanctions: [rectify, revoke", "roles:", "YAML"},
	"an open quote":                   {`time: "24:00"`, `time: "24:00`, `time: "24:00`, "YAML"},
	"a NUL":                           {"base: 党建创新示范基地", "base: 党建\x00示范基地", "base: 党建", "控制字符"},
	"not UTF-8":                       {"base: 党建创新示范基地", "base: \xb5\xb3\xbd\xa8", "base: ", "不是UTF-8"},
	"a line without end":              {"base: 党建创新示范基地", "base: " + strings.Repeat("长", 3000), "base: 长", "这一行有3006个字符"},
	"two documents":                   {"eligibility:\n", "---\neligibility:\n", "eligibility:", "两份YAML文档"},
	"a negative quota":                {"quota:\n  kind: none", "quota:\n  kind: fixed\n  max: -1", "max: -1", "最少0"},
	"half the ladder":                 {"sanctions: [rectify, revoke]", "sanctions: [revoke, rectify]", "sanctions: [", "现在这2项都要写，按这个次序：rectify（限期整改）、revoke（撤销称号）"},
	"a conclusion misspelt":           {`# in ["不合格", "未参检", "年报未报"]`, `# in ["不合格", "未参捡", "年报未报"]`, "未参捡", "没有这个值"},
	"a conclusion of its own":         {`# == "基本合格"`, `# == "基本通过"`, "基本通过", "它的值是\"合格\"、\"基本合格\""},
	"a kind that there is not":        {"expr: org.行政处罚次数 == 0", `expr: org.行政处罚次数 == 0 and org.类别 != "社团"`, "社团", "“org.类别”没有这个值"},
	"a form among others":             {"expr: org.行政处罚次数 == 0", `expr: org.行政处罚次数 == 0 or not (org.党组织形式 in ["党委", "党小组"])`, "党小组", "“org.党组织形式”没有这个值"},
	"the other way round":             {"expr: org.行政处罚次数 == 0", `expr: '"注销" != org.状态 and org.行政处罚次数 == 0'`, "注销", "“org.状态”没有这个值"},
	"no window where one counts":      {"{kind: months_back, length: 36}\n    message: 近三年受到过", "{kind: at_deadline}\n    message: 近三年受到过", "kind: at_deadline", "“org.行政处罚次数”看的是一段时间"},
	"no window at all":                {"    window: {kind: months_back, length: 36}\n    message: 近三年受到过", "    message: 近三年受到过", "org.行政处罚次数 == 0", "没有写，按默认是none"},
	"months where years count":        {"{kind: complete_years, length: 3}\n    message: 近三个", "{kind: months_back, length: 36}\n    message: 近三个", "kind: months_back", "每个年度一个"},
	"a wide comma in braces":          {"{code: minutes, title", "{code: minutes， title", "minutes， title", "不能是"},
	"a wide sign in a condition":      {"expr: org.评估等级 >= 3 and", "expr: org.评估等级 ≥ 3 and", "≥ 3", "≥写成“>=”"},
	"a wide digit in a condition":     {"expr: org.行政处罚次数 == 0", "expr: org.行政处罚次数 == ０", "== ０", "要用半角的"},
	"wide brackets in a condition":    {"expr: org.行政处罚次数 == 0", "expr: （org.行政处罚次数 == 0）", "（org", "括号写成“()”"},
	"a Chinese and":                   {"expr: org.评估等级 >= 3 and", "expr: org.评估等级 >= 3 并且", "并且", "并且写成“and”"},
	"one equals sign":                 {"expr: org.行政处罚次数 == 0", "expr: org.行政处罚次数 = 0", "= 0", "相等写成“==”"},
	"a fact without org":              {"expr: org.行政处罚次数 == 0", "expr: 行政处罚次数 == 0", "expr: 行政", "事实写成“org.”加名称"},
	"a line too far in":               {"  holder_may: last_year", "     holder_may: last_year", "     holder_may", "检查缩进"},
	"a line too far out":              {"  lead_days: 90", "lead_days: 90", "lead_days", "检查缩进"},
	"the last line too far out":       {"  bar_months: 36", "bar_months: 36", "bar_months", "它是“applicants”里的一项，看看缩进"},
	"a wide blank before a name":      {"  lead_days: 90", "\u3000lead_days: 90", "lead_days", "空格"},
	"a blank that does not break":     {"base: 党建创新示范基地", "base: 党建创新示范基地", "base:", "不换行空格"},
	"no blank after the colon":        {"base: 党建创新示范基地", "base:党建创新示范基地", "base:党建", "冒号后的空格"},
	"text after the end":              {"sanctions: [rectify, revoke]", "sanctions: [rectify, revoke] 等", "sanctions:", "YAML"},
	"a wide time":                     {`time: "24:00"`, `time: "24：00"`, "24：00", "写法不对"},
	"a day in Chinese":                {"deadline: 07-10", "deadline: 7月10日", "7月10日", "写法不对"},
	"a yes in quotes":                 {"count_first_day: false", `count_first_day: "false"`, `"false"`, "写 true 或 false"},
	"a beginning without quotes":      {`  prefixes: ["51220000", `, `  prefixes: [51220000, `, "prefixes: [51", "加上引号"},
	"a beginning in wide quotes":      {`  prefixes: ["51220000", `, `  prefixes: [“51220000”, `, "prefixes: [“", "加引号"},
	"too long a word for applicants":  {"  holder_may: last_year", "  word: " + strings.Repeat("长", 21) + "\n  holder_may: last_year", "word: 长", "最多20个"},
	"a date with slashes":             {"  override: 以本委员会", "  valid_to: 2035/12/31\n  override: 以本委员会", "2035/12/31", "写成2026-12-31的样子"},
	"a kind of paper nobody knows":    {"type: 纪要}", "type: 决议}", "type: 决议", "不能是“决议”"},
	"a document twice":                {"{code: minutes, title", "{code: call, title", "{code: call, title: 会议", "不能重复"},
	"letters for the numbers":         {"  numbers: 吉社联党发", "  numbers: JSLDF", "JSLDF", "2至12个汉字"},
	"a null":                          {"  days: 5\n  count", "  days: null\n  count", "days: null", "没有写值"},
	"a filing by postmark":            {"  paper: receipt", "  paper: postmark", "paper: postmark", "还不执行"},
}

// TestFaults: each fault is told once, at its line, in a sentence.
func TestFaults(t *testing.T) {
	t.Parallel()
	if len(faults) < 40 {
		t.Errorf("only %d faults", len(faults))
	}
	shipped, _ := programmes.Text("jilin-party-building-base")
	for name, tt := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(string(shipped), tt.old); n != 1 {
				t.Fatalf("%q stands %d times in the file", tt.old, n)
			}
			text := strings.Replace(string(shipped), tt.old, tt.new, 1)
			p, problems := format.Read([]byte(text))
			if p != nil || len(problems) == 0 {
				t.Fatal("the file was read")
			}
			found := false
			for _, w := range problems {
				lines := strings.Split(text, "\n")
				if w.Line < 1 || w.Line > len(lines) {
					t.Fatalf("line %d of %d", w.Line, len(lines))
				}
				here := strings.Contains(lines[w.Line-1], tt.line) && strings.Contains(w.Say, tt.says)
				found = found || here
				if here && !strings.HasPrefix(strings.ToValidUTF8(lines[w.Line-1], "�"), strings.TrimSuffix(w.Text, "…")) {
					t.Errorf("the line is shown as %q", w.Text)
				}
				if w.Column < 1 || w.Column > utf8.RuneCountInString(lines[w.Line-1])+2 {
					t.Errorf("column %d of line %q", w.Column, lines[w.Line-1])
				}
				if strings.Contains(w.Say, "%!") || !strings.HasSuffix(w.Say, "。") && !strings.HasSuffix(w.Say, "？") {
					t.Errorf("no sentence: %s", w.Say)
				}
			}
			if !found {
				t.Errorf("no problem at a line with %q says %q: %v", tt.line, tt.says, problems)
			}
			if strings.HasPrefix(name, "an alias") || len(problems) <= 2 || name == "a visit indicator, no visit" {
				return
			}
			t.Errorf("one fault gives %d problems: %v", len(problems), problems)
		})
	}
}

// TestColumns: the column is that of the slip, counted in characters.
func TestColumns(t *testing.T) {
	t.Parallel()
	shipped, _ := programmes.Text("jilin-party-building-base")
	for name, tt := range map[string]struct{ old, new, at string }{
		"in a plain condition":  {"expr: org.评估等级 >= 3 and", "expr: org.评估等级 >= 3 and org.等第 > 1 and", "等第"},
		"in a quoted condition": {"expr: 'all(org.每年培训次数, # >= 1)'", "expr: 'all(org.每年培训量, # >= 1)'", "每年培训量"},
		"in a condition of two lines": {
			"expr: org.行政处罚次数 == 0", "expr: |\n      org.年限 >= 1\n      and org.处罚数 == 0", "处罚数",
		},
		"a value":          {"  days: 5\n  count", "  days: 0\n  count", "0\n  count_first"},
		"an item":          {"kinds: [association, service, foundation]", "kinds: [association, servise, foundation]", "servise"},
		"an unknown key":   {"  days: 5\n  count", "  dayz: 5\n  count", "dayz"},
		"a missing key":    {"  name: 中共吉林省社会组织联合委员会\n  short", "  short", "issuer:"},
		"in a template":    {"      {附件名单}\n", "\n      致{单位名}：\n      {附件名单}\n", "{单位名}"},
		"after wide signs": {"{code: minutes, title: 会议纪要, type: 纪要}", "{code: minutes, title: 𠮷林纪要, type: 记要}", "记要"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(string(shipped), tt.old, tt.new, 1)
			before := text[:strings.Index(text, tt.at)]
			line := strings.Count(before, "\n") + 1
			column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
			_, problems := format.Read([]byte(text))
			if len(problems) == 0 {
				t.Fatal("the file was read")
			}
			if w := problems[0]; w.Line != line || w.Column != column {
				t.Errorf("at %d:%d, want %d:%d: %s", w.Line, w.Column, line, column, w.Say)
			}
		})
	}
}

// TestAllAtOnce: whoever mends a file is told everything in one go.
func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	shipped, _ := programmes.Text("jilin-party-building-base")
	text := strings.NewReplacer(
		"  days: 5\n  count", "  days: 0\n  count", "of: entitled", "of: everybody", "deadline: 07-10", "deadline: 02-30",
		"org.评估等级 >= 3", "org.评估等次 >= 3", "code: inspections", "code: penalties", "  lead_days: 90", "  leed_days: 90",
	).Replace(string(shipped))
	_, problems := format.Read([]byte(text))
	if len(problems) != 6 {
		t.Errorf("%d problems: %v", len(problems), problems)
	}
	for i := 1; i < len(problems); i++ {
		if problems[i].Line < problems[i-1].Line {
			t.Errorf("not in the order of the file: %v", problems)
		}
	}
}

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, says string }{
		"nothing":         {"", "是空的"},
		"blanks":          {"\n  \n", "是空的"},
		"a comment":       {"# 方案\n", "是空的"},
		"a text":          {"方案", "名称: 值"},
		"a list":          {"- 方案\n- 方案", "名称: 值"},
		"megabytes":       {strings.Repeat("base: 长\n", 1<<20), "最多256KB"},
		"a deep bracket":  {"base: " + strings.Repeat("[", 500), "括号套了"},
		"a deep dash":     {strings.Repeat("- ", 900) + "x", "名称: 值"},
		"a bomb":          {"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "锚点"},
		"a binary":        {"\x7fELF\x02\x01\x01\x00\x00", "控制字符"},
		"UTF-16":          {"\xff\xfeb\x00a\x00s\x00e\x00", "UTF-8"},
		"JSON":            {`{"name": "x-y-z"}`, "缺少"},
		"a broken bit":    {"base: \xe5\x85", "UTF-8"},
		"GBK":             {"name: x\ntitle: \xca\xbe\xb7\xb6\nbase: \xca\xbe\xb7\xb6\xbb\xf9\xb5\xd8\n", "2:9: 文件不是UTF-8编码，从这一行起有2行读不出，多半是GBK"},
		"question marks":  {"? ? ? x", "YAML"},
		"only a mapping":  {"{}", "缺少“方案代号”（name）"},
		"a directive":     {"%YAML 1.2\n%YAML 1.2\n---\nx: 1\n", "YAML"},
		"numbers as keys": {"1: 2\n", "项的名称"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, problems := format.Read([]byte(tt.text))
			if p != nil || len(problems) == 0 {
				t.Fatal("it was read")
			}
			said := ""
			for _, w := range problems {
				said += w.String() + "\n"
			}
			if !strings.Contains(said, tt.says) {
				t.Errorf("it says %s", said)
			}
			if strings.Contains(tt.says, "UTF-8") && len(problems) != 1 {
				t.Errorf("one encoding gives %d problems", len(problems))
			}
		})
	}
}
