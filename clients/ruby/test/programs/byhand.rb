# frozen_string_literal: true

# byhand: loads the client itself, and leaves it again.
# SPDX-License-Identifier: Apache-2.0
require "net/http"
require_relative "say"
$LOAD_PATH.unshift(ENV.fetch("TASKLESS_CLIENT"))

def call(path = "/wire/echo")
  say(Net::HTTP.get(URI(PLAIN + path)).size)
end

add_case(:auto) do
  say(require("taskless/auto"), require("taskless/auto"))
  call
end

add_case(:load) do
  require "taskless"
  call("/wire/echo?unseen")
  say(Taskless.load, Taskless.load)
  call
  say(Taskless.shutdown, Taskless.shutdown)
  call("/wire/echo?unseen")
end

add_case(:again) do
  require "taskless"
  own = Net::HTTP.instance_method(:transport_request).source_location
  3.times do |n|
    say(Taskless.load)
    call("/wire/echo?#{n}")
    say(Taskless.shutdown(timeout_ms: 5000))
  end
  say(Net::HTTP.instance_method(:transport_request).source_location == own)
end

# Others have put theirs on top meanwhile.
add_case(:covered) do
  require "taskless"
  Taskless.load
  Net::HTTP.class_eval do
    alias_method :request_below, :request
    define_method(:request) { |*args, &block| say("on top") || request_below(*args, &block) }
  end
  call
  Taskless.shutdown
  call("/wire/echo?unseen")
end

add_case(:underway) do
  require "taskless"
  Taskless.load
  place = URI(PLAIN)
  Net::HTTP.start(place.host, place.port) do |http|
    http.request(Net::HTTP::Get.new("/wire/sse/3")) do |response|
      say(Taskless.shutdown)
      say(response.body.size)
    end
  end
end

add_case(:add) do
  require "taskless"
  say(Taskless.add("{}", ""))
  Taskless.load
  [[{ name: "x" }, ""], ["{", ""], [{ schema: "pre2", name: "x" }, 1]].each do |manifest, wasm|
    Taskless.add(manifest, wasm)
  rescue ArgumentError => error
    say(error.message)
  end
  call
end

add_case(:options) do
  require "taskless"
  say(Taskless.load(outputs: "file:#{ENV.fetch("RECORDS")}", config: ENV.fetch("CONFIG")))
  call
end

add_case(:twice) do
  require "taskless"
  say(Taskless.load)
  call
end

# What was there before is observed too.
add_case(:late) do
  require "excon"
  require "http"
  require "taskless/auto"
  [Excon.get("#{PLAIN}/wire/echo?1").status, HTTP.get("#{PLAIN}/wire/echo?2").to_s.size].each { |said| say(said) }
  call("/wire/echo?3")
end

CASES.fetch(ARGV.first).call
