# frozen_string_literal: true

# libraries: the same story by each library: answers, bodies both ways, streams, failures.
# SPDX-License-Identifier: Apache-2.0
require "stringio"
require_relative "say"

JSON_TYPE = { "content-type" => "application/json" }.freeze
GONE = "http://127.0.0.1:1/x?y=z"

def try
  yield
rescue StandardError => error
  say("error", error.class, error.message.gsub(/0x[0-9a-f]+/, "_"))
  say("cause", error.cause.class) if error.cause
end

# In which parts a stream comes is chance.
def say_parts
  whole = +""
  yield ->(part) { whole << part }
  say(whole)
end

def tell(status, headers, body)
  say(status, headers.to_h.transform_keys { |name| name.to_s.downcase }.except("date").sort)
  say_bytes("body", body.to_s)
end

add_case(:faraday) do
  require "faraday"
  calls = Faraday.new(PLAIN)
  [calls.get("/wire/echo", a: 1), calls.post("/wire/echo", '{"a":1}', JSON_TYPE), calls.delete("/wire/status/404"),
   calls.get("/wire/gzip"), calls.head("/wire/gzip")].each { |r| tell(r.status, r.headers, r.body) }
  say_parts { |add| calls.get("/wire/chunked") { |request| request.options.on_data = proc { |part| add.call(part) } } }
  try { Faraday.get("#{PLAIN}/wire/status/429") { |request| request.options.timeout = 20 } }
  try { calls.get("/wire/hang") { |request| request.options.timeout = 0.3 } }
  try { Faraday.put(GONE, "x") }
  tell(*Faraday.get("#{SECURE}/wire/echo").to_hash.values_at(:status, :response_headers, :body))
end

add_case(:httparty) do
  require "httparty"
  tell(200, {}, HTTParty.get("#{PLAIN}/wire/redirect/echo").body)
  tell(200, {}, HTTParty.post("#{SECURE}/wire/echo", body: { a: 1 }.to_s, headers: JSON_TYPE).body)
  tell(200, {}, HTTParty.post("#{PLAIN}/wire/echo", body: { file: File.open(__FILE__) }, multipart: true).code.to_s)
  say_parts { |add| HTTParty.get("#{PLAIN}/wire/chunked", stream_body: true) { |part| add.call(part.to_s) } }
  say(HTTParty.get("#{PLAIN}/wire/gzip").body.size)
  try { HTTParty.get("#{PLAIN}/wire/hang", timeout: 0.3, max_retries: 0) }
  try { HTTParty.get(GONE) }
end

add_case(:rest_client) do
  require "rest-client"
  tell(200, {}, RestClient.get("#{PLAIN}/wire/echo", params: { a: 1 }).body)
  tell(200, {}, RestClient.post("#{SECURE}/wire/echo", { a: 1, b: "c" }).body)
  say(RestClient.post("#{PLAIN}/wire/echo", { file: File.open(__FILE__), multipart: true }).code)
  say(RestClient.get("#{PLAIN}/wire/redirect/gzip").body.size)
  try { RestClient.get("#{PLAIN}/wire/status/402") }
  try { RestClient::Request.execute(method: :get, url: "#{PLAIN}/wire/hang", timeout: 0.3, max_redirects: 1) }
  try { RestClient.put(GONE, "x") }
  say_parts do |add|
    RestClient::Request.execute(method: :get, url: "#{PLAIN}/wire/chunked", block_response: ->(r) { r.read_body(&add) })
  end
end

add_case(:excon) do
  require "excon"
  Excon.defaults[:ssl_ca_file] = ENV.fetch("SSL_CERT_FILE")
  [Excon.get("#{PLAIN}/wire/echo", query: { a: 1 }), Excon.post("#{SECURE}/wire/echo", body: '{"a":1}', headers: JSON_TYPE),
   Excon.put("#{PLAIN}/wire/echo", body: StringIO.new("0123456789" * 200_000)), Excon.delete("#{PLAIN}/wire/status/404"),
   Excon.head("#{PLAIN}/wire/gzip"), Excon.get("#{PLAIN}/wire/empty")].each { |r| tell(r.status, r.headers, r.body) }
  parts = %w[one two three]
  say(Excon.post("#{PLAIN}/wire/echo", request_block: -> { parts.shift.to_s }).body)
  say(Excon.get("#{PLAIN}/wire/gzip", middlewares: Excon.defaults[:middlewares] + [Excon::Middleware::Decompress]).body.size)
  say(Excon.get("#{PLAIN}/wire/redirect/echo", middlewares: Excon.defaults[:middlewares] + [Excon::Middleware::RedirectFollower]).status)
  say_parts { |add| Excon.get("#{PLAIN}/wire/chunked", response_block: ->(part, _, _) { add.call(part) }) }
  Excon.new(PLAIN, persistent: true).requests([{ method: :get, path: "/wire/echo?1" }, { method: :get, path: "/wire/echo?2" }]).each { |r| say(r.body.size) }
  try { Excon.get("#{PLAIN}/wire/status/503", idempotent: true, retry_limit: 2, expects: 200) }
  try { Excon.get("#{PLAIN}/wire/hang", read_timeout: 0.3) }
  try { Excon.get("#{PLAIN}/wire/reset") }
  try { Excon.get("#{PLAIN}/wire/cut") }
  try { Excon.get("#{PLAIN}/wire/flood", response_block: ->(*) { raise IndexError, "of the program" }) }
  try { Excon.get(GONE) }
  try { Excon.get("http://no-such-host.invalid/x") }
  try { Excon.get("https://127.0.0.1:#{URI(SECURE).port}/x") }
  Excon.stub({ method: :get }, { status: 200, body: "stubbed" })
  say(Excon.get("#{PLAIN}/wire/echo", mock: true).body)
end

add_case(:http) do
  require "http"
  [HTTP.get("#{PLAIN}/wire/echo", params: { a: 1 }), HTTP.post("#{SECURE}/wire/echo", json: { a: 1 }),
   HTTP.put("#{PLAIN}/wire/echo", body: StringIO.new("0123456789" * 200_000)), HTTP.delete("#{PLAIN}/wire/status/404"),
   HTTP.head("#{PLAIN}/wire/gzip"), HTTP.get("#{PLAIN}/wire/empty")].each { |r| tell(r.code, r.headers, r.to_s) }
  say(HTTP.headers("Transfer-Encoding" => "chunked").post("#{PLAIN}/wire/echo", body: %w[one two three]).to_s)
  say(HTTP.use(:auto_inflate).get("#{PLAIN}/wire/gzip").to_s.size)
  say(HTTP.follow.get("#{PLAIN}/wire/redirect/echo").to_s.size)
  say_parts { |add| HTTP.get("#{PLAIN}/wire/chunked").body.each(&add) }
  HTTP.persistent(PLAIN) { |client| 3.times { |n| say(client.get("/wire/echo?#{n}").to_s.size) } }
  HTTP.timeout(30).get("#{PLAIN}/wire/echo?global").flush
  HTTP.timeout(read: 30).get("#{PLAIN}/wire/echo?each").flush
  try { HTTP.timeout(0.3).get("#{PLAIN}/wire/hang") }
  try { HTTP.get("#{PLAIN}/wire/reset") }
  try { HTTP.get("#{PLAIN}/wire/cut").to_s }
  say(HTTP.get("#{PLAIN}/wire/flood").body.readpartial.size)
  try { HTTP.get(GONE) }
  try { HTTP.get("http://no-such-host.invalid/x") }
  try { HTTP.get("https://127.0.0.1:#{URI(SECURE).port}/x") }
end

add_case(:typhoeus) do
  require "typhoeus"
  [Typhoeus.get("#{PLAIN}/wire/echo", params: { a: 1 }), Typhoeus.post("#{SECURE}/wire/echo", body: '{"a":1}', headers: JSON_TYPE, cainfo: ENV.fetch("SSL_CERT_FILE")),
   Typhoeus.put("#{PLAIN}/wire/echo", body: "0123456789" * 200_000), Typhoeus.delete("#{PLAIN}/wire/status/404"),
   Typhoeus.head("#{PLAIN}/wire/gzip"), Typhoeus.get("#{PLAIN}/wire/empty")].each { |r| tell(r.code, r.headers, r.body) }
  say(Typhoeus.get("#{PLAIN}/wire/gzip", accept_encoding: "gzip").body.size)
  say(Typhoeus.get("#{PLAIN}/wire/redirect/echo", followlocation: true).code)
  say_parts do |add|
    streamed = Typhoeus::Request.new("#{PLAIN}/wire/chunked")
    streamed.on_body { |part| add.call(part) }
    streamed.run
  end
  several = Typhoeus::Hydra.new
  requests = Array.new(3) { |n| Typhoeus::Request.new("#{PLAIN}/wire/echo?#{n}").tap { |request| several.queue(request) } }
  several.run
  say(requests.map { |request| request.response.code })
  [["#{PLAIN}/wire/hang", { timeout_ms: 300 }], ["#{PLAIN}/wire/reset", {}], [GONE, {}], ["http://no-such-host.invalid/x", {}],
   ["https://127.0.0.1:#{URI(SECURE).port}/x", {}]].each do |url, options|
    say(Typhoeus.get(url, options).return_code)
  end
end

# What other libraries warn of is theirs.
add_case(:warnings) do
  require "net/http"
  require "open-uri"
  say(Net::HTTP.get(URI("#{PLAIN}/wire/echo")).size)
end

main
