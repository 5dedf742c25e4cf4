// patch: puts a method of ours in front of an object's own or inherited one, and takes it away.
// SPDX-License-Identifier: Apache-2.0
'use strict';

/**
 * `make(next)` returns the method to use; `next()` the one it stands in front of. What the object has
 * itself is replaced in its place. What it inherits would be one property more to count there: it
 * stands on a link between the object and its prototype, and looks the inherited one up at each call,
 * so that what others put on the parent later has its effect. Returns a function that undoes it,
 * unless others have put theirs on top.
 */
function patch(object, name, make) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const next = own ? () => own.value : () => inherited(link, name);
  if (typeof (own ? own.value : object[name]) !== 'function') return () => {};
  const link = own ? null : linkBehind(object);
  const value = likeness(make(next), next());
  if (link !== null) return define(object, link, name, { value, writable: true });
  Object.defineProperty(object, name, { ...own, value });
  return function undo() {
    if (object[name] === value) Object.defineProperty(object, name, own);
  };
}

/**
 * Calls `onUse(object)` whenever the inherited method `name` is about to be called. It is in no stack
 * trace: what stands in front is no method, but what looks it up.
 */
function watch(object, name, onUse) {
  const link = linkBehind(object);
  return define(object, link, name, {
    get() {
      onUse(this);
      return inherited(link, name);
    },
    // As an assignment does where there is no accessor.
    set(value) {
      const property = { value, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(this, name, property);
    },
  });
}

/** What a program can read of a function stays as it was. */
function likeness(replacement, original) {
  for (const key of ['name', 'length']) {
    Object.defineProperty(replacement, key, { value: original[key], configurable: true });
  }
  return replacement;
}

const links = new Map(); // object -> the link between it and its prototype

function linkBehind(object) {
  const known = links.get(object);
  if (known !== undefined) return known;
  const link = Object.create(Object.getPrototypeOf(object));
  Object.setPrototypeOf(object, link);
  links.set(object, link);
  return link;
}

function inherited(link, name) {
  return Object.getPrototypeOf(link)[name];
}

function define(object, link, name, descriptor) {
  let owner = Object.getPrototypeOf(link);
  while (!Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner);
  const { enumerable } = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(link, name, { ...descriptor, enumerable, configurable: true });
  return function undo() {
    delete link[name];
    const isLast = Reflect.ownKeys(link).length === 0;
    if (!isLast || Object.getPrototypeOf(object) !== link) return;
    Object.setPrototypeOf(object, Object.getPrototypeOf(link));
    links.delete(object);
  };
}

module.exports = { patch, watch };
