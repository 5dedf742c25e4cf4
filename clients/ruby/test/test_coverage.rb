# frozen_string_literal: true

# coverage: what measures a program counts the program's files, and none of ours.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class CoverageTest < Minitest::Test
  include Scenario

  CALLS = Array.new(2) { |n| "GET /wire/echo?#{n} 200 done" }.freeze

  def test_begun_before_the_libraries_are_loaded
    compare_records(CALLS, "covered.rb", "before")
  end

  def test_begun_after
    compare_records(["GET /wire/echo?0 200 done"] * 2, "covered.rb", "after")
  end

  # What the program requires by itself is counted, as of any gem: one file.
  def test_begun_before_the_client_is_loaded_by_hand
    seen = run_program("covered.rb", "before", on: true, entry: "", env: { "BY_HAND" => "1" })
    assert_equal(CALLS, seen.briefs, seen.err)
    assert_equal(["taskless.rb"], JSON.parse(seen.out.lines.last[/\[[^\]]*\]\n\z/]).map { |file| File.basename(file) })
  end
end
