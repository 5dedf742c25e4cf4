;; A command whose export takes a reference, which is one of a store.
(module
  (func (export "_start"))
  (func (export "takes") (param funcref)))
