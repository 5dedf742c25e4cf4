;; Calls itself until its stack is full.
(module
  (func $deeper (export "pre") (result i32) (i32.add (call $deeper) (i32.const 1))))
