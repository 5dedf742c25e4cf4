// taskless: the whole C interface.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_TASKLESS_H
#define TASKLESS_TASKLESS_H
#include <taskless/base.h>
#include <taskless/observer.h>
#endif
