# frozen_string_literal: true

# load: the ways into a program, and what happens where there is none.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class LoadTest < Minitest::Test
  include Scenario

  ECHO = "GET /wire/echo 200 done"
  BY_HAND = {
    auto: [ECHO],
    load: [ECHO],
    again: Array.new(3) { |n| "GET /wire/echo?#{n} 200 done" },
    covered: [ECHO],
    underway: ["GET /wire/sse/3 200 aborted"],
    late: Array.new(3) { |n| "GET /wire/echo?#{n + 1} 200 done" },
  }.freeze

  BY_HAND.each do |name, expected|
    define_method("test_by_hand_#{name}") do
      seen = run_program("byhand.rb", name.to_s, on: true, entry: "", flags: name == :late ? [] : ["-w"])
      assert_equal([0, ""], [seen.code, seen.err])
      assert_equal(expected, seen.briefs)
    end
  end

  # A copy of the client whose native file is missing, or something else, or another Ruby's.
  def broken_client(name, content, version: RUBY_VERSION[/\d+\.\d+/])
    copy = "#{FOLDER}/#{name}/ruby"
    FileUtils.mkdir_p(File.dirname(copy))
    FileUtils.cp_r(CLIENT, copy)
    native = Dir.glob("#{copy}/taskless/*/taskless_native.so").first
    content.nil? ? File.delete(native) : File.write(native, content)
    FileUtils.mv(File.dirname(native), "#{copy}/taskless/#{version}") unless File.dirname(native).end_with?(version)
    copy
  end

  def test_taskless_run_has_it_loaded_and_typhoeus_is_seen_once
    records = "#{FOLDER}/run.ndjson"
    code = "require 'net/http'; require 'typhoeus'; gone = 'http://127.0.0.1:1/x'
            Net::HTTP.get(URI(gone)) rescue Typhoeus.get(gone)"
    command = ["#{BUILD}/bin/taskless", "run", "--config", CONFIG, "--format", "ndjson", "--output", "file:#{records}"]
    output, status = Open3.capture2e(PLAIN, *command, "--", RUBY, "-e", code)
    assert_equal([0, ""], [status.exitstatus, output])
    assert_equal(["GET /x ECONNREFUSED failed"] * 2, read_lines(records).map { |record| brief(record) })
  end

  def test_a_record_says_which_runtime_reported_it
    assert_equal("ruby/#{RUBY_VERSION}", run_program("net_http.rb", "get", on: true).records.first["client"])
  end

  def test_disabled_it_does_nothing_and_says_nothing
    [{ "TASKLESS_DISABLED" => "1" }, { "TASKLESS_DISABLED" => "1", "TASKLESS_OUTPUT" => "" }].each do |variables|
      assert_empty(compare("net_http.rb", "get", client_env: variables).records)
    end
  end

  # The library alone can write without harm to the program; `taskless run` speaks before it starts.
  def test_without_its_native_file_it_writes_nothing
    { missing: nil, damaged: "no library at all" }.each do |name, content|
      folder = broken_client(name, content)
      seen = run_program("net_http.rb", "get", on: true, entry: "", env: { "RUBYLIB" => folder, "RUBYOPT" => "-rtaskless/auto" })
      assert_equal([0, [], ""], [seen.code, seen.records, seen.err])
    end
  end

  def test_other_and_older_rubies_do_nothing
    old = "#{FOLDER}/older.rb"
    ["RUBY_VERSION = '3.0.7'", "RUBY_ENGINE = 'jruby'"].each do |change|
      File.write(old, "$VERBOSE = nil; #{change}")
      env = { "RUBYLIB" => CLIENT, "RUBYOPT" => "-r#{old} -rtaskless/auto" }
      seen = run_program("net_http.rb", "get", on: true, entry: "", env: env)
      assert_equal([0, [], ""], [seen.code, seen.records, seen.err])
    end
  end

  def test_a_ruby_that_the_native_file_is_not_for_is_left_alone
    File.write("#{FOLDER}/newer.rb", "$VERBOSE = nil; RUBY_VERSION = '9.1.0'")
    env = { "RUBYLIB" => CLIENT, "RUBYOPT" => "-r#{FOLDER}/newer.rb -rtaskless/auto" }
    seen = run_program("net_http.rb", "get", on: true, entry: "", env: env)
    assert_equal([0, [], ""], [seen.code, seen.records, seen.err])
  end

  def test_a_configuration_that_cannot_be_read_is_said_once
    File.write("#{FOLDER}/bad.json", '{"version": 1, "no-such-key": true}')
    seen = run_program("net_http.rb", "get", on: true, client_env: { "TASKLESS_CONFIG" => "#{FOLDER}/bad.json" })
    assert_equal([0, []], [seen.code, seen.records], seen.err)
    assert_match(/\Ataskless: .*no-such-key.*\n\z/, seen.err)
  end

  def test_what_a_program_sees_of_itself_is_its_own
    [{}, { "RUBYLIB" => FOLDER, "RUBYOPT" => "-w" }, { "RUBYOPT" => "--disable-gems" }].each do |env|
      assert_empty(compare("modules.rb", "an argument", env: env).err)
    end
    compare("modules.rb", flags: ["--disable=gems"])
  end

  def test_warnings_are_the_programs_own
    assert_empty(compare("libraries.rb", "warnings", flags: ["-w"]).err)
  end

  def test_add_says_what_is_wrong_with_a_pack
    seen = run_program("byhand.rb", "add", on: true, entry: "")
    said = seen.out.lines
    assert_equal("false\n", said[0])
    assert_match(/\Ataskless: manifest: .*schema/, said[1])
    assert_match(/\Ataskless: manifest: line 1: /, said[2])
    assert_equal("taskless: wasm: not a string of bytes\n", said[3])
    assert_equal([ECHO], seen.briefs)
  end

  def test_options_hold_where_no_variable_says_otherwise
    file = "#{FOLDER}/by-hand.ndjson"
    unset = { "TASKLESS_OUTPUT" => nil, "TASKLESS_CONFIG" => nil, "RECORDS" => file, "CONFIG" => CONFIG }
    seen = run_program("byhand.rb", "options", on: true, entry: "", client_env: unset)
    assert_equal(0, seen.code, seen.err)
    assert_equal(1, read_lines(file).size)
  end

  def test_loaded_again_each_call_is_told_once
    assert_equal([ECHO], run_program("byhand.rb", "twice", on: true).briefs)
  end
end
