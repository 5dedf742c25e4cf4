;; Traps.
(module (func (export "pre") (result i32) unreachable))
