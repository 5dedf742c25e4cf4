;; Never comes back from `post`.
(module
  (func (export "pre") (result i32) (i32.const 0))
  (func (export "post") (result i32) (loop $again (br $again)) (i32.const 0)))
