-- What waits to be sent, by its receiver: the mail server ('') or one hook.
CREATE INDEX deliveries_waiting ON deliveries (hook, due, id) WHERE due > 0;

-- Since when the secret of a hook is what it is; 0: since it was added.
ALTER TABLE webhooks ADD COLUMN secret_at BIGINT NOT NULL DEFAULT 0;
