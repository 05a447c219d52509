package designation

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// The states of a designation.
const (
	Valid      stage.State = "valid"      // 有效
	Rectifying stage.State = "rectifying" // 整改中: still valid, under an order to put things right
	Expired    stage.State = "expired"    // 已到期
	Revoked    stage.State = "revoked"    // 已撤销
	Returned   stage.State = "returned"   // given back by its holder
	Dissolved  stage.State = "dissolved"  // its holder was deregistered, with no successor
	Succeeded  stage.State = "succeeded"  // a successor holds a new designation by decision
	Abolished  stage.State = "abolished"  // the programme ended and its policy ended the titles
)

// Kind is the designation's machine. Recheck, rectification and revocation move
// it by their outcomes; they are chapters of their own.
var Kind = stage.Kind{
	Name: "designation", Label: "称号", Start: Valid,
	Moves: []stage.Move{
		{From: Valid, Act: "order_rectification", By: stage.Chair, To: Rectifying, Basis: "五(二) 限期整改"},
		{From: Rectifying, Act: "restore", By: stage.Chair, To: Valid, Basis: "五(二) 整改合格"},
		{From: Valid, Act: "renew", By: stage.Chair, To: Valid, Basis: "五(二) 每三年复查；方案设定"},
		{From: Valid, Act: "keep", By: stage.Chair, To: Valid, Basis: "五(二) 每三年复查；方案设定"},
		{From: Valid, Act: "start", By: stage.Clerk, To: Valid, Basis: "三 有效期3年；方案设定自授牌起算"},
		{From: Valid, Act: "note", By: stage.Clerk, To: Valid, Basis: "五(二) 动态管理"},
		{From: Rectifying, Act: "note", By: stage.Clerk, To: Rectifying, Basis: "五(二) 动态管理"},
		{From: Valid, Act: "expire", By: stage.Clock, To: Expired, Basis: "三 有效期3年"},
		{From: Rectifying, Act: "expire", By: stage.Clock, To: Expired, Basis: "三 有效期3年"},
		{From: Valid, Act: "revoke", By: stage.Chair, To: Revoked, Basis: "五(二) 撤销称号；五(一) 实事求是"},
		{From: Rectifying, Act: "revoke", By: stage.Chair, To: Revoked, Basis: "五(二) 撤销称号"},
		{From: Revoked, Act: "reinstate", By: stage.Chair, To: Valid, Basis: "制度:申诉成立恢复称号"},
		{From: Valid, Act: "return", By: stage.Applicant, To: Returned, Basis: "制度:自愿交回"},
		{From: Rectifying, Act: "return", By: stage.Applicant, To: Returned, Basis: "制度:自愿交回"},
		{From: Valid, Act: "dissolve", By: stage.Clerk, To: Dissolved, Basis: "制度:法人注销"},
		{From: Rectifying, Act: "dissolve", By: stage.Clerk, To: Dissolved, Basis: "制度:法人注销"},
		{From: Valid, Act: "dissolve", By: stage.Clock, To: Dissolved, Basis: "制度:法人注销；方案设定"},
		{From: Rectifying, Act: "dissolve", By: stage.Clock, To: Dissolved, Basis: "制度:法人注销；方案设定"},
		{From: Valid, Act: "dissolve", By: stage.Chair, To: Dissolved, Basis: "制度:审定不予承继的随注销终止"},
		{From: Rectifying, Act: "dissolve", By: stage.Chair, To: Dissolved, Basis: "制度:审定不予承继的随注销终止"},
		{From: Valid, Act: "succeed", By: stage.Chair, To: Succeeded, Basis: "制度:合并分立经决定承继"},
		{From: Rectifying, Act: "succeed", By: stage.Chair, To: Succeeded, Basis: "制度:合并分立经决定承继"},
		{From: Succeeded, Act: "succeed", By: stage.Chair, To: Succeeded, Basis: "制度:分立的逐个单位经决定承继"},
		{From: Valid, Act: "refuse", By: stage.Chair, To: Valid, Basis: "制度:分立的逐个单位经决定承继"},
		{From: Rectifying, Act: "refuse", By: stage.Chair, To: Rectifying, Basis: "制度:分立的逐个单位经决定承继"},
		{From: Succeeded, Act: "refuse", By: stage.Chair, To: Succeeded, Basis: "制度:分立的逐个单位经决定承继"},
		{From: Valid, Act: "abolish", By: stage.Clock, To: Abolished, Basis: "创建示范活动管理办法（试行）"},
		{From: Rectifying, Act: "abolish", By: stage.Clock, To: Abolished, Basis: "创建示范活动管理办法（试行）"},
	},
	Ends: map[stage.State]bool{Expired: false, Returned: false, Dissolved: false, Succeeded: false, Abolished: false},
	Words: map[string]string{
		"valid": "有效", "rectifying": "整改中", "expired": "已到期", "revoked": "已撤销", "returned": "已交回", "dissolved": "已注销", "succeeded": "已由承继单位持有", "abolished": "已随方案终止",
		"name": "命名", "import": "系统外命名，补录", "inherit": "承继取得", "keep": "复查合格，保留", "start": "授牌起算", "note": "记录备注", "order_rectification": "责令整改", "restore": "恢复有效", "renew": "续期", "expire": "到期", "revoke": "撤销", "reinstate": "恢复称号", "return": "交回", "dissolve": "注销", "succeed": "承继", "refuse": "一个单位不予承继", "abolish": "随方案终止",
	},
}

// Designation is one title held by one organisation.
type Designation struct {
	ID           id.Designation
	Programme    id.Programme
	Round        id.Round
	Application  id.Application // empty for a title imported from before the system
	Organisation id.Organisation
	Naming       id.Naming
	State        stage.State
	Number       string        // 2026-007
	Name         string        // the holder's name at the decision, as the naming document prints it (S59)
	Category     string        // of the programme at filing (S8); empty where it has none
	NamedOn      calendar.Date // date of the naming document
	ValidFrom    calendar.Date
	ValidTo      calendar.Date  // the last valid day
	RecheckDue   calendar.Date  // zero when the programme knows no recheck
	Successor    id.Designation // the first, where several hold one
	Heirs        []Heir         // of a holder that was split up into several: those decided about
	Predecessor  id.Designation // whose title it was before a succession
	EndedOn      calendar.Date  // the day of what ended it; for an expiry the last valid day; zero while it lives
	Reason       string         // why it ended, as the office and the holder read it
	Note         string         // the office's own; never public
	Basis        string         // the document number of a naming outside the system; empty for others
	Renewals     []Renewal
	History      []Change  // every change of state, the oldest first
	ChangedAt    time.Time // of the last change of state, for the public page
	Version      int64
}

// Change is one line of a title's history (S66). Everybody may read it.
type Change struct {
	On  calendar.Date `json:"on"`
	Act string        `json:"act"` // of Kind, or name, import and inherit
	To  stage.State   `json:"to"`
}

// Renewal is one extension of a designation after a recheck passed (S68).
type Renewal struct {
	On      calendar.Date `json:"on"`
	From    calendar.Date `json:"from"`
	To      calendar.Date `json:"to"`
	Recheck id.Recheck    `json:"recheck"`
}

// NamedTo is the last valid day as the naming gave it, whatever was renewed since; zero
// for a title without an end.
func (d *Designation) NamedTo() calendar.Date {
	if len(d.Renewals) > 0 {
		return d.Renewals[0].From.AddDays(-1)
	}
	return d.ValidTo
}
