;; A small module over the memory and the function of a larger one.
(module
  (import "counter" "memory" (memory 1 2))
  (import "counter" "clock" (func $clock (result i64)))
  (func (export "pre") (result i32)
    (drop (call $clock))
    (i64.ne (i64.load (i32.const 512)) (i64.const 1790000000000000000))))
