# frozen_string_literal: true

# foreign: libraries as they may be one day, one case a run: their methods take arguments and blocks that
# nobody knows today. Each prints what the library itself was given. SPDX-License-Identifier: Apache-2.0
require_relative "say"

# Methods by the lists of what they take; each answers with all it was given.
def fake(kind, **methods)
  methods.each do |name, takes|
    names = eval("->(#{takes}) {}").parameters.map(&:last)
    kind.class_eval("def #{name}(#{takes}, &block) = [:#{name}, #{names.join(", ")}, block&.call]", __FILE__, __LINE__)
  end
end

def classes(*names)
  names.each do |name|
    name.split("::").inject(Object) do |outer, inner|
      next outer.const_get(inner) if outer.const_defined?(inner, false)

      last = name.end_with?("::#{inner}") || name == inner
      eval("#{last ? "class" : "module"} ::#{outer == Object ? inner : "#{outer}::#{inner}"}; end") # as a program defines it
      outer.const_get(inner)
    end
  end
end

# Nothing more than the methods do is asked of these.
NEEDED = { use_ssl?: false, started?: true, address: "a", port: 1 }.freeze

add_case(:net_http) do
  classes("Net::HTTP", "Net::BufferedIO", "Net::HTTPResponse")
  NEEDED.each { |name, value| Net::HTTP.define_method(name) { value } }
  fake(Net::HTTP, request: "made, body = nil, deadline: nil", connect: "fast = nil", begin_transport: "made, again = nil",
                  transport_request: "made, tries: 1")
  fake(Net::HTTP.singleton_class, get_response: "where, path = nil, port = nil, limit = nil", post: "url, data, limit: 1",
                                  post_form: "url, params, limit = nil")
  fake(Net::BufferedIO, write: "part, more: nil", rbuf_fill: "size = nil")
  fake(Net::HTTPResponse, reading_body: "socket, permitted, limit: nil")
  http = Net::HTTP.new
  say(http.request(1, 2, deadline: 3) { 4 }, http.connect(1) { 2 }, http.begin_transport(1, 2) { 3 })
  say(http.transport_request(1, tries: 2) { 3 })
  say(Net::HTTP.get_response("a", 1, 2, 3) { 4 }, Net::HTTP.post("a", 1, limit: 2) { 3 }, Net::HTTP.post_form(1, 2, 3) { 4 })
  say(Net::BufferedIO.new.write("a", more: 1) { 2 }, Net::BufferedIO.new.rbuf_fill(1) { 2 })
  say(Net::HTTPResponse.new.reading_body(Object.new, 1, limit: 2) { 3 }[2..])
end

add_case(:excon) do
  classes("Excon::Connection", "Excon::Socket", "Excon::Response")
  fake(Excon::Connection, request_call: "datum, limit = nil")
  fake(Excon::Socket, write: "data, flags = nil", read: "size, limit: nil", readline: "limit = nil")
  fake(Excon::Response.singleton_class, parse: "socket, datum, limit = nil")
  say(Excon::Connection.new.request_call({}, 1) { 2 }, Excon::Socket.new.write("a", 1) { 2 })
  say(Excon::Socket.new.read(1, limit: 2) { 3 }, Excon::Socket.new.readline(1) { 2 })
  say(Excon::Response.parse(1, {}, 2) { 3 })
end

add_case(:http_rb) do
  classes("HTTP::Client", "HTTP::Connection", "HTTP::Request::Writer")
  fake(HTTP::Client, perform: "request, options = nil, limit: nil")
  fake(HTTP::Connection, send_request: "request, limit = nil", read_more: "size, limit = nil", close: "limit: nil")
  fake(HTTP::Request::Writer, write: "data, limit = nil")
  say(HTTP::Client.new.perform(1, 2, limit: 3) { 4 }, HTTP::Connection.new.send_request(1, 2) { 3 })
  say(HTTP::Connection.new.read_more(1, 2) { 3 }, HTTP::Connection.new.close(limit: 1) { 2 })
  say(HTTP::Request::Writer.new.write("a", 1) { 2 })
end

add_case(:openers) do
  classes("Faraday::Adapter::NetHttp", "RestClient::Request")
  fake(Faraday::Adapter::NetHttp, call: "env, limit = nil")
  fake(RestClient::Request, transmit: "uri, made, payload, limit: nil")
  say(Faraday::Adapter::NetHttp.new.call({}, 1) { 2 }, RestClient::Request.new.transmit(1, 2, 3, limit: 4) { 5 })
end

# The arguments of today, and a block: ours stands before each of these and hands it on.
add_case(:blocks) do
  classes("Excon::Socket", "Faraday::Adapter::NetHttp", "Net::BufferedIO")
  fake(Excon::Socket, write: "data", read: "size = nil")
  fake(Faraday::Adapter::NetHttp, call: "env")
  fake(Net::BufferedIO, write: "*parts")
  say(Excon::Socket.new.write("a") { 1 }, Excon::Socket.new.read(1) { 2 }, Net::BufferedIO.new.write("a", "b") { 3 })
  say(Faraday::Adapter::NetHttp.new.call({ method: :get, url: "/" }) { 4 })
end

main
