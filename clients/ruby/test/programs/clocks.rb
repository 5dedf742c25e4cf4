# frozen_string_literal: true

# clocks: a program's tests put a clock of their own in the place of Ruby's, as Timecop does: Time.now, and where
# it is told to Process.clock_gettime. It stands still, in another century. SPDX-License-Identifier: Apache-2.0
require "net/http"
require_relative "say"

def ask(path)
  place = URI(PLAIN)
  Net::HTTP.new(place.host, place.port, nil).get(path).code
end

def set_clocks
  Time.singleton_class.class_eval do
    alias_method :now_without_mock, :now
    define_method(:now) { at(10_000_000_000) }
  end
  Process.singleton_class.class_eval do
    alias_method :clock_gettime_without_mock, :clock_gettime
    define_method(:clock_gettime) { |_clock, unit = :float_second| unit == :float_second ? 1e10 : 10**15 }
  end
end

add_case(:set) do
  set_clocks
  say(ask("/wire/echo"), Time.now.to_i)
end

# While a call is under way.
add_case(:amidst) do
  place = URI(PLAIN)
  Net::HTTP.new(place.host, place.port, nil).request(Net::HTTP::Get.new("/wire/chunked")) do |response|
    set_clocks
    response.read_body { |part| say(part.bytesize.positive?) }
  end
  say(Process.clock_gettime(Process::CLOCK_MONOTONIC))
end

main
