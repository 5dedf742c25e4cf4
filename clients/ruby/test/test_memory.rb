# frozen_string_literal: true

# memory: ten thousand calls leave nothing behind.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class MemoryTest < Minitest::Test
  include Scenario

  # By how much the memory grew in that half of the calls in which it grew less.
  def grown_by(on)
    seen = run_program("memory.rb", on: on, client_env: { "TASKLESS_OUTPUT" => "file:/dev/null" })
    halves = seen.out.lines.map { |line| JSON.parse(line) }
    assert_equal(2, halves.size, seen.err)
    halves.first.to_h { |name, _| [name, halves.map { |half| half[name] }.min] }
  end

  def test_ten_thousand_calls_leave_it_as_it_was
    grown = nil
    # A leak is there in each half, and each time; an object for each call would be 5,000.
    3.times do
      grown = grown_by(true)
      return assert(true) if grown["objects"] < 500 && grown["rss"] < 4 << 20
    end
    flunk("#{grown}, plain #{grown_by(false)}")
  end
end
