# Calls by Typhoeus: alone, and several at once.
# SPDX-License-Identifier: Apache-2.0
require "typhoeus"

url = ARGV[0]
puts Typhoeus.get("#{url}?a").body
requests = [Typhoeus::Request.new("#{url}?b"), Typhoeus::Request.new("http://127.0.0.1:1/x", method: :post, body: "x")]
hydra = Typhoeus::Hydra.new
requests.each { |request| hydra.queue(request) }
hydra.run
requests.each { |request| puts request.response.body, request.response.return_code }
