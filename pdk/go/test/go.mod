module kit_test

go 1.23

require taskless/pdk v0.0.0

replace taskless/pdk => ../kit/pdk
