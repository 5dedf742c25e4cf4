;; Has a table larger than that of any interpreter.
(module
  (table 1000000 funcref)
  (func (export "pre") (result i32) (i32.const 0)))
