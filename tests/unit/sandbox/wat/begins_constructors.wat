;; Two ways to begin, of which the host takes the first.
(module
  (global $ran (mut i32) (i32.const 0))
  (func $note (param $what i32)
    (global.set $ran (i32.add (i32.mul (global.get $ran) (i32.const 10)) (local.get $what))))
  (func (export "__wasm_call_ctors") (call $note (i32.const 1)))
  (func (export "_initialize") (call $note (i32.const 2)))
  (func (export "pre") (result i32) (global.get $ran)))
