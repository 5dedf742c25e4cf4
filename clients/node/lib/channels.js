// channels: listens to what Node publishes about its own parts.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const channels = require('node:diagnostics_channel');

/** Returns a function that stops listening. */
function listen(name, onMessage) {
  // The functions of the module hold the channel; a channel nobody holds was once collected
  // together with its listeners. Before 18.7 there are only the channel's own.
  if (channels.subscribe) {
    channels.subscribe(name, onMessage);
    return () => channels.unsubscribe(name, onMessage);
  }
  const channel = channels.channel(name);
  channel.subscribe(onMessage);
  return () => channel.unsubscribe(onMessage);
}

/** Publishes `question`, which whoever listens may answer in it, and returns it. */
function ask(name, question) {
  if (channels.hasSubscribers(name)) channels.channel(name).publish(question);
  return question;
}

module.exports = { ask, listen };
