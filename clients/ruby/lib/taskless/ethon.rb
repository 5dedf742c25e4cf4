# frozen_string_literal: true

# ethon: has its calls of libcurl, and with them Typhoeus's, go through the file that observes libcurl
# for every program. That sees more of them than could be seen from here, and each of them once: what
# Ruby asks a library for by name passes it by. SPDX-License-Identifier: Apache-2.0
module Taskless
  module Ethon
    # The loader knows what $LIB stands for.
    OBSERVER = File.join(File.expand_path("../..", __dir__), "curl/$LIB/libtaskless-curl.so").freeze

    # `kind` is made when Ethon::Curl is complete.
    def self.observe(_kind)
      # It knows of no options but those in the environment.
      return unless Client.by_environment?

      verbose, $VERBOSE = $VERBOSE, nil # or Ruby speaks of methods that are defined again
      ::Ethon::Curl.ffi_lib(OBSERVER, ["libcurl", "libcurl.so.4"])
      ::Ethon::Curl.extend(::Ethon::Curls::Functions)
    rescue LoadError
      nil # it is not installed: libcurl's functions are as they were
    ensure
      $VERBOSE = verbose
    end
  end
end
