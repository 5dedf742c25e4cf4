// dlsym and dlopen as a program finds them here: a question to loader.c, then a jump.
// SPDX-License-Identifier: Apache-2.0
        .macro ask question
        .cfi_startproc
        endbr64
        push %rdi
        .cfi_adjust_cfa_offset 8
        push %rsi
        .cfi_adjust_cfa_offset 8
        mov 16(%rsp), %rdx      // who called
        sub $8, %rsp            // calls are made on a stack that is aligned
        .cfi_adjust_cfa_offset 8
        call \question
        add $8, %rsp
        .cfi_adjust_cfa_offset -8
        pop %rsi
        .cfi_adjust_cfa_offset -8
        pop %rdi
        .cfi_adjust_cfa_offset -8
        .endm

        .text
        .globl tskl_dlsym, tskl_dlopen
        .type tskl_dlsym, @function
        .type tskl_dlopen, @function
tskl_dlsym:
        ask tskl_symbol_for
        test %rax, %rax
        jnz 1f
        jmp *tskl_dlsym_jump(%rip)
1:      ret
        .cfi_endproc
        .size tskl_dlsym, . - tskl_dlsym

tskl_dlopen:
        ask tskl_flags_for
        mov %eax, %esi
        jmp *tskl_dlopen_jump(%rip)
        .cfi_endproc
        .size tskl_dlopen, . - tskl_dlopen

        // As programs of all ages ask for them.
        .symver tskl_dlsym, dlsym@GLIBC_2.2.5
        .symver tskl_dlsym, dlsym@GLIBC_2.34
        .symver tskl_dlopen, dlopen@GLIBC_2.2.5
        .symver tskl_dlopen, dlopen@GLIBC_2.34

        .section .note.GNU-stack,"",@progbits
