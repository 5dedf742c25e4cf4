// A program of 32 bits that the loader loads, without a C library of that kind.
// SPDX-License-Identifier: Apache-2.0
        .globl _start
_start: mov $4, %eax
        mov $1, %ebx
        lea text, %ecx
        mov $3, %edx
        int $0x80
        mov $1, %eax
        mov $32, %ebx
        int $0x80
        .data
text:   .ascii "32\n"
        .section .note.GNU-stack,"",@progbits
