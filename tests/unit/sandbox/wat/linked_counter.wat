;; A module that others import from: a reactor, whose state lives as long as the guest.
(module
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1 2)
  (global $started (mut i32) (i32.const 0))
  (global $prepared (mut i32) (i32.const 0))
  (global $count (mut i32) (i32.const 0))
  (func $start (global.set $started (i32.add (global.get $started) (i32.const 1))))
  (start $start)
  (func (export "_initialize")
    (global.set $prepared (i32.add (global.get $prepared) (i32.const 1))))
  (func (export "next") (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (global.get $count))
  ;; 11 when its start function and its _initialize have run once each.
  (func (export "begun") (result i32)
    (i32.add (i32.mul (global.get $started) (i32.const 10)) (global.get $prepared)))
  ;; The clock, in its own memory.
  (func (export "clock") (result i64)
    (drop (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 512)))
    (i64.load (i32.const 512)))
  (func (export "fills") (result i32)
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    unreachable))
