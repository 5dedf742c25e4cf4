;; Forges the lengths that the host keeps, beginning with store_u8(64, 1), and points everywhere.
(module
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/env" "input_set" (func $input_set (param i64 i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (func $store_everywhere_below (param $end i64)
    (local $at i64)
    (loop $next
      (call $store_u8 (local.get $at) (i32.const 255))
      (call $store_u64 (local.get $at) (i64.const -1))
      (br_if $next
        (i64.lt_u
          (local.tee $at (i64.add (local.get $at) (i64.const 1)))
          (local.get $end)))))
  (func (export "post") (result i32)
    (call $store_u8 (i64.const 64) (i32.const 1))
    (call $store_everywhere_below (i64.const 8192))
    (call $input_set (i64.const 64) (i64.const -1))
    (drop (call $input_load_u64 (i64.const -4)))
    (call $output_set (call $input_offset) (i64.const 0x7fffffffffffffff))
    (call $output_set (i64.const -8) (i64.const 16))
    (call $error_set (i64.const -1))
    (i32.const 0)))
