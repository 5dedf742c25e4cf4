# As eventlet has it: Python's own http.client once more, under another name. SPDX-License-Identifier: Apache-2.0
import http.client as _own
import pathlib as _pathlib

exec(compile(_pathlib.Path(_own.__file__).read_text(), __file__, "exec"))
