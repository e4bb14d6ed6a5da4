extension PickleGlobal {
  /// Whether a checkpoint has no honest reason to name this: it runs programs or code, or reaches
  /// other machines.
  ///
  /// Nothing is executed here, but other programs would execute such a file.
  var isDangerous: Bool {
    meaning == nil && Self.dangerousModules.contains(String(module.prefix { $0 != "." }))
  }

  private static let dangerousModules: Set<String> = [
    "os", "posix", "nt", "subprocess", "_posixsubprocess", "popen2", "commands", "pty", "shutil",
    "sys", "builtins", "__builtin__", "importlib", "_frozen_importlib",
    "_frozen_importlib_external", "imp", "runpy", "pkgutil", "zipimport", "code", "codeop",
    "marshal", "ctypes", "_ctypes", "cffi", "pickle", "_pickle", "cPickle", "shelve", "dill",
    "cloudpickle", "socket", "_socket", "webbrowser", "ftplib", "smtplib", "telnetlib", "urllib",
    "requests", "timeit", "profile", "cProfile", "pdb", "bdb", "doctest", "pydoc", "trace",
    "ensurepip", "venv", "pip", "setuptools", "distutils",
  ]
}
