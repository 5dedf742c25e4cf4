;; A program that ends well in its first hook, and is to be asked again.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (global $calls (mut i32) (i32.const 0))
  (func $echo
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (call $output_set (call $input_offset) (call $input_length)))
  (func (export "pre") (result i32) (call $echo) (call $proc_exit (i32.const 0)) unreachable)
  (func (export "post") (result i32)
    (if (global.get $calls) (then unreachable))
    (call $echo)
    (i32.const 0)))
