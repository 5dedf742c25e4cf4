# frozen_string_literal: true

# process: exit codes, signals, forks, uncaught errors and what is written at the end.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class ProcessTest < Minitest::Test
  include Scenario

  BOTH = ["GET /wire/echo 200 done", "GET /wire/status/402 402 done"].freeze
  # Older Rubies end by abort where they meet a fault, newer ones by its signal.
  FAULT = [-Signal.list["ABRT"], -Signal.list["SEGV"]].freeze
  # Case of the program -> exit code, what its records say in short.
  CASES = {
    natural: [0, BOTH],
    exitcode: [5, BOTH],
    at_exit: [0, BOTH],
    burst: [3, Array.new(50) { |n| "GET /wire/echo?#{n} 200 done" }],
    at_once: [6, BOTH],
    at_once_by_process: [1, BOTH],
    at_once_by_kernel: [1, BOTH],
    replaced: [8, BOTH],
    replaced_by_process: [9, BOTH],
    not_replaced: [0, BOTH],
    leaving_looks: [0, []],
    thread: [0, ["GET /wire/hang aborted"]],
    uncaught: [1, BOTH],
    failed_at_exit: [1, BOTH],
    refused: [1, ["GET /x ECONNREFUSED failed"]],
    thrown: [1, ["GET /wire/reset ECONNRESET failed"]],
    signals: [0, BOTH],
    fault: [FAULT, BOTH],
    abort: [1, BOTH],
    forked: [0, %w[before child parent].map { |who| "GET /wire/echo?#{who} 200 done" }],
    forked_at_once: [0, %w[before child].map { |who| "GET /wire/echo?#{who} 200 done" }],
    forked_underway: [0, ["GET /wire/echo?child 200 done", "GET /wire/sse/3 200 done"]],
    daemon: [0, %w[before child daemon].map { |who| "GET /wire/echo?#{who} 200 done" }],
    spawned: [0, ["GET /wire/echo? 200 done", "GET /wire/echo?--disable-gems 200 done"]],
    ractor: [0, BOTH],
    fibers: [0, Array.new(5) { |n| "GET /wire/slow/50?#{n} 200 done" }],
  }.freeze
  PIDS = { leaving_looks: 0, forked: 2, forked_at_once: 2, forked_underway: 2, daemon: 3, spawned: 2 }.freeze

  # Which of several requests at once a server reads first is chance.
  TIDY = lambda do |outside|
    journal = outside["journal"]
    without_our_lines({ **outside, "journal" => { **journal, "requests" => journal["requests"].sort_by(&:to_s) } })
  end

  CASES.each do |name, (code, briefs)|
    define_method("test_#{name}") do
      seen = compare_records(briefs.sort, "process.rb", name.to_s, tidy: TIDY, brief: ->(said) { said.sort })
      assert_includes([*code], seen.code, seen.err)
      assert_equal(PIDS.fetch(name, 1), seen.records.map { |record| record["pid"] }.uniq.size)
    end
  end

  # Ends the program when it says that it is ready.
  def kill(signal)
    lambda do |pid, output|
      said = +""
      said << output.gets until said.end_with?("ready\n")
      sleep(0.3) # for records on their way: with a signal there is no end to wait at
      Process.kill(signal, pid)
      said
    end
  end

  def test_dies_of_signals_with_its_records_written
    %i[INT TERM HUP KILL].each do |signal|
      seen = compare_records(BOTH, "process.rb", "wait", during: kill(signal), tidy: TIDY)
      assert_equal(-Signal.list[signal.to_s], seen.code)
    end
  end

  def test_its_own_handler_of_a_signal_runs
    assert_equal(7, compare_records(BOTH, "process.rb", "handler", during: kill(:TERM)).code)
  end

  def test_records_go_to_standard_error_unless_told
    plain = run_program("process.rb", "natural", on: false)
    seen = run_program("process.rb", "natural", on: true, client_env: { "TASKLESS_OUTPUT" => "" })
    assert_equal(plain.out, seen.out)
    assert_equal(2, seen.err.lines.size)
  end
end
