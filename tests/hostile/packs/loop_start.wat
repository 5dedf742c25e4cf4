;; Never comes back from its start function, before any hook could be called.
(module
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "pre") (result i32) (i32.const 0)))
