"""Writes the .npy fixtures beside this file. Needs NumPy."""

from pathlib import Path

import numpy as np

here = Path(__file__).parent / "npy"
here.mkdir(exist_ok=True)
grid = np.arange(24).reshape(2, 3, 4)
for name in "u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8".split():
    np.save(here / f"{name}.npy", grid.astype(name))
np.save(here / "bool.npy", grid % 3 == 0)
np.save(here / "fortran.npy", np.asfortranarray(grid.astype("f4")))
np.save(here / "big.npy", grid.astype(">i4"))
np.save(here / "big_fortran.npy", np.asfortranarray(grid.astype(">f8")))
np.save(here / "scalar.npy", np.float32(1.5))
np.save(here / "empty.npy", np.zeros((0, 3), "f4"))
np.save(here / "objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
np.save(here / "records.npy", np.zeros(2, dtype=[("a", "i4"), ("b", "f4")]))
np.save(here / "strings.npy", np.array(["a", "bc"]))
np.save(here / "complex.npy", np.array([1j]))
np.save(here / "labels.npy", np.array([3, 0, 9, 2], dtype="i8"))
for version in [(2, 0), (3, 0)]:
    with open(here / f"v{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, grid.astype("i2"), version=version)
