package paper_test

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/paper"
)

// notice is a naming notice with an annex of some rows.
func notice(rows int) *paper.Document {
	d := &paper.Document{
		Form: paper.Red, Issuer: "中共松原省社会组织联合委员会文件", Number: "松社联党发〔2026〕8号",
		Title: "中共松原省社会组织联合委员会|关于命名第三批全省社会组织党建工作|示范点的通知",
		To:    "各社会组织党组织",
		Body: []paper.Block{
			paper.Paragraph{Text: "根据《关于开展全省社会组织党建工作示范点创建活动的通知》（松社联党发〔2026〕2号）安排，经各社会组织党组织自愿申报、初审、实地考核、会议审定和公示，现决定命名中共松原省物流行业协会支部委员会等60个党组织为第三批全省社会组织党建工作示范点（名单见附件）。"},
			paper.Heading{Level: 1, Text: "一、珍惜荣誉，发挥示范作用"},
			paper.Paragraph{Text: "被命名的党组织要珍惜荣誉，再接再厉，持续加强政治建设、思想建设、组织建设，推动“两个覆盖”提质增效，在服务大局、服务群众、服务行业中当好表率。"},
			paper.Heading{Level: 2, Text: "（一）坚持政治引领。", Then: "把学习贯彻习近平新时代中国特色社会主义思想作为首要政治任务，落实“第一议题”制度；每年至少开展4次集中学习，参加人数不少于应到人数的80%。"},
			paper.Heading{Level: 3, Text: "1.规范组织生活。", Then: "严格落实“三会一课”、主题党日、组织生活会和民主评议党员制度。"},
			paper.Heading{Level: 4, Text: "（1）健全工作台账。", Then: "台账只记人数和次数，不记个人信息。"},
			paper.Heading{Level: 1, Text: "二、接受监督，实行动态管理"},
			paper.Paragraph{Text: "示范点称号自命名之日起有效，有效期3年。联合党委每年组织复查；出现章程未载明党建工作要求、年检不合格、受到行政处罚等情形的，限期整改，整改不到位的撤销称号、收回牌匾。"},
		},
		Annexes: []paper.Annex{{Title: "第三批全省社会组织党建工作示范点名单"}},
		Signers: []string{"中共松原省社会组织联合委员会"}, Date: calendar.MustDate("2026-09-08"), Seal: true,
		Note:    "此件公开发布",
		Imprint: &paper.Imprint{Copies: "省委组织部，省民政厅，各市（州）社会组织综合党委", PrintedBy: "中共松原省社会组织联合委员会办公室", PrintedOn: calendar.MustDate("2026-09-08")},
		Created: time.Date(2026, 9, 8, 9, 0, 0, 0, calendar.Zone),
		About:   "命名通知",
	}
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "党组织名称", Width: 5}, {Head: "称号编号", Width: 2.4, Centre: true}, {Head: "有效期至", Width: 2.2, Centre: true}}}
	for i := range rows {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("中共松原省%s协会支部委员会", []string{"物流行业", "家政服务", "青少年科技教育与创新实践促进", "注册会计师"}[i%4]), fmt.Sprintf("SY-2026-%03d", i+1), "2029年9月7日"})
	}
	d.Annexes[0].Body = []paper.Block{t}
	return d
}

// receipt is a plain sheet with a code at its foot.
func receipt() *paper.Document {
	return &paper.Document{
		Title: "申报提交回执",
		Body: []paper.Block{
			paper.Paragraph{Text: "你单位的申报材料已经收到。"},
			paper.Facts{
				{Word: "申报编号", Value: "SY-2026-0007"},
				{Word: "申报单位", Value: "松原省物流行业协会"},
				{Word: "提交时间", Value: "2026年7月10日 16时03分27秒"},
				{Word: "内容摘要", Value: "9f2c11e07b9d4c0aa2f0f1e2d3c4b5a697887766554433221100ffeeddccbbaa"},
			},
		},
		Signers: []string{"社会组织党建工作办公室"}, Date: calendar.MustDate("2026-07-10"),
		Foot: &paper.Foot{
			Code: func(page, pages int) string {
				return fmt.Sprintf("SHIFAN:SY-2026-0007:9F2C11E07B9D4C0AA2F0F1E2D3C4B5A697887766554433221100FFEEDDCCBBAA:%d/%d", page, pages)
			},
			Lines: func(page, pages int) []string {
				return []string{fmt.Sprintf("SY-2026-0007　第%d页，共%d页", page, pages), "内容摘要 9f2c11e07b9d4c0aa2f0f1e2d3c4b5a6", "97887766554433221100ffeeddccbbaa"}
			},
		},
		Created: time.Date(2026, 7, 10, 16, 3, 27, 0, calendar.Zone),
	}
}
