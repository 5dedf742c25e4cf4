# frozen_string_literal: true

# covered: Ruby's own Coverage, begun where the client is there already, by hand, or once a library is.
# SPDX-License-Identifier: Apache-2.0
require "coverage"
require_relative "say"

def call(times)
  times.times { |n| say(Net::HTTP.get(URI("#{PLAIN}/wire/echo?#{n}")) != "") }
end

# Which files it has counted; of a program's own there is one.
def say_covered(result)
  say(result.keys.map { |file| File.basename(file) }.sort, result.keys.grep(/taskless/i).reject { |file| file.start_with?(__dir__) })
end

def by_hand
  return unless ENV.key?("BY_HAND")

  require "#{ENV.fetch("TASKLESS_CLIENT")}/taskless"
  Taskless.load
end

add_case(:before) do
  Coverage.start(:all)
  require "net/http"
  require "excon"
  by_hand
  call(2)
  say_covered(Coverage.result)
end

add_case(:after) do
  require "net/http"
  call(1)
  Coverage.start(oneshot_lines: true)
  require "excon"
  call(1)
  say_covered(Coverage.result(stop: true, clear: true))
end

main
