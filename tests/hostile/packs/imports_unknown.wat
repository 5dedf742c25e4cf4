;; Imports what no Pack is given; the name would deceive a terminal.
(module
  (import "env" "open\1b[2J\0aall is well" (func (param i32) (result i32)))
  (func (export "pre") (result i32) (i32.const 0)))
