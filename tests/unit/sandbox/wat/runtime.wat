;; What Extism's own tests of its host call, each export for one of them. It begins with a start
;; function and with constructors, and counts both.
(module
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 17 40)
  (global $count (mut i64) (i64.const 0))

  ;; A block that holds one letter.
  (func $letter (param $byte i32) (result i64)
    (local $at i64)
    (local.set $at (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $at) (local.get $byte))
    (local.get $at))
  (func $give_number (param $value i64)
    (local $at i64)
    (local.set $at (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $at) (local.get $value))
    (call $output_set (local.get $at) (i64.const 8)))

  (func $start (call $log_info (call $letter (i32.const 115))))
  (start $start)
  (func (export "__wasm_call_ctors") (call $log_info (call $letter (i32.const 99))))

  (func (export "count_vowels") (result i32)
    (local $i i64) (local $found i64) (local $byte i32)
    (block $end
      (loop $again
        (br_if $end (i64.ge_u (local.get $i) (call $input_length)))
        (local.set $byte (i32.or (call $input_load_u8 (local.get $i)) (i32.const 32)))
        (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (br_if $again (i32.eqz (i32.or
          (i32.or (i32.eq (local.get $byte) (i32.const 97)) (i32.eq (local.get $byte) (i32.const 101)))
          (i32.or (i32.eq (local.get $byte) (i32.const 105)) (i32.or
            (i32.eq (local.get $byte) (i32.const 111)) (i32.eq (local.get $byte) (i32.const 117)))))))
        (local.set $found (i64.add (local.get $found) (i64.const 1)))
        (br $again)))
    (call $give_number (local.get $found))
    (i32.const 0))

  ;; As the kits move bytes: eight at a time, then one at a time.
  (func (export "reflect") (result i32)
    (local $size i64) (local $at i64) (local $i i64)
    (local.set $size (call $input_length))
    (local.set $at (call $alloc (local.get $size)))
    (block $end
      (loop $again
        (br_if $end (i64.gt_u (i64.add (local.get $i) (i64.const 8)) (local.get $size)))
        (call $store_u64 (i64.add (local.get $at) (local.get $i))
          (call $input_load_u64 (local.get $i)))
        (local.set $i (i64.add (local.get $i) (i64.const 8)))
        (br $again)))
    (block $end
      (loop $again
        (br_if $end (i64.ge_u (local.get $i) (local.get $size)))
        (call $store_u8 (i64.add (local.get $at) (local.get $i))
          (call $input_load_u8 (local.get $i)))
        (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (br $again)))
    (call $output_set (local.get $at) (local.get $size))
    (i32.const 0))

  (func (export "globals") (result i32)
    (call $give_number (global.get $count))
    (global.set $count (i64.add (global.get $count) (i64.const 1)))
    (i32.const 0))

  (func (export "loop_forever") (loop $again (br $again)))
  ;; Until the host has a value for this key.
  (func (export "waits") (result i32)
    (loop $again
      (br_if $again (i64.eqz (call $config_get (call $letter (i32.const 103))))))
    (i32.const 0))

  (func (export "do_unreachable") unreachable)
  (func (export "returns_nothing"))
  (func (export "returns_three") (result i32)
    (call $output_set (call $input_offset) (call $input_length)) (i32.const 3))
  (func (export "sets_error") (result i32)
    (call $error_set (call $letter (i32.const 110))) (i32.const 0))
  (func (export "sets_error_and_returns_three") (result i32)
    (call $error_set (call $letter (i32.const 110))) (i32.const 3))
  (func (export "sets_error_and_traps") (result i32)
    (call $error_set (call $letter (i32.const 110))) unreachable)
  (func (export "sets_error_and_exits") (result i32)
    (call $error_set (call $letter (i32.const 110))) (call $proc_exit (i32.const 7)) (i32.const 0))
  (func (export "clears_error_and_traps") (result i32)
    (call $error_set (call $letter (i32.const 110))) (call $error_set (i64.const 0)) unreachable)
  (func (export "exits") (result i32) (call $proc_exit (i32.const 7)) (i32.const 0))
  (func (export "exits_well") (result i32) (call $proc_exit (i32.const 0)) (i32.const 0))
  (func (export "returns_i64") (result i64) (i64.const 0))
  (func (export "takes") (param i32) (result i32) (i32.const 0))
  (func (export "returns_two") (result i32 i32) (i32.const 0) (i32.const 0))

  ;; Frees each key after the host has done so, as kits do, and what it was given only then. How
  ;; often what it was given had gone with the key.
  (func (export "frees_twice") (result i32)
    (local $left i32) (local $key i64) (local $value i64) (local $lost i64)
    (local.set $left (i32.const 10000))
    (loop $again
      (local.set $key (call $letter (i32.const 107)))
      (local.set $value (call $config_get (local.get $key)))
      (call $free (local.get $key))
      (local.set $lost (i64.add (local.get $lost)
        (i64.extend_i32_u (i64.ne (call $length (local.get $value)) (i64.const 10)))))
      (call $free (local.get $value))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (call $give_number (local.get $lost))
    (i32.const 0))

  ;; To exactly the maximum it declares, then one page further; what memory.grow said.
  (func (export "grows_to_its_maximum") (result i32)
    (call $give_number (i64.extend_i32_s (memory.grow (i32.const 23)))) (i32.const 0))
  (func (export "grows_past_its_maximum") (result i32)
    (call $give_number (i64.extend_i32_s (memory.grow (i32.const 24)))) (i32.const 0)))
