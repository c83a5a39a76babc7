// attest.mjs SHA256SUMS: attests that what the file lists was built by this workflow run.
//
// It is what the action `attest-build-provenance` does, with the library of that action, whose
// every package is held by its hash in package-lock.json. Needs GITHUB_TOKEN, and in the job
// `id-token: write` and `attestations: write`.
import { readFileSync } from 'node:fs';
import { attestProvenance } from '@actions/attest';

const subjects = readFileSync(process.argv[2], 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const match = /^([0-9a-f]{64}) [ *]([^/]+)$/.exec(line);
    if (match === null) throw new Error(`no line of SHA256SUMS: ${line}`);
    return { name: match[2], digest: { sha256: match[1] } };
  });
const attestation = await attestProvenance({ subjects, token: process.env.GITHUB_TOKEN });
console.log(`${subjects.length} files attested: attestation ${attestation.attestationID}`);
