# frozen_string_literal: true

# bodies: what was recorded of bodies and heads is what program and server exchanged.
# SPDX-License-Identifier: Apache-2.0
require "digest"
require_relative "support/scenario"

class BodiesTest < Minitest::Test
  include Scenario

  FILLER = "all work and no play " * 100
  KEPT = 256 * 1024

  def body_of(message)
    text = message ? message.fetch("text", "") : ""
    message && message["encoding"] == "base64" ? text.unpack1("m") : text
  end

  def headers_of(message, name)
    message["headers"].select { |header| header["name"].casecmp?(name) }.map { |header| header["value"] }
  end

  def observe(*args)
    run_program(*args, on: true, flags: ["--disable=gems"])
  end

  def test_what_is_sent_is_recorded_as_it_went_out
    { post: 7, stream: 11, file: 30_000, getbody: 4, continued: 10 }.each do |name, length|
      seen = observe("net_http.rb", name.to_s)
      body = body_of(seen.har.first["request"]["postData"])
      assert_equal([length, length], [body.bytesize, seen.records.first["sent"]], name)
      assert_equal(seen.outside["journal"]["requests"].first["sha256"], Digest::SHA256.hexdigest(body), name)
    end
  end

  def test_forms_are_recorded_as_they_went_out
    seen = observe("net_http.rb", "multipart")
    asked = seen.outside["journal"]["requests"]
    assert_equal(asked.map { |request| request["length"] }, seen.records.map { |record| record["sent"] })
    # The first is no text, which a HAR has no place for in a request.
    (1..2).each do |n|
      assert_equal(asked[n]["sha256"], Digest::SHA256.hexdigest(body_of(seen.har[n]["request"]["postData"])))
    end
  end

  def test_what_is_received_is_recorded_decoded_and_counted_as_it_came
    { gzip: FILLER, gzip_by_hand: FILLER, chunked: "one,two,three", redirect: "elsewhere", untilclose: "all that comes", cut: "only this" }.each do |name, text|
      assert_equal(text, body_of(observe("net_http.rb", name.to_s).har.first["response"]["content"]), name)
    end
    assert_operator(observe("net_http.rb", "gzip").records.first["received"], :<, 300)
  end

  def test_each_way_to_read_gives_all_of_it_once
    seen = observe("net_http.rb", "pieces")
    assert_equal([13] * 5 + [50_000] * 5, seen.records.map { |record| record["received"] })
    seen.har.first(5).each { |entry| assert_equal("one,two,three", body_of(entry["response"]["content"])) }
  end

  def test_long_bodies_are_cut_and_counted
    seen = observe("net_http.rb", "sizes")
    up, down = seen.har.last(2)
    assert_equal(["request"], up["_taskless"]["truncated"])
    assert_equal([KEPT, KEPT], [body_of(up["request"]["postData"]).bytesize, body_of(down["response"]["content"]).bytesize])
    assert_equal([16_000_000] * 2, [seen.records[-2]["sent"], seen.records[-1]["received"]])
  end

  def test_a_folded_header_is_one_line
    value = headers_of(observe("net_http.rb", "folded").har.first["response"], "x-folded")
    assert_equal(["one two"], value.map { |line| line.split.join(" ") })
  end

  def test_header_lines_are_as_they_were_sent
    assert_equal(["a, b"], headers_of(observe("net_http.rb", "heads").har.first["request"], "x-many"))
  end

  def test_the_url_is_the_one_that_was_called
    { get: "http://127.0.0.1:PORT/wire/echo?a=1", https: "https://localhost:PORT/wire/echo",
      proxy: "http://behind.example:8080/wire/echo?a=1", options: "http://127.0.0.1:PORT/", vhost: "http://named.example/wire/echo",
      tunnel: "https://localhost:PORT/wire/echo", shortcuts_refused: "http://127.0.0.1:1/x?y=z" }.each do |name, url|
      assert_equal(url, observe("net_http.rb", name.to_s).records.first["url"], name)
    end
  end

  # An error's body is what it is about: each library's way to send and to read.
  def test_each_library_has_both_bodies_recorded
    %w[faraday httparty rest_client excon http typhoeus].each do |library|
      seen = run_program("libraries.rb", library, on: true)
      upload = seen.har.find { |entry| entry["request"]["method"] == "POST" }
      sent = body_of(upload["request"]["postData"])
      assert_operator(sent.bytesize, :>, 0, library)
      assert_includes(seen.outside["journal"]["requests"].map { |request| request["sha256"] }, Digest::SHA256.hexdigest(sent), library)
      packed = seen.har.find { |entry| entry["request"]["method"] == "GET" && entry["request"]["url"].end_with?("/wire/gzip") }
      assert_equal(FILLER, body_of(packed["response"]["content"]), library)
    end
  end
end
