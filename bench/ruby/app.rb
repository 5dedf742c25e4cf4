# frozen_string_literal: true

# app: a program that calls a service, and then says what that cost it: one line of JSON.
# SPDX-License-Identifier: Apache-2.0
require "json"
require "uri"

WAY, BASE, COUNT = ARGV[0], URI(ARGV[1]), ARGV[2].to_i
TARGET = "/v1/payment_intents"
BODY = "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true"
HEADERS = {
  "authorization" => "Bearer sk_test_4eC39HqLyjWDarjtT1zdp7dc",
  "content-type" => "application/x-www-form-urlencoded",
}.freeze

def net_http
  require "net/http"
  http = Net::HTTP.start(BASE.host, BASE.port, nil, use_ssl: BASE.scheme == "https")
  -> { http.post(TARGET, BODY, HEADERS).body }
end

def net_http_new
  require "net/http"
  -> { Net::HTTP.post(URI("#{BASE}#{TARGET}"), BODY, HEADERS).body }
end

def faraday
  require "faraday"
  service = Faraday.new(BASE.to_s)
  -> { service.post(TARGET, BODY, HEADERS).body }
end

def excon
  require "excon"
  service = Excon.new(BASE.to_s, persistent: true, ssl_ca_file: ENV.fetch("SSL_CERT_FILE"))
  -> { service.post(path: TARGET, body: BODY, headers: HEADERS).body }
end

def http
  require "http"
  client = HTTP.persistent(BASE.to_s)
  -> { client.post(TARGET, body: BODY, headers: HEADERS).to_s }
end

# Of this thread alone, for Packs run on another one; and of all of them.
def clocks
  [Process::CLOCK_THREAD_CPUTIME_ID, Process::CLOCK_PROCESS_CPUTIME_ID].map { |clock| Process.clock_gettime(clock) }
end

def resident_mb
  File.read("/proc/self/statm").split[1].to_i * 4096 / 1e6
end

def calls(call, times)
  Array.new(times) do
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    call.call
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
  end
end

call = send(WAY)
call.call
# Whoever started us has been waiting for it.
$stdout.puts("{}")
$stdout.flush
calls(call, COUNT / 4)
before = clocks
taken = calls(call, COUNT).sort
thread, process = clocks.zip(before).map { |now, was| (now - was) * 1e6 / COUNT }
puts JSON.generate(thread: thread, process: process, p50: taken[COUNT / 2] * 1e3, memory: resident_mb)
