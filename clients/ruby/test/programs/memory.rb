# frozen_string_literal: true

# memory: ten thousand calls of each kind, and by how much each half of them made the memory grow.
# SPDX-License-Identifier: Apache-2.0
require "json"
require "net/http"
require "socket"

CALLS = 5000
GIVEN_UP = 50 # one in so many
ANSWER = "HTTP/1.1 402 No\r\nContent-Length: 28\r\nX-Request-Id: 1\r\n\r\n{\"error\": {\"message\": \"no\"}}"

# Answers as long as somebody asks, in this process: nothing else takes memory that matters.
def serve
  listener = TCPServer.new("127.0.0.1", 0)
  Thread.new do
    loop do
      Thread.new(listener.accept) do |stream|
        asked = +""
        loop do
          asked << stream.readpartial(65_536)
          next unless asked.end_with?("end")

          stream.write(ANSWER)
          asked.clear
        end
      rescue SystemCallError, EOFError
        nil # whoever called has given up
      ensure
        stream.close
      end
    end
  end
  listener.addr[1]
end

def measure
  4.times { GC.start }
  { "rss" => File.read("/proc/self/statm").split[1].to_i * 4096, "objects" => ObjectSpace.count_objects.then { |all| all[:TOTAL] - all[:FREE] } }
end

def calls(port)
  http = Net::HTTP.start("127.0.0.1", port, nil)
  CALLS.times do |n|
    request = Net::HTTP::Post.new("/#{n}", "content-type" => "text/plain")
    request.body = "#{"x" * 2000}end"
    if (n % GIVEN_UP).zero?
      http.request(request) { break }
      http.finish
      http.start
    else
      http.request(request)
    end
  end
  http.finish
end

port = serve
calls(port)
2.times do
  before = measure
  calls(port)
  after = measure
  puts JSON.generate(after.to_h { |name, value| [name, value - before[name]] })
end
