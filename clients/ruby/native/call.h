// call: one call to another service under way, as Ruby holds it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_RUBY_CALL_H
#define TSKL_RUBY_CALL_H
#include <ruby.h>
#include <taskless/observer.h>

/** Defines the class of calls below `module`. */
void tskl_calls_define(VALUE module);

/** A call that begins now. nil when it is not to be observed, or there is no memory. */
VALUE tskl_call_new(const tskl_request *request);

/** One whose request is not known yet: it begins at `origin` ("https://host:port", which is
 *  copied), as of `time_us`, when its head is known. nil when there is no memory. */
VALUE tskl_call_expect(tskl_slice origin, int64_t time_us);

/** The observer that calls begin at; NULL: none. */
void tskl_calls_observe(tskl_observer *observer);
#endif
