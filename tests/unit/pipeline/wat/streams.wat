;; Traps at the first chunk of anything.
(module
  (func (export "chunk") (result i32) unreachable)
  (func (export "post") (result i32) (i32.const 0)))
