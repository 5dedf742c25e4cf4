# frozen_string_literal: true

# scenario: runs a program plainly and with the client, against a server that starts afresh each time.
# SPDX-License-Identifier: Apache-2.0
require "fileutils"
require "json"
require "minitest/autorun"
require "open3"
require "tmpdir"

ROOT = File.expand_path("../../../..", __dir__)
BUILD = ENV.fetch("TASKLESS_BUILD", File.join(ROOT, "build"))
CLIENT = File.join(BUILD, "lib/taskless/ruby")
PROGRAMS = File.expand_path("../programs", __dir__)
TIMEOUT_S = 120
RUBY = RbConfig.ruby

FOLDER = Dir.mktmpdir("taskless-ruby-")
Minitest.after_run do
  Server.stop
  FileUtils.rm_rf(FOLDER)
end

# Without Packs, but where a test names its own: nothing is compiled while a program runs.
CONFIG = File.join(FOLDER, "no-packs.json")
File.write(CONFIG, '{"version": 1, "shipped": false, "packs": []}')

# The environment without what makes a program observed: nil takes a variable away.
PLAIN = ENV.keys.grep(/\A(TASKLESS_|RUBY(LIB|OPT)\z)|_proxy\z/i).to_h { |name| [name, nil] }.freeze

# tests/servers/api, one for all runs: starting it takes longer than most programs do.
module Server
  def self.ready
    @ready ||= begin
      @input, @output, @process = Open3.popen2(PLAIN, "node", "#{ROOT}/tests/servers/api/main.js", "--tls", "#{FOLDER}/tls")
      JSON.parse(@output.gets)
    end
  end

  # What it has seen since it was asked before.
  def self.journal
    ready
    @input.puts
    JSON.parse(@output.gets)
  end

  def self.stop
    return unless @ready

    @input.close
    @output.read
    @process.value
  end
end

# What a run came to: `outside` for its user and its server, `records` and `har` for ours.
Seen = Struct.new(:outside, :records, :har) do
  def code = outside["code"]
  def out = outside["out"]
  def err = outside["err"]
  def briefs = records.map { |record| brief(record) }
end

# What a record says in short: "POST /path 402 done", "GET / ECONNREFUSED failed".
def brief(record)
  target = record["url"][%r{\A\w+://[^/?]*(.*)\z}, 1]
  [record["method"], target.empty? ? "/" : target, record["status"], record.dig("error", "code"), record["ending"]].compact.join(" ")
end

def read_lines(file)
  File.exist?(file) ? File.readlines(file).map { |line| JSON.parse(line) } : []
end

# Ports and dates differ from run to run and stand in URLs, headers and messages.
def without_ports(value)
  ports = Regexp.union(*Server.ready.values_at("http", "https").map(&:to_s))
  text = JSON.generate(value).gsub(/\b(#{ports})\b/, "PORT")
  JSON.parse(text.gsub(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/, "DATE"))
end

module Scenario
  # At exit a program waits 200 ms at most for what is not written yet: on a busy machine a record may
  # be lost, so that a missing one counts only when it is missing each time.
  TRIES = 3

  @runs = 0
  class << self
    attr_accessor :runs
  end

  # The environment of a program, and the files that its records and its recording go to.
  def environment(on:, entry: "RUBYOPT", env: {}, client_env: {})
    number = Scenario.runs += 1
    records, har = "#{FOLDER}/#{number}.ndjson", "#{FOLDER}/#{number}.har"
    ready = Server.ready
    made = { **PLAIN, "HTTP" => "http://127.0.0.1:#{ready["http"]}", "HTTPS" => "https://localhost:#{ready["https"]}",
             "SSL_CERT_FILE" => ready["ca"], "TASKLESS_CLIENT" => CLIENT, **env }
    if on
      made.update("TASKLESS_CONFIG" => CONFIG, "TASKLESS_OUTPUT" => "file:#{records},har:#{har}", "TASKLESS_FORMAT" => "ndjson", **client_env)
      made.update("RUBYLIB" => [CLIENT, env["RUBYLIB"]].compact.join(":"), "RUBYOPT" => ["-r#{CLIENT}/taskless/auto", env["RUBYOPT"]].compact.join(" ")) if entry == "RUBYOPT"
    end
    [made, records, har]
  end

  # Runs a program of programs/, observed when `on`: by RUBYLIB and RUBYOPT as `taskless run` sets them,
  # or with entry: "" by what it does itself. `during` is called with the process and its output.
  def run_program(program, *args, on:, during: nil, flags: [], **options)
    env, records, har = environment(on: on, **options)
    out = err = status = nil
    Open3.popen3(env, RUBY, *flags, "#{PROGRAMS}/#{program}", *args, chdir: FOLDER) do |input, output, error, process|
      input.close
      watch = Thread.new { sleep(TIMEOUT_S) && Process.kill(:KILL, process.pid) }
      reader = Thread.new { error.read }
      before = during&.call(process.pid, output)
      out, err, status = "#{before if before.is_a?(String)}#{output.read}", reader.value, process.value
      watch.kill
    end
    outside = { "out" => out.scrub, "err" => err.scrub, "code" => status.exitstatus || -status.termsig, "journal" => Server.journal }
    entries = File.exist?(har) ? JSON.parse(File.read(har)).dig("log", "entries") : []
    Seen.new(*[outside, read_lines(records), entries].map { |value| without_ports(value) })
  end

  # Runs both ways; fails where a program, its user or its server could tell a difference.
  def compare(program, *args, tidy: ->(outside) { outside }, **options)
    plain = run_program(program, *args, on: false, **options)
    observed = run_program(program, *args, on: true, **options)
    assert_equal(tidy.call(plain.outside), tidy.call(observed.outside))
    assert_empty(plain.records)
    observed
  end

  # The same; and the records are those, in short, as `brief` makes them comparable.
  def compare_records(expected, *args, brief: ->(briefs) { briefs }, **options)
    seen = nil
    TRIES.times do
      seen = compare(*args, **options)
      break if seen.records.size >= expected.size
    end
    assert_equal(expected, brief.call(seen.briefs))
    seen
  end

  # A test for each case of a program: nobody can tell, and it is recorded.
  def self.add_cases(suite, program, cases, **options)
    cases.each do |name, expected|
      suite.define_method("test_#{name}") do
        seen = compare_records(expected, program, name.to_s, **options)
        assert_equal(0, seen.code, seen.err)
      end
    end
  end
end

# A trace has a line for each method of ours that an error went through.
def without_our_lines(outside)
  { **outside, "err" => outside["err"].gsub(/^.*#{Regexp.escape(CLIENT)}.*\n/, "") }
end
