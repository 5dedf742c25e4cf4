module taskless.build/tinygo

go 1.23.0

require github.com/tinygo-org/tinygo v0.41.0
