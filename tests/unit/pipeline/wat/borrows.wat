;; A Pack whose hook is another module's.
(module
  (import "notes" "post" (func $post (result i32)))
  (func (export "post") (result i32) (call $post)))
