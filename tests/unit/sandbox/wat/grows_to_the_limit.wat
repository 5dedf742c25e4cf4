;; To the limit of 4 MiB, which its host sets, and no further.
(module
  (memory (export "memory") 1)
  (func (export "pre") (result i32)
    (if (i32.ne (memory.grow (i32.const 63)) (i32.const 1)) (then (return (i32.const 1))))
    (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 2))))
    (if (i32.ne (memory.grow (i32.const 65536)) (i32.const -1)) (then (return (i32.const 3))))
    (i32.ne (memory.grow (i32.const 0)) (i32.const 64))))
