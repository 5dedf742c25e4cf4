;; It takes 3 MiB as well as another, and then has all the time there is.
(module
  (import "grower" "grow" (func $grow))
  (memory (export "memory") 1)
  (func (export "one_grows") (result i32) (call $grow) (i32.const 0))
  (func (export "both_grow") (result i32)
    (call $grow)
    (drop (memory.grow (i32.const 47)))
    (loop $again (br $again))
    (i32.const 0)))
