// What programs of 32 bits load in place of the client.
// SPDX-License-Identifier: Apache-2.0
        .section .note.GNU-stack,"",@progbits
