# frozen_string_literal: true

# process: ways in which a program comes to its end, after two calls.
# SPDX-License-Identifier: Apache-2.0
require "net/http"
require_relative "say"

# For records on their way, where a signal ends a program.
MOMENT = 0.3

def call(path)
  say(Net::HTTP.get(URI(PLAIN + path)) != "")
end

def calls
  call("/wire/echo")
  call("/wire/status/402")
end

def ready
  calls
  say("ready")
  sleep(60)
end

add_case(:natural) { calls }

add_case(:exitcode) do
  calls
  exit(5)
end

# What is registered last runs first; ours was there before the program began.
add_case(:at_exit) { at_exit { calls } }

add_case(:burst) do
  50.times { |n| call("/wire/echo?#{n}") }
  exit(3)
end

# Ways out at which no at_exit block runs, each right after a call.
add_case(:at_once) do
  calls
  exit!(6)
end

add_case(:at_once_by_process) do
  calls
  Process.exit!(false)
end

add_case(:at_once_by_kernel) do
  calls
  at_exit { say("never") }
  Kernel.exit!
end

add_case(:replaced) do
  calls
  exec({ "FROM" => "here" }, RbConfig.ruby, "--disable=gems", "-e", "puts ENV.fetch('FROM'); exit 8", close_others: true)
end

add_case(:replaced_by_process) do
  calls
  Process.exec("exit 9")
end

# It goes on where there is nothing to become.
add_case(:not_replaced) do
  calls
  Kernel.exec("/no/such/program")
rescue SystemCallError => error
  say(error.class, error.message)
end

add_case(:leaving_looks) do
  [Process, Kernel].product(%i[exit! exec daemon]).each do |owner, name|
    next unless owner.respond_to?(name)

    method = owner.method(name)
    say(method.name, method.owner, method.arity, method.source_location.inspect)
  end
  say(Kernel.private_instance_methods(false).sort, Kernel.singleton_methods(false).sort, Process.singleton_methods(false).sort)
  begin
    exit!(1, 2, 3)
  rescue ArgumentError => error
    say(error.message)
  end
end

# A thread that waits for an answer which never comes keeps no program alive.
add_case(:thread) do
  Thread.new { call("/wire/hang") }
  sleep(0.3)
end

add_case(:uncaught) do
  calls
  raise "of the program"
end

add_case(:failed_at_exit) do
  at_exit { raise "at the end" }
  calls
end

add_case(:refused) { Net::HTTP.get(URI("http://127.0.0.1:1/x")) }
add_case(:thrown) do
  place = URI(PLAIN)
  http = Net::HTTP.new(place.host, place.port, nil)
  http.max_retries = 0
  http.get("/wire/reset")
end

add_case(:wait) { ready }

add_case(:handler) do
  trap(:TERM) { exit(7) }
  ready
end

# None is handled, none is blocked, and no thread of ours takes one.
add_case(:signals) do
  calls
  say_signals
  say(Thread.list.size, trap(:TERM, "DEFAULT").inspect, trap(:CHLD, "DEFAULT").inspect)
end

add_case(:fault) do
  calls
  sleep(MOMENT)
  Process.setrlimit(:CORE, 0)
  $stderr.reopen(File::NULL) # pages of addresses
  Process.kill(:SEGV, Process.pid)
  sleep(10)
end

add_case(:abort) do
  calls
  abort("of the program")
end

# Parent and child call on, each for itself.
add_case(:forked) do
  call("/wire/echo?before")
  child = fork do
    call("/wire/echo?child")
    exit(4)
  end
  Process.wait(child)
  say($?.exitstatus)
  call("/wire/echo?parent")
end

add_case(:forked_at_once) do
  call("/wire/echo?before")
  Process.wait(fork do
    call("/wire/echo?child")
    exit!(0)
  end)
end

# A call that was begun before is the parent's alone.
add_case(:forked_underway) do
  place = URI(PLAIN)
  Net::HTTP.start(place.host, place.port) do |http|
    http.request(Net::HTTP::Get.new("/wire/sse/3")) do |response|
      child = fork { call("/wire/echo?child") }
      Process.wait(child)
      say(response.body.size)
    end
  end
end

add_case(:daemon) do
  reader, writer = IO.pipe
  call("/wire/echo?before")
  child = fork do
    reader.close
    call("/wire/echo?child")
    Process.daemon(true, true) # this process ends here, and another goes on
    call("/wire/echo?daemon")
    writer.write("done")
    exit!(0)
  end
  writer.close
  Process.wait(child)
  say(reader.read)
end

add_case(:spawned) do
  code = "require 'net/http'; print Net::HTTP.get_response(URI(ARGV[0])).code"
  [[], ["--disable-gems"], ["--disable=rubyopt"]].each do |flags|
    say(IO.popen([RbConfig.ruby, *flags, "-e", code, "#{PLAIN}/wire/echo?#{flags.join}"], &:read), $?.exitstatus)
  end
end

# Nothing that needs more than one Ruby at a time.
add_case(:ractor) do
  calls
  Warning[:experimental] = false
  say(Ractor.new { Class.new.new.class.name.inspect }.take)
  say(Ractor.new { Struct.new(:a).new(1).a }.take)
end

# The calls of a program whose fibers wait for one another.
class Scheduler
  def initialize
    @ready = []
    @waiting = {}
  end

  def run
    until @ready.empty? && @waiting.empty?
      @ready.shift.resume until @ready.empty?
      readers, writers = [IO::READABLE, IO::WRITABLE].map { |what| @waiting.select { |_, (_, events)| events & what != 0 }.map { |_, (io, _)| io } }
      came = IO.select(readers, writers, nil, 0.1).to_a.flatten.uniq
      @waiting.select { |_, (io, _)| came.include?(io) }.each_key { |fiber| @waiting.delete(fiber) && @ready << fiber }
    end
  end
  alias close run

  def io_wait(io, events, _timeout)
    @waiting[Fiber.current] = [io, events]
    Fiber.yield
    events
  end

  def kernel_sleep(*) = nil
  def block(*) = Fiber.yield
  def unblock(_, fiber) = @ready << fiber
  def fiber(&block) = Fiber.new(blocking: false, &block).tap(&:resume)
end

add_case(:fibers) do
  said = []
  Thread.new do
    Fiber.set_scheduler(Scheduler.new)
    place = URI(PLAIN)
    5.times do |n|
      Fiber.schedule { said << Net::HTTP.new(place.host, place.port, nil).get("/wire/slow/50?#{n}").code }
    end
  end.join
  say(said)
end

CASES.fetch(ARGV.first).call
