;; It takes 3 MiB when it is asked to.
(module
  (memory (export "memory") 1)
  (func (export "grow") (drop (memory.grow (i32.const 47)))))
