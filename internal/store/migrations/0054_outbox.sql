-- What waits to be sent, by its receiver: the mail server ('') or one hook.
CREATE INDEX deliveries_waiting ON deliveries (hook, due, id) WHERE due > 0;
