// chance: what becomes of each call, told by its number alone.
// SPDX-License-Identifier: Apache-2.0

/** Packs of the soak, and in one of how many calls each of them traps. */
export const PACKS = { steady: 0, often: 4, seldom: 50 };

function scrambled(number) {
  let x = Math.imul(number ^ (number >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The hook in which a Pack traps in this call, if it does. */
export function trapOf(pack, number) {
  const chance = scrambled(number);
  const half = Math.floor(chance / 2);
  if (PACKS[pack] === 0 || half % PACKS[pack] !== 0) return undefined;
  return chance % 2 === 1 ? 'pre' : 'post';
}

/** What is called, with what, and what comes back. */
export function callOf(number) {
  const chance = scrambled(~number);
  return {
    // By fetch a call takes several times as long.
    byFetch: chance % 8 === 0,
    method: chance % 3 === 0 ? 'POST' : 'GET',
    sent: chance % 3 === 0 ? (chance >>> 8) % 3000 : 0,
    status: chance % 5 === 0 ? 402 : 200,
    padding: chance % 7 === 0 ? (chance >>> 4) % 5000 : 10,
    // One in a thousand is cut off before an answer.
    reset: (chance >>> 3) % 1000 === 0,
  };
}
