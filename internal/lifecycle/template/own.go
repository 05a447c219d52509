package template

// OwnDocument is one official document that a programme issues.
type OwnDocument struct {
	Code  string `yaml:"code"`
	Title string `yaml:"title"`
	Type  string `yaml:"type"` // 通知, 决定, 通报, 报告, 纪要 or plain
	Text  string `yaml:"text"` // one paragraph a line; empty: the usual words of Documents
}

// OwnMessage is what a programme says in one kind of message.
type OwnMessage struct {
	Code    string `yaml:"code"` // of Messages
	Subject string `yaml:"subject"`
	Text    string `yaml:"text"`
}
