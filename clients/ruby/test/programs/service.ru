# frozen_string_literal: true

# service: makes a call for each request that it gets.
# SPDX-License-Identifier: Apache-2.0
require "net/http"

place = URI(ENV.fetch("HTTP"))
run(lambda do |env|
  response = Net::HTTP.start(place.host, place.port, nil) { |http| http.get("/wire/echo?#{env["QUERY_STRING"]}") }
  [response.code.to_i, { "content-length" => "2" }, ["ok"]]
end)
