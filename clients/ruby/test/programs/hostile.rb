# frozen_string_literal: true

# hostile: calls that a Pack is shown, by a program that then crashes, as Ruby crashes.
# SPDX-License-Identifier: Apache-2.0
require "net/http"
require_relative "say"

place = URI(PLAIN)
Net::HTTP.start(place.host, place.port) do |http|
  3.times do
    response = http.post("/wire/status/402", "card=4242", "authorization" => "Bearer sk_test_123456789", "content-type" => "text/plain")
    say(response.code)
  end
end
say_signals

# Packs that run for as long as they may take longer than the end of a program waits.
records = ENV["TASKLESS_OUTPUT"].to_s[/file:([^,]*)/, 1]
deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 60
until records.nil? || Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline
  break if File.exist?(records) && File.readlines(records).size == 3

  sleep(0.01)
end
exit(42) unless ARGV.first == "crash"

Process.setrlimit(:CORE, 0)
$stderr.reopen(File::NULL) # pages of addresses
Process.kill(:SEGV, Process.pid)
sleep(10)
