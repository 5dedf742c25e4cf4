;; The same without the usual one.
(module
  (global $ran (mut i32) (i32.const 0))
  (func $note (param $what i32)
    (global.set $ran (i32.add (i32.mul (global.get $ran) (i32.const 10)) (local.get $what))))
  (func (export "__wasm_call_ctors") (call $note (i32.const 1)))
  (func (export "hs_init") (param i32 i32)
    (call $note (i32.add (i32.const 3) (i32.add (local.get 0) (local.get 1)))))
  (func (export "pre") (result i32) (global.get $ran)))
