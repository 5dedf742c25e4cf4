module taskless/pdk

go 1.23
