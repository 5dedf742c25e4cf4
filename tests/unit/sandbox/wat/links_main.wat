;; Nothing imports from a Pack's own module.
(module
  (import "main" "f" (func $f))
  (func (export "f") (call $f)))
