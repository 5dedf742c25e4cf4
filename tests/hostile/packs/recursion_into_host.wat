;; Calls the host with all but the last of its stack, so that the host has to do with little.
(module
  (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
  (func $deeper (param $depth i32) (result i64)
    (if (result i64) (i32.eqz (i32.and (local.get $depth) (i32.const 7)))
      (then (call $config_get (i64.const 0)))
      (else (i64.const 0)))
    (i64.add (call $deeper (i32.add (local.get $depth) (i32.const 1)))))
  (func (export "pre") (result i32) (drop (call $deeper (i32.const 0))) (i32.const 0)))
