# frozen_string_literal: true

# net_http: calls by Net::HTTP and open-uri, one case each.
# SPDX-License-Identifier: Apache-2.0
require "net/http"
require "open-uri"
require "socket"
require "stringio"
require "tempfile"
require "timeout"
require "uri"
require_relative "say"

PLACE = URI(PLAIN)
SAFE = URI(SECURE)

def connect(place = PLACE)
  http = Net::HTTP.new(place.host, place.port, nil)
  http.use_ssl = place.scheme == "https"
  http.read_timeout = 30
  http
end

def request(method, path, headers = {}, body: nil)
  made = Net::HTTP.const_get(method.capitalize).new(path, headers)
  made.body = body if body
  made
end

def ask(http, method, path, headers = {}, body: nil)
  tell(http.request(request(method, path, headers, body: body)))
end

def tell(response)
  say(response.code, response.message, response.http_version, response.to_hash.except("date"), response.class)
  response.body ? say_bytes("body", response.body) : say("no body")
  response
end

# A server for one connection, which the block answers.
def serve
  listener = TCPServer.new("127.0.0.1", 0)
  Thread.new do
    stream = listener.accept
    yield stream
    stream.close
    listener.close
  end
  Net::HTTP.new("127.0.0.1", listener.addr[1], nil)
end

def serve_once(answer)
  serve do |stream|
    stream.readpartial(65_536)
    stream.write(answer)
  end
end

add_case(:get) { ask(connect, "get", "/wire/echo?a=1") }
add_case(:https) { ask(connect(SAFE), "get", "/wire/echo") }
add_case(:post) { ask(connect, "post", "/wire/echo", { "content-type" => "application/x-www-form-urlencoded" }, body: "a=b&c=d") }
add_case(:notfound) { ask(connect, "delete", "/wire/status/404") }
add_case(:head) { ask(connect, "head", "/wire/gzip") }
add_case(:empty) { ask(connect, "get", "/wire/empty") }
add_case(:notmodified) { ask(connect, "get", "/wire/status/304") }
add_case(:options) { ask(connect, "options", "*") }
add_case(:early) { ask(connect, "get", "/wire/early") }

add_case(:heads) do
  made = Net::HTTP::Get.new("/wire/echo")
  made.add_field("X-Many", "a")
  made.add_field("X-Many", "b")
  made["x-latin"] = "\xe4\xf6".b
  tell(connect.request(made))
end

add_case(:refused) { ask(Net::HTTP.new("127.0.0.1", 1), "get", "/x") }
add_case(:badname) { ask(Net::HTTP.new("no-such-host.invalid"), "get", "/x") }

add_case(:unknown_purpose) do
  Net::HTTP.start("127.0.0.1", 1) { say("never") }
end

add_case(:shortcuts) do
  say_bytes("get", Net::HTTP.get(URI("#{PLAIN}/wire/echo?1")))
  say_bytes("get by parts", Net::HTTP.get(PLACE.host, "/wire/echo?2", PLACE.port))
  tell(Net::HTTP.get_response(URI("#{SECURE}/wire/echo?3"), { "x-header" => "yes" }))
  tell(Net::HTTP.post(URI("#{PLAIN}/wire/echo?4"), "data", "content-type" => "text/plain"))
  tell(Net::HTTP.post_form(URI("#{PLAIN}/wire/echo?5"), "a" => "b c"))
  Net::HTTP.get_print(URI("#{PLAIN}/wire/echo?6"))
end

add_case(:shortcuts_refused) do
  gone = URI("http://127.0.0.1:1/x?y=z")
  [-> { Net::HTTP.get(gone) }, -> { Net::HTTP.get("127.0.0.1", "/x", 1) }, -> { Net::HTTP.post(gone, "") },
   -> { Net::HTTP.post_form(gone, {}) }].each do |call|
    call.call
  rescue SystemCallError => error
    say_error(error)
  end
end

add_case(:untrusted) do
  http = Net::HTTP.new("127.0.0.1", SAFE.port)
  http.use_ssl = true
  ask(http, "get", "/x")
end

add_case(:plaintls) do
  http = Net::HTTP.new("127.0.0.1", PLACE.port)
  http.use_ssl = true
  ask(http, "get", "/x")
end

def connect_once
  http = connect
  http.max_retries = 0
  http
end

add_case(:reset) { ask(connect_once, "get", "/wire/reset") }

add_case(:tried_again) { ask(connect, "get", "/wire/reset") }
add_case(:cut) { ask(connect_once, "get", "/wire/cut") }

# Net::HTTP of Ruby 3.1.2 has no such switch, and takes what came for the whole.
add_case(:cut_not_ignored) do
  http = connect_once
  http.ignore_eof = false if http.respond_to?(:ignore_eof=)
  ask(http, "get", "/wire/cut")
end

add_case(:garbage) { ask(serve_once("what is this\r\n\r\n"), "get", "/x") }
add_case(:untilclose) { ask(serve_once("HTTP/1.0 200 OK\r\n\r\nall that comes"), "get", "/x") }
add_case(:folded) { ask(serve_once("HTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\nContent-Length: 2\r\n\r\nok"), "get", "/x") }
add_case(:cut_chunk) do
  http = serve_once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
  http.max_retries = 0
  ask(http, "get", "/x")
end

# Reads like a file, in parts of its own.
class Parts
  def initialize(*parts)
    @parts = parts
  end

  def readpartial(_size, into = +"")
    into.replace(@parts.shift || raise(EOFError, "no more"))
  end
end

add_case(:stream) do
  made = request("post", "/wire/echo", { "Transfer-Encoding" => "chunked" })
  made.body_stream = Parts.new("one", "two", "three")
  tell(connect.request(made))
end

add_case(:file) do
  Tempfile.create do |file|
    file.write("0123456789" * 3000)
    file.rewind
    made = request("put", "/wire/echo", { "Content-Length" => "30000" })
    made.body_stream = file
    tell(connect.request(made))
  end
end

add_case(:multipart) do
  made = request("post", "/wire/echo")
  made.set_form([["text", "a value"], ["file", StringIO.new("\x00\xff".b * 50), { filename: "b.bin" }]], "multipart/form-data", boundary: "line")
  tell(connect.request(made))
  made = request("post", "/wire/echo", { "Transfer-Encoding" => "chunked" })
  made.set_form([["text", "a value"]], "multipart/form-data", boundary: "line")
  tell(connect.request(made))
  made = request("post", "/wire/echo")
  made.set_form_data("a" => "b", "c" => "d e")
  tell(connect.request(made))
end

add_case(:getbody) { ask(connect, "get", "/wire/echo", body: "body") }

add_case(:continued) do
  http = connect
  http.continue_timeout = 10
  ask(http, "post", "/wire/echo", { "Expect" => "100-continue" }, body: "waited for")
end

add_case(:not_continued) do
  http = serve_once("HTTP/1.1 417 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
  http.continue_timeout = 10
  ask(http, "post", "/x", { "Expect" => "100-continue" }, body: "never sent")
end

add_case(:keepalive) do
  connect.start do |http|
    20.times { |n| ask(http, "get", "/wire/echo?n=#{n}") }
  end
end

# The server has hung up meanwhile: another connection is made.
add_case(:gone) do
  listener = TCPServer.new("127.0.0.1", 0)
  Thread.new do
    2.times do
      stream = listener.accept
      stream.readpartial(65_536)
      stream.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      stream.close
    end
  end
  Net::HTTP.start("127.0.0.1", listener.addr[1], nil) do |http|
    2.times do |n|
      ask(http, "get", "/x?#{n}")
      sleep(0.05)
    end
  end
end

add_case(:redirect) { ask(connect, "get", "/wire/redirect") }
add_case(:gzip) { ask(connect, "get", "/wire/gzip") }
add_case(:gzip_by_hand) { ask(connect, "get", "/wire/gzip", { "accept-encoding" => "gzip" }) }
add_case(:chunked) { ask(connect, "get", "/wire/chunked") }

# Each way to read a response, of one in chunks and of one with a length.
add_case(:pieces) do
  connect.start do |http|
    ["/wire/chunked", "/wire/size/50000"].each do |path|
      parts = +"" # which they are is chance
      http.request(request("get", path)) { |r| r.read_body { |part| parts << part } }
      say_bytes("in parts", parts)
      http.request(request("get", path)) { |r| say_bytes("appended", r.read_body(+"before ")) }
      http.request(request("get", path)) { |r| say_bytes("to a file", StringIO.new.tap { |io| r.read_body(io) }.string) }
      http.request(request("get", path)) { |r| say(r.code) }
      http.get(path) { |part| parts << part }
      say_bytes("again", parts)
    end
  end
end

add_case(:open_uri) do
  say_bytes("redirected", URI.open("#{SECURE}/wire/redirect/chunked", &:read))
  URI.open("#{PLAIN}/wire/status/429")
end

add_case(:timeout) do
  http = connect_once
  http.read_timeout = 0.3
  ask(http, "get", "/wire/hang")
end

add_case(:timeout_retried) do
  http = connect
  http.read_timeout = 0.2
  ask(http, "get", "/wire/hang")
end

add_case(:timeout_around) { Timeout.timeout(0.3) { ask(connect, "get", "/wire/hang") } }

class Enough < StandardError; end

add_case(:timeout_of_its_own) { Timeout.timeout(0.3, Enough) { ask(connect, "get", "/wire/hang") } }

# Once it is there, this thread is in the midst of its call.
def during_a_call
  asked = Queue.new
  http = serve do |stream|
    stream.readpartial(65_536)
    asked.push(true)
    stream.read
  end
  thread = Thread.new { ask(http, "get", "/wire/hang") }
  thread.report_on_exception = false
  asked.pop
  thread
end

add_case(:killed) { say(during_a_call.kill.join.status) }

add_case(:raised) do
  thread = during_a_call
  thread.raise(Enough, "of it")
  thread.join
end

add_case(:interrupted) do
  http = serve do |stream|
    stream.readpartial(65_536)
    Process.kill(:INT, Process.pid)
    stream.read
  end
  begin
    ask(http, "get", "/wire/hang")
  rescue Interrupt => error
    say_error(error)
  end
end

add_case(:thrown) do
  catch(:enough) do
    connect.request(request("get", "/wire/sse/50")) { |r| r.read_body { throw :enough } }
  end
  say("caught")
end

add_case(:midway) do
  connect.request(request("get", "/wire/sse/50")) do |response|
    say(response.code)
    break
  end
  say("left")
end

add_case(:failed_block) do
  connect.request(request("get", "/wire/flood")) { |r| r.read_body { raise Errno::ENOSPC, "of the program" } }
end

add_case(:closed) do
  http = connect.start
  http.request(request("get", "/wire/flood")) { |r| r.read_body { http.finish } }
end

add_case(:unasked) do
  connect.start.finish
  say("nothing")
end

# Each event comes when the one before was asked about: nothing may be held back.
add_case(:lockstep) do
  other = connect.start
  asked = 0
  connect.request(request("get", "/wire/lockstep")) do |response|
    response.read_body do |part|
      say(part)
      other.request(request("get", "/wire/next/#{asked += 1}"))
    end
  end
end

add_case(:sizes) do
  connect.start do |http|
    [1, 65_536, 1_000_000, 16_000_000].each do |size|
      ask(http, "post", "/wire/echo", body: "x" * size)
      ask(http, "get", "/wire/size/#{size}")
    end
  end
end

add_case(:vhost) { ask(connect, "get", "/wire/echo", { "Host" => "named.example" }) }

# A proxy for one connection, which it leads to where it is asked to.
def serve_tunnel(answer = "HTTP/1.1 200 Connection established\r\n\r\n")
  listener = TCPServer.new("127.0.0.1", 0)
  Thread.report_on_exception = false # whoever hangs up, it is over
  Thread.new do
    stream = listener.accept
    asked = stream.readpartial(65_536).split
    stream.write(answer)
    next stream.close unless answer.include?(" 200 ")

    inside = TCPSocket.new(*asked[1].split(":"))
    Thread.new { IO.copy_stream(inside, stream) }
    IO.copy_stream(stream, inside)
  end
  listener.addr[1]
end

add_case(:tunnel) do
  http = Net::HTTP.new("localhost", SAFE.port, "127.0.0.1", serve_tunnel)
  http.use_ssl = true
  http.start do
    ask(http, "post", "/wire/echo", body: "inside")
    ask(http, "get", "/wire/echo?again")
  end
end

add_case(:notunnel) do
  http = Net::HTTP.new("localhost", SAFE.port, "127.0.0.1", serve_tunnel("HTTP/1.1 407 No\r\n\r\n"))
  http.use_ssl = true
  ask(http, "get", "/wire/echo")
end

add_case(:proxy) do
  ask(Net::HTTP.new("behind.example", 8080, PLACE.host, PLACE.port), "get", "/wire/echo?a=1")
end

add_case(:bypass) { ask(connect, "get", "/wire/echo", { "x-tskl-bypass" => "1" }) }

add_case(:debug) do
  http = connect
  http.set_debug_output(shown = StringIO.new)
  say_bytes("body", http.request(request("post", "/wire/echo", { "accept" => "text/plain" }, body: "shown")).body)
  say(shown.string.gsub(/Date: .*? GMT/, ""))
end

# The server answers and hangs up before all of the request was sent.
add_case(:early_hangup) do
  http = serve do |stream|
    stream.readpartial(100)
    stream.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!")
    stream.close_write
    stream.read
  end
  ask(http, "post", "/x", body: "x" * 100_000)
end

add_case(:threads) do
  said = Queue.new
  8.times.map do |n|
    Thread.new { 5.times { |m| said << [n, m, Net::HTTP.get(URI("#{PLAIN}/wire/echo?#{n}.#{m}")).bytesize] } }
  end.each(&:join)
  say(said.size.times.map { said.pop }.sort)
end

# A call within a call, as when one is told on while it is read.
add_case(:nested) do
  n = 0
  connect.request(request("get", "/wire/lockstep")) do |response|
    response.read_body { |part| ask(connect, "post", "/wire/next/#{n += 1}", body: part) }
  end
end

add_case(:fibers) do
  outer = Enumerator.new do |parts|
    connect.request(request("get", "/wire/lockstep")) { |response| response.read_body { |part| parts << part } }
  end
  say(outer.next)
  ask(connect, "get", "/wire/next/1")
  say(outer.next)
end

add_case(:frozen) do
  body = "frozen \xff".b.freeze
  tell(connect.post("/wire/echo".freeze, body, { "content-type".freeze => "a/b".freeze }.freeze))
end

# As a program does that watches its calls itself.
class Net::HTTP
  alias request_without_watch request

  def request(made, body = nil, &block)
    say("watched") if ARGV.first == "aliased"
    request_without_watch(made, body, &block)
  end
end

module Watched
  def request(...)
    say("watched twice")
    super
  end
end

add_case(:aliased) do
  Net::HTTP.prepend(Watched)
  ask(connect, "get", "/wire/echo")
end

class Own < Net::HTTP
  def request(made, body = nil, &block)
    made["x-own"] = "yes"
    super
  end
end

add_case(:subclass) { ask(Own.new(PLACE.host, PLACE.port, nil), "get", "/wire/echo") }

add_case(:looks) do
  say(Net::HTTP.ancestors, Net::BufferedIO.ancestors, Net::HTTP.public_instance_methods(false).sort)
  [Net::HTTP.instance_method(:request), Net::HTTP.method(:get_response)].each do |method|
    say(method.name, method.arity, method.owner)
  end
  say($LOAD_PATH.grep(/taskless/), Class.new.name, defined?(Excon).inspect, Object.singleton_methods)
end

main
