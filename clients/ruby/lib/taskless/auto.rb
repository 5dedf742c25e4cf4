# auto: requiring it begins to observe. It has to be read by other and older Rubies as well, where it
# does nothing. SPDX-License-Identifier: Apache-2.0
if defined?(RUBY_ENGINE) && RUBY_ENGINE == "ruby" && (RUBY_VERSION.split(".").map(&:to_i) <=> [3, 1]) >= 0
  disabled = ENV["TASKLESS_DISABLED"]
  if disabled.nil? || disabled == "" || disabled == "0"
    begin
      require_relative "../taskless"
      Taskless.load
    rescue StandardError, ScriptError
      nil # the client is damaged: `taskless run` and `taskless doctor` say so
    end
  end
end

# The folder stands in RUBYLIB for the program's own children; the program itself needs it no more.
folder = File.expand_path("..", File.dirname(__FILE__))
$LOAD_PATH.delete(folder) if (ENV["RUBYLIB"] || "").split(":").include?(folder)
