;; Takes memory until there is none, and then goes on without.
(module
  (memory (export "memory") 1)
  (func (export "pre") (result i32)
    (loop $again
      (i32.store (i32.mul (i32.sub (memory.size) (i32.const 1)) (i32.const 65536)) (i32.const 1))
      (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    unreachable))
