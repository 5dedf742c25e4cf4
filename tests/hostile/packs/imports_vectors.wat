;; The same among the imports.
(module
  (import "extism:host/env" "alloc" (func (param v128) (result funcref)))
  (func (export "pre") (result i32) (i32.const 0)))
