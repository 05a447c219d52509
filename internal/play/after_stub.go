package play

func (t *Theatre) after(*lifeOf) {}
