;; Never comes back from `pre`.
(module
  (func (export "pre") (result i32) (loop $again (br $again)) (i32.const 0)))
