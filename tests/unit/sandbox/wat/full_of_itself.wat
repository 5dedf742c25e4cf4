;; It fills the two pages that it allowed itself, and traps; and traps without having grown.
(module
  (memory (export "memory") 1 2)
  (func (export "grows") (result i32)
    (loop $again
      (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    unreachable)
  (func (export "traps") (result i32) unreachable))
