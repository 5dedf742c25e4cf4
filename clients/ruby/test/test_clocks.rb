# frozen_string_literal: true

# clocks: what a program's clock says is the program's; records have the real time.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"
require "time"

class ClocksTest < Minitest::Test
  include Scenario

  CASES = { set: "GET /wire/echo 200 done", amidst: "GET /wire/chunked 200 done" }.freeze

  CASES.each do |name, expected|
    define_method("test_#{name}") do
      before = Time.now - 1
      seen = compare_records([expected], "clocks.rb", name.to_s)
      assert_equal(0, seen.code, seen.err)
      record = seen.records.first
      assert_includes(before..Time.now, Time.parse(record["time"]))
      # By the clocks that were set it would be centuries, or nothing.
      assert_includes(0..600_000, record["duration_ms"])
    end
  end
end
