;; Works as long as it is let.
(module (func (export "post") (result i32) (loop $again (br $again)) (i32.const 0)))
