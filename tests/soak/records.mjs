// records: goes through the records of a soak in the order in which they were written.
// SPDX-License-Identifier: Apache-2.0
import { PACKS, callOf, trapOf } from './chance.mjs';

// As src/pipeline/breaker.h has it.
const FAILURES = 5;
const LONGEST_REST_S = 300;

/** What the breaker does with one Pack, learnt from its results. */
class Breaker {
  constructor(pack) {
    this.pack = pack;
    this.failures = 0;
    this.rest = 0;
    this.lines = [];
  }

  note({ hook, result }) {
    if (result === 'rested') return this.rest > 0;
    if (result === undefined) {
      this.failures = this.rest = 0;
      return true;
    }
    this.failures += 1;
    if (this.rest > 0 || this.failures >= FAILURES) {
      this.rest = Math.min(this.rest > 0 ? this.rest * 2 : 1, LONGEST_REST_S);
      this.lines.push(`Pack ${this.pack} rests for ${this.rest} s: ${hook} failed (${result})`);
    }
    return true;
  }
}

export class Records {
  constructor(total) {
    this.seen = new Uint8Array(total);
    this.count = 0;
    this.results = {}; // "often trap" -> how many
    this.problems = [];
    this.breakers = Object.keys(PACKS).map((pack) => new Breaker(pack));
  }

  add(line) {
    const record = JSON.parse(line);
    const number = Number(new URL(record.url).pathname.slice('/soak/'.length));
    this.count += 1;
    this.seen[number] += 1;
    this.expect(number, 'the call', () => this.isAsCalled(record, number));
    this.breakers.forEach((breaker) => this.addPack(record, number, breaker));
  }

  isAsCalled(record, number) {
    const { method, sent, status, reset } = callOf(number);
    if (record.method !== method || (record.sent || 0) !== sent) return false;
    if (reset) return record.ending === 'failed' && record.status === undefined;
    return record.ending === 'done' && record.status === status;
  }

  addPack(record, number, breaker) {
    const { pack } = breaker;
    const run = (record.packs || []).find(({ name }) => name === pack);
    this.expect(number, `that ${pack} ran`, () => run !== undefined);
    if (run === undefined) return;
    const name = `${pack} ${run.result || 'ok'}`;
    this.results[name] = (this.results[name] || 0) + 1;
    this.expect(number, `the rest of ${pack}`, () => breaker.note(run));
    if (run.result === 'rested') return;
    const trap = trapOf(pack, number);
    this.expect(number, `what ${pack} came to`, () =>
      trap ? run.result === 'trap' && run.hook === trap : run.result === undefined,
    );
    if (trap) return;
    const answered = callOf(number).reset ? undefined : number;
    // A header is text, a member of the answer a number.
    this.expect(number, `what ${pack} saw`, () => {
      const { captures } = record;
      return captures[`${pack}/asked`] === `${number}` && captures[`${pack}/answered`] === answered;
    });
  }

  expect(number, what, holds) {
    if (!holds()) this.problems.push(`${number}: ${what} is not as expected`);
  }

  get lost() {
    return this.seen.reduce((sum, times) => sum + (times === 0), 0);
  }

  get doubled() {
    return this.seen.reduce((sum, times) => sum + (times > 1), 0);
  }

  /** What the log must say, in this order for each Pack. */
  get rests() {
    return this.breakers.map(({ pack, lines }) => ({ pack, lines }));
  }
}
