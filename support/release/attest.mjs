// attest.mjs SUMS [RELEASE]: attests that what the file lists, in the format of SHA256SUMS, was built by
// this workflow run; and for each bill of materials in the folder RELEASE, that it is that of the archives
// with its name.
//
// It is what the actions `attest-build-provenance` and `attest-sbom` do, with the library of these actions,
// whose every package is held by its hash in package-lock.json. Needs GITHUB_TOKEN, and in the job
// `id-token: write` and `attestations: write`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attest, attestProvenance } from '@actions/attest';

const [sums, release] = process.argv.slice(2);
const token = process.env.GITHUB_TOKEN;
const subjects = readFileSync(sums, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (match === null) throw new Error(`no line of SHA256SUMS: ${line}`);
    return { name: match[2], digest: { sha256: match[1] } };
  });
const attestation = await attestProvenance({ subjects, token });
console.log(`${subjects.length} files attested: attestation ${attestation.attestationID}`);

const suffix = '.cdx.json';
for (const { name } of release === undefined ? [] : subjects) {
  if (!name.endsWith(suffix)) continue;
  const archive = name.slice(0, -suffix.length);
  const described = subjects.filter((subject) => [`${archive}.tar.gz`, `${archive}.zip`].includes(subject.name));
  const predicate = JSON.parse(readFileSync(join(release, name), 'utf8'));
  const { attestationID } = await attest({
    subjects: described,
    predicateType: 'https://cyclonedx.org/bom',
    predicate,
    token,
  });
  console.log(`${name} attested of ${described.length} archives: attestation ${attestationID}`);
}
