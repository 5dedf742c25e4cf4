# unwind: the flag that a throw sets, and what stops it: tools/unwind.mjs.
# SPDX-License-Identifier: Apache-2.0
	.globaltype	__stack_pointer, i32
	.globaltype	unwinding, i32
	.globl	unwinding
unwinding:

# void unwind_throw(void): whoever called returns, and so on up to unwind_try.
	.section	.text.unwind_throw,"",@
	.globl	unwind_throw
	.type	unwind_throw,@function
unwind_throw:
	.functype	unwind_throw () -> ()
	i32.const	1
	global.set	unwinding
	end_function

# int unwind_try(void (*f)(void *, void *), void *a, void *b): f(a, b); 1 when it threw. Functions that
# were left did not give back what they had of the stack.
	.section	.text.unwind_try,"",@
	.globl	unwind_try
	.type	unwind_try,@function
unwind_try:
	.functype	unwind_try (i32, i32, i32) -> (i32)
	.local	i32
	global.get	__stack_pointer
	local.set	3
	local.get	1
	local.get	2
	local.get	0
	call_indirect	(i32, i32) -> ()
	local.get	3
	global.set	__stack_pointer
	global.get	unwinding
	i32.const	0
	global.set	unwinding
	end_function
