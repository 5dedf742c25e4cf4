// octokit: a private repository, a label that is there, both rate limits, GraphQL.
// SPDX-License-Identifier: Apache-2.0
import { HTTP } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function octokit({ Octokit }) {
  const names = ['name', 'status', 'errors'];
  // Its log tells how long each call took.
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const client = (auth, baseUrl = HTTP) => new Octokit({ auth, baseUrl, log: quiet });
  const there = { owner: 'ann', repo: 'public' };
  const get = (from, repo = 'public') => from.rest.repos.get({ owner: 'ann', repo });
  const label = (name) => client('ghp_1').rest.issues.createLabel({ ...there, name });
  const of = ({ status, data, headers }) => [status, data, headers['x-ratelimit-remaining']];

  await attempt(async () => of(await get(client('ghp_1'))), names);
  await attempt(async () => of(await label('wish')), names);
  await attempt(() => label('bug'), names);
  await attempt(() => get(client('ghp_1'), 'private'), names);
  await attempt(() => get(client('ghp_wrong')), names);
  await attempt(() => get(client('ghp_spent')), names);
  await attempt(() => get(client('ghp_fast')), names);
  await attempt(() => client('ghp_1').graphql('{ viewer { login } }'), names);
  const patient = client('ghp_once');
  patient.hook.wrap('request', (request, options) =>
    request(options).catch(() => request(options)),
  );
  await attempt(async () => of(await get(patient)), names);
  await attempt(() => get(client('ghp_1', NOBODY)), names);
}
