# frozen_string_literal: true

# servers: the workers of Puma and Unicorn are forks of one process; each is observed for itself, and
# nothing is lost. SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"
require "socket"

# One server with its workers, at a socket that has a path.
class Service
  WAIT_S = 60

  def initialize(name, env, command)
    @records = env.fetch("TASKLESS_OUTPUT")[/file:([^,]*)/, 1]
    @path = "#{FOLDER}/#{name}.sock"
    @pid = Process.spawn(env, *command.call(@path), chdir: FOLDER, out: File::NULL, err: "#{FOLDER}/#{name}.log")
  end

  attr_reader :pid

  # The status; nil where the worker was killed meanwhile.
  def ask(query)
    stream = connect
    stream.write("GET /?#{query} HTTP/1.0\r\nHost: service\r\n\r\n")
    stream.read[/\AHTTP\S+ (\d+)/, 1]
  rescue SystemCallError
    nil
  ensure
    stream&.close
  end

  def connect
    wait { UNIXSocket.new(@path) }
  end

  # Until it is so; nil after too long.
  def wait
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + WAIT_S
    begin
      yield or raise Errno::ECONNREFUSED
    rescue Errno::ECONNREFUSED, Errno::ENOENT
      return nil if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

      sleep(0.02)
      retry
    end
  end

  def records
    read_lines(@records)
  end

  def seen
    records.map { |record| record["url"][/\?(.*)/, 1] }.tally
  end

  # The exit code, nil where it does not end.
  def stop
    Process.kill(:TERM, @pid)
    wait { Process.wait(@pid, Process::WNOHANG) } && ($?.exitstatus || -$?.termsig)
  ensure
    Process.kill(:KILL, @pid) unless $?&.pid == @pid
  end
end

class ServersTest < Minitest::Test
  include Scenario

  THREADS = 5
  EACH = 30
  # What Unicorn reads in place of flags.
  File.write("#{FOLDER}/unicorn.rb", "worker_processes 3\npreload_app true\n")
  RACKUP = "#{PROGRAMS}/service.ru"
  COMMANDS = {
    puma: ->(path) { ["puma", "--workers", "3", "--threads", "2:5", "--bind", "unix://#{path}", RACKUP] },
    puma_preloaded: ->(path) { ["puma", "--preload", "--workers", "3", "--threads", "1:1", "--bind", "unix://#{path}", RACKUP] },
    unicorn: ->(path) { ["unicorn", "--config-file", "#{FOLDER}/unicorn.rb", "--listen", path, RACKUP] },
  }.freeze

  # Many requests at once: what was asked, with what it was answered.
  def load(service, name)
    asked = Queue.new
    Array.new(THREADS) do |thread|
      Thread.new do
        EACH.times { |n| asked << ["#{name}.#{thread}.#{n}", service.ask("#{name}.#{thread}.#{n}")] }
      end
    end.each(&:join)
    Array.new(asked.size) { asked.pop }.to_h
  end

  COMMANDS.each do |name, command|
    define_method("test_no_record_of_#{name}_is_lost_and_none_is_there_twice") do
      env, = environment(on: true)
      service = Service.new(name, env, command)
      begin
        asked = load(service, "before")
        assert_equal(["200"], asked.values.uniq)
        service.wait { service.records.size >= asked.size }
        workers = service.records.map { |record| record["pid"] }.uniq
        refute_includes(workers, service.pid)

        # What is on its way in a worker that is killed may be lost, no more.
        killer = Thread.new { sleep(0.05) && Process.kill(:KILL, workers.first) }
        during = load(service, "during")
        killer.join
        asked.update(load(service, "after"))
        sleep(0.5)
      ensure
        code = service.stop
      end
      assert_includes([0, -15], code, File.read("#{FOLDER}/#{name}.log"))
      seen = service.seen
      assert_empty(seen.reject { |_, count| count == 1 })
      assert_empty(asked.keys - seen.keys)
      # One of three workers had them, and went on under another process.
      assert_operator((during.keys - seen.keys).size, :<=, during.size / 2)
    end
  end
end
