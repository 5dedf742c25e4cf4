;; Ends it before there is an instance, and says that all is well: hooks must not be called.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (func $start (call $proc_exit (i32.const 0)))
  (start $start)
  (func (export "pre") (result i32) (i32.const 0))
  (func (export "post") (result i32) (i32.const 0)))
