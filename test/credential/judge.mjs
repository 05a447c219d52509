// Judges a folder of credentials with @digitalbazaar/vc and its suites, which share no
// code with ours. Nothing is fetched: did.json, the status lists and the contexts lie in
// the folder. Each line of cases.json is {file, verified, revoked}: what must come out.
//
//   node judge.mjs DIR
//
// `verified` of the library is true for a revoked credential whose signature is good; the
// status stands beside it, and both are compared.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite as jcs} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';

const dir = process.argv[2];
const read = name => JSON.parse(readFileSync(join(dir, name), 'utf8'));
const {now, documents, cases} = read('cases.json');
const known = new Map(Object.entries(documents).map(([url, name]) => [url, read(name)]));
const did = read('did.json');
known.set(did.id, did);
for(const method of did.verificationMethod) {
  known.set(method.id, {'@context': 'https://w3id.org/security/multikey/v1', ...method});
}

async function documentLoader(url) {
  const document = known.get(url);
  if(!document) {
    throw new Error(`${url} is not in the folder`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

const suite = [new DataIntegrityProof({cryptosuite: rdfc}), new DataIntegrityProof({cryptosuite: jcs()})];
const kinds = {accepted: 0, rejected: 0, revoked: 0};
let wrong = 0;
for(const c of cases) {
  const result = await vc.verifyCredential({
    credential: read(c.file), suite, documentLoader, now: new Date(now),
    checkStatus: o => checkStatus({...o, verifyBitstringStatusListCredential: true})
  });
  // Both proofs were looked at, and both hold.
  const signed = result.verified && (result.results ?? []).filter(r => r.verified).length === 2;
  const revoked = (result.statusResult?.results ?? []).some(r => r.status === true);
  if(signed !== c.verified || revoked !== c.revoked) {
    wrong++;
    console.error(`${c.file}: verified ${signed}, revoked ${revoked}; want ${c.verified}, ${c.revoked}: ${JSON.stringify(result.error?.errors?.map(String) ?? String(result.error ?? ''))}`);
  }
  kinds[!signed ? 'rejected' : revoked ? 'revoked' : 'accepted']++;
}
console.log(JSON.stringify(kinds));
process.exit(wrong ? 1 : 0);
