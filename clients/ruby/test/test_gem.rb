# frozen_string_literal: true

# gem: installed into an empty folder it does what its README says.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class GemTest < Minitest::Test
  CALL = <<~RUBY
    require "net/http"
    place = URI("http://" + ARGV[0] + "/v1/balance")
    puts Net::HTTP.get(place, { "authorization" => "Bearer sk_test_busy" }) != ""
  RUBY

  # For `sh -c`, the place behind it.
  CURL = "curl -s -o /dev/null -H 'authorization: Bearer sk_test_busy' http://$0/v1/balance && echo true"

  def self.make(name)
    output, status = Open3.capture2e(PLAIN, "#{ROOT}/scripts/ruby-gem.sh", BUILD, "#{FOLDER}/#{name}")
    raise output unless status.success?

    Dir.glob("#{FOLDER}/#{name}/*.gem").first
  end

  HOME = "#{FOLDER}/gems"
  FILE = make("gem")

  def call(*command, **variables)
    env = { **PLAIN, "GEM_HOME" => HOME, "GEM_PATH" => nil, "PATH" => "#{HOME}/bin:#{ENV.fetch("PATH")}", **variables }
    output, error, status = Open3.capture3(env, *command, chdir: FOLDER)
    assert(status.success?, "#{command.join(" ")}: #{output}#{error}")
    output
  end

  def setup
    @@installed ||= call("gem", "install", "--local", "--no-document", "--install-dir", HOME, FILE)
  end

  def test_the_same_build_gives_the_same_bytes
    assert_equal(File.binread(FILE), File.binread(GemTest.make("again")))
  end

  def test_its_program_is_the_program
    assert_includes(call("taskless", "--version"), File.read("#{ROOT}/VERSION").strip)
  end

  def test_a_program_is_observed_and_its_packs_run
    api = "127.0.0.1:#{Server.ready["http"]}"
    packs = Dir.glob("#{HOME}/gems/taskless-*/tree/share/taskless/packs").first
    config = "#{FOLDER}/gem.json"
    File.write(config, JSON.generate(shipped: false, packs: [{ name: "stripe", from: "#{packs}/stripe", hosts: ["127.0.0.1"] }]))
    [
      ["taskless", "run", "--", "ruby", "-e", CALL],
      ["ruby", "-rtaskless/auto", "-e", CALL],
      ["taskless", "run", "--", "sh", "-c", CURL],
    ].each_with_index do |command, n|
      records = "#{FOLDER}/gem-#{n}.ndjson"
      out = call(*command, api, "TASKLESS_CONFIG" => config, "TASKLESS_OUTPUT" => "file:#{records}",
                                "TASKLESS_CACHE" => "#{FOLDER}/cache", "TASKLESS_FORMAT" => "ndjson")
      assert_equal("true\n", out)
      record = read_lines(records).first
      assert_equal("GET /v1/balance 429 done", brief(record))
      assert_equal("rate_limit", record["captures"]["stripe/error.code"])
    end
  end
end
