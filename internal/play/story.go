package play

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
)

// tale is an invented story.
type tale struct{ title, text string }

// tales are what the first holders tell. The third begins like the first, so that the
// comparison has something to find.
var tales = []tale{
	{"把培训办到车间去", `一、会议室里坐不满
过去培训办在市里的会议室，通知发出去，来的总是那几家。司机和仓管员三班倒，请不出假，听课的大多是办公室的人，真正操作设备的反而没有听到。
二、课堂搬到卸货区
三年前换了做法：讲课的人跟着班次走，早班前讲二十分钟，晚班后再讲二十分钟，讲的就是当天要用的设备。三年办了12期，326名从业人员参加，每期结束当场操作一遍，做不对的第二天补。
会员单位自己报题目，一年征集两次，按报名人数排期。没有人报名的课不再办。
三、记录看得见
每期的签到、题目和补课情况记进台账，年底在会员大会上公开。参加过培训的班组，三年里没有发生过操作事故；没有参加的，第二年主动来报名。`},
	{"每月第一个星期一，难题当面说", `一、门开着
每月第一个星期一，会议室的门从早开到晚，会员有难题当面说，不用预约，也不用写材料。三年接待了214次。
二、三天有答复
能办的当场办；办不了的，写明转给谁、哪天答复，三天之内一定有回音。每件事挂在墙上的表里，办完一件划掉一件。
三、表还在墙上
最多的时候表上有三十多行，现在平均不到五行。来的人少了，因为同样的事已经有了固定的办法。`},
	{"课堂搬到卸货区", `过去培训办在市里的会议室，通知发出去，来的总是那几家。司机和仓管员三班倒，请不出假，听课的大多是办公室的人，真正操作设备的反而没有听到。
后来改为每个季度到一家会员单位讲一次，三年讲了11次，参加的有189人。`},
}

// stories lets the first three holders of a round tell something: the office drafts one
// from what was assessed, with a picture; the others write their own. The second is
// reviewed by nobody yet. What becomes of the third's, whose title is withdrawn later,
// follows from that by itself.
func (t *Theatre) stories(l *lifeOf) {
	t.copies()
	for n, of := range []int{0, 2, 1} {
		if of >= len(l.named) {
			continue
		}
		house := l.named[of]
		writer := t.Houses[house].By
		if n == 0 {
			writer = t.Cast.Second
		}
		key := t.tell(writer, house, l.titles[house], tales[n], n == 0)
		if of == 1 {
			continue
		}
		must(t.Desk.PassStory(t.ctx, t.Cast.Clerk, key, 0))
		must(t.Desk.PublishStory(t.ctx, t.Cast.Director, key, 0))
		t.later(1)
	}
}

// tell drafts, writes and offers a story.
func (t *Theatre) tell(writer stage.Actor, house int, title id.Designation, what tale, pictured bool) id.Story {
	var chosen []string
	for _, m := range one(t.Desk.StoryMaterials(t.ctx, writer, title)).Materials {
		if len(chosen) < 2 {
			chosen = append(chosen, m.Key())
		}
	}
	key := one(t.Desk.DraftStory(t.ctx, writer, title, chosen))
	c := story.Content{Title: what.title, Text: what.text}
	if usable := one(t.Desk.Story(t.ctx, writer, key)).Usable; pictured && len(usable) > 0 {
		c.Pictures = []story.Picture{{File: usable[0].ID, Describes: "卸货区里，十几个人围着一台叉车，一个人在讲解。", Caption: "早班前的二十分钟"}}
	}
	must(t.Desk.EditStory(t.ctx, writer, key, 0, c))
	must(t.Desk.OfferStory(t.ctx, t.Houses[house].By, key, 0, true, true))
	return key
}

// copies makes the copies of what was uploaded, which serve makes as files come in.
func (t *Theatre) copies() {
	files := t.Desk.Files
	t.Desk.Files.Reader, t.Desk.Files.Scanner = nil, nil // only copies: a script waits for nobody
	for more := 1; more > 0; {
		more = one(t.Desk.TendFiles(t.ctx))
	}
	t.Desk.Files = files
}
