// noop: a plugin that does nothing, so that what is left is the host.
// SPDX-License-Identifier: Apache-2.0
__attribute__((export_name("post"))) int post(void);

int post(void) {
    return 0;
}
