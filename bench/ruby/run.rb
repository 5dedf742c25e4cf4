# frozen_string_literal: true

# run: the same program plain and under taskless, in turns; prints a table. OpenTelemetry's own
# instrumentation for Ruby comes from RubyGems alone, so that it is not beside them.
# SPDX-License-Identifier: Apache-2.0
require "json"
require "open3"

TLS, CLIENT, CONFIG = ARGV
ROUNDS = 4
KINDS = { "plain" => {}, "taskless" => { "RUBYLIB" => CLIENT, "RUBYOPT" => "-rtaskless/auto" } }.freeze
# Way and how many calls; net_http_new makes a connection for each.
LOADS = { "net_http" => 3000, "net_http_new" => 1000, "faraday" => 1000, "excon" => 2000, "http" => 2000 }.freeze
COLUMNS = { "thread" => "its thread", "process" => "all threads", "p50" => "p50 ms", "first" => "first answer ms", "memory" => "memory MB" }.freeze
# Only a part of them: those whose name is given in the variable.
WANTED = ENV.fetch("BENCH_LOADS", "").split

def with_server(folder)
  input, output, process = Open3.popen2("node", File.expand_path("../node/server.mjs", __dir__), *folder)
  yield output.gets.to_i
ensure
  input.close
  process.value
end

def run_once(kind, way, base, count)
  env = { "SSL_CERT_FILE" => "#{TLS}/cert.pem", "TASKLESS_CONFIG" => CONFIG, **KINDS[kind] }
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  IO.popen([env, RbConfig.ruby, File.expand_path("app.rb", __dir__), way, base, count.to_s]) do |app|
    app.gets
    first = Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
    JSON.parse(app.gets).merge("first" => first * 1e3)
  end
end

def show(title, results)
  puts title
  # Of the rounds the least: what else runs on the machine only ever adds.
  least = results.transform_values { |rounds| COLUMNS.keys.to_h { |key| [key, rounds.map { |one| one[key] }.min] } }
  least.each do |kind, cells|
    text = COLUMNS.keys.map { |key| format("%15.#{{ "p50" => 2, "memory" => 1 }.fetch(key, 0)}f", cells[key]) }.join(" ")
    ratio = kind == "plain" ? "" : format("   %.2f x", cells["thread"] / least["plain"]["thread"])
    puts format("  %-16s%s%s", kind, text, ratio)
  end
  $stdout.flush
end

puts format("\n%-18s%s   its thread", "CPU us a call", COLUMNS.values.map { |name| name.rjust(15) }.join(" "))
{ "http" => [], "https" => [TLS] }.each do |scheme, folder|
  with_server(folder) do |port|
    LOADS.each do |way, count|
      next unless WANTED.empty? || WANTED.include?(way)

      results = KINDS.to_h { |kind, _| [kind, []] }
      ROUNDS.times { KINDS.each_key { |kind| results[kind] << run_once(kind, way, "#{scheme}://localhost:#{port}", count) } }
      show("#{way}, #{scheme}", results)
    end
  end
end
