// patch: puts a method of ours in front of a prototype's own or inherited one, and takes it away.
// SPDX-License-Identifier: Apache-2.0
'use strict';

/**
 * `make(next)` returns the method to use; `next()` the one it stands in front of. An inherited
 * method is looked up at each call, so that what others put on the parent later has its effect.
 * Returns a function that undoes it, unless others have put theirs on top.
 */
function patch(prototype, name, make) {
  const own = Object.getOwnPropertyDescriptor(prototype, name);
  const parent = Object.getPrototypeOf(prototype);
  const next = own ? () => own.value : () => parent[name];
  const original = next();
  if (typeof original !== 'function') return () => {};

  const replacement = make(next);
  // What a program can read of a function stays as it was.
  for (const key of ['name', 'length']) {
    Object.defineProperty(replacement, key, { value: original[key], configurable: true });
  }
  Object.defineProperty(prototype, name, {
    value: replacement,
    writable: true,
    configurable: true,
    enumerable: own ? own.enumerable : Object.prototype.propertyIsEnumerable.call(parent, name),
  });

  return function undo() {
    if (prototype[name] !== replacement) return;
    if (own) Object.defineProperty(prototype, name, own);
    else delete prototype[name];
  };
}

module.exports = { patch };
