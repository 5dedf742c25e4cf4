# frozen_string_literal: true

# foreign: a library that is not what we know it as gets what its program gives it, and is said not to be known.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class ForeignTest < Minitest::Test
  include Scenario

  # Case of the program -> of what is said that it is not known.
  CASES = {
    net_http: %w[Net::BufferedIO Net::HTTP Net::HTTPResponse],
    excon: %w[Excon::Connection Excon::Response Excon::Socket],
    http_rb: %w[HTTP::Client HTTP::Connection HTTP::Request::Writer],
    openers: %w[Faraday::Adapter::NetHttp RestClient::Request],
    blocks: [],
  }.freeze

  WITHOUT_LOG = ->(outside) { { **outside, "err" => outside["err"].gsub(/^taskless: .*\n/, "") } }

  CASES.each do |name, unknown|
    define_method("test_#{name}") do
      seen = compare("foreign.rb", name.to_s, tidy: WITHOUT_LOG, flags: ["--disable=gems"])
      assert_equal(0, seen.code, seen.err)
      refute_includes(seen.out, "error")
      said = seen.err.lines.map { |line| line[/\Ataskless: (\S+) takes other arguments than are known/, 1] }
      assert_equal(unknown, said.sort_by(&:to_s), seen.err)
    end
  end
end
