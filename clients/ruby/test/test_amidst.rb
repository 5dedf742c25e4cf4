# frozen_string_literal: true

# amidst: what runs in the midst of a hook and calls by itself neither waits for ever nor loses a call.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class AmidstTest < Minitest::Test
  include Scenario

  # Through which methods a call goes is for the client; through some it does.
  LEAST = 5

  %w[tracer handler finaliser another_thread].each do |name|
    define_method("test_#{name}") do
      counted = File.join(FOLDER, name)
      seen = run_program("amidst.rb", name, on: true, env: { "COUNTED" => counted })
      assert_equal(["goes on\n", "", 0], [seen.out, seen.err, seen.code])
      inner = File.read(counted).to_i
      assert_operator(inner, :>=, LEAST)
      whose = ["first1", *(1..3).map { |n| "outer#{n}" }, *(1..inner).map { |n| "inner#{n}" }]
      assert_equal(whose.map { |who| "GET /wire/echo?#{who} 200 done" }.sort, seen.briefs.sort)
      assert_equal(whose.size, seen.outside["journal"]["requests"].size)
    end
  end

  def test_what_another_thread_raises
    seen = run_program("amidst.rb", "raised", on: true)
    assert_equal(["goes on\n", "", 0], [seen.out, seen.err, seen.code])
    assert_includes(seen.briefs, "GET /wire/echo?last1 200 done")
  end
end
