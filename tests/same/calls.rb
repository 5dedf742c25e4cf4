# frozen_string_literal: true

# calls: makes the calls that standard input lists, one after the other, as any program would.
# SPDX-License-Identifier: Apache-2.0
require "json"
require "uri"

# Node.js and libcurl send a URL in this form; Ruby's libraries as it is written.
def normal(url)
  written = URI(url)
  place = URI.join(written, written.path.empty? ? "/" : written.path)
  place.query = written.query unless written.query.to_s.empty?
  place.host = place.host.downcase
  place
end

def enough?(call, received)
  call["give_up_after"].positive? && received >= call["give_up_after"]
end

# Header lines by name; one that comes twice has several values.
def headers_of(call)
  call["headers"].group_by { |name, _| name.downcase }.values.to_h do |lines|
    values = lines.map(&:last)
    [lines.first.first, values.size == 1 ? values.first : values]
  end
end

def seconds(call)
  call["timeout_ms"].positive? ? call["timeout_ms"] / 1000.0 : nil
end

def by_net_http(call)
  place = normal(call["url"])
  # Neither is an answer unpacked nor a type of body made up.
  request = Net::HTTPGenericRequest.new(call["method"], true, call["method"] != "HEAD", place.request_uri, { "accept-encoding" => "" })
  request.delete("accept-encoding")
  def request.supply_default_content_type = nil
  call["headers"].each { |name, value| request.add_field(name, value) }
  request.body = call["body"] unless call["body"].empty?
  http = Net::HTTP.new(place.host, place.port, nil)
  http.use_ssl = place.scheme == "https"
  http.max_retries = 0
  http.read_timeout = seconds(call) if seconds(call)
  received = 0
  http.request(request) do |response|
    response.read_body { |part| return http.finish if enough?(call, received += part.bytesize) }
  end
end

def by_excon(call)
  received = 0
  middlewares = Excon.defaults[:middlewares]
  middlewares += [Excon::Middleware::RedirectFollower] if call["follow"]
  options = { method: call["method"], headers: headers_of(call), middlewares: middlewares }
  options[:body] = call["body"] unless call["body"].empty?
  options[:read_timeout] = seconds(call) if seconds(call)
  options[:response_block] = ->(part, *) { raise Interrupt if enough?(call, received += part.bytesize) } if call["give_up_after"].positive?
  Excon.new(normal(call["url"]).to_s, ssl_ca_file: ENV.fetch("SSL_CERT_FILE")).request(options)
end

def by_http(call)
  client = call["follow"] ? HTTP.follow : HTTP
  client = client.timeout(read: seconds(call)) if seconds(call)
  options = { headers: headers_of(call) }
  options[:body] = call["body"] unless call["body"].empty?
  received = 0
  client = client.use(normalize_uri: { normalizer: HTTP::URI.method(:parse) })
  client.request(call["method"], normal(call["url"]).to_s, options).body.each do |part|
    break if enough?(call, received += part.bytesize)
  end
ensure
  client.close if client.respond_to?(:close)
end

def by_typhoeus(call)
  received = 0
  options = { method: call["method"], headers: headers_of(call).transform_values { |value| Array(value).join(", ") }, followlocation: call["follow"] }
  options[:body] = call["body"] unless call["body"].empty?
  options[:timeout_ms] = call["timeout_ms"] if seconds(call)
  request = Typhoeus::Request.new(normal(call["url"]).to_s, cainfo: ENV.fetch("SSL_CERT_FILE"), **options)
  request.on_body { |part| enough?(call, received += part.bytesize) ? :abort : nil }
  request.run
end

library = ARGV.first
require({ "net_http" => "net/http" }.fetch(library, library))
# Excon asks name servers itself, where there are none.
Resolv::DefaultResolver.replace_resolvers([Resolv::Hosts.new]) if library == "excon"
$stdin.each_line do |line|
  call = JSON.parse(line)
  call["body"] = call["body"].unpack1("m")
  send(:"by_#{library}", call)
rescue StandardError, Interrupt
  nil # some are meant to fail; what became of each stands in its record
end
