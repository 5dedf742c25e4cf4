# frozen_string_literal: true

# http: calls by Net::HTTP and open-uri, one at a time, plain and observed.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

def echo(method = "GET", query = "")
  "#{method} /wire/echo#{query} 200 done"
end

class HTTPTest < Minitest::Test
  include Scenario

  # Case of the program -> what its records say in short.
  CASES = {
    get: ["GET /wire/echo?a=1 200 done"],
    https: [echo],
    post: [echo("POST")],
    notfound: ["DELETE /wire/status/404 404 done"],
    head: ["HEAD /wire/gzip 200 done"],
    empty: ["GET /wire/empty 204 done"],
    notmodified: ["GET /wire/status/304 304 done"],
    options: ["OPTIONS / 200 done"],
    early: ["GET /wire/early 200 done"],
    heads: [echo],
    refused: ["GET /x ECONNREFUSED failed"],
    badname: ["GET /x ENOTFOUND failed"],
    unknown_purpose: ["CONNECT / ECONNREFUSED failed"],
    shortcuts: %w[GET GET GET POST POST GET].each_with_index.map { |method, n| echo(method, "?#{n + 1}") },
    shortcuts_refused: ["GET /x?y=z", "GET /x", "POST /x?y=z", "POST /x?y=z"].map { |call| "#{call} ECONNREFUSED failed" },
    untrusted: ["GET /x SSLError failed"],
    plaintls: ["GET /x SSLError failed"],
    reset: ["GET /wire/reset ECONNRESET failed"],
    tried_again: ["GET /wire/reset ECONNRESET failed"] * 2,
    cut: ["GET /wire/cut 200 failed"],
    cut_not_ignored: ["GET /wire/cut 200 failed"],
    garbage: ["GET /x HTTPBadResponse failed"],
    untilclose: ["GET /x 200 done"],
    folded: ["GET /x 200 done"],
    cut_chunk: ["GET /x 200 failed"],
    stream: [echo("POST")],
    file: [echo("PUT")],
    multipart: [echo("POST")] * 3,
    getbody: [echo],
    continued: [echo("POST")],
    not_continued: ["POST /x 417 done"],
    keepalive: Array.new(20) { |n| echo("GET", "?n=#{n}") },
    gone: ["GET /x?0 200 done", "GET /x?1 200 done"],
    redirect: ["GET /wire/redirect 302 done"],
    gzip: ["GET /wire/gzip 200 done"],
    gzip_by_hand: ["GET /wire/gzip 200 done"],
    chunked: ["GET /wire/chunked 200 done"],
    pieces: ["GET /wire/chunked 200 done"] * 5 + ["GET /wire/size/50000 200 done"] * 5,
    open_uri: ["GET /wire/redirect/chunked 302 done", "GET /wire/chunked 200 done", "GET /wire/status/429 429 done"],
    timeout: ["GET /wire/hang ETIMEDOUT failed"],
    timeout_retried: ["GET /wire/hang ETIMEDOUT failed"] * 2,
    timeout_around: ["GET /wire/hang aborted"],
    timeout_of_its_own: ["GET /wire/hang aborted"],
    killed: ["GET /wire/hang aborted"],
    raised: ["GET /wire/hang aborted"],
    interrupted: ["GET /wire/hang aborted"],
    thrown: ["GET /wire/sse/50 200 aborted"],
    midway: ["GET /wire/sse/50 200 aborted"],
    failed_block: ["GET /wire/flood 200 aborted"],
    closed: ["GET /wire/flood 200 aborted"],
    unasked: [],
    lockstep: [*(1..5).map { |n| "GET /wire/next/#{n} 200 done" }, "GET /wire/lockstep 200 done"],
    sizes: [1, 65_536, 1_000_000, 16_000_000].flat_map { |size| [echo("POST"), "GET /wire/size/#{size} 200 done"] },
    vhost: [echo],
    tunnel: [echo("POST"), echo("GET", "?again")],
    notunnel: ["GET /wire/echo ProtocolError failed"],
    proxy: [echo("GET", "?a=1")],
    bypass: [],
    debug: [echo("POST")],
    early_hangup: ["POST /x 413 done"],
    nested: [*(1..5).map { |n| "POST /wire/next/#{n} 200 done" }, "GET /wire/lockstep 200 done"],
    fibers: ["GET /wire/next/1 200 done", "GET /wire/lockstep 200 aborted"],
    frozen: [echo("POST")],
    aliased: [echo],
    subclass: [echo],
    looks: [],
  }.freeze

  # Without RubyGems a Ruby starts twice as fast; the other tests have it.
  Scenario.add_cases(self, "net_http.rb", CASES, flags: ["--disable=gems"])

  def test_threads
    expected = Array.new(40) { |n| echo("GET", "?#{n / 5}.#{n % 5}") }
    tidy = ->(outside) { { **outside, "journal" => outside["journal"]["requests"].map { |request| request["url"] }.sort } }
    compare_records(expected, "net_http.rb", "threads", brief: ->(briefs) { briefs.sort }, tidy: tidy)
  end
end
