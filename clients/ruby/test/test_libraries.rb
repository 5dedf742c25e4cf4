# frozen_string_literal: true

# libraries: programs that call with each library, plain and observed.
# SPDX-License-Identifier: Apache-2.0
require_relative "support/scenario"

class LibrariesTest < Minitest::Test
  include Scenario

  # Library -> what its records say in short.
  CALLS = {
    faraday: ["GET /wire/echo?a=1 200 done", "POST /wire/echo 200 done", "DELETE /wire/status/404 404 done",
              "GET /wire/gzip 200 done", "HEAD /wire/gzip 200 done", "GET /wire/chunked 200 done",
              "GET /wire/status/429 429 done", "GET /wire/hang ETIMEDOUT failed",
              "PUT /x?y=z ECONNREFUSED failed", "GET /wire/echo 200 done"],
    httparty: ["GET /wire/redirect/echo 302 done", "GET /wire/echo 200 done", "POST /wire/echo 200 done",
               "POST /wire/echo 200 done", "GET /wire/chunked 200 done", "GET /wire/gzip 200 done",
               "GET /wire/hang ETIMEDOUT failed", "GET /x?y=z ECONNREFUSED failed"],
    rest_client: ["GET /wire/echo?a=1 200 done", "POST /wire/echo 200 done", "POST /wire/echo 200 done",
                  "GET /wire/redirect/gzip 302 done", "GET /wire/gzip 200 done", "GET /wire/status/402 402 done",
                  *["GET /wire/hang ETIMEDOUT failed"] * 2, "PUT /x?y=z ECONNREFUSED failed", "GET /wire/chunked 200 done"],
    excon: ["GET /wire/echo?a=1 200 done", "POST /wire/echo 200 done", "PUT /wire/echo 200 done",
            "DELETE /wire/status/404 404 done", "HEAD /wire/gzip 200 done", "GET /wire/empty 204 done",
            "POST /wire/echo 200 done", "GET /wire/gzip 200 done", "GET /wire/redirect/echo 302 done",
            "GET /wire/echo 200 done", "GET /wire/chunked 200 done", "GET /wire/echo?1 200 done", "GET /wire/echo?2 200 done",
            *["GET /wire/status/503 503 done"] * 2, "GET /wire/hang ETIMEDOUT failed", "GET /wire/reset ECONNRESET failed",
            "GET /wire/cut 200 failed", "GET /wire/flood 200 aborted", "GET /x?y=z ECONNREFUSED failed",
            "GET /x ENOTFOUND failed", "GET /x SSLError failed"],
    http: ["GET /wire/echo?a=1 200 done", "POST /wire/echo 200 done", "PUT /wire/echo 200 done",
           "DELETE /wire/status/404 404 done", "HEAD /wire/gzip 200 done", "GET /wire/empty 204 done",
           "POST /wire/echo 200 done", "GET /wire/gzip 200 done", "GET /wire/redirect/echo 302 done",
           "GET /wire/echo 200 done", "GET /wire/chunked 200 done", *Array.new(3) { |n| "GET /wire/echo?#{n} 200 done" },
           "GET /wire/echo?global 200 done", "GET /wire/echo?each 200 done", "GET /wire/hang ETIMEDOUT failed",
           "GET /wire/reset ECONNRESET failed", "GET /wire/cut 200 failed", "GET /wire/flood 200 aborted",
           "GET /x?y=z ECONNREFUSED failed", "GET /x ENOTFOUND failed", "GET /x SSLError failed"],
    typhoeus: ["GET /wire/echo?a=1 200 done", "POST /wire/echo 200 done", "PUT /wire/echo 200 done",
               "DELETE /wire/status/404 404 done", "HEAD /wire/gzip 200 done", "GET /wire/empty 204 done",
               "GET /wire/gzip 200 done", "GET /wire/redirect/echo 302 done", "GET /wire/echo 200 done",
               "GET /wire/chunked 200 done", *Array.new(3) { |n| "GET /wire/echo?#{n} 200 done" },
               "GET /wire/hang ETIMEDOUT failed", "GET /wire/reset ECONNRESET failed", "GET /x?y=z ECONNREFUSED failed",
               "GET /x ENOTFOUND failed", "GET /x UNABLE_TO_GET_ISSUER_CERT_LOCALLY failed"],
  }.freeze

  # What parts a form is chance.
  TIDY = lambda do |outside|
    JSON.parse(JSON.generate(outside).gsub(/(boundary=[^"]*".*?"sha256":)"\h+"/, '\1"_"').gsub(/boundary=[^"]*/, "boundary"))
  end

  # When a response that nobody reads is given up is chance as well.
  Scenario.add_cases(self, "libraries.rb", CALLS.transform_values(&:sort), tidy: TIDY, brief: ->(briefs) { briefs.sort })
end
