// libraries: what each version of a library calls alike; `libraries.mjs axios-0.27` names the package.
// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { HTTP, say } from './say.mjs';
import { NOBODY, attempt } from './sdk/attempt.mjs';

const root = path.join(process.env.TASKLESS_LIBRARIES, 'node_modules/');
const require = createRequire(root);
const name = process.argv[2];

/** As a program would get it: required where that works, else imported. */
async function load() {
  try {
    return require(name);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM') throw error;
    const { main, exports: all } = require(`${root}${name}/package.json`);
    const file = (all && (all.default || (all['.'] || all).default)) || main;
    return import(pathToFileURL(path.join(root, name, file)));
  }
}

const PORT = Number(new URL(HTTP).port);
const tell = (call) => attempt(call, ['code', 'status', 'statusCode', 'type']);

/** One answer, one with a body that is sent, one error of the service, and nobody there. */
async function four(get, post) {
  await tell(() => get(`${HTTP}/wire/echo?a=1`));
  await tell(() => post(`${HTTP}/wire/echo`, { a: 'b' }));
  await tell(() => get(`${HTTP}/wire/status/429`));
  await tell(() => get(`${NOBODY}/x`));
}

const cases = {
  axios: (axios) =>
    four(
      async (url) => (await axios.get(url)).data,
      async (url, body) => (await axios.post(url, body)).data,
    ),
  got: (module) => {
    const got = module.default || module;
    const retry = name === 'got-13' ? { limit: 0 } : 0;
    return four(
      async (url) => (await got(url, { retry })).body,
      async (url, body) => (await got.post(url, { body: JSON.stringify(body), retry })).body,
    );
  },
  'node-fetch': (module) => {
    const fetch = module.default || module;
    return four(
      async (url) => (await fetch(url)).text(),
      async (url, body) => (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).text(),
    );
  },
  superagent: (superagent) =>
    four(
      async (url) => (await superagent.get(url)).text,
      async (url, body) => (await superagent.post(url).send(body)).text,
    ),
  stripe: async (module) => {
    const Stripe = module.default || module;
    const options = { host: '127.0.0.1', protocol: 'http', telemetry: false, maxNetworkRetries: 0 };
    const client = new Stripe('sk_test_1', { ...options, port: PORT });
    const nobody = new Stripe('sk_test_1', { ...options, port: 47 });
    await tell(async () => (await client.customers.create({ name: 'Ann' })).name);
    await tell(() => client.customers.retrieve('cus_unknown'));
    await tell(() => nobody.balance.retrieve());
  },
  openai: async (module) => {
    const request = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] };
    for (const origin of [HTTP, NOBODY]) {
      if (module.OpenAIApi) {
        const { Configuration, OpenAIApi } = module;
        const client = new OpenAIApi(new Configuration({ apiKey: 'sk-1', basePath: `${origin}/v1` }));
        await tell(async () => (await client.createChatCompletion(request)).status);
      } else {
        const client = new module.OpenAI({ apiKey: 'sk-1', baseURL: `${origin}/v1`, maxRetries: 0 });
        await tell(async () => (await client.chat.completions.create(request)).object);
      }
    }
  },
  'aws-sts': async ({ STSClient, GetCallerIdentityCommand }) => {
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
    for (const endpoint of [HTTP, NOBODY]) {
      const client = new STSClient({ region: 'eu-west-1', credentials, endpoint, maxAttempts: 1 });
      try {
        await client.send(new GetCallerIdentityCommand({}));
      } catch (error) {
        say(error.name, error.$metadata && error.$metadata.httpStatusCode);
      }
    }
  },
  'grpc-js': async (grpc) => {
    const bytes = (text) => Buffer.from(text);
    const say_ = {
      path: '/taskless.Test/Say',
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      requestDeserialize: String,
      responseSerialize: bytes,
      responseDeserialize: String,
    };
    const server = new grpc.Server();
    server.addService({ say: say_ }, { say: (call, done) => done(null, `got ${call.request}`) });
    const insecure = grpc.ServerCredentials.createInsecure();
    const bound = (done) => server.bindAsync('127.0.0.1:0', insecure, done);
    const port = await new Promise((resolve) => bound((error, at) => resolve(at)));
    if (name !== 'grpc-js-1.14') server.start();
    const Client = grpc.makeGenericClientConstructor({ say: say_ }, 'Test');
    for (const to of [port, 47]) {
      const client = new Client(`127.0.0.1:${to}`, grpc.credentials.createInsecure());
      const answer = (done) => client.say('this', done);
      say(await new Promise((resolve) => answer((error, text) => resolve(error ? error.code : text))));
      client.close();
    }
    server.forceShutdown();
  },
};

await cases[name.replace(/-[\d.]+$/, '')](await load());
// Some libraries keep their connections, and with them the program, open.
process.exit();
