(module
  (import "command" "takes" (func (param funcref)))
  (func (export "pre") (result i32) (i32.const 0)))
