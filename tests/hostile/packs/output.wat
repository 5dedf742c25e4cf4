;; Answers with 100 MB: as one block, which it is not given, then with all that it can get.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (func (export "post") (result i32)
    (local $first i64) (local $size i64)
    (call $output_set (call $alloc (i64.const 100000000)) (i64.const 100000000))
    (local.set $first (call $alloc (i64.const 65536)))
    (loop $again
      (local.set $size (i64.add (local.get $size) (i64.const 65536)))
      (br_if $again (i64.ne (call $alloc (i64.const 65536)) (i64.const 0))))
    (call $output_set (local.get $first) (local.get $size))
    (i32.const 0)))
