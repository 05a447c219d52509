import hashlib, hmac, json, sys
def sha(b): return hashlib.sha256(b)
def check(ok, what): ok or sys.exit("does not hold: " + what)
d = json.load(open(sys.argv[1], encoding="utf-8"))
pool, rule = (d[k].encode() for k in ("pool", "rule"))
check(all(sha(d[k].encode()).hexdigest() == d[k + "_sha256"] for k in ("pool", "rule")), "digest")
said = [(p["secret"] + p["nonce"]).encode() for p in d["parties"]]
check([sha(s).hexdigest() for s in said] == [p["commitment"] for p in d["parties"]], "reveals")
seed = sha(b"rz-draw/v1" + sha(pool).digest() + sha(rule).digest() + b"".join(sorted(s + b"\n" for s in said)) + d.get("external", {}).get("value", "").encode()).digest()
rows, rules = ([l.split(" ") for l in d[k].split("\n")] for k in ("pool", "rule"))
rank = {q[1]: sorted((hmac.new(seed, m[1].encode(), "sha256").hexdigest(), m[1]) for m in rows if m[0] == "member" and m[2] == q[1]) for q in rules if q[0] == "quota"}
out = {m[1]: m[3].split(",") for m in rows if m[0] == "member"}
lead, quota = [r[1] for r in rules if r[0] == "lead"][0], {q[1]: int(q[2]) for q in rules if q[0] == "quota"}
teams = {c[1]: [m for s in sorted(rank, key=lambda s: (s != lead, s)) for m in [m for _, m in rank[s] if c[1] not in out[m]][:quota[s]]] for c in rows if c[0] == "case"}
print(json.dumps({"seed": seed.hex(), "ranking": {s: [m for _, m in rank[s]] for s in rank}, "teams": teams}))
