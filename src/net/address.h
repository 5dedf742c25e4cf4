// address: which addresses a Pack may reach: those of the public Internet, and no others.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_ADDRESS_H
#define TSKL_NET_ADDRESS_H
#include "base/slice.h"
#include <sys/socket.h>

enum { TSKL_ADDRESS_TEXT_MAX = 64 };

/** What keeps an address from being one of the public Internet, as "a private address"; NULL when
 *  nothing does. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, Teredo) counts as well.
 *  Static. */
const char *tskl_address_problem(const struct sockaddr *address);
/** Writes the address without its port, "10.0.0.1" or "fd00::1"; "" of another family. */
void tskl_address_text(const struct sockaddr *address, char text[TSKL_ADDRESS_TEXT_MAX]);
/** Whether both are the same address, whatever their ports. */
bool tskl_address_same(const struct sockaddr *a, const struct sockaddr *b);
/** True of "127.0.0.1" and "[::1]": an address written as a URL has it. */
bool tskl_address_is_literal(tskl_slice host);
/** True of a literal that no packet leaves the machine for: 127.0.0.0/8 and [::1]. */
bool tskl_address_is_loopback(tskl_slice host);
#endif
