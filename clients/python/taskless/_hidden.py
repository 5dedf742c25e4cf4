# hidden: loads the modules of this folder where a program does not meet them: they are not in
# sys.modules, and their code has no file, so that whoever counts, covers, traces or reloads what is
# in files passes them over. What loads this file has put `folder` beside it.
# SPDX-License-Identifier: Apache-2.0
import _imp
import builtins
import sys

_external = sys.modules["_frozen_importlib_external"]
_Spec = sys.modules["_frozen_importlib"].ModuleSpec
_Module = type(sys)

NATIVE = "_taskless"

_loaded = {}


def load(name):
    """The module of this folder that is called so; each is loaded once."""
    module = _loaded.get(name)
    if module is None:
        module = _load_native() if name == NATIVE else _load_source(name)
    return module


def _load_native():
    if "t" in sys.abiflags:
        raise ImportError("a free-threaded Python has no stable ABI, for which the native file is made")
    path = f"{folder}/{NATIVE}.abi3.so"
    name = f"taskless.{NATIVE}"
    spec = _Spec(name, _external.ExtensionFileLoader(name, path), origin=path)
    module = _imp.create_dynamic(spec)
    _imp.exec_dynamic(module)
    _loaded[NATIVE] = module
    return module


def _load_source(name):
    full = f"taskless.{name}"
    # Through Python's own loader, for it keeps what it has compiled.
    code = _external.SourceFileLoader(full, f"{folder}/{name}.py").get_code(full)
    module = _loaded[name] = _Module(full)
    module.__package__ = "taskless"
    module.__builtins__ = _builtins
    try:
        exec(_without_file(code, f"<{full}>"), vars(module))
    except BaseException:
        del _loaded[name]
        raise
    return module


def _without_file(code, name):
    kind = type(code)
    constants = tuple(_without_file(one, name) if isinstance(one, kind) else one for one in code.co_consts)
    return code.replace(co_filename=name, co_consts=constants)


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    """What `import` does in these modules: one that begins with a dot means one of them."""
    if level == 0:
        return builtins.__import__(name, globals, locals, fromlist, level)
    if name:
        return load(name)
    package = _Module("taskless")
    for one in fromlist:
        setattr(package, one, load(one))
    return package


_builtins = {**vars(builtins), "__import__": _import}


def client():
    """The client of this interpreter, whoever has loaded it first, and from which copy."""
    registry = load(NATIVE).registry()
    known = registry.get("client")
    if known is None:
        known = registry["client"] = load("_client")
        registry["fail"] = _fail
    return known


def _fail(call, error):
    load("_ending").fail_reading(call, error)
