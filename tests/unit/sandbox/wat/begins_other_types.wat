;; Nothing of this is a beginning: each has another type.
(module
  (global $ran (mut i32) (i32.const 0))
  (func $note (param $what i32)
    (global.set $ran (i32.add (i32.mul (global.get $ran) (i32.const 10)) (local.get $what))))
  (func (export "__wasm_call_ctors") (param i32) (call $note (i32.const 1)))
  (func (export "_initialize") (result i32) (call $note (i32.const 2)) (i32.const 0))
  (func (export "hs_init") (param i64 f64) (call $note (i32.const 3)))
  (func (export "pre") (result i32) (global.get $ran)))
