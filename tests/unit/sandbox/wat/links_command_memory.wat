(module
  (import "command" "memory" (memory 1))
  (func (export "pre") (result i32) (i32.const 0)))
