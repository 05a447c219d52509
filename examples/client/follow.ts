// Follows a programme from outside: the titles that are held, page by page, as anybody
// may read them; and, with a token, how far each round has come.
//
//   node built/follow.js https://shifan.example [TOKEN]
import createClient from "openapi-fetch";
import type { components, paths } from "./api.d.ts";

declare const process: { argv: string[]; exitCode?: number };

type Designation = components["schemas"]["designationRow"];

/** designations reads every title that is held now, however many pages there are. */
export async function designations(base: string): Promise<Designation[]> {
  const api = createClient<paths>({ baseUrl: base + "/api/v1" });
  const all: Designation[] = [];
  for (let after: string | undefined; ; ) {
    const { data, error } = await api.GET("/designations", { params: { query: { state: ["valid"], limit: 2, after } } });
    if (!data) throw new Error(`${error?.type}: ${error?.detail}`);
    all.push(...data.items);
    if (!data.next) return all;
    after = new URL(data.next, base).searchParams.get("after") ?? undefined;
  }
}

/** rounds says of each round that the token's person may see how far it has come. */
export async function rounds(base: string, token: string): Promise<string[]> {
  const api = createClient<paths>({ baseUrl: base + "/api/v1", headers: { Authorization: `Bearer ${token}` } });
  const { data, error } = await api.GET("/rounds", { params: { query: { limit: 20 } } });
  if (!data) throw new Error(`${error?.type}: ${error?.detail}`);
  const lines: string[] = [];
  for (const row of data.items) {
    const one = await api.GET("/rounds/{id}", { params: { path: { id: row.id } } });
    const f = one.data?.funnel;
    lines.push(`${row.year} ${row.state_word}` + (f ? `：收到${f.received}件，受理${f.accepted}件，命名${f.named}家` : ""));
  }
  return lines;
}

const [base, token] = process.argv.slice(2);
if (base) {
  for (const d of await designations(base)) console.log(`${d.number}\t${d.current_name}\t${d.valid_to ?? ""}`);
  if (token) for (const line of await rounds(base, token)) console.log(line);
}
