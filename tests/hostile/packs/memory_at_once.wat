;; Is born with more memory than anybody may have.
(module
  (memory (export "memory") 2048)
  (func (export "pre") (result i32) (i32.const 0)))
