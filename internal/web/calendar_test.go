package web_test

import (
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

const year2027 = `{"year":2027,"title":"关于2027年部分节假日安排的通知","published_on":"2026-11-20",
"off":["2027-01-01","2027-01-02","2027-01-03"],"work":["2026-12-27"]}`

func TestCalendarPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	visitor, clerk, operator := w.Browser(stage.Anyone), w.Browser(w.Office().Clerk), w.Browser(w.Person("系统管理员01", stage.Operator))
	visitor.Get("/calendar").Want(200, "2021年工作日", "端午节", "6月12日至14日，共3天", "全年250个", "国办发明电〔2020〕27号")
	visitor.Get("/calendar?year=2023&month=9").Want(200, "中秋节、国庆节", "9月29日至10月6日，共8天", "9月，20个工作日")
	visitor.Get("/calendar?year=2027").Want(200, "还没有公布或者导入", "暂算")
	visitor.Get("/calendar?year=1999").Want(404)
	visitor.Get("/calendar?year=x").Want(404)
	visitor.Get("/calendar?month=13").Want(404)
	visitor.Get("/calendar/import").Want(303)
	clerk.Get("/calendar/import").Want(403)
	clerk.Get("/calendar/report").Want(200, "没有受影响的期限")

	operator.Get("/calendar").Want(200, "导入放假安排")
	operator.Get("/calendar/import").Want(200)
	operator.Post("/calendar/import", "text", `{"year":2027,"title":"t","published_on":"2026-11-20","off":["2027-02-30"]}`).Want(422, "2027-02-30")
	operator.Post("/calendar/import", "text", "").Want(422)
	operator.Post("/calendar/import", "text", year2027).Want(200, "现在还没有导入", "2026年12月27日 星期日", "有7天改变")
	visitor.Get("/calendar?year=2027").Want(200, "还没有公布或者导入")
	operator.Follow(operator.Post("/calendar/import", "text", year2027, "confirm", "yes").Want(303)).Want(200, "放假安排已导入")
	visitor.Get("/calendar?year=2027").Want(200, "关于2027年部分节假日安排的通知", "1月1日至3日，共3天")
	operator.Post("/calendar/import", "text", year2027).Want(409, "已经在用")
}
