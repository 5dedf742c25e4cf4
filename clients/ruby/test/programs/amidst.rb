# frozen_string_literal: true

# amidst: code of the program that makes calls in the midst of what observes them: a handler of a signal, a
# finaliser, another thread's exception, what a tracer is told. Here it runs at the start of every method of
# the client's. SPDX-License-Identifier: Apache-2.0
require "net/http"
require_relative "say"

OURS = "#{ENV.fetch("TASKLESS_CLIENT")}/taskless"
COUNTS = Hash.new(0)
OUTER = 3

# No time limit: for one Ruby takes a lock, which no handler of a signal may.
def ask(who)
  number = (COUNTS[who] += 1)
  place = URI(PLAIN)
  http = Net::HTTP.new(place.host, place.port, nil)
  http.open_timeout = http.read_timeout = http.write_timeout = nil
  response = http.get("/wire/echo?#{who}#{number}")
  raise "of the call" unless response.code == "200" && !response.body.empty?
end

# A call of its own, unless it is in the midst of one of these.
def amidst
  return if @busy

  @busy = true
  ask("inner")
ensure
  @busy = false
end

# What was seen of it is counted: only what is observed can be interrupted.
def interrupted_by(&act)
  ask("first") # what Ruby loads late it loads here
  tracer = TracePoint.new(:call) { |point| act.call if point.path.start_with?(OURS) }
  tracer.enable { OUTER.times { ask("outer") } }
  File.write(ENV.fetch("COUNTED"), COUNTS["inner"])
  say("goes on")
end

add_case(:tracer) { interrupted_by { amidst } }

add_case(:handler) do
  trap("USR1") { amidst }
  interrupted_by { Process.kill("USR1", Process.pid) }
end

add_case(:finaliser) do
  interrupted_by do
    unless @busy
      Array.new(10) { ObjectSpace.define_finalizer(Object.new, proc { amidst }) }
      GC.start
    end
  end
end

add_case(:another_thread) { interrupted_by { Thread.new { amidst }.join unless @busy } }

class Enough < StandardError; end

# It is the program's, whenever it comes.
add_case(:raised) do
  ask("first")
  main = Thread.current
  left = 40
  tracer = TracePoint.new(:call) do |point|
    next unless left.positive? && point.path.start_with?(OURS)

    left -= 1
    Thread.new { main.raise(Enough) }.join
  end
  tracer.enable do
    while left.positive? && defined?(Taskless)
      begin
        ask("outer")
      rescue Enough
        nil
      end
    end
  end
  ask("last")
  say("goes on")
end

main
