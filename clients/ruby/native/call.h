// call: one call to another service under way, as Ruby holds it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_RUBY_CALL_H
#define TSKL_RUBY_CALL_H
#include <ruby.h>
#include <taskless/observer.h>

/** Defines the class of calls below `module`. */
void tskl_calls_define(VALUE module);

/**
 * A call that takes `exchange`, or, where that is NULL, one whose request is not known yet: it
 * begins at `origin` ("https://host:port", which is copied), as of `time_us`, when its head is
 * known. nil when there is no memory; the exchange has ended then.
 */
VALUE tskl_call_new(tskl_exchange *exchange, unsigned wants, tskl_slice method, tskl_slice origin,
                    int64_t time_us);

/** The observer that calls begin at; NULL: none. */
void tskl_calls_observe(tskl_observer *observer);

/** Ends all calls that are under way: the observer is about to close. */
void tskl_calls_give_up(void);
#endif
