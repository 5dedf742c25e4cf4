;; As above, among the imports.
(module
  (import "extism:host/env" "store_u64" (func (param i64 v128)))
  (func (export "pre") (result i32) (i32.const 0)))
