;; More memory at its start than it may have in all.
(module
  (memory (export "memory") 100)
  (func (export "pre") (result i32) (i32.const 0)))
