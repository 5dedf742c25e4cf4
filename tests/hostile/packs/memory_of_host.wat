;; Takes memory where the host keeps what it gives to a Pack.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (func (export "pre") (result i32)
    (loop $again (br_if $again (i64.ne (call $alloc (i64.const 65536)) (i64.const 0))))
    unreachable))
