"""What goes wrong, as data that Stockpot turns into words for a person."""
import os
import sys
import traceback


class Failure(Exception):
    """A problem that was foreseen: what is wrong, where, and what to do about it."""

    def __init__(self, problem, mend=None, place=None):
        super().__init__(problem)
        self.problem = problem
        self.mend = mend
        self.place = place


def described(error, user_file):
    """An error as JSON, with the traceback of what was not foreseen."""
    if isinstance(error, Failure):
        return {"problem": error.problem, "mend": error.mend, "place": error.place,
                "traceback": _trace(error) if error.__cause__ else None}
    text = _trace(error)
    answer = {"problem": text.strip().splitlines()[-1], "mend": None,
              "place": _place(error, user_file), "traceback": text}
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.split(".")[0]
        answer["problem"] = "%s has no module named %s" % (sys.executable, error.name)
        answer["mend"] = (
            "Install it there (%s -m pip install %s), or name another Python under [evaluator] with "
            'python = "PATH"' % (sys.executable, package))
    elif type(error).__name__ == "OutOfMemoryError":
        answer["mend"] = "Make the batches smaller: batch = NUMBER under [evaluator]"
    return answer


def listed(names, most=6):
    """The first names, and how many more there are."""
    names = list(names)
    text = ", ".join(names[:most])
    return text if len(names) <= most else "%s and %d more" % (text, len(names) - most)


def _trace(error):
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def _place(error, user_file):
    """The innermost line that is the user's own."""
    if isinstance(error, SyntaxError) and error.lineno:
        where = "" if error.filename in (None, user_file) else " of %s" % error.filename
        return "line %d%s" % (error.lineno, where)
    folder = os.path.dirname(user_file) + os.sep
    place = None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == user_file:
            place = "line %d, in %s" % (frame.lineno, frame.name)
        elif frame.filename.startswith(folder) and "site-packages" not in frame.filename:
            place = "%s, line %d, in %s" % (
                frame.filename[len(folder):], frame.lineno, frame.name)
    return place
